#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hornbeam/search/codec/column.h"
#include "hornbeam/search/segment/field_buffer.h"
#include "hornbeam/search/segment/indexed_document.h"
#include "hornbeam/search/store/directory.h"

namespace hornbeam::search {

/// The documents that are not yet in a segment, inverted in memory: (add)* write, once.
/// Thread: one at a time.
class SegmentBuffer {
 public:
  SegmentBuffer();
  SegmentBuffer(const SegmentBuffer&) = delete;
  SegmentBuffer& operator=(const SegmentBuffer&) = delete;

  /// Adds a document, which gets the next number.
  DocId add(IndexedDocument document);

  DocId doc_count() const noexcept { return static_cast<DocId>(stored_.size()); }
  /// Bytes held, about.
  std::size_t memory() const noexcept;

  /// Writes everything as a segment's file. Requires: at least one document; nothing is added
  /// later.
  void write(Directory& directory, const std::string& name);

 private:
  struct Stored {
    std::string id;
    std::string source;
  };
  FieldBuffer& field(const std::string& name, PostingsTraits traits, bool has_norms);
  ColumnBuilder& column(const std::string& name, ColumnKind kind);

  ByteStreams streams_;
  std::map<std::string, std::unique_ptr<FieldBuffer>, std::less<>> fields_;
  std::map<std::string, ColumnBuilder, std::less<>> columns_;
  std::vector<Stored> stored_;
  std::size_t stored_bytes_ = 0;
  std::vector<std::uint64_t> seq_nos_;
};

}  // namespace hornbeam::search

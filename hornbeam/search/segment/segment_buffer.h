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
  /// Nested documents have neither ids, sources, versions nor numbers.
  enum class Documents : std::uint8_t { kWhole, kNested };

  explicit SegmentBuffer(Documents documents = Documents::kWhole);
  SegmentBuffer(const SegmentBuffer&) = delete;
  SegmentBuffer& operator=(const SegmentBuffer&) = delete;

  /// Adds a document, which gets the next number.
  DocId add(IndexedDocument document);

  DocId doc_count() const noexcept { return doc_count_; }
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
  /// The nested documents of one path.
  struct Nested {
    std::unique_ptr<SegmentBuffer> documents;
    std::vector<std::uint64_t> parents{};  ///< The document that has each of them.
  };

  void add_fields(DocId doc, const IndexedDocument& document);
  void add_nested(DocId doc, IndexedDocument& document);
  void write(SealedFileWriter& out);
  void write_nested(SealedFileWriter& out);
  FieldBuffer& field(const std::string& name, PostingsTraits traits, bool has_norms);
  ColumnBuilder& column(const std::string& name, ColumnKind kind);

  ByteStreams streams_;
  std::map<std::string, std::unique_ptr<FieldBuffer>, std::less<>> fields_;
  std::map<std::string, ColumnBuilder, std::less<>> columns_;
  std::vector<Stored> stored_;
  std::size_t stored_bytes_ = 0;
  std::vector<std::uint64_t> seq_nos_;
  Documents documents_;
  DocId doc_count_ = 0;
  std::map<std::string, Nested, std::less<>> nested_;  ///< By path.
};

}  // namespace hornbeam::search

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/codec/linear_array.h"
#include "hornbeam/search/codec/packed_array.h"
#include "hornbeam/search/store/byte_writer.h"
#include "hornbeam/search/store/sealed_file.h"
#include "hornbeam/search/types.h"

namespace hornbeam::search {

/// Writes ids and sources: add* finish. Sources are compressed some 16 KiB at a time.
class StoredDocumentsWriter {
 public:
  /// Requires: nothing else is written to `out` until `finish`.
  explicit StoredDocumentsWriter(SealedFileWriter& out);

  void add(std::string_view id, std::string_view source);
  /// Writes the structures "source_index" and "ids" behind "source".
  void finish();

 private:
  void end_block();
  void write_ids(ByteWriter& out) const;

  SealedFileWriter& out_;
  ByteWriter block_;
  std::uint64_t doc_count_ = 0;
  std::vector<std::uint64_t> block_docs_;
  std::vector<std::uint64_t> block_offsets_;
  std::string ids_;
  std::vector<std::uint64_t> id_ends_;
};

/// Reads them.
/// Lifetime: looks at the mapped segment.
class StoredDocuments {
 public:
  /// Reads many sources, unpacking a block once while they are near each other.
  class Cursor {
   public:
    explicit Cursor(const StoredDocuments& stored) : stored_(&stored) {}
    /// Lifetime: until the next call.
    std::string_view source(DocId doc);

   private:
    const StoredDocuments* stored_;
    std::string block_;
    std::vector<std::string_view> sources_;
    DocId first_ = 0;
  };

  /// Those of no document.
  StoredDocuments() = default;
  /// Throws CorruptIndex if they are not as many.
  StoredDocuments(const SealedFile& file, DocId doc_count);

  std::string id(DocId doc) const;
  std::string source(DocId doc) const { return std::string(cursor().source(doc)); }
  Cursor cursor() const { return Cursor(*this); }

 private:
  std::string_view sources_;
  std::string_view ids_;
  PackedArray block_docs_;
  PackedArray block_offsets_;
  bool has_numbers_ = false;
  LinearArray id_numbers_;  ///< The ids, or where the text of each ends.
};

}  // namespace hornbeam::search

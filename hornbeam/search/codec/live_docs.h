#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hornbeam/search/store/sealed_file.h"
#include "hornbeam/search/types.h"

namespace hornbeam::search {

/// Which documents of a segment are not deleted. A value: a snapshot keeps its own.
class LiveDocs {
 public:
  LiveDocs() = default;
  explicit LiveDocs(DocId doc_count);

  bool is_live(DocId doc) const noexcept { return ((words_[doc / 64] >> (doc % 64)) & 1) != 0; }
  /// Those of 64 documents, of which `index` * 64 is the first.
  std::uint64_t word(std::size_t index) const noexcept { return words_[index]; }
  /// Deletes a document; false if it is deleted already.
  bool remove(DocId doc) noexcept;
  DocId live_count() const noexcept { return live_count_; }
  DocId doc_count() const noexcept { return doc_count_; }
  bool all_live() const noexcept { return live_count_ == doc_count_; }

  /// Writes a file of its own, and reads it.
  void write(Directory& directory, std::string name) const;
  static LiveDocs read(const Directory& directory, std::string name);

 private:
  DocId doc_count_ = 0;
  DocId live_count_ = 0;
  std::vector<std::uint64_t> words_;
};

}  // namespace hornbeam::search

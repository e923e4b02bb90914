#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hornbeam/search/codec/postings_cursor.h"

namespace hornbeam::search {

/// The postings of one place of a phrase: those of a term, or of several terms as if they were one.
class PhrasePostings {
 public:
  /// Requires: there is a cursor; the field has positions.
  explicit PhrasePostings(std::vector<PostingsCursor> terms)
      : terms_(std::move(terms)), is_one_(terms_.size() == 1) {}

  DocId doc() const noexcept { return is_one_ ? terms_.front().doc() : doc_; }
  DocId next() { return is_one_ ? terms_.front().next() : next_of_all(); }
  /// Requires: `target` is behind `doc()`.
  DocId advance(DocId target) {
    return is_one_ ? terms_.front().advance(target) : advance_all(target);
  }
  std::uint64_t cost() const noexcept;
  /// The cursor, if it is that of one term; null if there are more.
  PostingsCursor* only_term() noexcept { return is_one_ ? &terms_.front() : nullptr; }
  /// Rising. Lifetime: until it moves.
  std::span<const std::uint32_t> positions() {
    return is_one_ ? terms_.front().positions() : positions_of_all();
  }

 private:
  DocId next_of_all();
  DocId advance_all(DocId target);
  std::span<const std::uint32_t> positions_of_all();

  std::vector<PostingsCursor> terms_;
  bool is_one_;
  DocId doc_ = kBeforeFirst;  ///< Of several terms.
  std::vector<std::uint32_t> positions_;
};

}  // namespace hornbeam::search

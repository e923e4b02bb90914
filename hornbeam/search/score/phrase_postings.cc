#include "hornbeam/search/score/phrase_postings.h"

#include <algorithm>

namespace hornbeam::search {

std::uint64_t PhrasePostings::cost() const noexcept {
  std::uint64_t sum = 0;
  for (const PostingsCursor& term : terms_) sum += term.doc_freq();
  return sum;
}

DocId PhrasePostings::next_of_all() {
  return advance_all(doc_ == kBeforeFirst ? 0 : doc_ + 1);
}

DocId PhrasePostings::advance_all(DocId target) {
  DocId first = kNoMoreDocs;
  for (PostingsCursor& term : terms_) {
    DocId at = term.doc();
    if (at == kBeforeFirst || at < target) at = term.advance(target);
    first = std::min(first, at);
  }
  return doc_ = first;
}

std::span<const std::uint32_t> PhrasePostings::positions_of_all() {
  positions_.clear();
  for (PostingsCursor& term : terms_) {
    if (term.doc() != doc_) continue;
    const std::span<const std::uint32_t> found = term.positions();
    positions_.insert(positions_.end(), found.begin(), found.end());
  }
  std::ranges::sort(positions_);
  const auto repeated = std::ranges::unique(positions_);
  positions_.erase(repeated.begin(), repeated.end());
  return positions_;
}

}  // namespace hornbeam::search

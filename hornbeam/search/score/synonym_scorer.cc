#include "hornbeam/search/score/synonym_scorer.h"

#include <algorithm>

namespace hornbeam::search {

DocId SynonymScorer::advance(DocId target) {
  DocId first = kNoMoreDocs;
  for (PostingsCursor& term : terms_) {
    DocId at = term.doc();
    if (at == kBeforeFirst || at < target) at = term.advance(target);
    first = std::min(first, at);
  }
  return doc_ = first;
}

std::uint64_t SynonymScorer::cost() const {
  std::uint64_t sum = 0;
  for (const PostingsCursor& term : terms_) sum += term.doc_freq();
  return sum;
}

float SynonymScorer::freq() {
  std::uint64_t sum = 0;
  for (PostingsCursor& term : terms_) {
    if (term.doc() == doc_) sum += term.freq();
  }
  return static_cast<float>(sum);
}

}  // namespace hornbeam::search

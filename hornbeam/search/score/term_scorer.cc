#include "hornbeam/search/score/term_scorer.h"

#include <algorithm>

namespace hornbeam::search {

TermScorer::TermScorer(PostingsCursor postings, std::shared_ptr<const Bm25> bm25,
                       std::span<const std::uint8_t> norms)
    : postings_(std::move(postings)), bm25_(std::move(bm25)), norms_(norms) {}

float TermScorer::max_score() {
  if (max_block_ == postings_.shallow_block()) return max_;
  max_block_ = postings_.shallow_block();
  postings_.block_impacts(impacts_);
  max_ = 0;
  for (const Impact& impact : impacts_) {
    const std::uint8_t norm = norms_.empty() ? std::uint8_t{1} : impact.norm;
    max_ = std::max(max_, bm25_->score(static_cast<float>(impact.freq), norm));
  }
  return max_;
}

float TermScorer::max_score_in(DocId first, DocId last) {
  const DocId at = postings_.doc();
  if (at != kBeforeFirst && at > last) return 0;
  float best = 0;
  for (DocId target = first;;) {
    const DocId end = postings_.block_end(target);
    best = std::max(best, max_score());
    if (end >= last) return best;
    target = end + 1;
  }
}

}  // namespace hornbeam::search

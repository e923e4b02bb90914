#include "hornbeam/search/score/term_scorer.h"

#include <algorithm>

#include "hornbeam/search/codec/live_docs.h"
#include "hornbeam/search/score/top_docs.h"

namespace hornbeam::search {

TermScorer::TermScorer(PostingsCursor postings, std::shared_ptr<const Bm25> bm25,
                       std::span<const std::uint8_t> norms)
    : postings_(std::move(postings)), bm25_(std::move(bm25)), norms_(norms) {}

float TermScorer::max_score() {
  if (max_block_ == postings_.shallow_block()) return max_;
  max_block_ = postings_.shallow_block();
  postings_.block_impacts(impacts_);
  return max_ = best_of(impacts_);
}

float TermScorer::max_score_of_all() {
  postings_.term_impacts(impacts_);
  return best_of(impacts_);
}

float TermScorer::best_of(const std::vector<Impact>& impacts) const {
  float best = 0;
  for (const Impact& impact : impacts) {
    const std::uint8_t norm = norms_.empty() ? std::uint8_t{1} : impact.norm;
    best = std::max(best, bm25_->score(static_cast<float>(impact.freq), norm));
  }
  return best;
}

void TermScorer::collect(const LiveDocs& live, DocId base, TopDocsCollector& collector) {
  std::array<float, kBlockSize> scores;
  // Each round ends behind a block.
  for (DocId doc = next(); doc != kNoMoreDocs;) {
    if (collector.may_skip()) {
      DocId target = doc;
      for (DocId end = block_end(target); max_score() <= collector.top.bar();
           end = block_end(target)) {
        if (end >= kLastDoc) return;
        target = end + 1;
      }
      if (target > doc && advance(target) == kNoMoreDocs) return;
    }
    const std::span<const DocId> docs = score_run(kNoMoreDocs, scores);
    for (std::size_t i = 0; i < docs.size(); ++i) {
      if (live.is_live(docs[i])) collector.add(scores[i], base + docs[i]);
    }
    doc = leave_run();
  }
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

#include "hornbeam/search/score/max_score_search.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace hornbeam::search {

MaxScoreSearch::MaxScoreSearch(std::vector<TermScorer> terms, const LiveDocs& live, DocId base,
                               TopDocsCollector& collector)
    : terms_(std::move(terms)), live_(live), base_(base), collector_(collector) {
  for (TermScorer& term : terms_) bounds_.push_back({.term = &term, .max = 0, .sum = 0});
}

std::size_t MaxScoreSearch::partition(DocId first, DocId last) {
  if (!collector_.may_skip()) return 0;
  for (Bound& bound : bounds_) bound.max = bound.term->max_score_in(first, last);
  std::ranges::sort(bounds_, {}, &Bound::max);
  double sum = 0;
  std::size_t inessential = 0;
  for (Bound& bound : bounds_) {
    bound.sum = sum += bound.max;
    // Compared as floats: that is what a score will be.
    if (static_cast<float>(sum) <= collector_.top.bar()) ++inessential;
  }
  return inessential;
}

void MaxScoreSearch::run() {
  for (TermScorer& term : terms_) term.next();
  while (true) {
    DocId first = kNoMoreDocs;
    for (const TermScorer& term : terms_) first = std::min(first, term.doc());
    // Every round ends behind its window, so this comes to the end.
    if (first == kNoMoreDocs) return;
    const DocId end = first + kWindow;
    const std::size_t first_essential = partition(first, end - 1);
    collect_essential(first_essential, first, end);
    finish_documents(first_essential, first);
    for (TermScorer& term : terms_) {
      if (term.doc() < end) term.advance(end);
    }
  }
}

void MaxScoreSearch::collect_essential(std::size_t first_essential, DocId first, DocId end) {
  for (std::size_t i = first_essential; i < bounds_.size(); ++i) {
    TermScorer& term = *bounds_[i].term;
    if (term.doc() < first) term.advance(first);
    for (DocId doc = term.doc(); doc < end; doc = term.next()) {
      const DocId slot = doc - first;
      matches_[slot / 64] |= std::uint64_t{1} << (slot % 64);
      scores_[slot] += term.score();
    }
  }
}

void MaxScoreSearch::finish_documents(std::size_t first_essential, DocId first) {
  for (std::size_t word = 0; word < matches_.size(); ++word) {
    for (std::uint64_t bits = std::exchange(matches_[word], 0); bits != 0; bits &= bits - 1) {
      const auto slot = static_cast<DocId>(word * 64) + static_cast<DocId>(std::countr_zero(bits));
      const double score = std::exchange(scores_[slot], 0.0);
      if (live_.is_live(first + slot)) finish_document(first_essential, first + slot, score);
    }
  }
}

void MaxScoreSearch::finish_document(std::size_t first_essential, DocId doc, double score) {
  for (std::size_t i = first_essential; i-- > 0;) {
    if (static_cast<float>(score + bounds_[i].sum) <= collector_.top.bar()) return;
    TermScorer& term = *bounds_[i].term;
    if ((term.doc() < doc ? term.advance(doc) : term.doc()) == doc) score += term.score();
  }
  ++collector_.count.value;
  collector_.top.add(static_cast<float>(score), base_ + doc);
}

}  // namespace hornbeam::search

#include "hornbeam/search/score/max_score_search.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace hornbeam::search {

std::uint64_t count_any(std::vector<TermScorer> terms, const LiveDocs& live) {
  constexpr DocId kBits = 1 << 16;
  std::vector<std::uint64_t> bits(kBits / 64);
  std::uint64_t count = 0;
  for (TermScorer& term : terms) term.next();
  for (DocId first = 0; first < live.doc_count(); first += kBits) {
    for (TermScorer& term : terms) {
      for (DocId doc = term.doc(); doc < first + kBits; doc = term.leave_run()) {
        for (const DocId one : term.take_run(first + kBits)) {
          bits[(one - first) / 64] |= std::uint64_t{1} << (one % 64);
        }
      }
    }
    const std::size_t words = std::min<std::size_t>(kBits, live.doc_count() - first + 63) / 64;
    for (std::size_t word = 0; word < words; ++word) {
      const std::uint64_t found = std::exchange(bits[word], 0) & live.word(first / 64 + word);
      count += static_cast<std::uint64_t>(std::popcount(found));
    }
  }
  return count;
}

MaxScoreSearch::MaxScoreSearch(std::vector<TermScorer> terms, const LiveDocs& live, DocId base,
                               TopDocsCollector& collector)
    : terms_(std::move(terms)), live_(live), base_(base), collector_(collector) {
  for (TermScorer& term : terms_) {
    bounds_.push_back({.term = &term,
                       .max_of_all = term.max_score_of_all(),
                       .max = 0,
                       .sum = 0,
                       .is_hopeless = false});
  }
}

void MaxScoreSearch::find_hopeless() {
  const float bar = collector_.top.bar();
  if (!collector_.may_skip() || bar == hopeless_bar_) return;
  hopeless_bar_ = bar;
  std::ranges::sort(bounds_, {}, &Bound::max_of_all);
  double sum = 0;
  for (Bound& bound : bounds_) {
    // Compared as floats: that is what a score will be.
    bound.is_hopeless = static_cast<float>(sum += bound.max_of_all) <= bar;
  }
}

std::size_t MaxScoreSearch::partition(DocId first, DocId last) {
  if (!collector_.may_skip()) return 0;
  for (Bound& bound : bounds_) {
    bound.max = bound.is_hopeless ? bound.max_of_all : bound.term->max_score_in(first, last);
  }
  std::ranges::sort(bounds_, {}, &Bound::max);
  double sum = 0;
  std::size_t inessential = 0;
  for (Bound& bound : bounds_) {
    bound.sum = sum += bound.max;
    if (static_cast<float>(sum) <= collector_.top.bar()) ++inessential;
  }
  return inessential;
}

void MaxScoreSearch::run() {
  for (TermScorer& term : terms_) term.next();
  while (true) {
    find_hopeless();
    DocId first = kNoMoreDocs;
    for (const Bound& bound : bounds_) {
      if (!bound.is_hopeless) first = std::min(first, bound.term->doc());
    }
    // Every round ends behind its window, so this comes to the end.
    if (first == kNoMoreDocs) return;
    const DocId end = first + kWindow;
    const std::size_t first_essential = partition(first, end - 1);
    if (first_essential + 1 == bounds_.size() && collector_.may_skip()) {
      collect_alone(first, end);
    } else if (first_essential < bounds_.size()) {
      collect_essential(first_essential, first, end);
      finish_documents(first_essential, first);
    }
    for (const Bound& bound : bounds_) {
      if (!bound.is_hopeless && bound.term->doc() < end) bound.term->advance(end);
    }
  }
}

void MaxScoreSearch::collect_essential(std::size_t first_essential, DocId first, DocId end) {
  std::array<float, kBlockSize> scores;
  for (std::size_t i = first_essential; i < bounds_.size(); ++i) {
    TermScorer& term = *bounds_[i].term;
    if (term.doc() < first) term.advance(first);
    for (DocId doc = term.doc(); doc < end; doc = term.leave_run()) {
      const std::span<const DocId> docs = term.score_run(end, scores);
      for (std::size_t at = 0; at < docs.size(); ++at) {
        const DocId slot = docs[at] - first;
        matches_[slot / 64] |= std::uint64_t{1} << (slot % 64);
        scores_[slot] += scores[at];
      }
    }
  }
}

/// Where one term is essential, what it finds needs no adding up.
void MaxScoreSearch::collect_alone(DocId first, DocId end) {
  std::array<float, kBlockSize> scores;
  const std::size_t only = bounds_.size() - 1;
  TermScorer& term = *bounds_[only].term;
  if (term.doc() < first) term.advance(first);
  for (DocId doc = term.doc(); doc < end; doc = term.leave_run()) {
    const std::span<const DocId> docs = term.score_run(end, scores);
    for (std::size_t at = 0; at < docs.size(); ++at) {
      if (!may_compete(only, scores[at]) || !live_.is_live(docs[at])) continue;
      finish_document(only, docs[at], scores[at]);
    }
  }
}

void MaxScoreSearch::finish_documents(std::size_t first_essential, DocId first) {
  const bool may_skip = collector_.may_skip();
  for (std::size_t word = 0; word < matches_.size(); ++word) {
    for (std::uint64_t bits = std::exchange(matches_[word], 0); bits != 0; bits &= bits - 1) {
      const auto slot = static_cast<DocId>(word * 64) + static_cast<DocId>(std::countr_zero(bits));
      const double score = std::exchange(scores_[slot], 0.0);
      if (may_skip && !may_compete(first_essential, score)) continue;
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
  collector_.add(static_cast<float>(score), base_ + doc);
}

}  // namespace hornbeam::search

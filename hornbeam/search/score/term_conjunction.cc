#include "hornbeam/search/score/term_conjunction.h"

#include <algorithm>

#include "hornbeam/search/codec/live_docs.h"
#include "hornbeam/search/score/top_docs.h"

namespace hornbeam::search {

TermConjunction::TermConjunction(std::vector<TermScorer> terms) : terms_(std::move(terms)) {
  for (TermScorer& term : terms_) by_cost_.push_back(&term);
  std::ranges::sort(by_cost_, {}, [](const TermScorer* term) { return term->cost(); });
}

DocId TermConjunction::align(DocId doc) {
  // Each round moves the lead forward, and ends at the last document at the latest.
  while (doc != kNoMoreDocs) {
    DocId target = doc;
    if (others_have(target)) return doc;
    doc = lead().advance(target);
  }
  return doc;
}

float TermConjunction::score() {
  return sum_with(lead().score());
}

DocId TermConjunction::block_end(DocId target) {
  DocId end = kLastDoc;
  for (TermScorer& term : terms_) end = std::min(end, term.block_end(target));
  return end;
}

float TermConjunction::max_score() {
  double sum = 0;
  for (TermScorer& term : terms_) sum += term.max_score();
  return static_cast<float>(sum);
}

void TermConjunction::bound_block(DocId doc) {
  if (doc >= bounded_from_ && doc <= block_end_) return;
  bounded_from_ = doc;
  block_end_ = block_end(doc);
  bound_ = max_score();
  bound_of_others_ = 0;
  for (std::size_t i = 1; i < by_cost_.size(); ++i) bound_of_others_ += by_cost_[i]->max_score();
}

/// Whether all terms but the lead have `doc`, a document of the lead; moves `doc` behind those that
/// one of them passes over.
bool TermConjunction::others_have(DocId& doc) {
  for (std::size_t i = 1; i < by_cost_.size(); ++i) {
    DocId at = by_cost_[i]->doc();
    if (at == kBeforeFirst || at < doc) at = by_cost_[i]->advance(doc);
    if (at == doc) continue;
    doc = at;
    return false;
  }
  return true;
}

float TermConjunction::sum_with(float of_lead) {
  // In the order of the query, as Lucene adds them up.
  double sum = 0;
  for (TermScorer& term : terms_) sum += &term == &lead() ? of_lead : term.score();
  return static_cast<float>(sum);
}

/// Looks at what may be above the bar, from where the lead stands.
void TermConjunction::collect_competitive(const LiveDocs& live, DocId base,
                                          TopDocsCollector& collector) {
  std::array<float, kBlockSize> scores;
  // Each round ends behind a run of the lead, or behind a block.
  for (DocId doc = lead().doc(); doc != kNoMoreDocs;) {
    bound_block(doc);
    if (bound_ <= collector.top.bar()) {
      doc = lead().advance(block_end_ + 1);
      continue;
    }
    const std::span<const DocId> run = lead().score_run(block_end_ + 1, scores);
    DocId next = 0;
    for (std::size_t i = 0; i < run.size(); ++i) {
      const auto most = static_cast<float>(scores[i] + bound_of_others_);
      if (run[i] < next || most <= collector.top.bar()) continue;
      next = run[i];
      if (!others_have(next) || !live.is_live(run[i])) continue;
      collector.add(sum_with(scores[i]), base + run[i]);
    }
    doc = lead().leave_run();
    if (doc < next) doc = lead().advance(next);
  }
}

/// Whether `doc()`, a match, may be above the bar.
bool TermConjunction::may_compete(float bar) {
  if (bar < 0) return true;
  bound_block(doc());
  return bound_ > bar;
}

void TermConjunction::collect(const LiveDocs& live, DocId base, TopDocsCollector& collector) {
  // Each round moves the lead forward.
  for (DocId doc = lead().next(); doc != kNoMoreDocs;) {
    if (collector.may_skip()) return collect_competitive(live, base, collector);
    DocId target = doc;
    if (!others_have(target)) {
      doc = lead().advance(target);
      continue;
    }
    if (live.is_live(doc)) {
      if (may_compete(collector.top.bar())) {
        collector.add(score(), base + doc);
      } else {
        ++collector.count.value;
      }
    }
    doc = lead().next();
  }
}

}  // namespace hornbeam::search

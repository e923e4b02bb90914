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
    for (std::size_t i = 1; i < by_cost_.size() && target == doc; ++i) {
      const DocId at = by_cost_[i]->doc();
      target = at == kBeforeFirst || at < doc ? by_cost_[i]->advance(doc) : at;
    }
    if (target == doc) return doc;
    doc = lead().advance(target);
  }
  return doc;
}

float TermConjunction::score() {
  // In the order of the query, as Lucene adds them up.
  double sum = 0;
  for (TermScorer& term : terms_) sum += term.score();
  return static_cast<float>(sum);
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

/// Moves the lead to the first document at or behind `doc`, where it stands, that may be above the
/// bar by its own score.
DocId TermConjunction::find_competitive(DocId doc, float bar) {
  // Each round moves forward.
  while (doc != kNoMoreDocs) {
    bound_block(doc);
    if (bound_ <= bar) {
      doc = lead().advance(block_end_ + 1);
    } else if (static_cast<float>(lead().score() + bound_of_others_) <= bar) {
      doc = lead().next();
    } else {
      break;
    }
  }
  return doc;
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
    const bool may_skip = collector.may_skip();
    if (may_skip) {
      doc = find_competitive(doc, collector.top.bar());
      if (doc == kNoMoreDocs) return;
    }
    DocId target = doc;
    for (std::size_t i = 1; i < by_cost_.size() && target == doc; ++i) {
      const DocId at = by_cost_[i]->doc();
      target = at == kBeforeFirst || at < doc ? by_cost_[i]->advance(doc) : at;
    }
    if (target != doc) {
      doc = lead().advance(target);
      continue;
    }
    if (live.is_live(doc)) {
      if (may_skip || may_compete(collector.top.bar())) {
        collector.add(score(), base + doc);
      } else {
        ++collector.count.value;
      }
    }
    doc = lead().next();
  }
}

}  // namespace hornbeam::search

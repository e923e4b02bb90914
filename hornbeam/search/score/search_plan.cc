#include "hornbeam/search/score/search_plan.h"

#include "hornbeam/search/score/max_score_search.h"

namespace hornbeam::search {
namespace {

void search_segment(Scorer& scorer, const LiveDocs& live, DocId base, TopDocsCollector& collector) {
  DocId block_end = 0;
  bool is_block_known = false;
  for (DocId doc = scorer.next(); doc != kNoMoreDocs;) {
    if (collector.may_skip()) {
      if (!is_block_known || doc > block_end) {
        block_end = scorer.block_end(doc);
        is_block_known = true;
      }
      if (scorer.max_score() <= collector.top.bar()) {
        doc = scorer.advance(block_end + 1);
        continue;
      }
    }
    if (live.is_live(doc)) {
      ++collector.count.value;
      collector.top.add(scorer.score(), base + doc);
    }
    doc = scorer.next();
  }
}

}  // namespace

void search_plan(const Plan& plan, const Snapshot& snapshot, TopDocsCollector& collector) {
  for (std::size_t i = 0; i < snapshot.segments.size(); ++i) {
    const SegmentView& view = snapshot.segments[i];
    const DocId base = snapshot.bases[i];
    std::vector<TermScorer> terms;
    if (plan.find_terms(view, terms)) {
      if (terms.empty()) continue;
      if (terms.size() == 1) {
        search_segment(terms.front(), *view.live, base, collector);
      } else {
        MaxScoreSearch(std::move(terms), *view.live, base, collector).run();
      }
    } else if (const ScorerPtr scorer = plan.scorer(view)) {
      search_segment(*scorer, *view.live, base, collector);
    }
  }
  if (!collector.may_skip()) return;
  collector.count = {.value = collector.count_limit, .is_exact = false};
}

void for_each_match(const Plan& plan, const Snapshot& snapshot,
                    const std::function<void(std::size_t, Scorer&)>& visit) {
  for (std::size_t i = 0; i < snapshot.segments.size(); ++i) {
    const SegmentView& view = snapshot.segments[i];
    const ScorerPtr scorer = plan.scorer(view);
    if (!scorer) continue;
    while (scorer->next() != kNoMoreDocs) {
      if (view.is_live(scorer->doc())) visit(i, *scorer);
    }
  }
}

}  // namespace hornbeam::search

#include "hornbeam/search/score/search_plan.h"

#include <algorithm>
#include <optional>

#include "hornbeam/search/score/max_score_search.h"

namespace hornbeam::search {
namespace {

/// What is known to match, with deleted documents, is counted at once if it is the exact number or
/// more than anybody wants to know exactly.
void count_known(std::uint64_t matches, bool is_exact, const LiveDocs& live,
                 TopDocsCollector& collector) {
  const std::uint64_t deleted = live.doc_count() - live.live_count();
  const std::uint64_t sure = collector.count.value + (matches > deleted ? matches - deleted : 0);
  collector.is_counting = true;
  if (sure > collector.count_limit || (is_exact && deleted == 0)) {
    collector.count.value = sure;
    collector.is_counting = false;
  }
}

void search_segment(Scorer& scorer, const LiveDocs& live, DocId base, TopDocsCollector& collector) {
  const std::optional<std::uint64_t> known = scorer.match_count();
  count_known(known.value_or(0), known.has_value(), live, collector);
  scorer.collect(live, base, collector);
}

void search_any(std::vector<TermScorer> terms, const LiveDocs& live, DocId base,
                TopDocsCollector& collector) {
  // Fewer are counted while they are scored.
  constexpr std::uint64_t kFew = 4096;
  std::uint64_t most = 0;
  std::uint64_t all = 0;
  for (const TermScorer& term : terms) {
    most = std::max(most, term.cost());
    all += term.cost();
  }
  count_known(most, false, live, collector);
  if (!collector.may_skip() && all > kFew) {
    collector.count.value += count_any(terms, live);
    collector.is_counting = false;
  }
  MaxScoreSearch(std::move(terms), live, base, collector).run();
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
        search_any(std::move(terms), *view.live, base, collector);
      }
    } else if (const ScorerPtr scorer = plan.scorer(view)) {
      search_segment(*scorer, *view.live, base, collector);
    }
  }
  if (collector.count.value <= collector.count_limit) return;
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

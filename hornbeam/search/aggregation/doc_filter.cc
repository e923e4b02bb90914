#include "hornbeam/search/aggregation/doc_filter.h"

#include <array>

#include "hornbeam/search/aggregation/parameters.h"
#include "hornbeam/search/query/execute_search.h"
#include "hornbeam/search/query/planner.h"

namespace hornbeam::search::aggregation {

void DocFilter::open_index(const AggregatedIndex& index) {
  const PlanContext context = {.snapshot = index.snapshot,
                               .mapping = index.mapping,
                               .bm25 = index.bm25,
                               .now = current_time(),
                               .index = index.name,
                               .find_terms = index.find_terms ? *index.find_terms : FindTerms()};
  base::Result<PlannedQuery> planned = plan_query(*query_, context);
  if (!planned) throw Refusal{planned.error()};
  plan_ = std::move(planned->plan);
}

void DocFilter::open_segment(const SegmentView& view) {
  words_.assign(view.segment->doc_count() / 64 + 1, 0);
  const ScorerPtr scorer = plan_->scorer(view);
  if (!scorer) return;
  std::array<DocId, kBatchSize> docs{};
  std::size_t found = kBatchSize;
  while (found == kBatchSize) {
    found = scorer->next_docs(docs);
    for (std::size_t i = 0; i < found; ++i) {
      words_[docs[i] / 64] |= std::uint64_t{1} << (docs[i] % 64);
    }
  }
}

}  // namespace hornbeam::search::aggregation

#include "hornbeam/search/aggregation/doc_filter.h"

#include <array>

#include "hornbeam/search/aggregation/parameters.h"
#include "hornbeam/search/query/planner.h"

namespace hornbeam::search::aggregation {

void DocFilter::open_index(const AggregatedIndex& index) {
  base::Result<PlanPtr> plan = plan_query(*query_, index.snapshot, index.mapping, index.bm25);
  if (!plan) throw Refusal{plan.error()};
  plan_ = std::move(*plan);
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

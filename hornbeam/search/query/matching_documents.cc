#include "hornbeam/search/query/matching_documents.h"

#include "hornbeam/search/query/planner.h"
#include "hornbeam/search/score/function_plan.h"
#include "hornbeam/search/score/search_plan.h"

namespace hornbeam::search {

base::Result<std::vector<DocId>> matching_documents(const SearchTarget& target, const Query& query,
                                                    std::int64_t now) {
  BoolQuery whole{.must = {}, .filter = {query}, .should = {}, .must_not = {}};
  if (!target.filters.empty()) {
    whole.filter.push_back(
        {.node = BoolQuery{.must = {}, .filter = {}, .should = target.filters, .must_not = {}}});
  }
  const base::Result<PlannedQuery> planned =
      plan_query({.node = std::move(whole)}, target.context(now));
  if (!planned) return std::unexpected(planned.error());
  std::vector<DocId> documents;
  try {
    for_each_match(*planned->plan, *target.snapshot, [&](std::size_t segment, Scorer& scorer) {
      documents.push_back(target.snapshot->bases[segment] + scorer.doc());
    });
  } catch (const ScoringFailure& failure) {
    return std::unexpected(failure.error);
  }
  return documents;
}

}  // namespace hornbeam::search

#pragma once

// The first of the two steps of a search: which documents of one index are its hits, and in which
// order. What the hits say is fetched when it is known which of all indices' hits are shown.

#include <optional>
#include <string>
#include <vector>

#include "hornbeam/search/query/field_sort.h"
#include "hornbeam/search/query/search_target.h"

namespace hornbeam::search {

/// The plans of a search of one index.
struct PlannedSearch {
  PlanPtr all{};    ///< What is counted beside the hits: without `post_filter`.
  PlanPtr hits{};   ///< With it.
  PlanPtr query{};  ///< The query alone, to be highlighted and explained.
  std::vector<std::pair<std::string, PlanPtr>> named{};
  std::vector<PlanPtr> rescores{};
  /// `search_after` as the types of this index's fields have it.
  std::optional<std::vector<SortValue>> after{};
  /// Of each key of the sort; null if it is not nested.
  std::vector<std::shared_ptr<const NestedSortPlan>> nested_sorts{};
  bool terminated_early = false;
};
base::Result<PlannedSearch> plan_search(const SearchTarget& target, const SearchRequest& request,
                                        std::int64_t now);

/// A hit that is not fetched yet.
struct FoundHit {
  DocId doc = 0;  ///< In the snapshot.
  std::size_t target = 0;
  std::optional<float> score{};
  std::vector<SortValue> values{};
  std::optional<SortValue> collapsed_by{};
  std::vector<bool> rescored{};  ///< Whether it was in the window of each rescoring.
};
struct FoundHits {
  HitCount total{};
  std::vector<FoundHit> hits{};
  bool terminated_early = false;
};
FoundHits find_hits(const PlannedSearch& search, const SearchTarget& target,
                    const SearchRequest& request);

/// A rescored score. `again` is nothing if the rescoring query does not match.
float rescored(const Rescore& rescore, float score, std::optional<float> again);

}  // namespace hornbeam::search

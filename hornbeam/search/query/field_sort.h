#pragma once

#include <memory>
#include <span>
#include <vector>

#include "hornbeam/search/mapping/mapping.h"
#include "hornbeam/search/query/nested_sort.h"
#include "hornbeam/search/query/search_request.h"
#include "hornbeam/search/score/plan.h"

namespace hornbeam::search {

/// A match and what it is ordered by.
struct SortedDoc {
  std::vector<SortValue> values;
  DocId doc = 0;                            ///< In the whole snapshot.
  std::optional<float> score{};             ///< If it was asked for.
  std::optional<SortValue> collapsed_by{};  ///< Of a search that is collapsed.
};

/// What a search is ordered and cut by.
struct FieldOrder {
  const std::vector<SortKey>& keys;
  const Mapping& mapping;
  const std::optional<std::vector<SortValue>>& after;  ///< Only what is behind it.
  std::size_t count = 0;                               ///< How many are kept.
  bool has_scores = false;                             ///< Whether hits keep their scores.
  /// Of each key that is nested which objects count; empty if none is.
  std::span<const std::shared_ptr<const NestedSortPlan>> nested{};
  std::string_view collapse_field{};  ///< Of documents with the same value the first is kept.
};

/// The first matches of a plan in an order; all matches are counted. Values that documents have
/// several of count by the smallest, or falling by the largest.
std::vector<SortedDoc> search_sorted(const Plan& plan, const Snapshot& snapshot,
                                     const FieldOrder& order, HitCount& total);

/// Below 0 if `a` comes before `b` by the keys, 0 if they are equal.
int compare_sorted(const std::vector<SortValue>& a, const std::vector<SortValue>& b,
                   const std::vector<SortKey>& keys);

}  // namespace hornbeam::search

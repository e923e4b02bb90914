#pragma once

#include <vector>

#include "hornbeam/search/query/search_request.h"
#include "hornbeam/search/score/plan.h"

namespace hornbeam::search {

/// A match and what it is ordered by.
struct SortedDoc {
  std::vector<SortValue> values;
  DocId doc = 0;  ///< In the whole snapshot.
};

/// The first `count` matches of a plan in the order of `keys`, behind `after` if there is one; all
/// matches are counted. Values that documents have several of count by the smallest, or falling by
/// the largest.
std::vector<SortedDoc> search_sorted(const Plan& plan, const Snapshot& snapshot,
                                     const std::vector<SortKey>& keys,
                                     const std::optional<std::vector<SortValue>>& after,
                                     std::size_t count, HitCount& total);

}  // namespace hornbeam::search

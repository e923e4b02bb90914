#pragma once

#include "hornbeam/search/score/plan.h"
#include "hornbeam/search/score/top_docs.h"

namespace hornbeam::search {

/// Shows every match of a plan to `collector`, except those that cannot be among the best once it
/// may skip.
void search_plan(const Plan& plan, const Snapshot& snapshot, TopDocsCollector& collector);

/// Calls `visit(segment index, scorer)` on each live match of a plan, in order.
void for_each_match(const Plan& plan, const Snapshot& snapshot,
                    const std::function<void(std::size_t, Scorer&)>& visit);

}  // namespace hornbeam::search

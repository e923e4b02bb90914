#pragma once

#include <memory>
#include <string>

#include "hornbeam/search/query/nested_query.h"
#include "hornbeam/search/score/plan.h"

namespace hornbeam::search {

/// Documents in which a nested document matches.
/// Requires: `matches` was planned for `nested`, the snapshot of the nested documents of `path`.
PlanPtr plan_nested(std::shared_ptr<const Snapshot> nested, std::string path, PlanPtr matches,
                    NestedScore score);

}  // namespace hornbeam::search

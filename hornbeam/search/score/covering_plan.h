#pragma once

#include <string>
#include <vector>

#include "hornbeam/search/score/plan.h"

namespace hornbeam::search {

/// Documents that match as many clauses as the column `minimum_field` says for each of them; those
/// without a value there do not match.
PlanPtr plan_covering(std::vector<PlanPtr> clauses, std::string minimum_field);

}  // namespace hornbeam::search

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "hornbeam/search/mapping/mapping.h"

namespace hornbeam::site {

/// Every field with its path, objects and multi-fields too, in the order of the paths.
/// Lifetime: the mapping's.
std::vector<std::pair<std::string, const search::FieldMapping*>> all_fields(
    const search::Mapping& mapping);

}  // namespace hornbeam::site

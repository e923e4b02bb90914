#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/mapping/mapping.h"
#include "hornbeam/search/node/settings.h"

namespace hornbeam::search {

/// The fields with values, other fields of theirs included, whose names match, in the order of the
/// names. A name without '*' stands for itself, whether there is such a field or not.
std::vector<std::string> fields_matching(const Mapping& mapping, std::string_view pattern);

}  // namespace hornbeam::search

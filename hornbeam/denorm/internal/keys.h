#pragma once

// Many keys as one value of a statement, so that the same statement serves any number of them.

#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/data/connection.h"

namespace hornbeam::denorm::internal {

/// What follows a column: it is one of the keys, which are bound as one text.
std::string_view one_of_keys(data::Dialect dialect);
/// That text.
std::string bound_keys(data::Dialect dialect, const std::vector<std::string>& keys);

}  // namespace hornbeam::denorm::internal

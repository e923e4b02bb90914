#pragma once

#include <string_view>

#include "hornbeam/search/node/node.h"

namespace hornbeam::site {

/// "green" if everything of an index is there, "yellow" if it asks for copies on other nodes, of
/// which there are none.
std::string_view health_of(const search::NodeIndex& index);

/// 0 for "green", 1 for "yellow", 2 for "red". Throws NodeError for anything else.
int health_rank(std::string_view color);

}  // namespace hornbeam::site

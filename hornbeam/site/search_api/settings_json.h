#pragma once

#include <string>
#include <vector>

#include "hornbeam/site/search_api/rest.h"

namespace hornbeam::site {

/// The settings of an index whose names match one of the patterns (all if there are none), as a
/// call wants them: flat, or with `human` dates and versions for people, too.
std::string settings_json(const RestCall& call, const search::NodeIndex& index,
                          const std::vector<std::string>& patterns = {});

}  // namespace hornbeam::site

#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "hornbeam/site/search_api/search_api.h"

namespace hornbeam::site {

/// Begins a task, and answers with the name by which `_tasks` knows it. Throws NodeError if too
/// many are under way.
RestResponse start_task(SearchApi& api, std::string action, std::string description,
                        std::function<RestResponse(const std::stop_token&)> run);

}  // namespace hornbeam::site

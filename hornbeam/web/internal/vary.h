#pragma once

#include <string_view>

#include "hornbeam/http/response.h"

namespace hornbeam::web {

/// Adds `name` to what the response says it depends on, unless it says so already.
void add_vary(http::Response& response, std::string_view name);

}  // namespace hornbeam::web

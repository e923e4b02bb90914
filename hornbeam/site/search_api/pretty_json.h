#pragma once

#include <string>
#include <string_view>

namespace hornbeam::site {

/// JSON with a line for each member, as `?pretty` asks for it. Requires: `json` is valid.
std::string pretty_json(std::string_view json);

}  // namespace hornbeam::site

#pragma once

#include <string>
#include <string_view>

#include "hornbeam/templates/filter.h"

namespace hornbeam::templates::internal {

/// Makes links of the addresses in a text.
Value urlize(FilterCall& call);
/// With the entities that markupsafe makes, and the named ones of XML, read back.
std::string unescaped(std::string_view html);

}  // namespace hornbeam::templates::internal

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/json_view.h"
#include "hornbeam/search/mapping/mapping.h"

namespace hornbeam::search {

/// The values that a document's source has for a field, as texts in their order: of "author.name"
/// those in objects and in dotted names, of another field of the same value ("title.keyword") those
/// of the field that it belongs to.
std::vector<std::string> source_values(const Mapping& mapping, base::JsonView source,
                                       std::string_view field);

}  // namespace hornbeam::search

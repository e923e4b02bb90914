#pragma once

#include <map>
#include <string>

#include "hornbeam/search/node/node.h"
#include "hornbeam/site/search_api/rest.h"

// What indices are described by, read and written.
namespace hornbeam::site {

using Aliases = std::map<std::string, search::Alias, std::less<>>;

/// Reads `{"mappings": ..., "settings": ..., "aliases": ...}`. Throws NodeError.
search::CreateIndex read_create(base::JsonView json);
/// Reads the body of an alias. Throws NodeError.
search::Alias read_alias(base::JsonView json);
/// Reads `{"NAME": {...}, ...}`. Throws NodeError.
Aliases read_aliases(base::JsonView json);

void write_alias(base::JsonWriter& out, const search::Alias& alias);
/// All aliases of an index as an object.
void write_aliases(base::JsonWriter& out, const search::NodeIndex& index);

}  // namespace hornbeam::site

#pragma once

#include <map>
#include <optional>
#include <string>

#include "hornbeam/search/node/settings.h"

namespace hornbeam::search {

/// Another name of an index.
struct Alias {
  std::string filter{};  ///< A query as JSON, which searches by that name are limited to.
  std::optional<std::string> index_routing{};
  std::optional<std::string> search_routing{};
  std::optional<bool> is_write_index{};
  std::optional<bool> is_hidden{};
};

/// What an index is created with.
struct CreateIndex {
  std::string mappings{};  ///< JSON; empty: all fields are guessed.
  Settings settings{};
  std::map<std::string, Alias, std::less<>> aliases{};
};

}  // namespace hornbeam::search

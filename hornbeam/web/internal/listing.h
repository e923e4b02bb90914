#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/web/app.h"
#include "hornbeam/web/config.h"

namespace hornbeam::web {

struct RouteListing {
  /// "tried": in the order in which a request tries them; or "path", "name", "method", or "added".
  std::string sort = "tried";
  /// Only those whose path or name contains this.
  std::string text;
  /// Only those that answer this method, or "socket".
  std::string method;
  bool is_json = false;
};

/// The routes of `app` as a table, or as a JSON array.
std::string list_routes(App& app, const RouteListing& listing);

/// Every value of the configuration and the layer it came from, secrets hidden: lines as in a TOML
/// file, or a JSON object.
std::string list_config(const Config& config, bool is_json);

}  // namespace hornbeam::web

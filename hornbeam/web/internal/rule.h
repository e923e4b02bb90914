#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "hornbeam/web/methods.h"
#include "hornbeam/web/segment.h"

namespace hornbeam::web {

/// One way to a handler: what the router matches and the URL map builds.
struct Rule {
  std::string endpoint{};
  /// A host such as "{org}.example.org"; empty: any.
  std::string host{};
  std::string pattern{};
  /// Of the host's parameters, then the pattern's, each in their order.
  std::vector<SegmentType> types{};
  Methods methods{};
  bool is_socket = false;
  /// Redirects to the endpoint's other rule.
  bool is_alias = false;
  bool takes_any_slash = false;
  /// Values of parameters that the pattern lacks.
  std::vector<std::pair<std::string, std::string>> defaults{};
  /// The handler's own parameters, in order.
  std::vector<std::string> own{};
  /// Those of prefixes and hosts: if not given, they are the current request's.
  std::vector<std::string> inherited{};
};

}  // namespace hornbeam::web

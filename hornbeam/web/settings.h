#pragma once

#include <cstddef>

#include "hornbeam/web/session.h"

namespace hornbeam::web {

/// How an application behaves, apart from its routes.
struct Settings {
  /// Errors that nobody handles leave the dispatcher instead of becoming a 500: for tests.
  bool is_testing = false;
  /// Error pages say what happened. Never where strangers can see them.
  bool is_debug = false;
  /// The largest body of a route that says nothing else. Bytes.
  std::size_t max_body_bytes = std::size_t{1} << 20;
  SessionOptions session;
};

}  // namespace hornbeam::web

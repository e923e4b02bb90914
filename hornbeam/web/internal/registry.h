#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hornbeam/web/routes.h"

namespace hornbeam::web {

/// Everything that was registered at one level. Routes are pointers so that handles stay good.
struct Routes::Registry {
  /// What routes and hooks may refer to: first here, so that it goes last.
  std::vector<std::shared_ptr<void>> kept;
  std::string name;    // Empty for the application itself.
  std::string prefix;  // Empty, or "/..." without a slash at the end.
  std::string host;    // Empty: that of the outer level, or any.
  std::vector<std::unique_ptr<Route>> routes;
  std::vector<std::unique_ptr<Hook>> before;
  std::vector<std::unique_ptr<Hook>> after;
  std::vector<std::unique_ptr<Hook>> teardown;
  ErrorHandlers errors;
  std::vector<std::unique_ptr<Registry>> children;
  bool is_csrf_exempt = false;
  bool is_frozen = false;

  /// Throws std::logic_error once the application serves.
  void check_open(std::string_view what) const;
};

}  // namespace hornbeam::web

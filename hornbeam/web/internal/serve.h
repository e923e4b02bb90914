#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "hornbeam/web/app.h"

namespace hornbeam::web {

struct ServeOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8000;
  unsigned loops = 0;
  /// A listening socket from a parent process.
  std::optional<int> inherited_socket{};
  /// PEM files of the certificate chain and its key; both empty for plain HTTP.
  std::string tls_certificate{};
  std::string tls_key{};
  /// How long, once told to end, the server serves on while it says that it is not ready.
  std::chrono::milliseconds shutdown_delay{0};
};

/// Serves `app` until SIGINT or SIGTERM, then drains. Gives the exit code.
int serve(App& app, const ServeOptions& options);

}  // namespace hornbeam::web

#pragma once

#include <functional>
#include <memory>

#include "hornbeam/http/server.h"

namespace hornbeam::web {

/// What an application knows of the server it runs in (`App::server_status`): for health checks and
/// metrics. Copies are the same. Thread: any.
class ServerStatus {
 public:
  ServerStatus();

  /// The server has been told to end: it serves on for a while, and should get nothing new.
  bool is_draining() const noexcept;
  /// Zeros while no server runs, as under a test client.
  http::Server::Statistics statistics() const;

  // For servers.
  /// Says that the server is going to end. Thread: any.
  void begin_drain() const noexcept;
  /// `read` is called until the next `attach`; an empty one ends that.
  void attach(std::function<http::Server::Statistics()> read) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hornbeam::web

#pragma once

// Simulation: visitors who never were, who go through the application's real endpoints, over real
// connections, so that pages have something to show before anybody comes. Their author labels them.

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace hornbeam::web {
class App;
}

namespace hornbeam::site {

/// What a visitor sends.
struct SimulatedRequest {
  std::string method = "GET";
  std::string target = "/";
  std::vector<std::pair<std::string, std::string>> fields{};
  std::string body{};
};

/// What it is answered.
struct SimulatedReply {
  int status = 0;
  std::string body;
};

/// Sends one request and waits for the answer, ten seconds at most. Throws std::runtime_error if
/// there is none.
using Ask = std::function<SimulatedReply(const SimulatedRequest&)>;

/// Serves `app` on a free port of the loopback interface, and lets visitors from 0 to `visitors` go
/// through `script`, eight at a time, each on a connection that is kept. Returns when all are
/// through; throws what a script threw first. Thread: `script` is called from several.
void simulate(web::App& app, std::size_t visitors,
              const std::function<void(std::size_t visitor, const Ask& ask)>& script);

}  // namespace hornbeam::site

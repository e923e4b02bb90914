#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace hornbeam::bench {

/// What the generator is to do: one load on one server.
struct Plan {
  std::uint16_t port = 0;
  std::string path = "/";
  std::size_t connections = 64;

  /// Requests in flight on each connection.
  std::size_t window = 1;

  /// Waits for the whole window's answers before it sends the next window, as a pipelining HTTP
  /// client does. Otherwise each answer is followed by a request at once.
  bool whole_windows = false;

  /// If not 0, exactly so many requests are made and there is no warm-up; for figures that are
  /// differences of counts.
  std::uint64_t requests = 0;

  std::chrono::milliseconds warm_up{300};
  std::chrono::milliseconds duration{2000};

  /// The server's processes, whose processor time is read as the measured time begins and ends.
  std::vector<pid_t> server;
};

}  // namespace hornbeam::bench

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/load/histogram.h"

namespace hornbeam::bench {

/// What a load measured, between warm-up and end.
struct Report {
  std::uint64_t answers = 0;
  std::chrono::nanoseconds elapsed{0};
  std::chrono::nanoseconds server_cpu{0};
  std::vector<Histogram> latency;  ///< Nanoseconds, for each connection.

  /// How many answers came, on whatever connection, from the sending of a request to its own
  /// answer: waiting as the server's order decides it, whatever the clock says. For each
  /// connection, or empty.
  std::vector<Histogram> turns{};
};

/// The report as one line of JSON; times in microseconds.
std::string to_json(const Report& report);

}  // namespace hornbeam::bench

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "bench/load/histogram.h"

namespace arena {

/// What a load has seen so far.
struct LoadTally {
  std::uint64_t moves = 0;       ///< Acknowledged.
  std::uint64_t games = 0;       ///< Compared with the log.
  std::uint64_t lost = 0;        ///< Moves that were acknowledged and are not in the log.
  std::uint64_t reordered = 0;   ///< Events that came as another number than they were known by.
  std::uint64_t abandoned = 0;   ///< Games whose beginning was never answered.
  std::uint64_t unverified = 0;  ///< Games that could not be compared before the end.
  std::uint64_t returns = 0;     ///< Connections that were made anew.
  std::uint64_t watched = 0;     ///< Moves that watchers were told, each of them.
  std::uint64_t open = 0;        ///< Sockets that stand now.
  std::uint64_t most_open = 0;   ///< That stood at once.
  /// User memory of the server, by how much it grew, for each socket that stood in the end.
  std::optional<std::int64_t> bytes_per_socket;
  std::map<std::string, std::uint64_t, std::less<>> errors;  ///< By code.
  /// From first sending a move to its acknowledgement, over however many connections. Nanoseconds.
  hornbeam::bench::Histogram latency;
  /// From first sending a move to when a watcher is told of it. Nanoseconds.
  hornbeam::bench::Histogram watch_latency;

  /// Counts an error.
  void count_error(std::string_view code) { ++errors.try_emplace(std::string(code)).first->second; }
  /// True if nothing that was promised was broken.
  bool is_good() const { return lost == 0 && reordered == 0 && unverified == 0; }
};

/// The tally as a table for people; `elapsed` is what rates are of.
std::string to_table(const LoadTally& tally, std::chrono::nanoseconds elapsed);
/// The tally as one line of JSON; times in milliseconds.
std::string to_json(const LoadTally& tally, std::chrono::nanoseconds elapsed);
/// One line for a display that is written over: rate since the last one, sockets, percentiles.
std::string to_line(const LoadTally& tally, double moves_per_second, std::chrono::seconds left);

}  // namespace arena

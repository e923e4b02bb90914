#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace arena {

/// How far something is, on one line of a terminal that is written over; elsewhere a line now and
/// then.
class ProgressBar {
 public:
  /// Of `what`, such as "files".
  ProgressBar(std::string title, std::string_view what);
  /// Shows it, at most ten times a second.
  void show(std::int64_t done, std::int64_t total);
  /// Ends the line.
  void end();

 private:
  using Clock = std::chrono::steady_clock;

  const std::string title_;
  const std::string_view what_;
  const bool is_terminal_;
  const Clock::time_point began_ = Clock::now();
  Clock::time_point shown_{};
  bool has_line_ = false;
};

}  // namespace arena

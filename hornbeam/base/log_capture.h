#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/log.h"

namespace hornbeam::base {

/// Keeps what is logged while it lives instead of writing it to stderr: for tests. One at a time.
///
///   LogCapture log(LogFormat::kJson);
///   client.get("/fails");
///   EXPECT_TRUE(log.contains("\"request_id\":"));
class LogCapture {
 public:
  /// Captures what is logged at `level` and above from here on, in the looks of `format`.
  explicit LogCapture(LogFormat format = LogFormat::kJson, LogLevel level = LogLevel::kDebug);
  ~LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

  /// The lines so far, without line breaks.
  std::vector<std::string> lines() const;
  /// True if one of them holds `part`.
  bool contains(std::string_view part) const;
  /// Those that hold `part`.
  std::vector<std::string> lines_with(std::string_view part) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hornbeam::base

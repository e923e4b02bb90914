#pragma once

// How a log line looks, as functions without state.
//
//   pretty   2026-03-01 12:00:00.123 info    saved  id=3 by="Ann B"
//   JSON     {"time":"2026-03-01T12:00:00.123Z","level":"info","message":"saved","id":3,"by":"Ann
//   B"}
//
// Whatever text and values hold, a line stays one line and says nothing to a terminal: control
// characters (C0, DEL, C1), the line separators U+2028 and U+2029, characters that turn the
// direction of writing, and bytes that are no UTF-8 are written as escapes. So nobody can forge a
// line by what he sends (CWE-117).

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "hornbeam/base/log.h"

namespace hornbeam::base {

/// One line before it is written.
struct LogRecord {
  std::chrono::system_clock::time_point time;  ///< When it was logged.
  LogLevel level = LogLevel::kInfo;            ///< Written as a word: "info".
  std::string_view message;                    ///< The sentence, already formatted.
  /// In the order in which they are written. Lifetime: the caller's.
  std::span<const LogField> fields{};
};

/// The level's word in lines and in the configuration, such as "warning".
std::string_view to_string(LogLevel level) noexcept;

/// The line for people, with the time in UTC, without a line break at its end.
std::string format_log_pretty(const LogRecord& record, bool has_colour);

/// The line for programs: one JSON object. A field called "time", "level" or "message" is written
/// as "field.time" and so on, so that no key comes twice.
std::string format_log_json(const LogRecord& record);

}  // namespace hornbeam::base

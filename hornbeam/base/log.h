#pragma once

// Log lines: a message, and what it is about as fields.
//
//   log_info("listening on port {}", port);
//   log_warning("slow query", {{"seconds", 1.5}, {"rows", rows}, {"table", "posts"}});
//
// Fields are what programs search by; prefer them to values inside the message. Lines go to
// stderr: pretty where that is a terminal, else one JSON object a line (see log_format.h for both).

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/core.h>

namespace hornbeam::base {

/// How much a log line matters; lines below the level in force are dropped.
enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };

/// What lines look like. `kAuto` is `kPretty` where stderr is a terminal, else `kJson`.
enum class LogFormat { kAuto, kPretty, kJson };

/// What a field says: a text, a number or a truth. Lifetime: a text is the caller's.
class LogValue {
 public:
  /// The type of the value, which says which accessor may be asked.
  enum class Kind : std::uint8_t { kText, kSigned, kUnsigned, kReal, kTruth };

  LogValue() : kind_(Kind::kText), text_() {}
  /// Of anything that is a string view by itself. Lifetime: the text outlives the line's writing.
  template <class Text>
    requires std::convertible_to<const Text&, std::string_view>
  LogValue(const Text& text) : kind_(Kind::kText), text_(text) {}  // NOLINT: {"id", 3}
  /// Of a whole number with a sign.
  template <std::signed_integral Number>
  LogValue(Number number) : kind_(Kind::kSigned), signed_(number) {}  // NOLINT
  /// Of a whole number without one.
  template <std::unsigned_integral Number>
    requires(!std::same_as<Number, bool>)
  LogValue(Number number) : kind_(Kind::kUnsigned), unsigned_(number) {}  // NOLINT
  /// Of a real number; infinities and NaN are written as null in JSON.
  LogValue(double number) : kind_(Kind::kReal), real_(number) {}  // NOLINT
  /// Of a bool, and of nothing that only converts to one.
  LogValue(std::same_as<bool> auto truth) : kind_(Kind::kTruth), truth_(truth) {}  // NOLINT

  /// The type of the value.
  Kind kind() const noexcept { return kind_; }
  /// Requires: `kind()` is `kText`.
  std::string_view text() const noexcept { return text_; }
  /// Requires: `kind()` is `kSigned`.
  std::int64_t signed_number() const noexcept { return signed_; }
  /// Requires: `kind()` is `kUnsigned`.
  std::uint64_t unsigned_number() const noexcept { return unsigned_; }
  /// Requires: `kind()` is `kReal`.
  double real() const noexcept { return real_; }
  /// Requires: `kind()` is `kTruth`.
  bool truth() const noexcept { return truth_; }

 private:
  Kind kind_;
  // NOLINTBEGIN(readability-identifier-naming): they are private, which the check does not see
  union {
    std::string_view text_;
    std::int64_t signed_;
    std::uint64_t unsigned_;
    double real_;
    bool truth_;
  };
  // NOLINTEND(readability-identifier-naming)
};

/// A named value of a log line. Names are written like variables: "request_id".
struct LogField {
  std::string_view name;  ///< The key in JSON, and the word before "=" in pretty lines.
  LogValue value;         ///< What the line says of it.
};

/// The level in force for the process; `kInfo` at first.
void set_log_level(LogLevel level) noexcept;
/// Whether a line of `level` would be written, for lines that are expensive to make.
bool log_enabled(LogLevel level) noexcept;

/// How lines look from now on; `kAuto` at first. Pretty lines have colours on a terminal only, and
/// none if the environment says NO_COLOR (https://no-color.org) or TERM=dumb.
void set_log_format(LogFormat format);

/// Where lines go instead of stderr: `write` gets each without a line break, one call at a time,
/// and must not log. An empty function restores stderr. For tests, and logs kept elsewhere.
void set_log_output(std::function<void(LogLevel level, std::string_view line)> write);

/// Writes one line with time and level. Thread: any; a line is never torn by another one.
void log_line(LogLevel level, std::string_view message, std::span<const LogField> fields = {});

template <class... Args>
void log(LogLevel level, fmt::format_string<Args...> format, Args&&... args) {
  if (log_enabled(level)) log_line(level, fmt::format(format, std::forward<Args>(args)...));
}
/// Logs a formatted line of what goes as it should.
template <class... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  log(LogLevel::kInfo, format, std::forward<Args>(args)...);
}
/// Logs a formatted line of what goes on, but somebody should look at.
template <class... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
  log(LogLevel::kWarning, format, std::forward<Args>(args)...);
}
/// Logs a formatted line of what failed.
template <class... Args>
void log_error(fmt::format_string<Args...> format, Args&&... args) {
  log(LogLevel::kError, format, std::forward<Args>(args)...);
}

/// The same with fields; the message is taken as it is.
inline void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  if (log_enabled(level)) log_line(level, message, {fields.begin(), fields.size()});
}
/// As `log`, with fields, of what goes as it should.
inline void log_info(std::string_view message, std::initializer_list<LogField> fields) {
  log(LogLevel::kInfo, message, fields);
}
/// As `log`, with fields, of what goes on, but somebody should look at.
inline void log_warning(std::string_view message, std::initializer_list<LogField> fields) {
  log(LogLevel::kWarning, message, fields);
}
/// As `log`, with fields, of what failed.
inline void log_error(std::string_view message, std::initializer_list<LogField> fields) {
  log(LogLevel::kError, message, fields);
}

}  // namespace hornbeam::base

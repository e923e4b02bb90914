#include "hornbeam/base/log.h"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <string>

#include <unistd.h>

#include "hornbeam/base/log_format.h"

namespace hornbeam::base {

namespace {

std::atomic<LogLevel> level_in_force{LogLevel::kInfo};
std::atomic<LogFormat> format_in_force{LogFormat::kAuto};

bool is_terminal() {
  static const bool is_one = ::isatty(STDERR_FILENO) == 1;
  return is_one;
}

bool has_colour() {
  static const bool has_one = [] {
    // NOLINTBEGIN(concurrency-mt-unsafe): the first line is written before others change variables.
    const char* const refused = std::getenv("NO_COLOR");
    const char* const terminal = std::getenv("TERM");
    // NOLINTEND(concurrency-mt-unsafe)
    const bool is_dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
    return is_terminal() && !is_dumb && (refused == nullptr || *refused == '\0');
  }();
  return has_one;
}

bool is_json() {
  const LogFormat format = format_in_force.load(std::memory_order_relaxed);
  return format == LogFormat::kJson || (format == LogFormat::kAuto && !is_terminal());
}

struct Output {
  std::mutex mutex;
  std::function<void(LogLevel, std::string_view)> write;
  std::atomic<bool> is_stderr{true};
};

// Never destroyed: what ends after `main` may still log.
Output& output() {
  static auto* const instance = new Output();
  return *instance;
}

void write_to_stderr(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // There is nowhere to say so.
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

void set_log_level(LogLevel level) noexcept {
  level_in_force = level;
}
bool log_enabled(LogLevel level) noexcept {
  return level >= level_in_force.load(std::memory_order_relaxed);
}

void set_log_format(LogFormat format) {
  format_in_force = format;
}

void set_log_output(std::function<void(LogLevel, std::string_view)> write) {
  const std::lock_guard lock(output().mutex);
  output().is_stderr = write == nullptr;
  output().write = std::move(write);
}

void log_line(LogLevel level, std::string_view message, std::span<const LogField> fields) {
  const LogRecord record{std::chrono::system_clock::now(), level, message, fields};
  std::string line = is_json() ? format_log_json(record)
                               : format_log_pretty(record, output().is_stderr && has_colour());
  const std::lock_guard lock(output().mutex);
  if (output().write) return output().write(level, line);
  line += '\n';
  write_to_stderr(line);
}

}  // namespace hornbeam::base

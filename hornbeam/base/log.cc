#include "hornbeam/base/log.h"

#include <atomic>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace hornbeam::base {

namespace {

std::atomic<LogLevel> level_in_force{LogLevel::kInfo};

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kOff:
      return spdlog::level::off;
  }
  return spdlog::level::err;
}

// Not registered with spdlog: a program's own use of spdlog stays untouched.
spdlog::logger& logger() {
  static spdlog::logger instance = [] {
    spdlog::logger made("hornbeam", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    made.set_level(spdlog::level::trace);
    made.set_pattern("%Y-%m-%d %H:%M:%S.%e %^%-7l%$ %v");
    made.flush_on(spdlog::level::warn);
    return made;
  }();
  return instance;
}

}  // namespace

void set_log_level(LogLevel level) noexcept {
  level_in_force = level;
}
bool log_enabled(LogLevel level) noexcept {
  return level >= level_in_force.load();
}
void log_line(LogLevel level, std::string_view text) {
  logger().log(to_spdlog(level), text);
}

}  // namespace hornbeam::base

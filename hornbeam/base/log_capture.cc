#include "hornbeam/base/log_capture.h"

#include <algorithm>
#include <mutex>

namespace hornbeam::base {

struct LogCapture::State {
  mutable std::mutex mutex;
  std::vector<std::string> lines;
};

LogCapture::LogCapture(LogFormat format, LogLevel level) : state_(std::make_shared<State>()) {
  set_log_format(format);
  set_log_level(level);
  set_log_output([state = state_](LogLevel /*level*/, std::string_view line) {
    const std::lock_guard lock(state->mutex);
    state->lines.emplace_back(line);
  });
}

LogCapture::~LogCapture() {
  set_log_output(nullptr);
  set_log_format(LogFormat::kAuto);
  set_log_level(LogLevel::kInfo);
}

std::vector<std::string> LogCapture::lines() const {
  const std::lock_guard lock(state_->mutex);
  return state_->lines;
}

std::vector<std::string> LogCapture::lines_with(std::string_view part) const {
  std::vector<std::string> found = lines();
  std::erase_if(found, [part](const std::string& line) { return !line.contains(part); });
  return found;
}

bool LogCapture::contains(std::string_view part) const {
  return !lines_with(part).empty();
}

}  // namespace hornbeam::base

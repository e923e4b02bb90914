#include "arena/progress_bar.h"

#include <algorithm>
#include <cstdio>

#include <fmt/core.h>
#include <unistd.h>

namespace arena {

ProgressBar::ProgressBar(std::string title, std::string_view what)
    : title_(std::move(title)), what_(what), is_terminal_(::isatty(STDOUT_FILENO) == 1) {}

void ProgressBar::show(std::int64_t done, std::int64_t total) {
  const auto now = Clock::now();
  const auto pause = is_terminal_ ? std::chrono::milliseconds(100) : std::chrono::seconds(5);
  if (done < total && now - shown_ < pause) return;
  shown_ = now;
  const double seconds = std::max(std::chrono::duration<double>(now - began_).count(), 0.001);
  const double rate = static_cast<double>(done) / seconds;
  const double left = rate > 0 ? static_cast<double>(total - done) / rate : 0;
  constexpr std::int64_t kWidth = 24;
  const auto full = static_cast<std::size_t>(total > 0 ? kWidth * done / total : kWidth);
  const std::string bar = std::string(full, '#') + std::string(kWidth - full, '.');
  fmt::print("{}{} [{}] {} of {} {}, {:.0f}/s, {:.0f} s left{}", is_terminal_ ? "\r" : "", title_,
             bar, done, total, what_, rate, left, is_terminal_ ? "   " : "\n");
  std::fflush(stdout);
  has_line_ = is_terminal_;
}

void ProgressBar::end() {
  if (has_line_) fmt::print("\n");
  has_line_ = false;
}

}  // namespace arena

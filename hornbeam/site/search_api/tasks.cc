#include "hornbeam/site/search_api/tasks.h"

#include <algorithm>
#include <ranges>
#include <utility>

namespace hornbeam::site {
namespace {

constexpr std::size_t kMostRunning = 16;
constexpr std::size_t kMostKept = 1000;

}  // namespace

Tasks::~Tasks() {
  {
    const std::lock_guard lock(mutex_);
    for (Entry& entry : entries_ | std::views::values) entry.thread.request_stop();
  }
  // A task's last step takes the lock, so nothing is joined under it.
  for (Entry& entry : entries_ | std::views::values) {
    if (entry.thread.joinable()) entry.thread.join();
  }
}

std::optional<std::uint64_t> Tasks::start(std::string action, std::string description, Work work) {
  const std::lock_guard lock(mutex_);
  drop_old();
  const auto under_way = std::ranges::count_if(
      entries_ | std::views::values, [](const Entry& entry) { return !entry.task.answer; });
  if (static_cast<std::size_t>(under_way) >= kMostRunning) return std::nullopt;
  const std::uint64_t number = next_++;
  Entry& entry = entries_[number];
  entry.task = {.number = number,
                .action = std::move(action),
                .description = std::move(description),
                .started = std::chrono::system_clock::now()};
  entry.began = std::chrono::steady_clock::now();
  entry.thread = std::jthread([this, number, work = std::move(work)](const std::stop_token& stop) {
    Answer answer = work(stop);
    const std::lock_guard done(mutex_);
    Entry& own = entries_.at(number);
    own.task.running = std::chrono::steady_clock::now() - own.began;
    own.task.answer = std::move(answer);
    ended_.notify_all();
  });
  return number;
}

std::optional<Tasks::Task> Tasks::find(std::uint64_t number, std::chrono::milliseconds wait) {
  std::unique_lock lock(mutex_);
  const auto has_ended = [&] {
    const auto found = entries_.find(number);
    return found == entries_.end() || found->second.task.answer;
  };
  if (wait.count() > 0) ended_.wait_for(lock, wait, has_ended);
  const auto found = entries_.find(number);
  if (found == entries_.end()) return std::nullopt;
  return shown(found->second);
}

std::vector<Tasks::Task> Tasks::running() {
  const std::lock_guard lock(mutex_);
  std::vector<Task> tasks;
  for (const Entry& entry : entries_ | std::views::values) {
    if (!entry.task.answer) tasks.push_back(shown(entry));
  }
  return tasks;
}

bool Tasks::cancel(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(number);
  if (found == entries_.end() || found->second.task.answer) return false;
  found->second.task.is_cancelled = true;
  found->second.thread.request_stop();
  return true;
}

Tasks::Task Tasks::shown(const Entry& entry) {
  Task task = entry.task;
  if (!task.answer) task.running = std::chrono::steady_clock::now() - entry.began;
  return task;
}

void Tasks::drop_old() {
  for (auto at = entries_.begin(); at != entries_.end() && entries_.size() > kMostKept;) {
    // One that has an answer holds the lock no more than to return, and is joined at once.
    at = at->second.task.answer ? entries_.erase(at) : std::next(at);
  }
}

}  // namespace hornbeam::site

#include "hornbeam/feed/follower_thread.h"

#include <algorithm>
#include <exception>
#include <random>
#include <utility>

#include "hornbeam/base/log.h"

namespace hornbeam::feed {

FollowerThread::FollowerThread(FollowerOptions options, Wakeups* wakeups, Job work)
    : options_(std::move(options)), work_(std::move(work)) {
  if (wakeups != nullptr) subscription_ = wakeups->listen([this] { wake(); });
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

FollowerThread::~FollowerThread() {
  subscription_ = {};
  stop();
}

void FollowerThread::wake() {
  {
    const std::lock_guard lock(mutex_);
    is_woken_ = true;
  }
  woken_.notify_one();
}

void FollowerThread::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

FollowerState FollowerThread::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void FollowerThread::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      // Before the work: a hint that comes during it is about what it may not have seen.
      const std::lock_guard lock(mutex_);
      is_woken_ = false;
    }
    const bool has_more = run_once(stop);
    const auto paused = pause();
    if (paused > std::chrono::milliseconds::zero()) {
      wait(stop, paused, false);
    } else if (!has_more) {
      wait(stop, options_.poll, true);
    }
  }
}

bool FollowerThread::run_once(const std::stop_token& stop) {
  try {
    const Work left = work_(stop);
    const std::lock_guard lock(mutex_);
    ++state_.runs;
    state_.failures_in_a_row = 0;
    return left == Work::kMore;
  } catch (const std::exception& failure) {
    const std::lock_guard lock(mutex_);
    ++state_.failures;
    ++state_.failures_in_a_row;
    state_.last_failure = failure.what();
    base::log_warning("a follower failed, and tries again",
                      {{"follower", options_.name},
                       {"error", state_.last_failure},
                       {"in_a_row", state_.failures_in_a_row}});
  }
  return false;
}

std::chrono::milliseconds FollowerThread::pause() const {
  const std::uint64_t failures = state().failures_in_a_row;
  if (failures == 0) return std::chrono::milliseconds::zero();
  auto longest = options_.first_pause;
  for (std::uint64_t each = 1; each < failures && longest < options_.longest_pause; ++each) {
    longest *= 2;
  }
  longest = std::min(longest, options_.longest_pause);
  thread_local std::minstd_rand random(std::random_device{}());
  std::uniform_int_distribution<std::int64_t> half(0, longest.count() / 2);
  return longest - std::chrono::milliseconds(half(random));
}

void FollowerThread::wait(const std::stop_token& stop, std::chrono::milliseconds longest,
                          bool until_woken) {
  std::unique_lock lock(mutex_);
  woken_.wait_for(lock, stop, longest, [&] { return until_woken && is_woken_; });
}

}  // namespace hornbeam::feed

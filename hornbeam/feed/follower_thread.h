#pragma once

// FollowerThread: what keeps a view up to date. A thread that runs `work` when it is woken, every
// `poll` when it is not, and again at once while there is more to do.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "hornbeam/feed/wakeups.h"

namespace hornbeam::feed {

/// What a piece of work left.
enum class Work { kDone, kMore };

/// How a follower waits.
struct FollowerOptions {
  std::string name = "follower";  ///< For the log.
  /// How long it waits without a hint. What is lost is found that late.
  std::chrono::milliseconds poll{200};
  /// The wait after a failure, which doubles with each more; half of it is random.
  std::chrono::milliseconds first_pause{100};
  /// Where it stops doubling.
  std::chrono::milliseconds longest_pause{30'000};
};

/// How a follower fares.
struct FollowerState {
  std::uint64_t runs = 0;               ///< Pieces of work that went well.
  std::uint64_t failures = 0;           ///< Those that did not.
  std::uint64_t failures_in_a_row = 0;  ///< Since the last that went well.
  std::string last_failure{};           ///< What the last of them said.
};

/// Runs until it ends, or `stop`. Lifetime: `wakeups`, and what `work` uses, outlive it.
class FollowerThread {
 public:
  /// A piece of work: bounded, so that it can be stopped. It may throw, and is then run again after
  /// a pause.
  using Job = std::function<Work(const std::stop_token& stop)>;

  /// Begins at once. `wakeups` may be null: then it polls only.
  FollowerThread(FollowerOptions options, Wakeups* wakeups, Job work);
  ~FollowerThread();
  FollowerThread(const FollowerThread&) = delete;
  FollowerThread& operator=(const FollowerThread&) = delete;

  /// As a hint does. Thread: any.
  void wake();
  /// Returns when the piece of work at hand is done.
  void stop();
  /// How it fares. Thread: any.
  FollowerState state() const;

 private:
  void run(const std::stop_token& stop);
  bool run_once(const std::stop_token& stop);
  std::chrono::milliseconds pause() const;
  void wait(const std::stop_token& stop, std::chrono::milliseconds longest, bool until_woken);

  const FollowerOptions options_;
  const Job work_;
  mutable std::mutex mutex_;
  std::condition_variable_any woken_;
  bool is_woken_ = false;  // Guarded by mutex_.
  FollowerState state_;    // Guarded by mutex_.
  Wakeups::Subscription subscription_;
  std::jthread thread_;  ///< Last: it ends before what it uses.
};

}  // namespace hornbeam::feed

#pragma once

#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

#include "hornbeam/base/completion.h"
#include "hornbeam/live/lobby.h"
#include "hornbeam/live/sweep.h"

namespace hornbeam::live {

/// How often a process looks after its games.
struct CaretakerOptions {
  /// How often rooms look for events that no wake-up told of. Shorten it where wake-ups get lost.
  std::chrono::milliseconds poll_interval{2000};
  /// How often games that were left are ended; zero leaves that to another process.
  std::chrono::milliseconds sweep_interval{60'000};
  SweepOptions sweep;  ///< Which games the sweep ends.
};

/// What a lobby needs beside its players: a thread that follows what other processes write, and
/// ends the games that were left. Works from its construction to its destruction.
class Caretaker {
 public:
  /// Lifetime: everything given here outlives the caretaker.
  Caretaker(Lobby& lobby, GameLog& log, Wakeups& wakeups, CaretakerOptions options = {});
  /// Waits for the work at hand.
  ~Caretaker();
  Caretaker(const Caretaker&) = delete;
  Caretaker& operator=(const Caretaker&) = delete;

 private:
  base::Task<void> work();
  base::Task<void> keep_time(bool attends);
  std::chrono::steady_clock::time_point flag_check() const;
  base::Task<void> do_round(bool sweeps, bool polls, std::vector<GameId> woken);
  void wake(GameId game);

  Lobby& lobby_;
  GameLog& log_;
  Wakeups& wakeups_;
  const CaretakerOptions options_;
  std::mutex mutex_;
  bool is_stopping_ = false;          // Guarded by mutex_.
  std::vector<GameId> woken_;         // Guarded by mutex_.
  base::Completion<void> attention_;  // Guarded by mutex_: set to end the wait at hand.
  std::jthread thread_;
};

}  // namespace hornbeam::live

#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "hornbeam/live/event.h"

namespace hornbeam::live {

/// How the lobbies of one system tell each other that a game has a new event. A hint and no more:
/// what is lost is found by the slow poll, what comes twice changes nothing.
///
/// Thread: any. Lifetime: outlives the lobbies that listen.
class Wakeups {
 public:
  /// Called on the thread of whoever announces; hands the work on to an executor of its own.
  using Listener = std::function<void(GameId)>;
  using ListenerId = std::uint64_t;

  Wakeups() = default;
  Wakeups(const Wakeups&) = delete;
  Wakeups& operator=(const Wakeups&) = delete;
  virtual ~Wakeups() = default;

  /// Tells every listener but `from` itself.
  virtual void announce(GameId game, ListenerId from) = 0;
  virtual ListenerId listen(Listener listener) = 0;
  /// Once this returns the listener is not called again.
  virtual void unlisten(ListenerId id) = 0;
};

/// Wake-ups between the lobbies of one process.
class InProcessWakeups final : public Wakeups {
 public:
  void announce(GameId game, ListenerId from) override;
  ListenerId listen(Listener listener) override;
  void unlisten(ListenerId id) override;

 private:
  struct Entry {
    ListenerId id;
    Listener listener;
  };

  std::mutex mutex_;
  ListenerId last_id_ = 0;        // Guarded by mutex_.
  std::vector<Entry> listeners_;  // Guarded by mutex_.
};

}  // namespace hornbeam::live

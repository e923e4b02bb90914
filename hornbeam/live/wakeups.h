#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "hornbeam/live/event.h"

namespace hornbeam::live {

/// Announced instead of a game's number: any game may have changed.
inline constexpr GameId kEveryGame = 0;

/// How the lobbies of one system tell each other that a game has a new event. A hint and no more:
/// what is lost is found by the slow poll, what comes twice changes nothing.
///
/// Thread: any. Lifetime: outlives the lobbies that announce and those who listen.
class Wakeups {
 public:
  /// Called on the thread of whoever announces; hands the work on to a thread of its own.
  using Listener = std::function<void(GameId)>;
  /// Who announces or listens: a lobby's address.
  using Party = const void*;

  Wakeups() = default;
  Wakeups(const Wakeups&) = delete;
  Wakeups& operator=(const Wakeups&) = delete;
  virtual ~Wakeups() = default;

  /// Tells every listener but the announcing party's own.
  virtual void announce(GameId game, Party from) = 0;
  /// Calls `listener` with each game that another party announces, or `kEveryGame`, until
  /// `unlisten`.
  virtual void listen(Party party, Listener listener) = 0;
  /// Once this returns the party's listener is not called again.
  virtual void unlisten(Party party) = 0;
};

/// Wake-ups between the lobbies of one process.
class InProcessWakeups final : public Wakeups {
 public:
  void announce(GameId game, Party from) override;
  void listen(Party party, Listener listener) override;
  void unlisten(Party party) override;

 private:
  struct Entry {
    Party party;
    Listener listener;
  };

  std::mutex mutex_;
  std::vector<Entry> listeners_;  // Guarded by mutex_.
};

}  // namespace hornbeam::live

#pragma once

#include <chrono>
#include <cstddef>

#include "hornbeam/base/task.h"
#include "hornbeam/live/game_log.h"

namespace hornbeam::live {

/// When a game that nobody ended is ended for them.
struct SweepOptions {
  std::chrono::minutes waiting{10};                    ///< Without a second player.
  std::chrono::minutes idle = std::chrono::hours{24};  ///< Without an event.
  /// How long after its end a game is archived; zero leaves them all where they are.
  std::chrono::hours archive_after{0};
  std::size_t limit = 10'000;  ///< Games looked at in one sweep.
};

/// What one sweep did.
struct SweepReport {
  std::size_t waiting = 0;    ///< Aborted because nobody joined.
  std::size_t idle = 0;       ///< Aborted because nothing happened.
  std::size_t archived = 0;   ///< Over for long, and put into the archive.
  std::size_t overtaken = 0;  ///< Left alone: someone moved just then.
};

/// Aborts games that have been left, and archives those that have been over for long. An abort is
/// an event like any other, fenced by its number, so that this may run in any process, in several
/// at once, beside players.
base::Task<SweepReport> sweep(GameLog& log, SweepOptions options, EventTime now);

}  // namespace hornbeam::live

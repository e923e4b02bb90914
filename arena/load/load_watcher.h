#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "arena/load/load_table.h"
#include "arena/load/load_tally.h"

namespace arena {

/// One who watches a table of a load, game after game: it is told every move once and in order, and
/// the tally says how long after its sending. No I/O; time is told.
class LoadWatcher {
 public:
  using Time = LoadTable::Time;

  /// Lifetime: `tally` and `table` outlive the watcher.
  LoadWatcher(LoadTally& tally, const LoadTable& table) : tally_(tally), table_(table) {}

  /// The connection is gone: the game at hand is asked for anew.
  void disconnected() noexcept { game_ = kNoGame; }
  /// A message came.
  void take(std::string_view text, Time now);
  /// What it has to say now; empty if nothing.
  std::optional<std::string> next_to_say(Time now);
  /// When it next wants to be looked at, if the table has begun no game before.
  Time due() const noexcept { return due_; }

 private:
  static constexpr std::int64_t kNoGame = -1;

  LoadTally& tally_;
  const LoadTable& table_;
  std::int64_t game_ = kNoGame;  // The one it watches.
  std::int64_t seq_ = -1;        // The last event it was told of; -1 until it was let in.
  Time due_{};
};

}  // namespace arena

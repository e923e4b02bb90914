#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "arena/load/load_table.h"
#include "arena/load/load_tally.h"

namespace arena {

/// How a load shows on stderr how it goes.
enum class LoadDisplay : std::uint8_t {
  kNone,
  kLine,   ///< A line that is written over, for a terminal.
  kLines,  ///< A line every ten seconds, for a file.
};

/// What a load does.
struct LoadPlan {
  std::string url = "ws://127.0.0.1:8000/ws";  ///< The game's socket.
  std::size_t games = 100;                     ///< Played at once, two sockets each.
  std::size_t idle = 0;                        ///< Sockets that are there and say nothing.
  std::size_t watchers = 0;                    ///< Sockets that watch the games, in turn.
  LoadManners manners;                         ///< How quickly the players move.
  std::chrono::milliseconds duration{10'000};  ///< Of playing.
  /// After that, for comparing the last games with the log.
  std::chrono::milliseconds grace{30'000};
  std::uint64_t seed = 1;  ///< Of the players' choices.
  /// The server's process, if its memory is to be measured; 0 if not.
  int server = 0;
  LoadDisplay display = LoadDisplay::kNone;
};

/// What a load has seen, and in which time.
struct LoadOutcome {
  LoadTally tally;                      ///< Everything it counted.
  std::chrono::nanoseconds elapsed{0};  ///< The time it played.
};

/// Plays `plan`, on one thread. Throws: std::invalid_argument for a URL that leads nowhere or more
/// sockets than this process may have; std::system_error.
LoadOutcome run_load(const LoadPlan& plan);

/// `arena games load ...`, from the last of these words on. The exit code: 1 if a move was lost or
/// reordered, or a game could not be compared with its log. Needs no database.
int run_load_command(int argc, char** argv);

}  // namespace arena

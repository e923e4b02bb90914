#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

#include "hornbeam/live.h"

namespace arena {

/// How `arena play` plays.
struct ConsoleOptions {
  /// As `find_console_game` takes it; asked for if there is none of that name.
  std::string game = "tic-tac-toe";
  /// Asked for when absent.
  std::optional<hornbeam::live::BotLevel> level;
  /// The computer begins and the player is O.
  bool computer_first = false;
  /// Colour and bold, for a terminal.
  bool is_coloured = false;
  /// Decides among the computer's equally good moves.
  std::uint64_t seed = 0;
};

/// A game of the house against the computer, on a terminal or through pipes, game after game until
/// the player or the input ends. Nothing is stored.
void play_on_console(std::istream& in, std::ostream& out, const ConsoleOptions& options);

}  // namespace arena

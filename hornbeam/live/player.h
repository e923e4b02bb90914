#pragma once

// Player: one who plays more than one game. A seat is opened by its token; a player is known by a
// key that their browser or program keeps, and has a number, a name and ratings.

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace hornbeam::live {

/// The number of a known player, from 1 upward.
using PlayerId = std::int64_t;

/// What others see of a player.
struct PlayerCard {
  PlayerId id = 0;             ///< The player's number.
  std::string name;            ///< As they call themselves.
  int rating = 1500;           ///< At the game at hand.
  bool is_provisional = true;  ///< Whether the rating rests on few games.
  /// By how much the game that has just ended changed it, if it did.
  std::optional<int> change = {};
};

/// By seat; nothing for a free seat, the computer, and one who is not known.
using PlayerCards = std::array<std::optional<PlayerCard>, 2>;

}  // namespace hornbeam::live

#pragma once

#include <cstdint>

#include "hornbeam/live/games/connect_four.h"
#include "hornbeam/live/games/gomoku.h"

namespace hornbeam::live {

/// A move for whoever is to move, by alpha-beta over the most promising cells. Easy looks at its
/// own move only, medium one answer ahead, the highest level move after move for as long as its
/// positions last: it sees threats and makes them, but is not perfect. Among equals `seed` decides.
/// The positions are counted, a few milliseconds' worth, so that the same call gives the same move
/// on every machine; one that is so slow that half a second passes stops there. Requires: the game
/// is not over.
Gomoku::Move choose_gomoku_move(const Gomoku::State& state, BotLevel level, std::uint64_t seed);
/// The same for Connect Four.
ConnectFour::Move choose_connect_four_move(const ConnectFour::State& state, BotLevel level,
                                           std::uint64_t seed);

}  // namespace hornbeam::live

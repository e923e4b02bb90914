#pragma once

#include <cstdint>

#include "hornbeam/live/games/tic_tac_toe.h"

namespace hornbeam::live {

/// A move for whoever is to move. Easy: any. Medium: wins at once or stops a win at once, else any.
/// Perfect: never loses, wins as soon and loses as late as can be. Among equals `seed` decides.
/// Requires: the game is not over.
TicTacToe::Move choose_tic_tac_toe_move(const TicTacToe::State& state, BotLevel level,
                                        std::uint64_t seed);

}  // namespace hornbeam::live

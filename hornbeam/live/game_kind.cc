#include "hornbeam/live/game_kind.h"

#include "hornbeam/live/games/tic_tac_toe.h"
#include "hornbeam/live/games/tic_tac_toe_bot.h"

namespace hornbeam::live {

GameCatalog standard_games() {
  GameCatalog games;
  games.add<TicTacToe>(&choose_tic_tac_toe_move);
  return games;
}

}  // namespace hornbeam::live

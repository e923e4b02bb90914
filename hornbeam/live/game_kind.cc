#include "hornbeam/live/game_kind.h"

#include "hornbeam/live/games/grid_bot.h"
#include "hornbeam/live/games/tic_tac_toe.h"
#include "hornbeam/live/games/tic_tac_toe_bot.h"

namespace hornbeam::live {

GameCatalog standard_games() {
  GameCatalog games;
  games.add<TicTacToe>(&choose_tic_tac_toe_move);
  games.add<Gomoku>(&choose_gomoku_move);
  games.add<ConnectFour>(&choose_connect_four_move);
  return games;
}

}  // namespace hornbeam::live

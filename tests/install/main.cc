// A program of somebody else's, built on Hornbeam: it plays one move and says how the board looks.
#include <cstdio>

#include "hornbeam/live.h"

int main() {
  using Game = hornbeam::live::TicTacToe;
  const auto state =
      Game::play(Game::start(), hornbeam::live::Seat::kFirst, Game::Move{.row = 1, .col = 1});
  if (!state.has_value()) return 1;
  std::puts(Game::encode(*state).c_str());
  std::puts("hornbeam works");
}

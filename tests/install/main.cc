// A program of somebody else's, built on Hornbeam: an app that plays a move, asked without a
// socket.
#include <cstdint>
#include <cstdio>
#include <string>

#include "hornbeam/live.h"
#include "hornbeam/testing.h"
#include "hornbeam/web.h"

namespace {

std::string board_after(std::int64_t row, std::int64_t col) {
  using Game = hornbeam::live::TicTacToe;
  const Game::Move move{.row = static_cast<int>(row), .col = static_cast<int>(col)};
  const auto state = Game::play(Game::start(), hornbeam::live::Seat::kFirst, move);
  return state ? Game::encode(*state) : "that is no move";
}

}  // namespace

int main() {
  hornbeam::web::App app;
  app.get("/moves/{row}/{col}", board_after);
  hornbeam::web::TestClient client(app);
  client.get("/moves/9/9").expect_status(200).expect_body("that is no move");
  std::puts(client.get("/moves/1/1").expect_status(200).body().c_str());
  std::puts("hornbeam works");
}

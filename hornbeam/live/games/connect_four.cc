#include "hornbeam/live/games/connect_four.h"

#include <fmt/core.h>

namespace hornbeam::live {

base::Result<ConnectFour::State> ConnectFour::play(const State& state, Seat seat, Move move) {
  // Refused in the order of every game: over, not the turn, then what is wrong with the move.
  GridCell cell{kShape.rows - 1, move.col};
  const bool is_column = is_on_grid(kShape, cell);
  while (is_column && cell.row >= 0 && state.cells[index_on_grid(kShape, cell)] != kNoMark) {
    --cell.row;
  }
  auto next = play_on_grid(kShape, state, seat, cell);
  if (next || next.error().code != "illegal_move") return next;
  if (is_column) {
    return base::error("illegal_move",
                       fmt::format("Column {} is full: choose another one.", move.col));
  }
  return base::error("illegal_move", fmt::format("There is no column {}: they go from 0 to {}.",
                                                 move.col, kShape.cols - 1));
}

std::vector<ConnectFour::Move> ConnectFour::legal_moves(const State& state) {
  std::vector<Move> moves;
  if (outcome(state).is_over()) return moves;
  for (int col = 0; col < kShape.cols; ++col) {
    if (state.cells[static_cast<std::size_t>(col)] == kNoMark) moves.push_back({col});
  }
  return moves;
}

base::Result<ConnectFour::Move> ConnectFour::decode_move(std::string_view text) {
  const auto col = take_number(text);
  if (col && text.empty()) return Move{*col};
  return base::error("illegal_move", fmt::format("A move is the number of a column from 0 to {}.",
                                                 kShape.cols - 1));
}

}  // namespace hornbeam::live

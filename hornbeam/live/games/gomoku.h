#pragma once

// Gomoku on 15 by 15, freestyle: five in a row win, and so do six or more; the first seat may begin
// anywhere.

#include "hornbeam/live/games/grid.h"

namespace hornbeam::live {

/// The rules of freestyle Gomoku. Moves are "row,col" from 0 at the top left, such as "7,7".
struct Gomoku {
  using State = GridState;
  using Move = GridCell;
  static constexpr std::string_view kName = "gomoku";
  static constexpr int kVersion = 1;
  static constexpr std::array<std::string_view, 2> kSeatNames = {"X", "O"};
  static constexpr GridShape kShape{.rows = 15, .cols = 15, .line = 5};

  static State start() { return empty_grid(kShape); }
  static base::Result<State> play(const State& state, Seat seat, Move move) {
    return play_on_grid(kShape, state, seat, move);
  }
  static Outcome outcome(const State& state) { return outcome_of(state); }
  static std::optional<Seat> to_move(const State& state) { return grid_to_move(state); }
  static std::vector<Move> legal_moves(const State& state) {
    return outcome(state).is_over() ? std::vector<Move>() : free_cells(kShape, state.cells);
  }
  /// Fifteen rows of fifteen cells, one after the other.
  static std::string encode(const State& state) { return state.cells; }
  static std::optional<State> decode(std::string_view text) { return decode_grid(kShape, text); }
  static std::string encode_move(Move move) { return encode_cell(move); }
  static base::Result<Move> decode_move(std::string_view text) { return decode_cell(kShape, text); }
};

static_assert(Rules<Gomoku>);

}  // namespace hornbeam::live

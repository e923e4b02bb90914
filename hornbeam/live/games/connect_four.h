#pragma once

// Connect Four on seven columns of six cells: a mark falls to the lowest free cell of its column,
// and four in a row win.

#include "hornbeam/live/games/grid.h"

namespace hornbeam::live {

/// The rules of Connect Four. A move is the number of a column, from 0 at the left.
struct ConnectFour {
  using State = GridState;
  /// A column.
  struct Move {
    int col = 0;  ///< From 0 at the left.
    friend constexpr bool operator==(Move, Move) noexcept = default;
  };
  static constexpr std::string_view kName = "connect-four";
  static constexpr int kVersion = 1;
  static constexpr std::array<std::string_view, 2> kSeatNames = {"X", "O"};
  static constexpr GridShape kShape{.rows = 6, .cols = 7, .line = 4, .falls = true};

  static State start() { return empty_grid(kShape); }
  static base::Result<State> play(const State& state, Seat seat, Move move);
  static Outcome outcome(const State& state) { return outcome_of(state); }
  static std::optional<Seat> to_move(const State& state) { return grid_to_move(state); }
  static std::vector<Move> legal_moves(const State& state);
  /// Six rows of seven cells, the top row first.
  static std::string encode(const State& state) { return state.cells; }
  static std::optional<State> decode(std::string_view text) { return decode_grid(kShape, text); }
  static std::string encode_move(Move move) { return std::to_string(move.col); }
  static base::Result<Move> decode_move(std::string_view text);
};

static_assert(Rules<ConnectFour>);

}  // namespace hornbeam::live

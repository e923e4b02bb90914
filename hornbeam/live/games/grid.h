#pragma once

// What games on a grid share: a board is its cells in reading order, one character each, and who
// completes a line of equal marks has won.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/live/rules.h"

namespace hornbeam::live {

/// The measures of a grid game.
struct GridShape {
  int rows = 3;        ///< From top to bottom.
  int cols = 3;        ///< From left to right.
  int line = 3;        ///< As many in a row win; more win as well.
  bool falls = false;  ///< Whether marks fall to the lowest free cell of their column.

  /// How many cells there are.
  constexpr std::size_t size() const noexcept { return static_cast<std::size_t>(rows * cols); }
};

/// A cell by its row and column, from 0 at the top left; it may lie beside the board.
struct GridCell {
  int row = 0;  ///< From the top.
  int col = 0;  ///< From the left.

  friend constexpr bool operator==(GridCell, GridCell) noexcept = default;
};

/// The empty cell.
inline constexpr char kNoMark = '.';
/// The mark of a seat: 'X' or 'O'.
constexpr char mark_of(Seat seat) noexcept {
  return seat == Seat::kFirst ? 'X' : 'O';
}

/// A position on a grid, the first seat to begin.
struct GridState {
  std::string cells;           ///< In reading order.
  std::size_t count = 0;       ///< Of the marks set.
  std::optional<Seat> winner;  ///< Who has a line.

  friend bool operator==(const GridState&, const GridState&) = default;
};

/// The empty board.
GridState empty_grid(const GridShape& shape);
/// Still open, won, or drawn with every cell taken.
Outcome outcome_of(const GridState& state);
/// Who is to move; nobody once it is over.
std::optional<Seat> grid_to_move(const GridState& state);
/// Whether `cell` lies on the board.
bool is_on_grid(const GridShape& shape, GridCell cell) noexcept;
/// Its place in the cells. Requires: it lies on the board.
std::size_t index_on_grid(const GridShape& shape, GridCell cell) noexcept;
/// Whether the mark in `cell` is one of a line that wins. Requires: there is a mark.
bool has_line_through(const GridShape& shape, std::string_view cells, GridCell cell);
/// The free cells in reading order; where marks fall, the lowest of each column.
std::vector<GridCell> free_cells(const GridShape& shape, std::string_view cells);
/// Sets the mark of `seat`. Refuses with "game_over", "not_your_turn" or "illegal_move".
base::Result<GridState> play_on_grid(const GridShape& shape, const GridState& state, Seat seat,
                                     GridCell cell);
/// Reads a position. Nothing unless its marks are as many as turns give, none hangs in the air
/// where they fall, and the last one set can have been the winner's; it is not asked whether the
/// moves before can have come in turn.
std::optional<GridState> decode_grid(const GridShape& shape, std::string_view text);
/// "row,col".
std::string encode_cell(GridCell cell);
/// Reads "row,col", with spaces around the numbers; whether it is on the board is not asked.
/// Refuses with "illegal_move".
base::Result<GridCell> decode_cell(const GridShape& shape, std::string_view text);
/// Reads a whole number with spaces around it, and takes it away from `text`; nothing if there is
/// none.
std::optional<int> take_number(std::string_view& text);

}  // namespace hornbeam::live

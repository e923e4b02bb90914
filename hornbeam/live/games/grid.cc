#include "hornbeam/live/games/grid.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/core.h>

namespace hornbeam::live {
namespace {

constexpr std::array<GridCell, 4> kDirections = {{{0, 1}, {1, 0}, {1, 1}, {1, -1}}};

/// How many marks like the one in `cell` follow it in the direction of `step`.
int run_from(const GridShape& shape, std::string_view cells, GridCell cell, GridCell step) {
  const char mark = cells[index_on_grid(shape, cell)];
  int length = 0;
  // Ends: each round leaves a row or a column behind.
  while (true) {
    cell = {cell.row + step.row, cell.col + step.col};
    if (!is_on_grid(shape, cell) || cells[index_on_grid(shape, cell)] != mark) return length;
    ++length;
  }
}

GridCell cell_at(const GridShape& shape, std::size_t index) {
  const int at = static_cast<int>(index);
  return {at / shape.cols, at % shape.cols};
}

bool has_line(const GridShape& shape, std::string_view cells, char mark) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i] == mark && has_line_through(shape, cells, cell_at(shape, i))) return true;
  }
  return false;
}

/// Whether one mark taken away leaves no line: the mark that was set last.
bool hangs_on_one_mark(const GridShape& shape, std::string_view cells, char mark) {
  std::string before(cells);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool is_covered = shape.falls && i >= static_cast<std::size_t>(shape.cols) &&
                            cells[i - static_cast<std::size_t>(shape.cols)] != kNoMark;
    if (cells[i] != mark || is_covered) continue;
    before[i] = kNoMark;
    if (!has_line(shape, before, mark)) return true;
    before[i] = mark;
  }
  return false;
}

bool hangs_in_the_air(const GridShape& shape, std::string_view cells) {
  const auto cols = static_cast<std::size_t>(shape.cols);
  for (std::size_t i = 0; i + cols < cells.size(); ++i) {
    if (cells[i] != kNoMark && cells[i + cols] == kNoMark) return true;
  }
  return false;
}

}  // namespace

GridState empty_grid(const GridShape& shape) {
  return {std::string(shape.size(), kNoMark), 0, std::nullopt};
}

Outcome outcome_of(const GridState& state) {
  if (state.winner) return Outcome::won(*state.winner);
  return state.count == state.cells.size() ? Outcome::drawn() : Outcome::open();
}

std::optional<Seat> grid_to_move(const GridState& state) {
  if (outcome_of(state).is_over()) return std::nullopt;
  return state.count % 2 == 0 ? Seat::kFirst : Seat::kSecond;
}

bool is_on_grid(const GridShape& shape, GridCell cell) noexcept {
  return 0 <= cell.row && cell.row < shape.rows && 0 <= cell.col && cell.col < shape.cols;
}

std::size_t index_on_grid(const GridShape& shape, GridCell cell) noexcept {
  return static_cast<std::size_t>(cell.row * shape.cols + cell.col);
}

bool has_line_through(const GridShape& shape, std::string_view cells, GridCell cell) {
  return std::ranges::any_of(kDirections, [&](GridCell step) {
    const GridCell back{-step.row, -step.col};
    return 1 + run_from(shape, cells, cell, step) + run_from(shape, cells, cell, back) >=
           shape.line;
  });
}

std::vector<GridCell> free_cells(const GridShape& shape, std::string_view cells) {
  std::vector<GridCell> free;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::size_t below = i + static_cast<std::size_t>(shape.cols);
    const bool would_fall = shape.falls && below < cells.size() && cells[below] == kNoMark;
    if (cells[i] == kNoMark && !would_fall) free.push_back(cell_at(shape, i));
  }
  return free;
}

base::Result<GridState> play_on_grid(const GridShape& shape, const GridState& state, Seat seat,
                                     GridCell cell) {
  if (outcome_of(state).is_over()) {
    return base::error("game_over", "The game is over: start a new one.");
  }
  if (grid_to_move(state) != seat) {
    return base::error("not_your_turn", "It is the other player's turn: wait for their move.");
  }
  if (!is_on_grid(shape, cell)) {
    return base::error("illegal_move",
                       fmt::format("There is no cell {}: rows go from 0 to {}, columns to {}.",
                                   encode_cell(cell), shape.rows - 1, shape.cols - 1));
  }
  const std::size_t at = index_on_grid(shape, cell);
  if (state.cells[at] != kNoMark) {
    return base::error("illegal_move",
                       fmt::format("Cell {} is taken: choose an empty one.", encode_cell(cell)));
  }
  GridState next = state;
  next.cells[at] = mark_of(seat);
  ++next.count;
  if (has_line_through(shape, next.cells, cell)) next.winner = seat;
  return next;
}

std::optional<GridState> decode_grid(const GridShape& shape, std::string_view text) {
  if (text.size() != shape.size()) return std::nullopt;
  const auto first = std::ranges::count(text, mark_of(Seat::kFirst));
  const auto second = std::ranges::count(text, mark_of(Seat::kSecond));
  const auto free = std::ranges::count(text, kNoMark);
  const auto lead = first - second;
  if (first + second + free != std::ranges::ssize(text) || lead < 0 || lead > 1) {
    return std::nullopt;
  }
  if (shape.falls && hangs_in_the_air(shape, text)) return std::nullopt;
  GridState state{std::string(text), static_cast<std::size_t>(first + second), std::nullopt};
  // Who completes a line made the last move: the first seat then leads by one, the second by none.
  for (const Seat seat : {Seat::kFirst, Seat::kSecond}) {
    if (!has_line(shape, text, mark_of(seat))) continue;
    const bool was_last = lead == (seat == Seat::kFirst ? 1 : 0);
    if (state.winner || !was_last || !hangs_on_one_mark(shape, text, mark_of(seat))) {
      return std::nullopt;
    }
    state.winner = seat;
  }
  return state;
}

std::string encode_cell(GridCell cell) {
  return fmt::format("{},{}", cell.row, cell.col);
}

std::optional<int> take_number(std::string_view& text) {
  const auto skip_spaces = [&] {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  };
  skip_spaces();
  int number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  skip_spaces();
  return number;
}

base::Result<GridCell> decode_cell(const GridShape& shape, std::string_view text) {
  const auto row = take_number(text);
  if (row && text.starts_with(',')) {
    text.remove_prefix(1);
    const auto col = take_number(text);
    if (col && text.empty()) return GridCell{*row, *col};
  }
  return base::error("illegal_move",
                     fmt::format("A move is \"row,col\" with rows from 0 to {} and columns to {}, "
                                 "such as \"1,2\".",
                                 shape.rows - 1, shape.cols - 1));
}

}  // namespace hornbeam::live

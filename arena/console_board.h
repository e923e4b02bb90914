#pragma once

#include <span>
#include <string>
#include <string_view>

namespace arena {

/// How a game of the house looks on a terminal, and what is said about it.
struct ConsoleGame {
  std::string_view kind;      ///< The name of its rules, such as "connect-four".
  std::string_view title;     ///< For people.
  std::string_view aim;       ///< A sentence.
  std::string_view move;      ///< What a move looks like, such as "row,col".
  std::string_view hardest;   ///< What the highest level is called.
  int rows = 3;               ///< Of the board.
  int cols = 3;               ///< Of the board.
  bool is_by_column = false;  ///< Moves name a column alone.
};

/// All of them, in the order in which they are offered.
std::span<const ConsoleGame> console_games() noexcept;
/// The one of that name, of its beginning (if no other begins so), or of that number from 1; null
/// if there is none.
const ConsoleGame* find_console_game(std::string_view name) noexcept;

/// Whether to colour what a program writes: to a terminal that can, unless NO_COLOR
/// (https://no-color.org) holds something. `no_color` and `term` are those variables, or null.
bool wants_colour(bool is_terminal, const char* no_color, const char* term) noexcept;

/// `text` in a style of the terminal, such as "1;32"; as it is if that is not wanted.
std::string painted(std::string_view text, std::string_view style, bool is_coloured);

/// The board as lines, numbered as moves name its cells. What differs from `before`, the board
/// before the last move, stands in brackets.
/// Requires: `board` has the game's cells; `before` as well, or is empty.
std::string draw_board(const ConsoleGame& game, std::string_view board, std::string_view before,
                       bool is_coloured);

}  // namespace arena

#include "arena/console_board.h"

#include <array>

#include <fmt/format.h>

namespace arena {
namespace {

constexpr std::array<ConsoleGame, 3> kGames = {{
    {"tic-tac-toe", "Tic-tac-toe", "Three in a row win.", "row,col", "perfect", 3, 3, false},
    {"connect-four", "Connect Four", "Marks fall to the bottom, and four in a row win.", "column",
     "hard", 6, 7, true},
    {"gomoku", "Gomoku", "Five in a row win, and so do more.", "row,col", "hard", 15, 15, false},
}};

constexpr std::string_view kFirstStyle = "1;32";   // Leaf green.
constexpr std::string_view kSecondStyle = "1;33";  // Wood.
constexpr std::string_view kFaint = "2";

/// Lines between the cells are for small boards.
bool has_lines(const ConsoleGame& game) {
  return game.cols == 3;
}

std::string draw_cell(const ConsoleGame& game, char mark, bool is_new, bool is_coloured) {
  const bool is_empty = mark == '.';
  const std::string_view text = mark == 'X' ? "X" : mark == 'O' ? "O" : has_lines(game) ? " " : ".";
  const std::string_view style = is_empty ? kFaint : mark == 'X' ? kFirstStyle : kSecondStyle;
  return fmt::format("{}{}{}", is_new ? "[" : " ", painted(text, style, is_coloured),
                     is_new ? "]" : " ");
}

std::string draw_numbers(const ConsoleGame& game) {
  std::string line = "     ";
  for (int col = 0; col < game.cols; ++col) {
    line += fmt::format("{:^3}", col);
    if (has_lines(game) && col + 1 < game.cols) line += ' ';
  }
  return line.substr(0, line.find_last_not_of(' ') + 1);
}

}  // namespace

std::span<const ConsoleGame> console_games() noexcept {
  return kGames;
}

const ConsoleGame* find_console_game(std::string_view name) noexcept {
  if (name.empty()) return nullptr;
  const ConsoleGame* found = nullptr;
  for (std::size_t i = 0; i < kGames.size(); ++i) {
    const bool is_number = name.size() == 1 && name[0] == static_cast<char>('1' + i);
    if (is_number || name == kGames[i].kind) return &kGames[i];
    if (!kGames[i].kind.starts_with(name)) continue;
    if (found != nullptr) return nullptr;
    found = &kGames[i];
  }
  return found;
}

bool wants_colour(bool is_terminal, const char* no_color, const char* term) noexcept {
  const bool is_refused = no_color != nullptr && *no_color != '\0';
  const bool is_dumb = term != nullptr && std::string_view(term) == "dumb";
  return is_terminal && !is_refused && !is_dumb;
}

std::string painted(std::string_view text, std::string_view style, bool is_coloured) {
  return is_coloured ? fmt::format("\x1b[{}m{}\x1b[0m", style, text) : std::string(text);
}

std::string draw_board(const ConsoleGame& game, std::string_view board, std::string_view before,
                       bool is_coloured) {
  const auto faint = [is_coloured](std::string_view text) {
    return painted(text, kFaint, is_coloured);
  };
  std::string lines = faint(draw_numbers(game)) + '\n';
  for (int row = 0; row < game.rows; ++row) {
    lines += game.is_by_column ? "     " : faint(fmt::format(" {:>2}  ", row));
    for (int col = 0; col < game.cols; ++col) {
      const auto at = static_cast<std::size_t>(row * game.cols + col);
      const bool is_new = !before.empty() && before[at] != board[at] && board[at] != '.';
      lines += draw_cell(game, board[at], is_new, is_coloured);
      if (has_lines(game) && col + 1 < game.cols) lines += faint("|");
    }
    lines += '\n';
    if (has_lines(game) && row + 1 < game.rows) lines += faint("     ---+---+---") + '\n';
  }
  return lines;
}

}  // namespace arena

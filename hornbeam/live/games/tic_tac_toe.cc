#include "hornbeam/live/games/tic_tac_toe.h"

#include <charconv>

#include <fmt/core.h>

namespace hornbeam::live {

std::string TicTacToe::encode(const State& state) {
  std::string board(9, '.');
  for (std::size_t cell = 0; cell < board.size(); ++cell) {
    if ((state.of(Seat::kFirst) >> cell & 1U) != 0) board[cell] = 'X';
    if ((state.of(Seat::kSecond) >> cell & 1U) != 0) board[cell] = 'O';
  }
  return board;
}

std::optional<TicTacToe::State> TicTacToe::decode(std::string_view text) {
  if (text.size() != 9) return std::nullopt;
  State state;
  for (std::size_t cell = 0; cell < text.size(); ++cell) {
    if (text[cell] == '.') continue;
    if (text[cell] != 'X' && text[cell] != 'O') return std::nullopt;
    auto& cells = state.cells[text[cell] == 'X' ? 0 : 1];
    cells = static_cast<std::uint16_t>(cells | 1U << cell);
  }
  const bool first_won = has_line(state.of(Seat::kFirst));
  const bool second_won = has_line(state.of(Seat::kSecond));
  const int lead = std::popcount(state.of(Seat::kFirst)) - std::popcount(state.of(Seat::kSecond));
  // Who completes a line made the last move: the first seat then leads by one, the second by none.
  if (lead < 0 || lead > 1 || (first_won && second_won)) return std::nullopt;
  if ((first_won && lead != 1) || (second_won && lead != 0)) return std::nullopt;
  return state;
}

std::string TicTacToe::encode_move(Move move) {
  // On the way of every move: spelt out for those on the board.
  if (!move.is_on_board()) return fmt::format("{},{}", move.row, move.col);
  return {static_cast<char>('0' + move.row), ',', static_cast<char>('0' + move.col)};
}

base::Result<TicTacToe::Move> TicTacToe::decode_move(std::string_view text) {
  // As every client writes it.
  const auto is_digit = [](char c) { return '0' <= c && c <= '9'; };
  if (text.size() == 3 && is_digit(text[0]) && text[1] == ',' && is_digit(text[2])) {
    return Move{text[0] - '0', text[2] - '0'};
  }
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto skip_spaces = [&] {
    while (at != end && *at == ' ') ++at;
  };
  const auto read_number = [&](int& number) {
    skip_spaces();
    const auto [after, failure] = std::from_chars(at, end, number);
    at = after;
    skip_spaces();
    return failure == std::errc();
  };
  Move move;
  bool is_read = read_number(move.row) && at != end && *at == ',';
  if (is_read) {
    ++at;
    is_read = read_number(move.col) && at == end;
  }
  if (is_read) return move;
  return base::error("illegal_move",
                     "A move is \"row,col\" with numbers from 0 to 2, such as \"1,2\".");
}

std::unexpected<base::Error> TicTacToe::refuse_game_over() {
  return base::error("game_over", "The game is over: start a new one.");
}
std::unexpected<base::Error> TicTacToe::refuse_turn() {
  return base::error("not_your_turn", "It is the other player's turn: wait for their move.");
}
std::unexpected<base::Error> TicTacToe::refuse_off_board(Move move) {
  return base::error(
      "illegal_move",
      fmt::format("There is no cell {}: rows and columns go from 0 to 2.", encode_move(move)));
}
std::unexpected<base::Error> TicTacToe::refuse_taken(Move move) {
  return base::error("illegal_move",
                     fmt::format("Cell {} is taken: choose an empty one.", encode_move(move)));
}

}  // namespace hornbeam::live

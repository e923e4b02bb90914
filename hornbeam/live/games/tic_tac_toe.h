#pragma once

// Tic-tac-toe. A position is two sets of cells, nine bits each; bit 3 * row + col is a cell. Whose
// turn it is follows from the counts, so no state can contradict itself.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/live/rules.h"

namespace hornbeam::live {

struct TicTacToe {
  static constexpr std::string_view kName = "tic-tac-toe";
  static constexpr int kVersion = 1;
  static constexpr std::array<std::string_view, 2> kSeatNames = {"X", "O"};
  static constexpr int kSize = 3;
  static constexpr unsigned kFullBoard = 0b111'111'111;
  /// Three in a row: rows, columns, diagonals.
  static constexpr std::array<unsigned, 8> kLines = {0b000'000'111, 0b000'111'000, 0b111'000'000,
                                                     0b001'001'001, 0b010'010'010, 0b100'100'100,
                                                     0b100'010'001, 0b001'010'100};

  struct Move {
    int row = 0;
    int col = 0;

    constexpr bool is_on_board() const noexcept {
      return 0 <= row && row < kSize && 0 <= col && col < kSize;
    }
    constexpr unsigned bit() const noexcept { return 1U << (kSize * row + col); }
    friend constexpr bool operator==(Move, Move) noexcept = default;
  };

  struct State {
    std::array<std::uint16_t, 2> cells{};  ///< By seat.

    constexpr unsigned of(Seat seat) const noexcept { return cells[index_of(seat)]; }
    constexpr unsigned taken() const noexcept { return of(Seat::kFirst) | of(Seat::kSecond); }
    constexpr int count() const noexcept { return std::popcount(taken()); }
    friend constexpr bool operator==(const State&, const State&) noexcept = default;
  };

  /// Up to nine moves, in reading order.
  struct Moves {
    std::array<Move, 9> moves{};
    std::size_t count = 0;

    constexpr const Move* begin() const noexcept { return moves.data(); }
    constexpr const Move* end() const noexcept { return moves.data() + count; }
    constexpr std::size_t size() const noexcept { return count; }
    constexpr const Move& operator[](std::size_t i) const { return moves[i]; }
    constexpr void push_back(Move move) { moves[count++] = move; }
  };

  static constexpr State start() noexcept { return {}; }

  static constexpr base::Result<State> play(const State& state, Seat seat, Move move) {
    if (outcome(state).is_over()) return refuse_game_over();
    if (to_move(state) != seat) return refuse_turn();
    if (!move.is_on_board()) return refuse_off_board(move);
    if ((state.taken() & move.bit()) != 0) return refuse_taken(move);
    State next = state;
    next.cells[index_of(seat)] = static_cast<std::uint16_t>(state.of(seat) | move.bit());
    return next;
  }

  static constexpr Outcome outcome(const State& state) noexcept {
    if (has_line(state.of(Seat::kFirst))) return Outcome::won(Seat::kFirst);
    if (has_line(state.of(Seat::kSecond))) return Outcome::won(Seat::kSecond);
    return state.taken() == kFullBoard ? Outcome::drawn() : Outcome::open();
  }

  static constexpr std::optional<Seat> to_move(const State& state) noexcept {
    if (outcome(state).is_over()) return std::nullopt;
    return state.count() % 2 == 0 ? Seat::kFirst : Seat::kSecond;
  }

  static constexpr Moves legal_moves(const State& state) noexcept {
    Moves moves;
    if (outcome(state).is_over()) return moves;
    for (int cell = 0; cell < kSize * kSize; ++cell) {
      const Move move{cell / kSize, cell % kSize};
      if ((state.taken() & move.bit()) == 0) moves.push_back(move);
    }
    return moves;
  }

  /// Nine characters in reading order: 'X' the first seat's, 'O' the second's, '.' empty.
  static std::string encode(const State& state);
  /// Nothing unless `text` is a position that a game can reach.
  static std::optional<State> decode(std::string_view text);

  /// "row,col", from 0, such as "1,2".
  static std::string encode_move(Move move);
  /// Spaces around the numbers are allowed. A cell off the board is read, and refused by `play`.
  static base::Result<Move> decode_move(std::string_view text);

 private:
  static constexpr bool has_line(unsigned cells) noexcept {
    for (const unsigned line : kLines) {
      if ((cells & line) == line) return true;
    }
    return false;
  }

  static std::unexpected<base::Error> refuse_game_over();
  static std::unexpected<base::Error> refuse_turn();
  static std::unexpected<base::Error> refuse_off_board(Move move);
  static std::unexpected<base::Error> refuse_taken(Move move);
};

static_assert(Rules<TicTacToe>);

}  // namespace hornbeam::live

#pragma once

// Rules: what a two-player game must answer, as pure functions of its state.
//
//   struct Nim {
//     struct State { int sticks; Seat next; };
//     struct Move { int take; };
//     static constexpr std::string_view kName = "nim";
//     static constexpr int kVersion = 1;
//     static constexpr std::array<std::string_view, 2> kSeatNames = {"first", "second"};
//     static State start();
//     static base::Result<State> play(const State&, Seat, Move);   // the whole of the rules
//     ...
//   };
//   static_assert(Rules<Nim>);
//
// Nothing here waits, stores, sends or reads a clock, so a game can be replayed from its moves on
// any machine, today or in ten years; `kVersion` changes when a rule does, and old games keep
// theirs.

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>

#include "hornbeam/base/result.h"

namespace hornbeam::live {

/// Which of the two players. The first seat moves first.
enum class Seat : std::uint8_t { kFirst, kSecond };

/// The seat across the board.
constexpr Seat other(Seat seat) noexcept {
  return seat == Seat::kFirst ? Seat::kSecond : Seat::kFirst;
}
/// The seat's place in arrays: 0 or 1.
constexpr std::size_t index_of(Seat seat) noexcept {
  return static_cast<std::size_t>(seat);
}

/// How a position stands: still open, or over with or without a winner.
class Outcome {
 public:
  /// Of a game that goes on.
  static constexpr Outcome open() noexcept { return {Kind::kOpen, Seat::kFirst}; }
  /// Of a game that nobody has won.
  static constexpr Outcome drawn() noexcept { return {Kind::kDrawn, Seat::kFirst}; }
  /// Of a game that `winner` has won.
  static constexpr Outcome won(Seat winner) noexcept { return {Kind::kWon, winner}; }

  /// Whether nobody may move any more.
  constexpr bool is_over() const noexcept { return kind_ != Kind::kOpen; }
  /// Whether it is over and nobody has won.
  constexpr bool is_drawn() const noexcept { return kind_ == Kind::kDrawn; }
  /// Who has won; nobody if it is drawn or open.
  constexpr std::optional<Seat> winner() const noexcept {
    return kind_ == Kind::kWon ? std::optional(winner_) : std::nullopt;
  }
  friend constexpr bool operator==(Outcome, Outcome) noexcept = default;

 private:
  enum class Kind : std::uint8_t { kOpen, kDrawn, kWon };
  constexpr Outcome(Kind kind, Seat winner) noexcept : kind_(kind), winner_(winner) {}

  Kind kind_;
  Seat winner_;
};

/// A set of rules. `play` refuses with "not_your_turn", "illegal_move" or "game_over"; a state that
/// it gives is one that `play` reached from `start`, and `decode(encode(state)) == state`.
template <class Game>
concept Rules = requires(const typename Game::State& state, const typename Game::Move& move,
                         Seat seat, std::string_view text) {
  requires std::equality_comparable<typename Game::State>;
  { Game::kName } -> std::convertible_to<std::string_view>;
  { Game::kVersion } -> std::convertible_to<int>;
  { Game::kSeatNames } -> std::convertible_to<std::array<std::string_view, 2>>;
  { Game::start() } -> std::same_as<typename Game::State>;
  { Game::play(state, seat, move) } -> std::same_as<base::Result<typename Game::State>>;
  { Game::outcome(state) } -> std::same_as<Outcome>;
  { Game::to_move(state) } -> std::same_as<std::optional<Seat>>;
  { Game::legal_moves(state) } -> std::ranges::input_range;
  { Game::encode(state) } -> std::same_as<std::string>;
  { Game::decode(text) } -> std::same_as<std::optional<typename Game::State>>;
  { Game::encode_move(move) } -> std::same_as<std::string>;
  { Game::decode_move(text) } -> std::same_as<base::Result<typename Game::Move>>;
};

/// A game in which not everyone sees everything: `view` is the position as `viewer` may know it,
/// nobody being one who watches. The moves of others are told as "?" until the game is over.
template <class Game>
concept HasSecrets = requires(const typename Game::State& state, std::optional<Seat> viewer) {
  { Game::view(state, viewer) } -> std::same_as<std::string>;
};

/// How hard a built-in opponent plays; `kPerfect` is the highest level, perfect only where a game
/// can be played to its end in time.
enum class BotLevel : std::uint8_t { kEasy, kMedium, kPerfect };

/// What chooses moves for the computer. Pure: the same state, level and seed give the same move.
/// Requires of the caller: the state has a legal move.
template <Rules Game>
using Bot = typename Game::Move (*)(const typename Game::State& state, BotLevel level,
                                    std::uint64_t seed);

}  // namespace hornbeam::live

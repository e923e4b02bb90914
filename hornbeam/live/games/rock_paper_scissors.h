#pragma once

// Rock, paper, scissors to two wins: a game whose moves are hidden until both have chosen. It shows
// what a game with secrets needs: `view`, and nothing else.

#include <string>
#include <vector>

#include "hornbeam/live/rules.h"

namespace hornbeam::live {

/// The rules. The first seat chooses first, and the second without knowing what; a round that both
/// choose alike is played again, and after nine rounds the game is drawn.
struct RockPaperScissors {
  /// 'r', 'p' or 's'.
  using Move = char;
  /// What was chosen, by the first seat and the second in turn.
  struct State {
    std::string choices;
    friend bool operator==(const State&, const State&) = default;
  };
  static constexpr std::string_view kName = "rock-paper-scissors";
  static constexpr int kVersion = 1;
  static constexpr std::array<std::string_view, 2> kSeatNames = {"first", "second"};
  static constexpr std::size_t kMostRounds = 9;

  static State start() { return {}; }
  static base::Result<State> play(const State& state, Seat seat, Move move);
  static Outcome outcome(const State& state);
  static std::optional<Seat> to_move(const State& state);
  static std::vector<Move> legal_moves(const State& state);
  /// Every choice, one letter each.
  static std::string encode(const State& state) { return state.choices; }
  static std::optional<State> decode(std::string_view text);
  static std::string encode_move(Move move);
  static base::Result<Move> decode_move(std::string_view text);

  // [view]
  /// As `encode`, with '?' for a choice that `viewer` is not to know yet.
  static std::string view(const State& state, std::optional<Seat> viewer) {
    std::string seen = state.choices;
    const bool is_pending = seen.size() % 2 == 1;
    if (is_pending && viewer != Seat::kFirst) seen.back() = '?';
    return seen;
  }
  // [/view]
};

static_assert(Rules<RockPaperScissors> && HasSecrets<RockPaperScissors>);

}  // namespace hornbeam::live

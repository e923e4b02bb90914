#include "hornbeam/live/games/tic_tac_toe_bot.h"

#include <algorithm>
#include <vector>

#include "hornbeam/base/check.h"

namespace hornbeam::live {
namespace {

using Move = TicTacToe::Move;
using Moves = TicTacToe::Moves;
using State = TicTacToe::State;

State after(const State& state, Move move) {
  return *TicTacToe::play(state, *TicTacToe::to_move(state), move);
}

/// What every position that can arise is worth to the player to move, by negamax: 0 a draw, n a
/// win, -n a loss; the larger, the sooner.
class Values {
 public:
  Values() { fill(TicTacToe::start()); }
  int of(const State& state) const { return values_[key(state)]; }

 private:
  static constexpr signed char kUnknown = 127;
  static std::size_t key(const State& state) {
    return state.of(Seat::kFirst) << 9 | state.of(Seat::kSecond);
  }

  // Terminates: each level fills one more cell. Only a lost or drawn position can be over, because
  // the player to move did not make the last move.
  int fill(const State& state) {
    signed char& value = values_[key(state)];
    if (value != kUnknown) return value;
    const Outcome outcome = TicTacToe::outcome(state);
    int best = outcome.is_drawn() ? 0 : state.count() - 10;
    if (!outcome.is_over()) {
      for (const Move move : TicTacToe::legal_moves(state)) {
        best = std::max(best, -fill(after(state, move)));
      }
    }
    value = static_cast<signed char>(best);
    return value;
  }

  std::vector<signed char> values_ = std::vector<signed char>(1U << 18, kUnknown);
};

int value_of(const State& state) {
  static const Values values;
  return values.of(state);
}

Moves best_of(const Moves& moves, auto value) {
  Moves best;
  int highest = -100;
  for (const Move move : moves) {
    const int worth = value(move);
    if (worth > highest) best = Moves{};
    highest = std::max(highest, worth);
    if (worth == highest) best.push_back(move);
  }
  return best;
}

/// 2 if `move` wins at once, 1 if it leaves the opponent no win at once, else 0.
int worth_at_a_glance(const State& state, Move move) {
  const State next = after(state, move);
  if (TicTacToe::outcome(next).is_over()) return 2;
  for (const Move reply : TicTacToe::legal_moves(next)) {
    if (TicTacToe::outcome(after(next, reply)).winner()) return 0;
  }
  return 1;
}

/// The finalizer of splitmix64: spreads seeds that differ in one bit.
std::uint64_t mix(std::uint64_t seed) {
  seed += 0x9e3779b97f4a7c15U;
  seed = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9U;
  seed = (seed ^ seed >> 27) * 0x94d049bb133111ebU;
  return seed ^ seed >> 31;
}

}  // namespace

Move choose_tic_tac_toe_move(const State& state, BotLevel level, std::uint64_t seed) {
  Moves moves = TicTacToe::legal_moves(state);
  base::check(moves.size() > 0, "a bot is asked for a move only while the game is open");
  if (level == BotLevel::kMedium) {
    moves = best_of(moves, [&](Move move) { return worth_at_a_glance(state, move); });
  } else if (level == BotLevel::kPerfect) {
    moves = best_of(moves, [&](Move move) { return -value_of(after(state, move)); });
  }
  return moves[mix(seed + state.taken()) % moves.size()];
}

}  // namespace hornbeam::live

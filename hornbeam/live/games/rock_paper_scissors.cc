#include "hornbeam/live/games/rock_paper_scissors.h"

#include <algorithm>

namespace hornbeam::live {
namespace {

constexpr std::string_view kChoices = "rps";

/// Whether `a` beats `b`.
bool beats(char a, char b) {
  return (a == 'r' && b == 's') || (a == 's' && b == 'p') || (a == 'p' && b == 'r');
}

}  // namespace

base::Result<RockPaperScissors::State> RockPaperScissors::play(const State& state, Seat seat,
                                                               Move move) {
  if (outcome(state).is_over()) {
    return base::error("game_over", "The game is over: start a new one.");
  }
  if (to_move(state) != seat) {
    return base::error("not_your_turn", "It is the other player's turn: wait for their move.");
  }
  State next = state;
  next.choices += move;
  return next;
}

Outcome RockPaperScissors::outcome(const State& state) {
  std::array<int, 2> wins{};
  for (std::size_t i = 0; i + 1 < state.choices.size(); i += 2) {
    wins[0] += beats(state.choices[i], state.choices[i + 1]) ? 1 : 0;
    wins[1] += beats(state.choices[i + 1], state.choices[i]) ? 1 : 0;
  }
  for (const Seat seat : {Seat::kFirst, Seat::kSecond}) {
    if (wins[index_of(seat)] == 2) return Outcome::won(seat);
  }
  return state.choices.size() == 2 * kMostRounds ? Outcome::drawn() : Outcome::open();
}

std::optional<Seat> RockPaperScissors::to_move(const State& state) {
  if (outcome(state).is_over()) return std::nullopt;
  return state.choices.size() % 2 == 0 ? Seat::kFirst : Seat::kSecond;
}

std::vector<RockPaperScissors::Move> RockPaperScissors::legal_moves(const State& state) {
  if (outcome(state).is_over()) return {};
  return {kChoices.begin(), kChoices.end()};
}

std::optional<RockPaperScissors::State> RockPaperScissors::decode(std::string_view text) {
  State state;
  for (const char choice : text) {
    if (!kChoices.contains(choice) || outcome(state).is_over()) return std::nullopt;
    state.choices += choice;
  }
  return state;
}

std::string RockPaperScissors::encode_move(Move move) {
  return move == 'r' ? "rock" : move == 'p' ? "paper" : "scissors";
}

base::Result<RockPaperScissors::Move> RockPaperScissors::decode_move(std::string_view text) {
  for (const Move move : kChoices) {
    if (text == encode_move(move)) return move;
  }
  return base::error("illegal_move", "A move is \"rock\", \"paper\" or \"scissors\".");
}

}  // namespace hornbeam::live

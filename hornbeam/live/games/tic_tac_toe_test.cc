#include "hornbeam/live/games/tic_tac_toe.h"

#include <array>
#include <set>

#include <gtest/gtest.h>

#include "hornbeam/live/games/tic_tac_toe_bot.h"

namespace hornbeam::live {
namespace {

using State = TicTacToe::State;
using Move = TicTacToe::Move;

// The rules are usable while compiling.
static_assert(TicTacToe::play(TicTacToe::start(), Seat::kFirst, {1, 1})->count() == 1);
static_assert(TicTacToe::legal_moves(TicTacToe::start()).size() == 9);
static_assert(TicTacToe::to_move(TicTacToe::start()) == Seat::kFirst);

State at(std::string_view board) {
  return TicTacToe::decode(board).value();
}

struct Tally {
  int first = 0, second = 0, drawn = 0;
};

void count_games(const State& state, Tally& tally) {
  const Outcome outcome = TicTacToe::outcome(state);
  if (outcome.is_over()) {
    ++(outcome.is_drawn()                 ? tally.drawn
       : outcome.winner() == Seat::kFirst ? tally.first
                                          : tally.second);
    return;
  }
  for (const Move move : TicTacToe::legal_moves(state)) {
    count_games(*TicTacToe::play(state, *TicTacToe::to_move(state), move), tally);
  }
}

TEST(TicTacToe, AllGamesAreCounted) {
  Tally tally;
  count_games(TicTacToe::start(), tally);
  EXPECT_EQ(tally.first, 131'184);
  EXPECT_EQ(tally.second, 77'904);
  EXPECT_EQ(tally.drawn, 46'080);
}

struct Refusal {
  std::string_view board;
  Seat seat;
  Move move;
  std::string_view code;
};

TEST(TicTacToe, RefusesWhatTheRulesForbid) {
  const std::array<Refusal, 7> cases{{
      {".........", Seat::kSecond, {0, 0}, "not_your_turn"},
      {"X........", Seat::kFirst, {0, 1}, "not_your_turn"},
      {"X........", Seat::kSecond, {0, 0}, "illegal_move"},
      {".........", Seat::kFirst, {9, 9}, "illegal_move"},
      {".........", Seat::kFirst, {-1, 0}, "illegal_move"},
      {"XXXOO....", Seat::kSecond, {2, 2}, "game_over"},
      {"XOXXOOOXX", Seat::kFirst, {0, 0}, "game_over"},
  }};
  for (const auto& each : cases) {
    const auto result = TicTacToe::play(at(each.board), each.seat, each.move);
    ASSERT_FALSE(result) << each.board;
    EXPECT_EQ(result.error().code, each.code) << each.board;
    EXPECT_FALSE(result.error().message.empty());
  }
}

TEST(TicTacToe, EveryLineWins) {
  for (const unsigned line : TicTacToe::kLines) {
    State state;
    state.cells[1] = static_cast<std::uint16_t>(line);
    EXPECT_EQ(TicTacToe::outcome(state), Outcome::won(Seat::kSecond)) << line;
  }
}

void collect(const State& state, std::set<std::string>& boards) {
  if (!boards.insert(TicTacToe::encode(state)).second) return;
  for (const Move move : TicTacToe::legal_moves(state)) {
    collect(*TicTacToe::play(state, *TicTacToe::to_move(state), move), boards);
  }
}

TEST(TicTacToe, DecodesExactlyTheReachablePositions) {
  std::set<std::string> reachable;
  collect(TicTacToe::start(), reachable);
  EXPECT_EQ(reachable.size(), 5478U);
  std::size_t decoded = 0;
  for (int code = 0; code < 19'683; ++code) {
    std::string board(9, '.');
    for (int cell = 0, rest = code; cell < 9; ++cell, rest /= 3) {
      board[static_cast<std::size_t>(cell)] = ".XO"[rest % 3];
    }
    const auto state = TicTacToe::decode(board);
    EXPECT_EQ(state.has_value(), reachable.contains(board)) << board;
    if (state) EXPECT_EQ(TicTacToe::encode(*state), board);
    decoded += state ? 1 : 0;
  }
  EXPECT_EQ(decoded, reachable.size());
  EXPECT_FALSE(TicTacToe::decode("........"));
  EXPECT_FALSE(TicTacToe::decode("....x...."));
}

TEST(TicTacToe, ReadsMovesAndNothingElse) {
  EXPECT_EQ(TicTacToe::decode_move("1,2"), (Move{1, 2}));
  EXPECT_EQ(TicTacToe::decode_move(" 0 , 1 "), (Move{0, 1}));
  EXPECT_EQ(TicTacToe::decode_move("9,9"), (Move{9, 9}));
  for (const std::string_view bad :
       {"", ",", "1", "1,", ",1", "1;2", "1,2,3", "a,b", "1,2x", "99999999999,1", "1 2", "+1,2"}) {
    EXPECT_FALSE(TicTacToe::decode_move(bad)) << bad;
  }
  EXPECT_EQ(TicTacToe::encode_move({2, 0}), "2,0");
}

/// Plays every game in which `seat` follows the bot and the opponent does anything at all.
void expect_never_loses(const State& state, Seat seat, std::uint64_t seed, Tally& tally) {
  const Outcome outcome = TicTacToe::outcome(state);
  if (outcome.is_over()) {
    ASSERT_NE(outcome.winner(), other(seat)) << TicTacToe::encode(state);
    ++(outcome.is_drawn() ? tally.drawn : tally.first);
    return;
  }
  const Seat next = *TicTacToe::to_move(state);
  if (next == seat) {
    const Move move = choose_tic_tac_toe_move(state, BotLevel::kPerfect, seed);
    return expect_never_loses(*TicTacToe::play(state, next, move), seat, seed, tally);
  }
  for (const Move move : TicTacToe::legal_moves(state)) {
    expect_never_loses(*TicTacToe::play(state, next, move), seat, seed, tally);
  }
}

TEST(TicTacToeBot, NeverLosesWhateverTheOpponentDoes) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    for (const Seat seat : {Seat::kFirst, Seat::kSecond}) {
      Tally tally;
      expect_never_loses(TicTacToe::start(), seat, seed, tally);
      EXPECT_GT(tally.first, 0) << "it also punishes mistakes";
    }
  }
}

TEST(TicTacToeBot, WinsAtOnceWhenItCan) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    EXPECT_EQ(choose_tic_tac_toe_move(at("XX.OO...."), BotLevel::kPerfect, seed), (Move{0, 2}));
    EXPECT_EQ(choose_tic_tac_toe_move(at("XX.OO...."), BotLevel::kMedium, seed), (Move{0, 2}));
  }
}

TEST(TicTacToeBot, StopsAThreat) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    EXPECT_EQ(choose_tic_tac_toe_move(at("XX..O...."), BotLevel::kPerfect, seed), (Move{0, 2}));
    EXPECT_EQ(choose_tic_tac_toe_move(at("XX..O...."), BotLevel::kMedium, seed), (Move{0, 2}));
  }
}

TEST(TicTacToeBot, VariesBySeedAndOnlyBySeed) {
  std::set<std::string> openings;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Move move = choose_tic_tac_toe_move(TicTacToe::start(), BotLevel::kPerfect, seed);
    EXPECT_EQ(move, choose_tic_tac_toe_move(TicTacToe::start(), BotLevel::kPerfect, seed));
    openings.insert(TicTacToe::encode_move(move));
  }
  EXPECT_EQ(openings.size(), 9U);
}

TEST(TicTacToeBot, EasyCanBeBeaten) {
  int lost = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    State state = TicTacToe::start();
    while (const auto seat = TicTacToe::to_move(state)) {
      const auto level = seat == Seat::kFirst ? BotLevel::kPerfect : BotLevel::kEasy;
      state = *TicTacToe::play(state, *seat, choose_tic_tac_toe_move(state, level, seed));
    }
    lost += TicTacToe::outcome(state).winner() == Seat::kFirst ? 1 : 0;
  }
  EXPECT_GT(lost, 50);
}

}  // namespace
}  // namespace hornbeam::live

#include <array>
#include <chrono>
#include <set>

#include <gtest/gtest.h>

#include "hornbeam/live/games/grid_bot.h"

namespace hornbeam::live {
namespace {

/// The position after `moves`, set by the seats in turn.
template <class Game>
typename Game::State after(const std::vector<std::string>& moves) {
  typename Game::State state = Game::start();
  for (const auto& move : moves) {
    state = Game::play(state, *Game::to_move(state), Game::decode_move(move).value()).value();
  }
  return state;
}

template <class Game>
std::string refusal(const std::vector<std::string>& moves, Seat seat, std::string_view move) {
  const auto next = Game::play(after<Game>(moves), seat, Game::decode_move(move).value());
  return next ? "" : next.error().code;
}

struct Line {
  std::string_view name;
  GridCell from;
  GridCell step;
};

TEST(Gomoku, FiveInARowWinInEveryDirection) {
  const std::array<Line, 5> lines = {{{"row", {0, 0}, {0, 1}},
                                      {"column", {10, 14}, {1, 0}},
                                      {"falling", {5, 5}, {1, 1}},
                                      {"rising", {4, 14}, {1, -1}},
                                      {"edge", {14, 10}, {0, 1}}}};
  for (const Line& line : lines) {
    std::vector<std::string> moves;
    for (int i = 0; i < 5; ++i) {
      EXPECT_FALSE(Gomoku::outcome(after<Gomoku>(moves)).is_over()) << line.name;
      moves.push_back(
          encode_cell({line.from.row + i * line.step.row, line.from.col + i * line.step.col}));
      if (i < 4) moves.push_back(encode_cell({2, i % 2 == 0 ? i : 14 - i}));
    }
    const auto state = after<Gomoku>(moves);
    EXPECT_EQ(Gomoku::outcome(state), Outcome::won(Seat::kFirst)) << line.name;
    EXPECT_EQ(Gomoku::to_move(state), std::nullopt) << line.name;
  }
}

TEST(Gomoku, ARowDoesNotGoOnAtTheOtherEdge) {
  const auto state =
      after<Gomoku>({"0,12", "5,0", "0,13", "5,2", "0,14", "5,4", "1,0", "5,6", "1,1"});
  EXPECT_FALSE(Gomoku::outcome(state).is_over());
}

TEST(Gomoku, SixInARowWinToo) {
  const auto state =
      after<Gomoku>({"0,0", "2,0", "0,1", "2,2", "0,2", "2,4", "0,4", "2,6", "0,5", "2,8", "0,3"});
  EXPECT_EQ(Gomoku::outcome(state).winner(), Seat::kFirst) << "this is freestyle";
}

TEST(Gomoku, RefusesWhatTheRulesForbid) {
  EXPECT_EQ(refusal<Gomoku>({}, Seat::kSecond, "0,0"), "not_your_turn");
  EXPECT_EQ(refusal<Gomoku>({"7,7"}, Seat::kSecond, "7,7"), "illegal_move");
  EXPECT_EQ(refusal<Gomoku>({}, Seat::kFirst, "15,0"), "illegal_move");
  EXPECT_EQ(refusal<Gomoku>({}, Seat::kFirst, "0,-1"), "illegal_move");
  for (const std::string_view bad : {"", "7", "7,", "7,7,7", "a,b"}) {
    EXPECT_FALSE(Gomoku::decode_move(bad)) << bad;
  }
}

TEST(ConnectFour, MarksFallToTheLowestFreeCell) {
  const auto state = after<ConnectFour>({"3", "3", "0"});
  EXPECT_EQ(ConnectFour::encode(state),
            "......."
            "......."
            "......."
            "......."
            "...O..."
            "X..X...");
}

TEST(ConnectFour, FourInARowWinInEveryDirection) {
  for (const auto& moves : std::vector<std::vector<std::string>>{
           {"0", "0", "1", "1", "2", "2", "3"},
           {"0", "1", "0", "1", "0", "1", "0"},
           {"0", "1", "1", "2", "2", "3", "2", "3", "3", "6", "3"},
           {"6", "5", "5", "4", "4", "3", "4", "3", "3", "0", "3"}}) {
    EXPECT_EQ(ConnectFour::outcome(after<ConnectFour>(moves)).winner(), Seat::kFirst);
  }
}

TEST(ConnectFour, RefusesWhatTheRulesForbid) {
  EXPECT_EQ(refusal<ConnectFour>({}, Seat::kSecond, "0"), "not_your_turn");
  EXPECT_EQ(refusal<ConnectFour>({"0", "0", "0", "0", "0", "0"}, Seat::kFirst, "0"),
            "illegal_move");
  EXPECT_EQ(refusal<ConnectFour>({}, Seat::kFirst, "7"), "illegal_move");
  EXPECT_EQ(refusal<ConnectFour>({"0", "1", "0", "1", "0", "1", "0"}, Seat::kSecond, "1"),
            "game_over");
  EXPECT_FALSE(ConnectFour::decode_move("1,2"));
}

int count_positions(const ConnectFour::State& state, int depth) {
  if (depth == 0) return 1;
  int count = 0;
  for (const auto move : ConnectFour::legal_moves(state)) {
    count +=
        count_positions(*ConnectFour::play(state, *ConnectFour::to_move(state), move), depth - 1);
  }
  return count;
}

TEST(ConnectFour, AsManySequencesOfMovesAsThereAre) {
  EXPECT_EQ(count_positions(ConnectFour::start(), 4), 2'401);
  EXPECT_EQ(count_positions(after<ConnectFour>({"0", "0", "0", "0", "0"}), 2), 48);
}

/// Plays games of the computer at these levels and gives the wins of the first seat and the second.
template <class Game>
std::array<int, 2> tournament(Bot<Game> bot, BotLevel first, BotLevel second, int games) {
  std::array<int, 2> wins{};
  for (int seed = 0; seed < games; ++seed) {
    typename Game::State state = Game::start();
    while (const auto seat = Game::to_move(state)) {
      const BotLevel level = *seat == Seat::kFirst ? first : second;
      const auto next =
          Game::play(state, *seat, bot(state, level, static_cast<std::uint64_t>(seed)));
      if (!next)
        throw std::runtime_error("the computer plays by the rules: " + next.error().message);
      // What is told of a position is enough to come back to it.
      if (Game::decode(Game::encode(*next)) != *next) throw std::runtime_error(Game::encode(*next));
      state = *next;
    }
    if (const auto winner = Game::outcome(state).winner()) ++wins[index_of(*winner)];
  }
  return wins;
}

/// The wins of the better of two levels, and those of the other one, each beginning as often.
template <class Game>
std::array<int, 2> match(Bot<Game> bot, BotLevel better, BotLevel other, int games) {
  const auto as_first = tournament<Game>(bot, better, other, games);
  const auto as_second = tournament<Game>(bot, other, better, games);
  return {as_first[0] + as_second[1], as_first[1] + as_second[0]};
}

TEST(GridBot, TheBetterLevelWinsAMatch) {
  constexpr std::array<std::pair<BotLevel, BotLevel>, 2> kPairs = {
      {{BotLevel::kMedium, BotLevel::kEasy}, {BotLevel::kPerfect, BotLevel::kMedium}}};
  for (const auto& [better, other] : kPairs) {
    const auto four = match<ConnectFour>(&choose_connect_four_move, better, other, 2);
    EXPECT_EQ(four[0], 4) << "at Connect Four, " << four[1] << " were lost";
    const auto five = match<Gomoku>(&choose_gomoku_move, better, other, 1);
    EXPECT_EQ(five[0], 2) << "at Gomoku, " << five[1] << " were lost by level "
                          << static_cast<int>(better);
  }
}

TEST(GridBot, TheBetterLevelWinsMoreEvenMovingSecond) {
  const auto four =
      tournament<ConnectFour>(&choose_connect_four_move, BotLevel::kEasy, BotLevel::kPerfect, 3);
  EXPECT_EQ(four[1], 3) << four[0];
  const auto five = tournament<Gomoku>(&choose_gomoku_move, BotLevel::kEasy, BotLevel::kPerfect, 2);
  EXPECT_EQ(five[1], 2) << five[0];
}

TEST(GridBot, ThinksForLessThanASecondWhereverItIs) {
  // A board in the middle of a game has the most to look at.
  const auto middle =
      after<Gomoku>({"7,7", "6,6", "8,8", "9,9", "5,5", "7,5", "4,9", "10,3", "2,2", "12,12"});
  const auto began = std::chrono::steady_clock::now();
  choose_gomoku_move(middle, BotLevel::kPerfect, 1);
  choose_connect_four_move(after<ConnectFour>({"3", "3", "3", "2"}), BotLevel::kPerfect, 1);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(2));
}

TEST(GridBot, TakesAWinAndStopsOne) {
  for (const BotLevel level : {BotLevel::kMedium, BotLevel::kPerfect}) {
    EXPECT_EQ(
        choose_connect_four_move(after<ConnectFour>({"0", "6", "1", "6", "2", "5"}), level, 1).col,
        3);
    EXPECT_EQ(choose_connect_four_move(after<ConnectFour>({"0", "6", "1", "6", "2"}), level, 1).col,
              3);
    EXPECT_EQ(choose_connect_four_move(after<ConnectFour>({"0", "6", "0", "6", "0"}), level, 1).col,
              0);
    const auto four = after<Gomoku>({"7,0", "0,0", "7,1", "2,0", "7,2", "4,0", "7,3"});
    EXPECT_EQ(choose_gomoku_move(four, level, 1), (GridCell{7, 4}));
  }
}

TEST(GridBot, StopsAnOpenThree) {
  const auto three = after<Gomoku>({"7,5", "0,0", "7,6", "0,14", "7,7"});
  const auto move = choose_gomoku_move(three, BotLevel::kPerfect, 1);
  EXPECT_EQ(move.row, 7);
  EXPECT_TRUE((std::set{3, 4, 8, 9}).contains(move.col)) << move.col;
}

TEST(GridBot, TheSameCallGivesTheSameMove) {
  const auto state = after<ConnectFour>({"3"});
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    EXPECT_EQ(choose_connect_four_move(state, BotLevel::kMedium, seed),
              choose_connect_four_move(state, BotLevel::kMedium, seed));
  }
}

}  // namespace
}  // namespace hornbeam::live

#include "arena/console_game.h"

#include <sstream>

#include <gmock/gmock.h>

#include "arena/console_board.h"

namespace arena {
namespace {

using hornbeam::live::BotLevel;
using testing::HasSubstr;
using testing::Not;

std::string play(const std::string& typed, ConsoleOptions options = {}) {
  std::istringstream in(typed);
  std::ostringstream out;
  play_on_console(in, out, options);
  return out.str();
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(ConsoleGame, EndsPolitelyWhenTheInputEnds) {
  EXPECT_TRUE(contains(play(""), "Goodbye."));
  EXPECT_TRUE(contains(play("1\n"), "Goodbye."));
  EXPECT_TRUE(contains(play("1\n1,1\nq\n"), "Goodbye."));
}

TEST(ConsoleGame, AsksAgainAfterAnIllegalMove) {
  const std::string text = play("3\n9,9\nmiddle\n1,1\n1,1\n");
  EXPECT_TRUE(contains(text, "There is no cell 9,9"));
  EXPECT_TRUE(contains(text, "A move is \"row,col\""));
  EXPECT_TRUE(contains(text, "Cell 1,1 is taken"));
}

TEST(ConsoleGame, AsksForTheLevelUntilItIsOne) {
  EXPECT_TRUE(contains(play("7\n1\n"), "Type 1, 2 or 3."));
  EXPECT_FALSE(contains(play("", {.level = BotLevel::kEasy}), "Level:"));
}

TEST(ConsoleGame, FollowingTheHintsNeverLoses) {
  // Whoever asks for a hint and takes it plays as well as the perfect computer: a draw each time.
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::string typed;
    std::string text;
    for (int turn = 0; turn < 5; ++turn) {
      text = play(typed + "h\n", {.level = BotLevel::kPerfect, .seed = seed});
      const auto hint = text.rfind("Try ");
      typed += text.substr(hint + 4, 3) + "\n";
    }
    EXPECT_TRUE(contains(play(typed, {.level = BotLevel::kPerfect, .seed = seed}), "A draw."));
  }
}

TEST(ConsoleGame, PlaysAgainOnRequest) {
  std::string rush;
  for (int cell = 0; cell < 9; ++cell)
    rush += std::to_string(cell / 3) + "," + std::to_string(cell % 3) + "\n";
  const std::string text = play(rush + "y\n1,1\nq\n", {.level = BotLevel::kEasy, .seed = 4});
  EXPECT_TRUE(contains(text, "Play again?"));
}

TEST(ConsoleGame, TheComputerMayBegin) {
  const std::string text = play("q\n", {.level = BotLevel::kEasy, .computer_first = true});
  EXPECT_TRUE(contains(text, "You are O, the computer is X."));
  EXPECT_LT(text.find("The computer plays"), text.find("Your move"));
}

TEST(ConsoleGame, PlaysEveryGameOfTheHouse) {
  for (const ConsoleGame& game : console_games()) {
    const std::string text =
        play(game.is_by_column ? "3\nh\nq\n" : "1 1\nh\nq\n",
             {.game = std::string(game.kind), .level = BotLevel::kMedium, .seed = 1});
    EXPECT_THAT(text, HasSubstr(std::string(game.title) + ": " + std::string(game.aim)));
    EXPECT_THAT(text, HasSubstr("[X]")) << "the last move is marked";
    EXPECT_THAT(text, HasSubstr("[O]"));
    EXPECT_THAT(text, HasSubstr("Try "));
  }
}

TEST(ConsoleGame, AsksForTheGameUntilItIsOne) {
  const std::string text = play("chess\n2\n1\nq\n", {.game = ""});
  EXPECT_THAT(text, HasSubstr("Game: 1 tic-tac-toe, 2 connect-four, 3 gomoku [1]: "));
  EXPECT_THAT(text, HasSubstr("Type the number of a game, or its name."));
  EXPECT_THAT(text, HasSubstr("Connect Four: "));
  EXPECT_THAT(play("gom\n3\n", {.game = ""}), HasSubstr("Level: 1 easy, 2 medium, 3 hard"));
  EXPECT_EQ(find_console_game(""), nullptr);
  EXPECT_EQ(find_console_game("0"), nullptr);
}

TEST(ConsoleGame, TakesMovesBack) {
  EXPECT_THAT(play("u\n", {.level = BotLevel::kEasy}), HasSubstr("You have made no move yet."));
  const std::string text = play("1,1\nu\n1,1\n", {.level = BotLevel::kEasy, .seed = 2});
  EXPECT_THAT(text, HasSubstr("1,1 is taken back."));
  EXPECT_THAT(text, Not(HasSubstr("Cell 1,1 is taken"))) << "its answer went with it";
  // The computer's first move stays: it was not an answer.
  EXPECT_THAT(play("u\n", {.level = BotLevel::kEasy, .computer_first = true}),
              HasSubstr("You have made no move yet."));
}

TEST(ConsoleGame, ALostGameCanBeTakenBackAndReplayed) {
  // In the first column, whatever the computer does; it wins by the fourth move.
  const std::string columns = "0\n0\n0\n1\n1\n1\n2\n2\n5\n5\n";
  const ConsoleOptions options{.game = "connect-four", .level = BotLevel::kPerfect, .seed = 3};
  const std::string lost = play(columns, options);
  ASSERT_THAT(lost, HasSubstr("The computer wins."));
  const std::string text = play(columns + "r\nu\nr\nq\n", options);
  EXPECT_THAT(text, HasSubstr("1. X plays 0."));
  EXPECT_THAT(text, HasSubstr("8. O plays "));
  EXPECT_THAT(text, HasSubstr(" is taken back."));
}

TEST(ConsoleGame, HelpsAndBeginsAnew) {
  const std::string text = play("?\nb\nn\nq\n", {.level = BotLevel::kEasy});
  EXPECT_THAT(text, HasSubstr("  row,col      make a move\n  hint, h "));
  const auto first = text.find("You are X");
  EXPECT_NE(text.find("You are X", first + 1), std::string::npos) << "another game began";
}

TEST(ConsoleGame, ColoursWhereTheTerminalCanAndNobodyObjects) {
  EXPECT_TRUE(wants_colour(true, nullptr, "xterm"));
  EXPECT_TRUE(wants_colour(true, "", nullptr)) << "an empty NO_COLOR says nothing";
  EXPECT_FALSE(wants_colour(true, "1", "xterm"));
  EXPECT_FALSE(wants_colour(true, nullptr, "dumb"));
  EXPECT_FALSE(wants_colour(false, nullptr, "xterm"));
}

TEST(ConsoleGame, ColoursOnlyATerminal) {
  EXPECT_FALSE(contains(play("1\n1,1\n"), "\x1b["));
  EXPECT_TRUE(contains(play("1,1\n", {.level = BotLevel::kEasy, .is_coloured = true}), "\x1b["));
}

}  // namespace
}  // namespace arena

#include "arena/console_game.h"

#include <sstream>

#include <gtest/gtest.h>

namespace arena {
namespace {

using hornbeam::live::BotLevel;

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

TEST(ConsoleGame, ColoursOnlyATerminal) {
  EXPECT_FALSE(contains(play("1\n1,1\n"), "\x1b["));
  EXPECT_TRUE(contains(play("1,1\n", {.level = BotLevel::kEasy, .is_coloured = true}), "\x1b["));
}

}  // namespace
}  // namespace arena

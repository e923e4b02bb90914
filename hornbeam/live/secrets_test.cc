// Games in which not everyone sees everything.

#include <gmock/gmock.h>

#include "hornbeam/live/games/rock_paper_scissors.h"
#include "hornbeam/live/testing/two_players.h"

namespace hornbeam::live {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using testing::LobbyTest;
using ::testing::Not;
using testing::Player;
using testing::value_of;

class Secrets : public LobbyTest {
 protected:
  Secrets() {
    secret_games_.add<RockPaperScissors>();
    first_.say(R"({"action": "new", "v": 1})");
    second_token_ =
        value_of(second_.say(R"({"action": "join", "v": 1, "game_id": 100})").at(0), "token");
    watcher_.say(R"({"action": "watch", "v": 1, "game_id": 100})");
    first_.hear();
    second_.hear();
  }
  static std::vector<std::string> choose(Player& player, std::string_view what) {
    return player.say(fmt::format(R"({{"action": "move", "player_move": "{}"}})", what));
  }

  GameCatalog secret_games_;
  Lobby secret_lobby_{log_, secret_games_, wakeups_, options_};
  Player first_{secret_lobby_};
  Player second_{secret_lobby_};
  Player watcher_{secret_lobby_};
  std::string second_token_;
};

TEST_F(Secrets, AChoiceIsHiddenUntilBothHaveChosen) {
  EXPECT_EQ(value_of(choose(first_, "rock").at(0), "board"), "r") << "one knows one's own";
  for (auto* const other : {&second_, &watcher_}) {
    const auto told = other->hear();
    EXPECT_THAT(told, Each(Not(HasSubstr("rock"))));
    EXPECT_EQ(value_of(told.at(0), "board"), "?");
    EXPECT_EQ(value_of(told.at(0), "move"), "?");
  }
  EXPECT_EQ(value_of(choose(second_, "paper").at(0), "board"), "rp");
  EXPECT_EQ(value_of(first_.hear().at(0), "board"), "rp") << "the second choice tells both";
  EXPECT_EQ(value_of(watcher_.hear().at(0), "board"), "rp");
}

TEST_F(Secrets, ComingBackTellsNoMoreThanStaying) {
  choose(first_, "scissors");
  Player again(secret_lobby_);
  const auto told = again.say(fmt::format(
      R"({{"action": "hello", "v": 1, "game_id": 100, "token": "{}"}})", second_token_));
  EXPECT_THAT(told, Each(Not(HasSubstr(R"("scissors")"))));
  EXPECT_EQ(value_of(told.at(0), "board"), "?");
}

TEST_F(Secrets, NoMoveIsTakenBackThatSomebodySaw) {
  choose(first_, "rock");
  EXPECT_EQ(value_of(first_.say(R"({"action": "undo-offer"})").at(0), "code"), "illegal_move");
}

TEST_F(Secrets, AfterTheEndEverythingIsTold) {
  for (int round = 0; round < 2; ++round) {
    choose(first_, "rock");
    choose(second_, "scissors");
  }
  const auto told = watcher_.hear();
  EXPECT_EQ(value_of(told.back(), "winner"), "first");
  EXPECT_EQ(value_of(told.back(), "board"), "rsrs");
  Player later(secret_lobby_);
  EXPECT_THAT(later.say(R"({"action": "watch", "v": 1, "game_id": 100})").at(0),
              HasSubstr(R"("scissors")"));
}

}  // namespace
}  // namespace hornbeam::live

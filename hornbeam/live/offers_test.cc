// What players settle between themselves: draws, moves taken back, talk, and finding one another.

#include <gmock/gmock.h>

#include "hornbeam/live/testing/two_players.h"

namespace hornbeam::live {
namespace {

using testing::action_of;
using ::testing::IsEmpty;
using testing::LobbyTest;
using testing::Player;
using ::testing::SizeIs;
using testing::value_of;

class OffersSession : public LobbyTest {
 protected:
  void pair() {
    x_.say(R"({"action": "new", "v": 1})");
    o_token_ = value_of(o_.say(R"({"action": "join", "v": 1, "game_id": 100})").at(0), "token");
    x_.hear();
  }
  static std::vector<std::string> act(Player& player, std::string_view action) {
    return player.say(fmt::format(R"({{"action": "{}"}})", action));
  }
  static std::vector<std::string> move(Player& player, std::string_view cell) {
    return player.say(fmt::format(R"({{"action": "move", "player_move": "{}"}})", cell));
  }
  static std::string code(const std::vector<std::string>& messages) {
    return messages.empty() ? "nothing" : value_of(messages[0], "code");
  }

  Player x_{lobby_};
  Player o_{lobby_};
  std::string o_token_;
};

TEST_F(OffersSession, AMoveMakesOffersLapse) {
  pair();
  act(x_, "draw-offer");
  move(x_, "1,1");
  EXPECT_EQ(code(act(o_, "draw-accept")), "") << "told of the offer and the move first";
  EXPECT_EQ(code(act(o_, "draw-accept")), "not_your_turn");
  EXPECT_EQ(value_of(act(x_, "draw-offer").at(0), "state"), "offered") << "and now anew";
}

TEST_F(OffersSession, TwoWhoOfferADrawHaveAgreed) {
  pair();
  act(x_, "draw-offer");
  EXPECT_EQ(action_of(act(o_, "draw-offer").back()), "end");
  EXPECT_EQ(value_of(x_.hear().back(), "reason"), "agreed");
  EXPECT_EQ(code(act(x_, "draw-offer")), "game_over");
}

TEST_F(OffersSession, AnOfferWaitsForOneWhoComesBack) {
  pair();
  act(x_, "draw-offer");
  Player again(lobby_);
  const auto state = again.say(
      fmt::format(R"({{"action": "hello", "v": 1, "game_id": 100, "token": "{}"}})", o_token_));
  EXPECT_EQ(value_of(state.at(0), "draw_offer"), "X");
  EXPECT_EQ(action_of(act(again, "draw-accept").at(0)), "end");
}

TEST_F(OffersSession, AnUndoTakesTheAskersMoveBackAndWhatCameSince) {
  pair();
  move(x_, "1,1");
  move(o_, "0,0");
  x_.hear();
  act(x_, "undo-offer");
  o_.hear();
  const auto undone = act(o_, "undo-accept");
  EXPECT_EQ(value_of(undone.at(0), "moves"), "2");
  EXPECT_EQ(value_of(undone.at(0), "board"), ".........");
  x_.hear();
  EXPECT_EQ(value_of(move(x_, "2,2").at(0), "board"), "........X");
  Lobby next(log_, games_, wakeups_, options_);
  Player watcher(next);
  EXPECT_EQ(value_of(watcher.say(R"({"action": "watch", "v": 1, "game_id": 100})").at(0), "board"),
            "........X")
      << "and so it reads in every other process";
}

TEST_F(OffersSession, NobodyAcceptsTheirOwnOffer) {
  pair();
  move(x_, "1,1");
  act(x_, "undo-offer");
  EXPECT_EQ(code(act(x_, "undo-accept")), "not_your_turn");
  EXPECT_EQ(code(act(x_, "draw-accept")), "not_your_turn");
}

TEST_F(OffersSession, TheComputerGrantsAnUndoAndDeclinesADraw) {
  x_.say(R"({"action": "new", "v": 1, "opponent": "bot"})");
  move(x_, "1,1");
  const auto undone = act(x_, "undo-offer");
  EXPECT_EQ(value_of(undone.at(1), "state"), "accepted");
  EXPECT_EQ(value_of(undone.at(1), "board"), ".........");
  EXPECT_EQ(value_of(act(x_, "draw-offer").at(1), "state"), "declined");
  EXPECT_EQ(action_of(move(x_, "0,0").at(0)), "opp-move");
}

TEST_F(OffersSession, AClassicClientIsToldThatTheyAreNoActions) {
  x_.say(R"({"action": "new"})");
  o_.say(R"({"action": "join", "game_id": 100})");
  x_.hear();
  for (const auto* const action : {"draw-offer", "undo-offer", "chat", "list", "quick"}) {
    EXPECT_EQ(action_of(act(x_, action).at(0)), "error") << action;
  }
  EXPECT_THAT(o_.hear(), IsEmpty());
}

TEST_F(OffersSession, TalkIsToldToOneWhoComesInLater) {
  pair();
  for (int i = 0; i < 60; ++i) {
    x_.say(fmt::format(R"({{"action": "chat", "text": "line {}"}})", i));
  }
  EXPECT_THAT(o_.hear(), SizeIs(60));
  Lobby next(log_, games_, wakeups_, options_);
  Player watcher(next);
  const auto told = watcher.say(R"({"action": "watch", "v": 1, "game_id": 100})");
  const std::string lines = value_of(told.at(1), "lines");
  EXPECT_EQ(lines.find("line 9\""), std::string::npos) << "only the last 50";
  EXPECT_NE(lines.find("line 10\""), std::string::npos);
  EXPECT_EQ(code(watcher.say(R"({"action": "chat", "text": "Bravo"})")), "no_such_game")
      << "only players talk";
}

TEST_F(OffersSession, TalkReachesAnotherProcess) {
  pair();
  Lobby next(log_, games_, wakeups_, options_);
  Player watcher(next);
  watcher.say(R"({"action": "watch", "v": 1, "game_id": 100})");
  x_.say(R"({"action": "chat", "text": "Hello"})");
  base::run(next.follow(100));
  EXPECT_EQ(action_of(watcher.hear().back()), "chat");
}

TEST_F(OffersSession, AListedGameLeavesTheListWhenJoinedOrLeft) {
  const auto listed = [&] { return base::run(log_.listed_games("", 10)); };
  x_.say(R"({"action": "new", "v": 1})");
  EXPECT_THAT(listed(), IsEmpty()) << "one is listed only if it asks for it";
  x_.say(R"({"action": "new", "v": 1, "open": true})");
  EXPECT_THAT(listed(), SizeIs(1));
  o_.say(R"({"action": "join", "v": 1, "game_id": 101})");
  EXPECT_THAT(listed(), IsEmpty());
  auto third = std::make_unique<Player>(lobby_);
  const auto token =
      value_of(third->say(R"({"action": "new", "v": 1, "open": true})").at(0), "token");
  EXPECT_THAT(listed(), SizeIs(1));
  third.reset();
  EXPECT_THAT(listed(), IsEmpty()) << "nobody would be found there";
  Player again(lobby_);
  const auto state = again.say(
      fmt::format(R"({{"action": "hello", "v": 1, "game_id": 102, "token": "{}"}})", token));
  EXPECT_EQ(value_of(state.at(0), "phase"), "waiting") << "the network came back";
  EXPECT_THAT(listed(), SizeIs(1));
}

TEST_F(OffersSession, TwoWhoWaitInTwoProcessesMeetWhenTheyAskAgain) {
  // As if both had looked before either was listed.
  x_.say(R"({"action": "new", "v": 1, "open": true})");
  o_.say(R"({"action": "new", "v": 1, "open": true})");
  const std::string quick = R"({"action": "quick", "v": 1})";
  EXPECT_EQ(action_of(x_.say(quick).at(0)), "pong") << "the older game stays";
  EXPECT_EQ(value_of(o_.say(quick).at(0), "game_id"), "100");
  EXPECT_EQ(action_of(x_.hear().at(0)), "paired");
  EXPECT_THAT(base::run(log_.listed_games("", 10)), IsEmpty());
}

}  // namespace
}  // namespace hornbeam::live

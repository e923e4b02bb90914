// The classic protocol, byte by byte: what an old client sends, and exactly what it is sent back.
// Each test of the second part is named for a defect of the classic server that is none here.

#include <gmock/gmock.h>

#include "hornbeam/live/testing/two_players.h"

namespace hornbeam::live {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::LobbyTest;
using testing::Player;
using testing::RecordingClient;

using Messages = std::vector<std::string>;

class ClassicSession : public LobbyTest {
 protected:
  /// Brings `creator` and `joiner` into a game that has begun.
  void pair(Player& creator, Player& joiner) {
    creator.say(R"({"action": "new"})");
    joiner.say(R"({"action": "join", "game_id": 100})");
    creator.hear();
  }
  /// Plays `moves` in turn, the creator first; leaves the last answers to be heard.
  void play(Player& creator, Player& joiner, const std::vector<std::string>& moves) {
    for (std::size_t i = 0; i < moves.size(); ++i) {
      Player& mover = i % 2 == 0 ? creator : joiner;
      Player& other = i % 2 == 0 ? joiner : creator;
      mover.hear();
      other.hear();
      last_answer_ = mover.say(R"({"action": "move", "player_move": ")" + moves[i] + "\"}");
    }
  }
  Messages last_answer_;
};

TEST_F(ClassicSession, OpensWithAGreeting) {
  auto client = std::make_shared<RecordingClient>();
  Session session(lobby_, client);
  session.open();
  EXPECT_THAT(
      client->take(),
      ElementsAre(R"({"action": "open", "data": {"message": "Connected to Game Server"}})"));
}

TEST_F(ClassicSession, PairsTwoPlayersAndTheCreatorBegins) {
  Player creator(lobby_);
  Player joiner(lobby_);
  EXPECT_THAT(creator.say(R"({"action": "new"})"),
              ElementsAre(R"({"action": "wait-pair", "data": {"game_id": 100}})"));
  EXPECT_THAT(joiner.say(R"({"action": "join", "game_id": 100})"),
              ElementsAre(R"({"action": "paired", "data": {"game_id": 100}})",
                          R"({"action": "opp-move", "data": {}})"));
  EXPECT_THAT(creator.hear(), ElementsAre(R"({"action": "paired", "data": {"game_id": 100}})",
                                          R"({"action": "move", "data": {}})"));
}

TEST_F(ClassicSession, TakesTheNumberOfAGameAsText) {
  Player creator(lobby_);
  Player joiner(lobby_);
  creator.say(R"({"action": "new"})");
  EXPECT_THAT(joiner.say(R"({"action": "join", "game_id": "100"})")[0], HasSubstr("paired"));
}

TEST_F(ClassicSession, PassesMovesOn) {
  Player creator(lobby_);
  Player joiner(lobby_);
  pair(creator, joiner);
  EXPECT_THAT(creator.say(R"({"action": "move", "player_move": "1,1"})"),
              ElementsAre(R"({"action": "opp-move", "data": {}})"));
  EXPECT_THAT(joiner.hear(), ElementsAre(R"({"action": "move", "data": {"opp_move": "1,1"}})"));
}

TEST_F(ClassicSession, TellsTheWinnerAndTheLoser) {
  Player creator(lobby_);
  Player joiner(lobby_);
  pair(creator, joiner);
  play(creator, joiner, {"0,0", "1,0", "0,1", "1,1", "0,2"});
  EXPECT_THAT(last_answer_, ElementsAre(R"({"action": "opp-move", "data": {}})",
                                        R"({"action": "end", "data": {"result": "W"}})"));
  EXPECT_THAT(joiner.hear(), ElementsAre(R"({"action": "move", "data": {"opp_move": "0,2"}})",
                                         R"({"action": "end", "data": {"result": "L"}})"));
}

TEST_F(ClassicSession, TellsBothOfADraw) {
  Player creator(lobby_);
  Player joiner(lobby_);
  pair(creator, joiner);
  play(creator, joiner, {"0,0", "1,1", "2,2", "0,1", "2,1", "2,0", "0,2", "1,2", "1,0"});
  EXPECT_EQ(last_answer_.back(), R"({"action": "end", "data": {"result": "D"}})");
  EXPECT_EQ(joiner.hear().back(), R"({"action": "end", "data": {"result": "D"}})");
}

TEST_F(ClassicSession, TellsBothOfAnAbort) {
  Player creator(lobby_);
  Player joiner(lobby_);
  pair(creator, joiner);
  const auto* const end = R"({"action": "end", "data": {"game_id": 100, "result": "A"}})";
  EXPECT_THAT(joiner.say(R"({"action": "abort", "game_id": 100})"), ElementsAre(end));
  EXPECT_THAT(creator.hear(), ElementsAre(end));
}

TEST_F(ClassicSession, TellsTheOpponentOfOneWhoHasGone) {
  Player creator(lobby_);
  Player joiner(lobby_);
  pair(creator, joiner);
  joiner.leave();
  EXPECT_THAT(creator.hear(),
              ElementsAre(R"({"action": "end", "data": {"game_id": 100, "result": "A"}})"));
}

TEST_F(ClassicSession, RefusesUnknownGamesAndActionsInTheClassicWords) {
  Player player(lobby_);
  const auto error = [](std::string_view message) {
    return R"({"action": "error", "data": {"message": ")" + std::string(message) + "\"}}";
  };
  EXPECT_THAT(player.say(R"({"action": "join", "game_id": 999})"),
              ElementsAre(error("Invalid Game Id: 999")));
  EXPECT_THAT(player.say(R"({"action": "join", "game_id": "abc"})"),
              ElementsAre(error("Invalid Game Id: abc")));
  EXPECT_THAT(player.say(R"({"action": "join"})"), ElementsAre(error("Invalid Game Id: ")));
  EXPECT_THAT(player.say(R"({"action": "dance"})"), ElementsAre(error("Unknown Action: dance")));
}

// ---- What went wrong on the classic server. ----

TEST_F(ClassicSession, NobodyMovesTwice) {
  Player creator(lobby_);
  Player joiner(lobby_);
  pair(creator, joiner);
  creator.say(R"({"action": "move", "player_move": "1,1"})");
  joiner.hear();
  EXPECT_THAT(creator.say(R"({"action": "move", "player_move": "0,0"})"),
              ElementsAre(HasSubstr("other player's turn")));
  EXPECT_THAT(joiner.hear(), IsEmpty());
  EXPECT_THAT(joiner.say(R"({"action": "move", "player_move": "0,0"})"),
              ElementsAre(R"({"action": "opp-move", "data": {}})"))
      << "the game goes on";
}

TEST_F(ClassicSession, AnIllegalMoveIsAnErrorAndTheGameGoesOn) {
  Player creator(lobby_);
  Player joiner(lobby_);
  pair(creator, joiner);
  for (const std::string bad : {"9,9", "-1,0", "", "middle", "1", "1,1,1"}) {
    EXPECT_THAT(creator.say(R"({"action": "move", "player_move": ")" + bad + "\"}"),
                ElementsAre(HasSubstr(R"("action": "error")")))
        << bad;
  }
  EXPECT_THAT(creator.say(R"({"action": "move"})"), ElementsAre(HasSubstr("error")));
  EXPECT_THAT(joiner.hear(), IsEmpty());
  creator.say(R"({"action": "move", "player_move": "1,1"})");
  joiner.hear();
  EXPECT_THAT(joiner.say(R"({"action": "move", "player_move": "1,1"})"),
              ElementsAre(HasSubstr("Cell 1,1 is taken")));
  EXPECT_THAT(joiner.say(R"({"action": "move", "player_move": "0,2"})"),
              ElementsAre(R"({"action": "opp-move", "data": {}})"));
}

TEST_F(ClassicSession, BadJsonIsAnErrorAndTheConversationGoesOn) {
  Player player(lobby_);
  for (const std::string_view bad :
       {"", "{", "nonsense", "[]", "null", "42", "\"new\"", "{}", R"({"action": 7})",
        R"({"action": "new"} x)", R"({"action": "move", "player_move": 11})",
        R"({"action": "move", "player_move": ["1,1"]})", "\xff\xfe"}) {
    EXPECT_THAT(player.say(bad), ElementsAre(HasSubstr(R"("action": "error")"))) << bad;
  }
  EXPECT_THAT(player.say(R"({"action": "new"})"), ElementsAre(HasSubstr("wait-pair")));
}

TEST_F(ClassicSession, MovingOrAbortingWithoutAGameIsAnError) {
  Player player(lobby_);
  EXPECT_THAT(player.say(R"({"action": "move", "player_move": "1,1"})"),
              ElementsAre(HasSubstr("You are in no game")));
  EXPECT_THAT(player.say(R"({"action": "abort", "game_id": 100})"),
              ElementsAre(HasSubstr("You are in no game")));
}

TEST_F(ClassicSession, NobodyMovesBeforeTheOtherHasJoined) {
  Player creator(lobby_);
  creator.say(R"({"action": "new"})");
  EXPECT_THAT(creator.say(R"({"action": "move", "player_move": "1,1"})"),
              ElementsAre(HasSubstr("Nobody has joined yet")));
}

TEST_F(ClassicSession, NobodyJoinsTheirOwnGame) {
  Player creator(lobby_);
  creator.say(R"({"action": "new"})");
  EXPECT_THAT(creator.say(R"({"action": "join", "game_id": 100})"),
              ElementsAre(HasSubstr("cannot join your own game")));
  Player joiner(lobby_);
  EXPECT_THAT(joiner.say(R"({"action": "join", "game_id": 100})").front(), HasSubstr("paired"));
}

TEST_F(ClassicSession, AThirdPlayerIsRefused) {
  Player creator(lobby_);
  Player joiner(lobby_);
  pair(creator, joiner);
  Player third(lobby_);
  EXPECT_THAT(third.say(R"({"action": "join", "game_id": 100})"),
              ElementsAre(R"({"action": "error", "data": {"message": "Invalid Game Id: 100"}})"));
  EXPECT_THAT(creator.say(R"({"action": "move", "player_move": "1,1"})"),
              ElementsAre(HasSubstr("opp-move")));
}

TEST_F(ClassicSession, ASecondNewEndsTheFirstGame) {
  Player creator(lobby_);
  Player joiner(lobby_);
  pair(creator, joiner);
  EXPECT_THAT(creator.say(R"({"action": "new"})"),
              ElementsAre(R"({"action": "wait-pair", "data": {"game_id": 101}})"));
  EXPECT_THAT(joiner.hear(),
              ElementsAre(R"({"action": "end", "data": {"game_id": 100, "result": "A"}})"));
  EXPECT_EQ(lobby_.room_count(), 2U) << "the joiner still sees the end of the first";
  joiner.leave();
  EXPECT_EQ(lobby_.room_count(), 1U);
}

TEST_F(ClassicSession, AnUnjoinedGameLeftForAnotherCannotBeJoined) {
  Player creator(lobby_);
  creator.say(R"({"action": "new"})");
  creator.say(R"({"action": "new"})");
  Player joiner(lobby_);
  EXPECT_THAT(joiner.say(R"({"action": "join", "game_id": 100})"),
              ElementsAre(HasSubstr("Invalid Game Id: 100")));
  EXPECT_THAT(joiner.say(R"({"action": "join", "game_id": 101})").front(), HasSubstr("paired"));
}

TEST_F(ClassicSession, GamesAreNumberedFrom100ByOne) {
  for (int id = 100; id < 105; ++id) {
    Player creator(lobby_);
    EXPECT_THAT(creator.say(R"({"action": "new"})"),
                ElementsAre(HasSubstr("\"game_id\": " + std::to_string(id) + "}")));
  }
}

TEST_F(ClassicSession, NothingIsAcceptedAfterTheEnd) {
  Player creator(lobby_);
  Player joiner(lobby_);
  pair(creator, joiner);
  play(creator, joiner, {"0,0", "1,0", "0,1", "1,1", "0,2"});
  joiner.hear();
  EXPECT_THAT(joiner.say(R"({"action": "move", "player_move": "2,2"})"),
              ElementsAre(HasSubstr("The game is over")));
  EXPECT_THAT(joiner.say(R"({"action": "abort", "game_id": 100})"),
              ElementsAre(HasSubstr("over already")));
  EXPECT_THAT(creator.hear(), IsEmpty());
}

TEST_F(ClassicSession, BothPlayersLeavingAtOnceIsQuiet) {
  auto creator = std::make_unique<Player>(lobby_);
  auto joiner = std::make_unique<Player>(lobby_);
  pair(*creator, *joiner);
  creator.reset();
  joiner.reset();
  EXPECT_EQ(lobby_.room_count(), 0U);
}

}  // namespace
}  // namespace hornbeam::live

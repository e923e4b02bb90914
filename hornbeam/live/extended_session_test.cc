// The extended protocol: seats by token, resuming, watching, the computer, rematches.

#include <gmock/gmock.h>

#include "hornbeam/live/testing/two_players.h"

namespace hornbeam::live {
namespace {

using testing::action_of;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::LobbyTest;
using testing::Player;
using ::testing::SizeIs;
using testing::value_of;

std::string code_of(const std::vector<std::string>& messages) {
  if (messages.size() != 1 || action_of(messages[0]) != "error") return "no error";
  return value_of(messages[0], "code");
}

/// The messages whose action is `action`.
std::vector<std::string> only(std::string_view action, const std::vector<std::string>& messages) {
  std::vector<std::string> kept;
  for (const auto& message : messages) {
    if (action_of(message) == action) kept.push_back(message);
  }
  return kept;
}

class ExtendedSession : public LobbyTest {
 protected:
  /// Begins game 100 with X and O, who keep their tokens.
  void pair(Player& x, Player& o) {
    x_token_ = value_of(x.say(R"({"action": "new", "v": 1})").at(0), "token");
    o_token_ = value_of(o.say(R"({"action": "join", "v": 1, "game_id": 100})").at(0), "token");
    x.hear();
    o.hear();
  }
  static std::vector<std::string> move(Player& player, std::string_view cell,
                                       std::string_view cid = "") {
    return player.say(
        fmt::format(R"({{"action": "move", "player_move": "{}", "cid": "{}"}})", cell, cid));
  }
  std::vector<std::string> resume(Player& player, std::string_view token, Seq last_seq) {
    return player.say(fmt::format(
        R"({{"action": "hello", "v": 1, "game_id": 100, "token": "{}", "last_seq": {}}})", token,
        last_seq));
  }
  std::vector<std::string> watch(Player& player) {
    return player.say(R"({"action": "watch", "v": 1, "game_id": 100})");
  }
  static void win(Player& x, Player& o) {
    for (const auto* const cell : {"0,0", "1,0", "0,1", "1,1", "0,2"}) {
      move(cell[0] == '0' ? x : o, cell);
    }
  }

  std::string x_token_;
  std::string o_token_;
};

TEST_F(ExtendedSession, SeatsComeWithATokenAndAPosition) {
  Player x(lobby_);
  Player o(lobby_);
  const auto waiting = x.say(R"({"action": "new", "v": 1})");
  ASSERT_THAT(waiting, SizeIs(1));
  EXPECT_EQ(action_of(waiting[0]), "wait-pair");
  EXPECT_EQ(value_of(waiting[0], "game_id"), "100");
  EXPECT_EQ(value_of(waiting[0], "you"), "X");
  EXPECT_THAT(value_of(waiting[0], "token"), SizeIs(22));
  const auto paired = o.say(R"({"action": "join", "v": 1, "game_id": 100})");
  EXPECT_EQ(action_of(paired[0]), "paired");
  EXPECT_EQ(value_of(paired[0], "you"), "O");
  EXPECT_EQ(value_of(paired[0], "turn"), "X");
  EXPECT_EQ(value_of(paired[0], "board"), ".........");
  EXPECT_THAT(value_of(paired[0], "token"), SizeIs(22));
  EXPECT_NE(value_of(paired[0], "token"), value_of(waiting[0], "token"));
  EXPECT_EQ(value_of(x.hear()[0], "token"), "") << "a token is told once, to its owner alone";
}

TEST_F(ExtendedSession, AMoveTellsThePosition) {
  Player x(lobby_);
  Player o(lobby_);
  pair(x, o);
  const auto mine = move(x, "1,1", "m1");
  ASSERT_THAT(mine, SizeIs(1));
  EXPECT_EQ(action_of(mine[0]), "opp-move");
  EXPECT_EQ(value_of(mine[0], "cid"), "m1");
  const auto theirs = o.hear();
  ASSERT_THAT(theirs, SizeIs(1));
  EXPECT_EQ(action_of(theirs[0]), "move");
  EXPECT_EQ(value_of(theirs[0], "opp_move"), "1,1");
  EXPECT_EQ(value_of(theirs[0], "cid"), "") << "command ids are between a client and the server";
  for (const auto& message : {mine[0], theirs[0]}) {
    EXPECT_EQ(value_of(message, "seq"), "3");
    EXPECT_EQ(value_of(message, "board"), "....X....");
    EXPECT_EQ(value_of(message, "turn"), "O");
    EXPECT_EQ(value_of(message, "by"), "X");
  }
}

TEST_F(ExtendedSession, ErrorsHaveACode) {
  Player x(lobby_);
  Player o(lobby_);
  EXPECT_EQ(code_of(x.say(R"({"action": "dance", "v": 1})")), "")
      << "no message was understood yet";
  EXPECT_EQ(code_of(x.say(R"({"action": "join", "v": 1, "game_id": 7})")), "no_such_game");
  EXPECT_EQ(code_of(x.say(R"({"action": "dance"})")), "unknown_action");
  EXPECT_EQ(code_of(x.say("{")), "bad_json");
  EXPECT_EQ(code_of(x.say(std::string(5000, ' '))), "too_big");
  EXPECT_EQ(code_of(x.say(R"({"action": "new", "kind": "go"})")), "no_such_game");
  EXPECT_EQ(code_of(x.say(R"({"action": "new", "opponent": "bot", "level": "divine"})")),
            "bad_json");
  pair(x, o);
  EXPECT_EQ(code_of(move(o, "0,0")), "not_your_turn");
  EXPECT_EQ(code_of(move(x, "9,9")), "illegal_move");
  EXPECT_EQ(code_of(x.say(R"({"action": "move", "player_move": "0,0", "token": "forged"})")),
            "bad_token");
  EXPECT_EQ(code_of(x.say(R"({"action": "move", "player_move": "0,0", "game_id": 101})")),
            "no_such_game");
  EXPECT_EQ(code_of(x.say(R"({"action": "join", "game_id": 100})")), "full");
  Player third(lobby_);
  EXPECT_EQ(code_of(third.say(R"({"action": "join", "v": 1, "game_id": 100})")), "full");
  win(x, o);
  o.hear();
  EXPECT_EQ(code_of(move(o, "2,2")), "game_over");
}

TEST_F(ExtendedSession, ANestedMessageIsAnErrorHoweverDeep) {
  Player x(lobby_);
  std::string deep = R"({"action": "new", "v": )";
  deep += std::string(2000, '[') + std::string(2000, ']') + "}";
  EXPECT_THAT(x.say(deep), ElementsAre(HasSubstr("error")));
}

TEST_F(ExtendedSession, ALongActionIsCutBetweenCharacters) {
  Player x(lobby_);
  std::string name(63, 'a');
  for (int i = 0; i < 8; ++i) name += "\xe2\x82\xac";
  EXPECT_THAT(x.say(R"({"action": ")" + name + "\"}"),
              ElementsAre(HasSubstr(std::string(63, 'a') + "\"}")));
}

TEST_F(ExtendedSession, APlayerComesBackToTheSeatAndMissesNothing) {
  auto x = std::make_unique<Player>(lobby_);
  Player o(lobby_);
  pair(*x, o);
  move(*x, "1,1");
  x.reset();
  move(o, "0,0");
  Player again(lobby_);
  const auto state = resume(again, x_token_, 3);
  ASSERT_EQ(action_of(state.at(0)), "state");
  EXPECT_EQ(value_of(state[0], "you"), "X");
  EXPECT_EQ(value_of(state[0], "board"), "O...X....");
  EXPECT_EQ(value_of(state[0], "turn"), "X");
  EXPECT_EQ(value_of(state[0], "phase"), "playing");
  EXPECT_EQ(value_of(state[0], "events"), R"([{"seq":4,"kind":"move","by":"O","move":"0,0"}])");
  EXPECT_EQ(action_of(move(again, "2,2").at(0)), "opp-move");
}

TEST_F(ExtendedSession, BothComeBackAfterARestart) {
  {
    Player x(lobby_);
    Player o(lobby_);
    pair(x, o);
    move(x, "1,1");
  }
  Lobby next(log_, games_, wakeups_, options_);
  Player x(next);
  Player o(next);
  EXPECT_EQ(value_of(resume(x, x_token_, 3).at(0), "board"), "....X....");
  EXPECT_EQ(value_of(resume(o, o_token_, 2).at(0), "turn"), "O");
  EXPECT_EQ(action_of(move(o, "0,0").at(0)), "opp-move");
}

TEST_F(ExtendedSession, ABadTokenCostsTheTruePlayerNothing) {
  Player x(lobby_);
  Player o(lobby_);
  pair(x, o);
  Player thief(lobby_);
  EXPECT_EQ(code_of(resume(thief, "AAAAAAAAAAAAAAAAAAAAAA", -1)), "bad_token");
  EXPECT_EQ(code_of(resume(thief, "", -1)), "bad_token");
  EXPECT_EQ(x.close_code(), 0);
  EXPECT_EQ(action_of(move(x, "1,1").at(0)), "opp-move");
  EXPECT_EQ(code_of(move(thief, "0,0")), "no_such_game");
}

TEST_F(ExtendedSession, ASecondWindowTakesTheSeatOver) {
  Player x(lobby_);
  Player o(lobby_);
  pair(x, o);
  Player window(lobby_);
  EXPECT_EQ(value_of(resume(window, x_token_, -1).at(0), "you"), "X");
  EXPECT_EQ(x.close_code(), kSeatTakenOver);
  EXPECT_EQ(code_of(move(x, "1,1")), "bad_token");
  EXPECT_EQ(action_of(move(window, "1,1").at(0)), "opp-move");
  x.leave();
  EXPECT_EQ(action_of(move(o, "0,0").back()), "opp-move") << "the old window takes nothing along";
}

TEST_F(ExtendedSession, JoiningWithATokenIsComingBack) {
  Player x(lobby_);
  Player o(lobby_);
  pair(x, o);
  Player window(lobby_);
  const auto state = window.say(
      fmt::format(R"({{"action": "join", "v": 1, "game_id": 100, "token": "{}"}})", o_token_));
  EXPECT_EQ(value_of(state.at(0), "you"), "O");
}

TEST_F(ExtendedSession, ACommandThatComesTwiceIsCarriedOutOnce) {
  Player x(lobby_);
  Player o(lobby_);
  pair(x, o);
  move(x, "1,1", "m1");
  const auto again = move(x, "1,1", "m1");
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(action_of(again[0]), "ack");
  EXPECT_EQ(value_of(again[0], "seq"), "3");
  EXPECT_EQ(value_of(again[0], "cid"), "m1");
  move(o, "0,0", "m1");
  x.hear();
  EXPECT_EQ(value_of(move(x, "1,1", "m1").at(0), "seq"), "3") << "and the same for ever";
  EXPECT_THAT(base::run(log_.read(100, 3)), SizeIs(2));
}

TEST_F(ExtendedSession, AMoveOnAnOldPositionIsAnsweredWithTheNewOne) {
  Player x(lobby_);
  Player o(lobby_);
  pair(x, o);
  move(x, "1,1");
  const auto answer = o.say(R"({"action": "move", "player_move": "0,0", "seq": 2})");
  EXPECT_EQ(value_of(only("error", answer).at(0), "code"), "stale");
  EXPECT_EQ(value_of(only("state", answer).at(0), "board"), "....X....");
}

TEST_F(ExtendedSession, AnybodyElseWatches) {
  Player x(lobby_);
  Player o(lobby_);
  pair(x, o);
  Player watcher(lobby_);
  const auto state = watch(watcher);
  EXPECT_EQ(value_of(state.at(0), "you"), "");
  EXPECT_EQ(value_of(only("presence", x.hear()).at(0), "presence"),
            R"({"X":true,"O":true,"watchers":1})");
  move(x, "1,1");
  const auto seen = watcher.hear();
  EXPECT_EQ(value_of(only("move", seen).at(0), "board"), "....X....");
  EXPECT_EQ(code_of(move(watcher, "0,0")), "no_such_game");
  EXPECT_EQ(code_of(watcher.say(R"({"action": "resign"})")), "no_such_game");
  watcher.leave();
  EXPECT_EQ(value_of(only("presence", o.hear()).back(), "presence"),
            R"({"X":true,"O":true,"watchers":0})");
}

TEST_F(ExtendedSession, AWatcherSeesTheEndAndWhoWon) {
  Player x(lobby_);
  Player o(lobby_);
  pair(x, o);
  Player watcher(lobby_);
  watch(watcher);
  win(x, o);
  const auto end = only("end", watcher.hear());
  ASSERT_THAT(end, SizeIs(1));
  EXPECT_EQ(value_of(end[0], "winner"), "X");
  EXPECT_EQ(value_of(end[0], "reason"), "win");
  EXPECT_EQ(value_of(end[0], "result"), "");
}

TEST_F(ExtendedSession, AWatcherMaySitDownWhileASeatIsFree) {
  Player x(lobby_);
  x.say(R"({"action": "new", "v": 1})");
  Player o(lobby_);
  EXPECT_EQ(value_of(watch(o).at(0), "phase"), "waiting");
  EXPECT_EQ(value_of(o.say(R"({"action": "join", "game_id": 100})").at(0), "you"), "O");
}

TEST_F(ExtendedSession, ResigningIsAcknowledgedAndEndsTheGame) {
  Player x(lobby_);
  Player o(lobby_);
  pair(x, o);
  const auto answer = x.say(R"({"action": "resign", "cid": "r1"})");
  EXPECT_EQ(value_of(only("ack", answer).at(0), "cid"), "r1");
  EXPECT_EQ(value_of(only("end", answer).at(0), "result"), "L");
  EXPECT_EQ(value_of(only("end", answer).at(0), "reason"), "resign");
  EXPECT_EQ(value_of(only("end", o.hear()).at(0), "result"), "W");
}

TEST_F(ExtendedSession, LosingTheNetworkIsNotLosingTheGame) {
  Player x(lobby_);
  Player o(lobby_);
  pair(x, o);
  x.leave();
  const auto heard = o.hear();
  EXPECT_THAT(only("end", heard), IsEmpty());
  EXPECT_EQ(value_of(only("presence", heard).at(0), "presence"),
            R"({"X":false,"O":true,"watchers":0})");
}

TEST_F(ExtendedSession, AnUnjoinedGameIsKeptForItsCreator) {
  {
    Player x(lobby_);
    x_token_ = value_of(x.say(R"({"action": "new", "v": 1})").at(0), "token");
  }
  Player o(lobby_);
  EXPECT_EQ(action_of(o.say(R"({"action": "join", "v": 1, "game_id": 100})").at(0)), "paired");
  Player x(lobby_);
  EXPECT_EQ(value_of(resume(x, x_token_, 1).at(0), "phase"), "playing");
}

TEST_F(ExtendedSession, ClassicAndExtendedPlayTogether) {
  Player classic(lobby_);
  Player extended(lobby_);
  classic.say(R"({"action": "new"})");
  extended.say(R"({"action": "join", "v": 1, "game_id": 100})");
  EXPECT_THAT(classic.hear(), ElementsAre(R"({"action": "paired", "data": {"game_id": 100}})",
                                          R"({"action": "move", "data": {}})"));
  extended.hear();
  move(classic, "1,1");
  EXPECT_EQ(value_of(extended.hear().at(0), "board"), "....X....");
  move(extended, "0,0", "k");
  EXPECT_THAT(classic.hear(), ElementsAre(R"({"action": "move", "data": {"opp_move": "0,0"}})"));
}

TEST_F(ExtendedSession, TheComputerAnswersAtOnceAndNeverLoses) {
  Player player(lobby_);
  const auto start = player.say(R"({"action": "new", "v": 1, "opponent": "bot"})");
  EXPECT_EQ(action_of(start.at(0)), "paired");
  EXPECT_EQ(value_of(start[0], "bot"), "O");
  EXPECT_EQ(action_of(start.at(1)), "move");
  std::string board(9, '.');
  std::vector<std::string> end;
  while (end.empty()) {
    const auto cell = board.find('.');
    const auto answer = move(player, fmt::format("{},{}", cell / 3, cell % 3));
    end = only("end", answer);
    for (const auto& each : answer) board = value_of(each, "board");
  }
  EXPECT_NE(value_of(end[0], "winner"), "X");
}

TEST_F(ExtendedSession, TheComputerBeginsWhenThePlayerIsSecond) {
  Player player(lobby_);
  const auto start =
      player.say(R"({"action": "new", "v": 1, "opponent": "bot", "side": "O", "level": "easy"})");
  ASSERT_THAT(start, SizeIs(3));
  EXPECT_EQ(value_of(start[0], "you"), "O");
  EXPECT_EQ(action_of(start[1]), "opp-move");
  EXPECT_EQ(action_of(start[2]), "move");
  EXPECT_EQ(value_of(start[2], "turn"), "O");
}

TEST_F(ExtendedSession, ARematchSwapsSeatsAndKeepsTokens) {
  Player x(lobby_);
  Player o(lobby_);
  pair(x, o);
  win(x, o);
  EXPECT_EQ(value_of(x.say(R"({"action": "rematch"})").back(), "offers"), R"(["X"])");
  EXPECT_EQ(value_of(only("rematch", o.hear()).at(0), "next"), "");
  EXPECT_EQ(value_of(o.say(R"({"action": "rematch"})").back(), "next"), "101");
  EXPECT_EQ(value_of(only("rematch", x.hear()).back(), "next"), "101");
  const auto state =
      x.say(fmt::format(R"({{"action": "hello", "game_id": 101, "token": "{}"}})", x_token_));
  EXPECT_EQ(value_of(only("state", state).at(0), "you"), "O");
  EXPECT_EQ(value_of(only("state", state).at(0), "phase"), "playing");
}

TEST_F(ExtendedSession, TheComputerNeverMindsARematch) {
  Player player(lobby_);
  const auto token =
      value_of(player.say(R"({"action": "new", "v": 1, "opponent": "bot"})").at(0), "token");
  player.say(R"({"action": "resign"})");
  EXPECT_EQ(value_of(player.say(R"({"action": "rematch"})").back(), "next"), "101");
  const auto state =
      player.say(fmt::format(R"({{"action": "hello", "game_id": 101, "token": "{}"}})", token));
  EXPECT_EQ(value_of(only("state", state).at(0), "you"), "O");
  EXPECT_EQ(value_of(only("state", state).at(0), "turn"), "O") << "the computer has begun";
}

TEST_F(ExtendedSession, PingsAndLeavesAreAnswered) {
  Player x(lobby_);
  EXPECT_THAT(x.say(R"({"action": "ping", "v": 1, "cid": "p"})"),
              ElementsAre(R"({"action": "pong", "data": {"cid": "p"}})"));
  EXPECT_EQ(code_of(x.say(R"({"action": "leave"})")), "no_such_game");
  x.say(R"({"action": "new"})");
  EXPECT_THAT(x.say(R"({"action": "leave"})"), ElementsAre(HasSubstr("pong")));
  EXPECT_EQ(lobby_.room_count(), 0U);
}

TEST_F(ExtendedSession, TooManyMessagesAreRefusedAndAtLastTheConnectionClosed) {
  LobbyOptions strict = options_;
  strict.credits = {.capacity = 10, .per_second = 1};
  Lobby lobby(log_, games_, wakeups_, strict);
  Player greedy(lobby);
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(action_of(greedy.say(R"({"action":"ping","v":1})").at(0)), "pong");
  EXPECT_EQ(code_of(greedy.say(R"({"action": "ping"})")), "rate_limited");
  now_ += std::chrono::seconds(2);
  EXPECT_EQ(action_of(greedy.say(R"({"action": "ping"})").at(0)), "pong") << "it refills";
  for (int i = 0; i < 12; ++i) greedy.say(R"({"action": "new"})");
  EXPECT_EQ(greedy.close_code(), kTooManyMessages);
}

TEST_F(ExtendedSession, ASeatHasOneAllowanceHoweverManyConnectionsItComesOn) {
  LobbyOptions strict = options_;
  strict.credits = {.capacity = 10, .per_second = 1};
  Lobby lobby(log_, games_, wakeups_, strict);
  Player x(lobby);
  const auto token = value_of(x.say(R"({"action": "new", "v": 1})").at(0), "token");
  const auto hello = fmt::format(
      R"({{"action": "hello", "v": 1, "game_id": 100, "token": "{}", "cid": "h"}})", token);
  for (int i = 0; i < 2; ++i) {
    Player again(lobby);
    EXPECT_EQ(action_of(again.say(hello).at(0)), "state");
  }
  Player fifth(lobby);
  const auto refused = fifth.say(hello);
  EXPECT_EQ(code_of(refused), "rate_limited");
  EXPECT_THAT(refused.at(0), HasSubstr("for this seat"));
  EXPECT_EQ(value_of(refused.at(0), "cid"), "h");
  now_ += std::chrono::seconds(3);
  EXPECT_EQ(action_of(fifth.say(hello).at(0)), "state") << "it refills, and the seat was not lost";
  Player o(lobby);
  EXPECT_EQ(action_of(o.say(R"({"action": "join", "v": 1, "game_id": 100})").at(0)), "paired")
      << "the other seat has its own";
}

}  // namespace
}  // namespace hornbeam::live

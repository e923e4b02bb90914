#include <gtest/gtest.h>

#include "arena/load/load_watcher.h"

namespace arena {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kLog =
    R"({"action": "state", "data": {"game_id": 100, "seq": 4, "phase": "over", "events": [)"
    R"({"seq": 0, "kind": "create"}, {"seq": 1, "kind": "join"}, {"seq": 2, "kind": "join"}, )";

/// A table at which X has moved to the middle as event 3, and been told so.
class LoadTableTest : public ::testing::Test {
 protected:
  LoadTableTest() {
    table_.connected(0, now_);
    table_.connected(1, now_);
    EXPECT_EQ(say(0), R"({"action":"new","v":1,"kind":"tic-tac-toe"})");
    EXPECT_EQ(say(1), "");
    take(0, "wait-pair",
         R"("seq": 1, "board": "....X....", "turn": null, "you": "X", "token": "x")");
    EXPECT_EQ(say(1), R"({"action":"join","v":1,"game_id":100})");
    take(1, "paired", R"("seq": 2, "board": ".........", "turn": "X", "you": "O", "token": "o")");
    take(0, "paired", R"("seq": 2, "board": ".........", "turn": "X", "you": "X")");
    move_ = say(0);
    cell_ = value("player_move");
    take_ack();
  }

  std::string say(std::size_t seat) { return table_.next_to_say(seat, now_).value_or(""); }
  void take(std::size_t seat, std::string_view action, std::string_view data) {
    table_.take(seat,
                fmt::format(R"({{"action": "{}", "data": {{"game_id": 100, {}}}}})", action, data),
                now_);
  }
  void take_ack() {
    take(0, "opp-move",
         fmt::format(R"("seq": 3, "board": "X........", "turn": "O", "by": "X", "move": "{}", )"
                     R"("cid": "{}")",
                     cell_, value("cid")));
  }
  void take_log(std::string_view moves) {
    take(0, "end", R"("seq": 4, "board": "X........", "turn": null)");
    EXPECT_NE(say(0).find(R"("last_seq":-1)"), std::string::npos);
    table_.take(0, fmt::format("{}{}]}}}}", kLog, moves), now_);
  }
  std::string value(std::string_view key) const {
    const auto at = move_.find(fmt::format("\"{}\":\"", key)) + key.size() + 4;
    return move_.substr(at, move_.find('"', at) - at);
  }

  LoadTally tally_;
  LoadTable table_{tally_, {.pause = milliseconds(0)}, 1};
  LoadTable::Time now_{std::chrono::hours(1)};
  std::string move_, cell_;
};

TEST_F(LoadTableTest, CountsAMoveWhenItIsAcknowledged) {
  EXPECT_EQ(tally_.moves, 1U);
  EXPECT_TRUE(tally_.is_good());
}

TEST_F(LoadTableTest, ALogThatKeepsItsPromisesIsGood) {
  take_log(fmt::format(R"({{"seq": 3, "kind": "move", "by": "X", "move": "{}"}})", cell_));
  EXPECT_EQ(tally_.games, 1U);
  EXPECT_TRUE(tally_.is_good());
}

TEST_F(LoadTableTest, FindsAMoveThatWasLost) {
  take_log(R"({"seq": 3, "kind": "abort"})");
  EXPECT_EQ(tally_.lost, 1U);
  EXPECT_FALSE(tally_.is_good());
}

TEST_F(LoadTableTest, FindsAMoveThatHasAnotherNumber) {
  take_log(fmt::format(R"({{"seq": 4, "kind": "move", "by": "X", "move": "{}"}})", cell_));
  EXPECT_EQ(tally_.reordered, 1U);
}

TEST_F(LoadTableTest, FindsAnEventThatCameBeforeItsForerunner) {
  take(1, "move", R"("seq": 4, "board": "XO.......", "turn": "X", "by": "O", "move": "0,1")");
  EXPECT_EQ(tally_.reordered, 1U);
}

TEST_F(LoadTableTest, ComesBackWithItsTokenAndSaysTheSameMoveAgain) {
  take(1, "move", R"("seq": 3, "board": "X........", "turn": "O", "by": "X", "move": "0,0")");
  const std::string move = say(1);
  EXPECT_NE(move.find(R"("action":"move")"), std::string::npos);
  table_.disconnected(1, now_);
  EXPECT_EQ(say(1), "");
  table_.connected(1, now_);
  EXPECT_EQ(say(1), R"({"action":"hello","v":1,"game_id":100,"token":"o","last_seq":3})");
  take(1, "state",
       R"("seq": 3, "board": "X........", "turn": "O", "phase": "playing", "events": [])");
  EXPECT_EQ(say(1), move);
}

TEST_F(LoadTableTest, AWatcherIsToldEveryMoveOnce) {
  LoadWatcher watcher(tally_, table_);
  const auto take = [&](std::string_view action, std::string_view data) {
    watcher.take(fmt::format(R"({{"action": "{}", "data": {{"game_id": 100, {}}}}})", action, data),
                 now_);
  };
  EXPECT_EQ(watcher.next_to_say(now_), R"({"action":"watch","v":1,"game_id":100})");
  EXPECT_EQ(watcher.next_to_say(now_), std::nullopt);
  take("state", R"("seq": 2, "board": ".........", "turn": "X", "you": null, "events": [])");
  now_ += milliseconds(7);
  take("move", fmt::format(R"("seq": 3, "by": "X", "move": "{}")", cell_));
  EXPECT_EQ(tally_.watched, 1U);
  EXPECT_GE(tally_.watch_latency.percentile(0.5), 6'900'000U) << "since its sending";
  take("move", R"("seq": 5, "by": "X", "move": "2,2")");
  EXPECT_EQ(tally_.reordered, 1U) << "event 4 was left out";
  take("error", R"("message": "no", "code": "rate_limited")");
  EXPECT_EQ(watcher.next_to_say(now_), std::nullopt);
  EXPECT_EQ(watcher.next_to_say(watcher.due()), R"({"action":"watch","v":1,"game_id":100})");
}

TEST_F(LoadTableTest, WaitsAndTriesAgainWhenTheServerIsBusy) {
  take(1, "move", R"("seq": 3, "board": "X........", "turn": "O", "by": "X", "move": "0,0")");
  const std::string move = say(1);
  table_.take(1, R"({"action": "error", "data": {"message": "no", "code": "busy"}})", now_);
  EXPECT_EQ(say(1), "");
  now_ += milliseconds(300);
  EXPECT_EQ(say(1), move);
  EXPECT_EQ(tally_.errors.at("busy"), 1U);
}

}  // namespace
}  // namespace arena

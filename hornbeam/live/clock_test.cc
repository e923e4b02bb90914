// Clocks: the arithmetic, and games that are played against time. No test waits: time is set.

#include "hornbeam/live/clock.h"

#include <gmock/gmock.h>

#include "hornbeam/live/sweep.h"
#include "hornbeam/live/testing/two_players.h"

namespace hornbeam::live {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::action_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::LobbyTest;
using testing::Player;
using ::testing::SizeIs;
using testing::value_of;

ClockTime at(double second) {
  return ClockTime(milliseconds(static_cast<std::int64_t>(second * 1000)));
}
Clock started(std::string_view spec) {
  Clock clock(ClockSpec::parse(spec).value());
  clock.begin(Seat::kFirst, at(0));
  clock.press(Seat::kFirst, at(50), milliseconds(0), Seat::kSecond);
  clock.press(Seat::kSecond, at(100), milliseconds(0), Seat::kFirst);
  return clock;
}

TEST(ClockSpec, IsReadBackAndHasBounds) {
  for (const std::string_view good : {"180+2", "5+0", "10800+180", "30/move", "604800/move"}) {
    ASSERT_TRUE(ClockSpec::parse(good)) << good;
    EXPECT_EQ(ClockSpec::parse(good)->encode(), good);
  }
  for (const std::string_view bad :
       {"", "180", "4+0", "10801+0", "180+181", "180+-1", "+2", "180+", "3/move", "x/move", "/move",
        "604801/move", "180+2/move", "1e9+0", "99999999999999+1"}) {
    EXPECT_FALSE(ClockSpec::parse(bad)) << bad;
  }
}

TEST(Clock, TheFirstMoveOfEachIsFree) {
  const Clock clock = started("60+2");
  EXPECT_EQ(clock.left(Seat::kFirst, at(100)), seconds(60));
  EXPECT_EQ(clock.left(Seat::kSecond, at(100)), seconds(60));
  EXPECT_EQ(clock.running(), Seat::kFirst);
}

TEST(Clock, FischersAddsWithEachMove) {
  Clock clock = started("60+2");
  clock.press(Seat::kFirst, at(110), milliseconds(0), Seat::kSecond);
  EXPECT_EQ(clock.left(Seat::kFirst, at(500)), seconds(52));
  EXPECT_EQ(clock.left(Seat::kSecond, at(115)), seconds(55));
  EXPECT_EQ(clock.left(Seat::kSecond, at(1000)), seconds(0));
  EXPECT_EQ(clock.flag_at(), at(171)) << "a second of lag may still come to light";
}

TEST(Clock, PerMoveBeginsAnewWithEachMove) {
  Clock clock = started("30/move");
  clock.press(Seat::kFirst, at(120), milliseconds(0), Seat::kSecond);
  EXPECT_EQ(clock.left(Seat::kFirst, at(120)), seconds(30));
  EXPECT_EQ(clock.left(Seat::kSecond, at(140)), seconds(10));
}

TEST(Clock, GivesLagBackWithinBounds) {
  Clock clock = started("60+0");
  clock.press(Seat::kFirst, at(101), milliseconds(400), Seat::kSecond);
  EXPECT_EQ(clock.left(Seat::kFirst, at(101)), milliseconds(59'400));
  EXPECT_EQ(clock.credit_left(Seat::kFirst), milliseconds(700));
  EXPECT_EQ(clock.credit_left(Seat::kSecond), Clock::kMostCredit);
}

TEST(Clock, DoesNotCountWhatTheServerWasAway) {
  Clock clock = started("60+0");
  clock.excuse(seconds(30));
  EXPECT_EQ(clock.left(Seat::kFirst, at(135)), seconds(55));
  EXPECT_EQ(clock.left(Seat::kFirst, at(120)), seconds(60)) << "never more than there was";
}

TEST(Clock, TurnsBackWithMovesThatAreTakenBack) {
  Clock clock = started("60+0");
  clock.turn_to(Seat::kSecond, at(110));
  EXPECT_EQ(clock.left(Seat::kFirst, at(200)), seconds(50)) << "time is not given back";
  EXPECT_EQ(clock.left(Seat::kSecond, at(120)), seconds(50));
  clock.stop(at(125));
  EXPECT_EQ(clock.left(Seat::kSecond, at(999)), seconds(45));
  EXPECT_FALSE(clock.flag_at());
}

class ClockedGame : public LobbyTest {
 protected:
  void begin(std::string_view clock = "60+2") {
    x_token_ = value_of(
        x_.say(fmt::format(R"({{"action": "new", "v": 1, "clock": "{}"}})", clock)).at(0), "token");
    o_.say(R"({"action": "join", "v": 1, "game_id": 100})");
    pass(100);
    move(x_, "0,0");
    pass(100);
    move(o_, "1,0");
    x_.hear();
    o_.hear();
  }
  /// Time goes by while the server works.
  void pass(int count) {
    for (int i = 0; i < count; ++i) {
      now_ += seconds(1);
      base::run(lobby_.attend());
    }
  }
  static std::vector<std::string> move(Player& player, std::string_view cell) {
    return player.say(fmt::format(R"({{"action": "move", "player_move": "{}"}})", cell));
  }
  std::string last_event() {
    const auto events = base::run(log_.read(100, 0));
    return std::string(to_string(events.back().kind));
  }
  Player x_{lobby_};
  Player o_{lobby_};
  std::string x_token_;
};

TEST_F(ClockedGame, TellsWhatIsLeftWithEveryMove) {
  begin();
  pass(10);
  EXPECT_EQ(value_of(move(x_, "0,1").at(0), "clocks"), R"({"X":52000,"O":60000,"running":"O"})");
  pass(5);
  Player watcher(lobby_);
  const auto state = watcher.say(R"({"action": "watch", "v": 1, "game_id": 100})");
  EXPECT_EQ(value_of(state.at(0), "clocks"), R"({"X":52000,"O":55000,"running":"O"})");
  EXPECT_EQ(value_of(state[0], "clock"), "60+2");
}

TEST_F(ClockedGame, IsLostByTheServersTimerOrByAClaim) {
  begin();
  EXPECT_EQ(base::run(log_.read(100, 0)).size(), 5U);
  pass(60);
  EXPECT_EQ(value_of(o_.say(R"({"action": "flag"})").at(0), "code"), "not_your_turn");
  base::run(lobby_.flag_due());
  EXPECT_EQ(last_event(), "move") << "the lag that might come to light";
  pass(1);
  EXPECT_TRUE(lobby_.next_flag() <= now_);
  const auto end = o_.say(R"({"action": "flag", "cid": "f"})");
  EXPECT_EQ(value_of(end.back(), "reason"), "time");
  EXPECT_EQ(value_of(end.back(), "winner"), "O");
  EXPECT_EQ(last_event(), "flag");
  base::run(lobby_.flag_due());
  EXPECT_FALSE(lobby_.next_flag());
}

TEST_F(ClockedGame, IsFlaggedOnceByTwoProcesses) {
  begin();
  Lobby other(log_, games_, wakeups_, options_);
  Player watcher(other);
  watcher.say(R"({"action": "watch", "v": 1, "game_id": 100})");
  pass(70);
  base::run(lobby_.flag_due());
  base::run(other.attend());
  base::run(other.flag_due());
  EXPECT_EQ(base::run(log_.read(100, 0)).size(), 6U);
  EXPECT_EQ(value_of(watcher.hear().back(), "reason"), "time");
}

TEST_F(ClockedGame, AMoveThatComesTooLateLoses) {
  begin();
  pass(62);
  const auto answer = move(x_, "0,1");
  EXPECT_EQ(value_of(answer.back(), "result"), "L");
  EXPECT_EQ(last_event(), "flag");
}

TEST_F(ClockedGame, GivesTheLagBackThatPingsShow) {
  begin();
  x_.say(R"({"action": "ping", "lag": 300})");
  pass(10);
  EXPECT_THAT(value_of(move(x_, "0,1").at(0), "clocks"), HasSubstr(R"("X":52300)"));
  pass(1);
  move(o_, "1,1");
  x_.say(R"({"action": "ping", "lag": 1000000000})");
  const auto events = base::run(log_.read(100, 5));
  EXPECT_EQ(events.at(0).credit, milliseconds(300)) << "it is in the log";
  EXPECT_EQ(value_of(x_.say(R"({"action": "ping", "lag": "long"})").at(0), "code"), "bad_json");
}

TEST_F(ClockedGame, CountsNothingWhileTheServerIsAway) {
  begin();
  pass(5);
  now_ += seconds(600);  // Every process is down, or frozen.
  Lobby next(log_, games_, wakeups_, options_);
  Player x(next);
  const auto state = x.say(
      fmt::format(R"({{"action": "hello", "v": 1, "game_id": 100, "token": "{}"}})", x_token_));
  // Five seconds of thinking, of which the last one was after the process was last noted.
  EXPECT_THAT(value_of(state.at(0), "clocks"), HasSubstr(R"("X":56000)"));
  EXPECT_EQ(last_event(), "excuse");
  base::run(next.flag_due());
  EXPECT_EQ(action_of(move(x, "0,1").back()), "opp-move");
  GameRecord again(100, games_);
  for (Event& event : base::run(log_.read(100, 0))) again.apply(std::move(event));
  EXPECT_EQ(again.clock()->left(Seat::kFirst, now_), seconds(58)) << "every reader has the same";
}

TEST_F(ClockedGame, IsFrozenWithItsProcess) {
  begin();
  pass(5);
  now_ += seconds(600);
  EXPECT_EQ(action_of(move(x_, "0,1").back()), "opp-move") << "no other process, no other lobby";
  EXPECT_EQ(last_event(), "move");
  now_ += seconds(600);
  base::run(lobby_.attend());
  EXPECT_EQ(last_event(), "excuse") << "whoever thaws first, the timer or a player";
  EXPECT_EQ(action_of(move(o_, "1,1").back()), "opp-move");
}

TEST_F(ClockedGame, ThatBothHaveLeftIsEndedAllTheSame) {
  begin();
  x_.leave();
  o_.leave();
  EXPECT_EQ(lobby_.room_count(), 0U);
  pass(30);
  base::run(lobby_.flag_left());
  EXPECT_EQ(last_event(), "move");
  pass(40);
  base::run(lobby_.flag_left());
  EXPECT_EQ(last_event(), "flag");
  EXPECT_EQ(lobby_.room_count(), 0U);
}

TEST_F(ClockedGame, IsMatchedWithItsLike) {
  x_.say(R"({"action": "quick", "v": 1, "clock": "60+2"})");
  EXPECT_EQ(action_of(o_.say(R"({"action": "quick", "v": 1})").at(0)), "wait-pair");
  const auto listed = x_.say(R"({"action": "list"})");
  EXPECT_THAT(value_of(listed.at(0), "games"), HasSubstr(R"("clock":"60+2")"));
  Player third(lobby_);
  EXPECT_EQ(value_of(third.say(R"({"action": "quick", "v": 1, "clock": "60+2"})").at(0), "game_id"),
            "100");
  EXPECT_EQ(value_of(third.say(R"({"action": "new", "clock": "soon"})").at(0), "code"), "bad_json");
}

TEST_F(ClockedGame, IsArchivedWithItsLag) {
  begin();
  x_.say(R"({"action": "ping", "lag": 300})");
  pass(2);
  move(x_, "0,1");
  x_.say(R"({"action": "resign"})");
  const auto before = base::run(log_.read(100, 0));
  EXPECT_EQ(base::run(log_.archive(now_ + seconds(1), 10, now_)), 1U);
  EXPECT_EQ(base::run(log_.read(100, 0)), before);
}

TEST_F(ClockedGame, WithoutAClockNoneRuns) {
  x_.say(R"({"action": "new", "v": 1})");
  o_.say(R"({"action": "join", "v": 1, "game_id": 100})");
  x_.hear();
  EXPECT_EQ(value_of(x_.say(R"({"action": "flag"})").at(0), "code"), "not_your_turn");
  EXPECT_FALSE(lobby_.next_flag());
}

}  // namespace
}  // namespace hornbeam::live

// What happens between processes, and when the database fails: two lobbies on one log stand for two
// processes.

#include "hornbeam/live/lobby.h"

#include <condition_variable>
#include <thread>

#include <gmock/gmock.h>

#include "hornbeam/live/caretaker.h"
#include "hornbeam/live/games/tic_tac_toe_bot.h"
#include "hornbeam/live/memory_game_log.h"
#include "hornbeam/live/sweep.h"
#include "hornbeam/live/testing/two_players.h"

namespace hornbeam::live {
namespace {

using testing::action_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::LobbyTest;
using testing::Player;
using ::testing::SizeIs;
using testing::value_of;

/// A log in memory that can be told to fail, and that counts what it is asked to store.
class FragileLog final : public GameLog {
 public:
  base::Task<std::optional<GameId>> create(std::vector<Event> events,
                                           std::optional<RematchOf> rematch_of,
                                           bool is_token_new) override {
    return below_.create(std::move(events), rematch_of, is_token_new);
  }
  base::Task<bool> append(GameId game, const Event& event, bool ends_game) override {
    if (is_broken) throw std::runtime_error("the disk is full");
    return below_.append(game, event, ends_game);
  }
  base::Task<std::vector<Event>> read(GameId game, Seq first) override {
    return below_.read(game, first);
  }
  base::Task<std::optional<GameId>> seat_of(std::string token_hash) override {
    return below_.seat_of(std::move(token_hash));
  }
  base::Task<std::vector<Head>> heads(std::vector<GameId> games) override {
    return below_.heads(std::move(games));
  }
  base::Task<std::vector<OpenGame>> open_games(EventTime before, std::size_t limit) override {
    return below_.open_games(before, limit);
  }
  base::Task<std::vector<ListedGame>> listed_games(std::string kind, std::size_t limit) override {
    return below_.listed_games(std::move(kind), limit);
  }
  base::Task<void> say(GameId game, ChatLine line) override {
    if (is_broken) throw std::runtime_error("the disk is full");
    return below_.say(game, std::move(line));
  }
  base::Task<std::vector<ChatLine>> chat(GameId game, std::int64_t after) override {
    return below_.chat(game, after);
  }

  std::atomic<bool> is_broken{false};

 private:
  MemoryGameLog below_;
};

std::string move_to(std::string_view cell) {
  return fmt::format(R"({{"action": "move", "player_move": "{}"}})", cell);
}

TEST(Lobby, WhatIsNotStoredIsToldToNobody) {
  FragileLog log;
  const GameCatalog games = standard_games();
  InProcessWakeups wakeups;
  Lobby lobby(log, games, wakeups);
  Player x(lobby);
  Player o(lobby);
  x.say(R"({"action": "new", "v": 1})");
  o.say(R"({"action": "join", "v": 1, "game_id": 100})");
  o.hear();
  x.hear();
  log.is_broken = true;
  const auto answer = x.say(move_to("1,1"));
  ASSERT_THAT(answer, SizeIs(1));
  EXPECT_EQ(value_of(answer[0], "code"), "busy");
  EXPECT_THAT(o.hear(), IsEmpty());
  log.is_broken = false;
  EXPECT_EQ(action_of(x.say(move_to("1,1")).at(0)), "opp-move");
  EXPECT_EQ(value_of(o.hear().at(0), "board"), "....X....");
}

class TwoProcesses : public LobbyTest {
 protected:
  Lobby other_{log_, games_, wakeups_, options_};

  /// X on one process, O on the other; no wake-ups unless a lobby was started.
  void pair(Player& x, Player& o) {
    x_token_ = value_of(x.say(R"({"action": "new", "v": 1})").at(0), "token");
    o.say(R"({"action": "join", "v": 1, "game_id": 100})");
    o.hear();
  }
  std::string x_token_;
};

TEST_F(TwoProcesses, ACommandOnAnOldViewIsLookedAtAgain) {
  Player x(lobby_);
  Player o(other_);
  pair(x, o);
  // X's process has not heard of the join: the move is refused by its view, then by nothing.
  const auto refused = x.say(move_to("1,1"));
  EXPECT_EQ(value_of(refused.at(0), "code"), "not_your_turn");
  // A resigning needs event 2, which the join has: the room reads on, tells X, and goes ahead.
  const auto answer = x.say(R"({"action": "abort"})");
  EXPECT_EQ(action_of(answer.at(0)), "paired");
  EXPECT_EQ(value_of(answer.back(), "seq"), "3");
}

TEST_F(TwoProcesses, OneNumberIsNeverTwoEvents) {
  Player x(lobby_);
  Player o(other_);
  pair(x, o);
  Player also_x(other_);
  also_x.say(
      fmt::format(R"({{"action": "hello", "v": 1, "game_id": 100, "token": "{}"}})", x_token_));
  EXPECT_EQ(action_of(also_x.say(move_to("1,1")).back()), "opp-move");
  x.say(R"({"action": "resign"})");  // Refused or carried out on the position that there is now.
  const auto events = base::run(log_.read(100, 0));
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(events[i].seq, static_cast<Seq>(i));
}

/// What `player` hears first, waiting for it for a second.
std::string wait_to_hear(Player& player) {
  for (int i = 0; i < 1000; ++i) {
    const auto heard = player.hear();
    if (!heard.empty()) return heard[0];
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return "nothing";
}

TEST_F(TwoProcesses, AWakeupBringsTheOtherProcessForward) {
  Caretaker caretaker(lobby_, log_, wakeups_, {.poll_interval = std::chrono::hours(1)});
  Player x(lobby_);
  Player o(other_);
  pair(x, o);
  EXPECT_EQ(action_of(wait_to_hear(x)), "paired");
}

TEST_F(TwoProcesses, ThePollFindsWhatNoWakeupTold) {
  InProcessWakeups deaf;
  Caretaker caretaker(lobby_, log_, deaf, {.poll_interval = std::chrono::milliseconds(2)});
  Player x(lobby_);
  Player o(other_);
  pair(x, o);
  EXPECT_EQ(action_of(wait_to_hear(x)), "paired");
}

TEST_F(TwoProcesses, TheCaretakerSweeps) {
  now_ -= std::chrono::hours(1);
  Player x(lobby_);
  x.say(R"({"action": "new", "v": 1})");
  now_ += std::chrono::hours(1);
  Caretaker caretaker(lobby_, log_, wakeups_,
                      {.poll_interval = std::chrono::milliseconds(2),
                       .sweep_interval = std::chrono::milliseconds(2)});
  EXPECT_EQ(action_of(wait_to_hear(x)), "end");
}

TEST(Lobby, ManyThreadsInOneGameWriteOneLog) {
  MemoryGameLog log;
  const GameCatalog games = standard_games();
  InProcessWakeups wakeups;
  const LobbyOptions options{.credits = {.capacity = 0}};
  Lobby one(log, games, wakeups, options);
  Lobby two(log, games, wakeups, options);
  auto creator = std::make_unique<Player>(one);
  const auto x_token = value_of(creator->say(R"({"action": "new", "v": 1})").at(0), "token");
  Player joiner(one);
  const auto o_token =
      value_of(joiner.say(R"({"action": "join", "v": 1, "game_id": 100})").at(0), "token");
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        Player player(i % 2 == 0 ? one : two);
        for (int cell = 0; cell < 9; ++cell) {
          // Everyone keeps taking the seats from each other and moves wherever there is room.
          player.say(fmt::format(R"({{"action": "hello", "v": 1, "game_id": 100, "token": "{}"}})",
                                 (i + cell) % 2 == 0 ? x_token : o_token));
          player.say(move_to(fmt::format("{},{}", cell / 3, cell % 3)));
        }
      });
    }
  }
  GameRecord record(100, games);
  for (Event& event : base::run(log.read(100, 0))) record.apply(std::move(event));
  EXPECT_GE(record.move_count(), 1U);
}

TEST_F(LobbyTest, ARoomIsForgottenWithItsLastMember) {
  {
    Player x(lobby_);
    x.say(R"({"action": "new", "v": 1})");
    EXPECT_EQ(lobby_.room_count(), 1U);
    Player watcher(lobby_);
    watcher.say(R"({"action": "watch", "v": 1, "game_id": 100})");
    watcher.say(R"({"action": "watch", "v": 1, "game_id": 999})");
    EXPECT_EQ(lobby_.room_count(), 1U);
  }
  EXPECT_EQ(lobby_.room_count(), 0U);
}

TEST_F(LobbyTest, AComputerThatWasToMoveMovesWhenTheGameIsOpenedAgain) {
  std::string token;
  {
    Player x(lobby_);
    token = value_of(x.say(R"({"action": "new", "v": 1, "opponent": "bot"})").at(0), "token");
  }
  // The process ended between the player's move and the computer's.
  base::run(log_.append(100, Event{3, EventKind::kMove, Seat::kFirst, {}, "1,1", now_}, false));
  Player x(lobby_);
  const auto state =
      x.say(fmt::format(R"({{"action": "hello", "v": 1, "game_id": 100, "token": "{}"}})", token));
  EXPECT_EQ(value_of(state.at(0), "seq"), "4");
  EXPECT_EQ(value_of(state.at(0), "turn"), "X");
}

/// Where a computer thinks until it is let go.
class Gate {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    ++thinking_;
    changed_.notify_all();
    changed_.wait_for(lock, std::chrono::seconds(20), [this] { return is_open_; });
  }
  void await_thought() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20), [this] { return thinking_ > 0; });
    EXPECT_GT(thinking_, 0);
  }
  void open(bool is_open = true) {
    const std::lock_guard lock(mutex_);
    is_open_ = is_open;
    thinking_ = 0;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int thinking_ = 0;
  bool is_open_ = false;
};

Gate& gate() {
  static Gate gate;
  return gate;
}

TicTacToe::Move move_through_the_gate(const TicTacToe::State& state, BotLevel level,
                                      std::uint64_t seed) {
  gate().wait();
  return choose_tic_tac_toe_move(state, level, seed);
}

class SlowComputer : public LobbyTest {
 protected:
  SlowComputer() {
    gate().open(false);
    slow_games_.add<TicTacToe>(&move_through_the_gate);
    LobbyOptions options = options_;
    options.bot_threads = 1;
    slow_.emplace(log_, slow_games_, wakeups_, options);
  }
  ~SlowComputer() override { gate().open(); }

  GameCatalog slow_games_;
  std::optional<Lobby> slow_;
};

TEST_F(SlowComputer, HoldsUpNobodyWhileItThinks) {
  Player x(*slow_);
  x.say(R"({"action": "new", "v": 1, "opponent": "bot"})");
  const auto answer = x.say(move_to("1,1"));
  EXPECT_THAT(answer, SizeIs(1)) << "the move is acknowledged, and the computer's is to come";
  EXPECT_EQ(action_of(answer.at(0)), "opp-move");
  gate().await_thought();
  EXPECT_EQ(action_of(x.say(R"({"action": "ping"})").at(0)), "pong");
  Player other(*slow_);
  Player o(*slow_);
  other.say(R"({"action": "new", "v": 1})");
  o.say(R"({"action": "join", "v": 1, "game_id": 101})");
  other.hear();
  EXPECT_EQ(action_of(other.say(move_to("0,0")).at(0)), "opp-move");
  gate().open();
  EXPECT_EQ(action_of(wait_to_hear(x)), "move");
}

TEST_F(SlowComputer, ItsThoughtIsDroppedIfTheGameHasGoneOn) {
  {
    Player x(*slow_);
    x.say(R"({"action": "new", "v": 1, "opponent": "bot"})");
    x.say(move_to("1,1"));
    gate().await_thought();
    EXPECT_EQ(action_of(x.say(R"({"action": "resign"})").at(0)), "end");
    gate().open();
  }
  slow_.reset();  // It ends once the thought at hand has ended.
  const auto events = base::run(log_.read(100, 0));
  EXPECT_EQ(events.back().kind, EventKind::kResign);
  EXPECT_THAT(events, SizeIs(5)) << "create, two who sit down, a move, the resigning";
}

TEST_F(LobbyTest, TheSweeperEndsWhatWasLeft) {
  Player x(lobby_);
  x.say(R"({"action": "new", "v": 1})");
  now_ += std::chrono::minutes(9);
  Player later(lobby_);
  later.say(R"({"action": "new", "v": 1})");
  now_ += std::chrono::minutes(2);
  const SweepReport report = base::run(sweep(log_, {}, now_));
  EXPECT_EQ(report.waiting, 1U);
  EXPECT_EQ(report.idle, 0U);
  Player o(lobby_);
  EXPECT_THAT(o.say(R"({"action": "join", "v": 1, "game_id": 101})").at(0), HasSubstr("paired"));
  now_ += std::chrono::hours(25);
  EXPECT_EQ(base::run(sweep(log_, {}, now_)).idle, 1U);
  EXPECT_EQ(base::run(sweep(log_, {}, now_)).idle, 0U);
}

}  // namespace
}  // namespace hornbeam::live

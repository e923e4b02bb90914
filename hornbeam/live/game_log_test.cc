// Every log keeps the same promises.

#include "hornbeam/live/game_log.h"

#include <mutex>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/base/loop.h"
#include "hornbeam/data/testing/postgres_server.h"
#include "hornbeam/live/database_game_log.h"
#include "hornbeam/live/memory_game_log.h"

namespace hornbeam::live {
namespace {

using base::run;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct InMemory {
  bool is_there() const { return true; }
  MemoryGameLog log;
};
struct InDatabase {
  std::unique_ptr<data::Database> database = data::Database::open("sqlite://");
  DatabaseGameLog log{*database};
  InDatabase() { data::migrate(*database, game_log_migrations()); }
  bool is_there() const { return true; }
};

struct InPostgresql {
  static std::unique_ptr<data::Database> open() {
    data::PostgresServer* server = data::PostgresServer::shared();
    return server == nullptr ? nullptr : data::Database::open(server->new_database_url());
  }
  std::unique_ptr<data::Database> database = open();
  DatabaseGameLog log{*database};
  InPostgresql() {
    if (database) data::migrate(*database, game_log_migrations());
  }
  bool is_there() const { return database != nullptr; }
};

template <class Where>
class GameLogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!where_.is_there()) GTEST_SKIP() << "PostgreSQL is not installed";
  }
  static EventTime at(int second) { return EventTime(std::chrono::seconds(second)); }
  static Event event(Seq seq, EventKind kind, std::string detail, int second = 0) {
    return Event{seq, kind, Seat::kFirst, "c" + std::to_string(seq), std::move(detail), at(second)};
  }
  GameId create(int second = 0) {
    return run(log().create({event(0, EventKind::kCreate, "tic-tac-toe 1 7", second),
                             event(1, EventKind::kJoin, "token abc", second)},
                            std::nullopt))
        .value();
  }
  GameLog& log() { return where_.log; }
  Where where_;
};
using Places = ::testing::Types<InMemory, InDatabase, InPostgresql>;
TYPED_TEST_SUITE(GameLogTest, Places);

TYPED_TEST(GameLogTest, NumbersGamesFrom100ByOne) {
  for (GameId id = 100; id < 104; ++id) EXPECT_EQ(this->create(), id);
}

TYPED_TEST(GameLogTest, GivesBackWhatWasStored) {
  const GameId id = this->create();
  const Event move = this->event(2, EventKind::kMove, "1,1");
  EXPECT_TRUE(run(this->log().append(id, move, false)));
  EXPECT_THAT(run(this->log().read(id, 0)),
              ElementsAre(this->event(0, EventKind::kCreate, "tic-tac-toe 1 7"),
                          this->event(1, EventKind::kJoin, "token abc"), move));
  EXPECT_THAT(run(this->log().read(id, 2)), ElementsAre(move));
  EXPECT_THAT(run(this->log().read(id, 3)), IsEmpty());
  EXPECT_THAT(run(this->log().read(999, 0)), IsEmpty());
}

TYPED_TEST(GameLogTest, AnEventNumberIsGivenOnce) {
  const GameId id = this->create();
  EXPECT_TRUE(run(this->log().append(id, this->event(2, EventKind::kMove, "1,1"), false)));
  EXPECT_FALSE(run(this->log().append(id, this->event(2, EventKind::kMove, "0,0"), false)));
  EXPECT_EQ(run(this->log().read(id, 2)).front().detail, "1,1");
}

TYPED_TEST(GameLogTest, ARematchIsLinkedInTheSameStepOrNotBegun) {
  const GameId id = this->create();
  const std::vector<Event> next = {this->event(0, EventKind::kCreate, "tic-tac-toe 1 8")};
  EXPECT_EQ(run(this->log().create(next, RematchOf{id, 1})), std::nullopt);
  EXPECT_EQ(run(this->log().create(next, RematchOf{id, 2})), id + 1);
  const auto link = run(this->log().read(id, 2));
  ASSERT_THAT(link, SizeIs(1));
  EXPECT_EQ(link[0].kind, EventKind::kRematch);
  EXPECT_EQ(link[0].detail, std::to_string(id + 1));
  EXPECT_THAT(run(this->log().read(id + 2, 0)), IsEmpty());
}

TYPED_TEST(GameLogTest, TellsTheHeadsOfKnownGames) {
  const GameId id = this->create();
  const auto heads = run(this->log().heads({id, 999}));
  ASSERT_THAT(heads, SizeIs(1));
  EXPECT_EQ(heads[0].game, id);
  EXPECT_EQ(heads[0].last_seq, 1);
}

TYPED_TEST(GameLogTest, FindsOldGamesThatGoOn) {
  const GameId old = this->create(10);
  const GameId young = this->create(100);
  const GameId over = this->create(10);
  EXPECT_TRUE(run(this->log().append(over, this->event(2, EventKind::kAbort, "", 11), true)));
  const auto open = run(this->log().open_games(this->at(50), 10));
  ASSERT_THAT(open, SizeIs(1));
  EXPECT_EQ(open[0].game, old);
  EXPECT_EQ(open[0].last_seq, 1);
  EXPECT_EQ(open[0].last_at, this->at(10));
  EXPECT_TRUE(open[0].is_waiting);
  EXPECT_TRUE(run(this->log().append(old, this->event(2, EventKind::kJoin, "token x", 12), false)));
  EXPECT_FALSE(run(this->log().open_games(this->at(50), 10)).at(0).is_waiting);
  EXPECT_THAT(run(this->log().open_games(this->at(500), 1)), SizeIs(1)) << "a limit is a limit";
  EXPECT_THAT(run(this->log().open_games(this->at(500), 10)), SizeIs(2));
  EXPECT_NE(young, old);
}

// Two databases stand for two processes, which see the same highest number.
TEST(GameLogOnPostgresql, ProcessesThatCreateAtOnceGetNumbersOfTheirOwn) {
  data::PostgresServer* server = data::PostgresServer::shared();
  if (server == nullptr) GTEST_SKIP() << "PostgreSQL is not installed";
  const std::string url = server->new_database_url();
  data::migrate(*data::Database::open(url), game_log_migrations());
  constexpr int kGames = 20;
  std::mutex mutex;
  std::set<GameId> ids;
  {
    std::vector<std::jthread> processes;
    for (int process = 0; process < 3; ++process) {
      processes.emplace_back([&] {
        const auto database = data::Database::open(url);
        DatabaseGameLog log(*database);
        for (int game = 0; game < kGames; ++game) {
          const Event created{0,  EventKind::kCreate, std::nullopt,
                              "", "tic-tac-toe 1 7",  EventTime()};
          const GameId id = run(log.create({created}, std::nullopt)).value();
          const std::lock_guard lock(mutex);
          ids.insert(id);
        }
      });
    }
  }
  EXPECT_THAT(ids, SizeIs(3 * kGames));
  EXPECT_EQ(*ids.begin(), kFirstGame);
  EXPECT_EQ(*ids.rbegin(), kFirstGame + 3 * kGames - 1);
}

}  // namespace
}  // namespace hornbeam::live

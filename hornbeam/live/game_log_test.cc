// Every log keeps the same promises.

#include "hornbeam/live/game_log.h"

#include <mutex>
#include <set>
#include <thread>

#include <fmt/format.h>
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
                             event(1, EventKind::kJoin, last_token(++tokens_), second)},
                            std::nullopt, false))
        .value();
  }
  /// What the join of the `number`th game that was created says.
  static std::string last_token(int number) { return fmt::format("token {:043}", number); }
  GameLog& log() { return where_.log; }
  Where where_;
  int tokens_ = 0;
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
                          this->event(1, EventKind::kJoin, this->last_token(1)), move));
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
  EXPECT_EQ(run(this->log().create(next, RematchOf{id, 1}, true)), std::nullopt);
  EXPECT_EQ(run(this->log().create(next, RematchOf{id, 2}, true)), id + 1);
  const auto link = run(this->log().read(id, 2));
  ASSERT_THAT(link, SizeIs(1));
  EXPECT_EQ(link[0].kind, EventKind::kRematch);
  EXPECT_EQ(link[0].detail, std::to_string(id + 1));
  EXPECT_THAT(run(this->log().read(id + 2, 0)), IsEmpty());
}

TYPED_TEST(GameLogTest, ATokenBeginsOneGameUntilThatIsOver) {
  const GameId id = this->create();
  const std::string token = this->last_token(1);
  const std::vector<Event> again = {this->event(0, EventKind::kCreate, "tic-tac-toe 1 8"),
                                    this->event(1, EventKind::kJoin, token + " player 7")};
  EXPECT_EQ(run(this->log().create(again, std::nullopt, false)), std::nullopt);
  EXPECT_EQ(run(this->log().seat_of(token.substr(6))), id);
  EXPECT_EQ(run(this->log().seat_of("none")), std::nullopt);
  EXPECT_TRUE(run(this->log().append(id, this->event(2, EventKind::kAbort, ""), true)));
  EXPECT_EQ(run(this->log().seat_of(token.substr(6))), std::nullopt);
  EXPECT_EQ(run(this->log().create(again, std::nullopt, false)), id + 1);
  EXPECT_EQ(run(this->log().seat_of(token.substr(6))), id + 1);
}

TYPED_TEST(GameLogTest, AGameWhoseCreatorIsAwayIsNotListed) {
  const auto events = [&](std::string_view spec) {
    return std::vector{this->event(0, EventKind::kCreate, std::string(spec)),
                       this->event(1, EventKind::kJoin, this->last_token(77))};
  };
  const GameId id =
      run(this->log().create(events("tic-tac-toe 1 7 open rated rating=1612"), std::nullopt, false))
          .value();
  const auto listed = run(this->log().listed_games("tic-tac-toe", 9));
  ASSERT_THAT(listed, SizeIs(1));
  EXPECT_EQ(listed[0].spec.rating, 1612);
  run(this->log().set_listed(id, false));
  EXPECT_THAT(run(this->log().listed_games("", 9)), IsEmpty());
  run(this->log().set_listed(id, true));
  EXPECT_THAT(run(this->log().listed_games("", 9)), SizeIs(1));
  EXPECT_TRUE(run(this->log().append(id, this->event(2, EventKind::kJoin, "token x"), false)));
  run(this->log().set_listed(id, true));
  EXPECT_THAT(run(this->log().listed_games("", 9)), IsEmpty()) << "it is joined";
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
/// The logs that have an archive.
template <class Where>
class GameArchiveTest : public GameLogTest<Where> {};
using DatabasePlaces = ::testing::Types<InDatabase, InPostgresql>;
TYPED_TEST_SUITE(GameArchiveTest, DatabasePlaces);

TYPED_TEST(GameArchiveTest, AnArchivedGameIsReadAsBeforeAndWrittenToNoMore) {
  const GameId game = this->create();
  const GameId other = this->create();
  ASSERT_TRUE(run(this->log().append(game, this->event(2, EventKind::kMove, "1,1", 5), false)));
  ASSERT_TRUE(run(this->log().append(game, this->event(3, EventKind::kAbort, "", 9), true)));
  const auto before = run(this->log().read(game, 0));
  EXPECT_EQ(run(this->log().archive(this->at(9), 10, this->at(99))), 0U) << "it is not old enough";
  EXPECT_EQ(run(this->log().archive(this->at(10), 10, this->at(99))), 1U);
  EXPECT_EQ(run(this->log().archive(this->at(10), 10, this->at(99))), 0U);
  EXPECT_EQ(run(this->log().read(game, 0)), before);
  EXPECT_THAT(run(this->log().read(game, 3)), ElementsAre(before[3]));
  EXPECT_THAT(run(this->log().read(game, 4)), IsEmpty());
  EXPECT_EQ(run(this->log().heads({game})).at(0).last_seq, 3);
  // One who slept meanwhile and believes that event 2 is still to come.
  EXPECT_FALSE(run(this->log().append(game, this->event(2, EventKind::kMove, "2,2"), false)));
  EXPECT_FALSE(run(this->log().append(game, this->event(4, EventKind::kOfferRematch, ""), false)));
  EXPECT_TRUE(run(this->log().append(other, this->event(2, EventKind::kMove, "2,2"), false)));
  EXPECT_EQ(this->create(), other + 1) << "numbers go on";
}

TYPED_TEST(GameArchiveTest, TheStepCanBeUndone) {
  const GameId game = this->create();
  ASSERT_TRUE(run(this->log().append(game, this->event(2, EventKind::kAbort, "", 9), true)));
  const auto before = run(this->log().read(game, 0));
  EXPECT_EQ(run(this->log().archive(this->at(10), 10, this->at(99))), 1U);
  data::downgrade(*this->where_.database, game_log_migrations(), 1);
  data::migrate(*this->where_.database, game_log_migrations());
  EXPECT_EQ(run(this->log().read(game, 0)), before);
}

TEST(GameLogOnPostgresql, ProcessesThatCreateAtOnceGetNumbersOfTheirOwn) {
  data::PostgresServer* server = data::PostgresServer::shared();
  if (server == nullptr) GTEST_SKIP() << "PostgreSQL is not installed";
  const std::string url = server->new_database_url();
  data::migrate(*data::Database::open(url), game_log_migrations());
  // As many at once as used to lose to each other until their attempts were used up.
  constexpr int kAtOnce = 8;
  constexpr int kGames = 4 * kAtOnce;
  std::mutex mutex;
  std::set<GameId> ids;
  {
    std::vector<std::unique_ptr<data::Database>> processes;
    std::vector<std::jthread> players;
    for (int process = 0; process < 3; ++process) {
      processes.push_back(data::Database::open(url));
      for (int player = 0; player < kAtOnce; ++player) {
        players.emplace_back([&, database = processes.back().get()] {
          DatabaseGameLog log(*database);
          for (int game = 0; game < kGames / kAtOnce; ++game) {
            const Event created{0,  EventKind::kCreate, std::nullopt,
                                "", "tic-tac-toe 1 7",  EventTime()};
            const GameId id = run(log.create({created}, std::nullopt, false)).value();
            const std::lock_guard lock(mutex);
            ids.insert(id);
          }
        });
      }
    }
  }
  EXPECT_THAT(ids, SizeIs(3 * kGames));
  EXPECT_EQ(*ids.begin(), kFirstGame);
  EXPECT_EQ(*ids.rbegin(), kFirstGame + 3 * kGames - 1);
}

}  // namespace
}  // namespace hornbeam::live

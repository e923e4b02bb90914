// What only a server does: connections that break, conflicts, settings of a session, rows that
// stream. What both kinds of database do is tested beside the rest of data.

#include <atomic>
#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/base/url_password.h"
#include "hornbeam/data/postgres/placeholders.h"
#include "hornbeam/data/testing/fixture.h"

namespace hornbeam::data::postgres {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(PostgresPlaceholders, AreNumberedOutsideOfQuotesAndComments) {
  struct Case {
    std::string_view sql;
    std::string_view translated;
  };
  const Case cases[] = {
      {"SELECT ?, ?", "SELECT $1, $2"},
      {"SELECT '?', ?", "SELECT '?', $1"},
      {"SELECT 'it''s ?', ?", "SELECT 'it''s ?', $1"},
      {R"(SELECT E'\'?', ?)", R"(SELECT E'\'?', $1)"},
      {"SELECT \"?\" FROM t -- ?\n WHERE a = ?", "SELECT \"?\" FROM t -- ?\n WHERE a = $1"},
      {"/* ? */ SELECT ?", "/* ? */ SELECT $1"},
      {"SELECT $$ ? $$, $a$ $$ ? $a$, ?", "SELECT $$ ? $$, $a$ $$ ? $a$, $1"},
      {"SELECT a ?? 'key' AND b ??| ?", "SELECT a ? 'key' AND b ?| $1"},
      {"SELECT ?::int", "SELECT $1::int"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(translate_placeholders(each.sql).sql, each.translated);
  }
}

TEST(PostgresUrl, IsShownWithoutItsPasswords) {
  EXPECT_EQ(base::without_password("postgresql://me:s3cret@host/db?sslpassword=x&a=b"),
            "postgresql://me:***@host/db?sslpassword=***&a=b");
  EXPECT_EQ(base::without_password("postgresql://me@host:5432/db"), "postgresql://me@host:5432/db");
  const auto error =
      error_of([] { Database::open("postgresql://me:s3cret@127.0.0.1:1/db?connect_timeout=1"); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::kUnavailable);
  EXPECT_THAT(error->what(), testing::Not(HasSubstr("s3cret")));
}

class PostgresTest : public testing::Test {
 protected:
  void SetUp() override {
    if (PostgresServer::shared() == nullptr) GTEST_SKIP() << "PostgreSQL is not installed";
    open();
    create_tables(*database_);
  }
  void open(const DatabaseOptions& options = {}) {
    if (url_.empty()) url_ = PostgresServer::shared()->new_database_url();
    database_ = Database::open(url_, options);
  }
  template <class Work>
  auto write(Work work) {
    return database_->write_now(work);
  }

  std::string url_;
  std::unique_ptr<Database> database_;
};

TEST_F(PostgresTest, RowsStreamWhileOtherStatementsRun) {
  write([](Transaction& tx) {
    std::int64_t sum = 0;
    auto rows = tx.query<std::int64_t>("SELECT n FROM generate_series(1, 2000) n");
    while (const auto n = rows.next()) {
      sum += *n;
      if (*n % 500 == 0) tx.insert(Event{1, *n, "met"});
    }
    EXPECT_EQ(sum, 2001000);
    EXPECT_EQ(tx.query<int>("SELECT count(*) FROM events").one(), 4);
  });
}

TEST_F(PostgresTest, AReadMayLeaveALongResultUnread) {
  const auto first = database_->read_now([](Snapshot& db) {
    auto rows = db.query<std::int64_t>("SELECT generate_series(1, 100000000)::bigint");
    return rows.next();
  });
  EXPECT_EQ(first, 1);
  EXPECT_EQ(database_->read_now([](Snapshot& db) { return db.query<int>("SELECT 7").one(); }), 7);
}

TEST_F(PostgresTest, ValuesOfOtherTypesAreReadToo) {
  write([](Transaction& tx) {
    EXPECT_EQ(tx.query<std::int64_t>("SELECT sum(n) FROM generate_series(1, 3::bigint) n").one(),
              6);
    EXPECT_DOUBLE_EQ(tx.query<double>("SELECT -12345.000678::numeric").one(), -12345.000678);
    EXPECT_EQ(tx.query<std::string>("SELECT '{\"a\": 1}'::jsonb").one(), "{\"a\": 1}");
    EXPECT_EQ(tx.query<std::string>("SELECT '6f9619ff-8b86-d011-b42d-00cf4fc964ff'::uuid").one(),
              "6f9619ff-8b86-d011-b42d-00cf4fc964ff");
    const auto mixed = tx.query<std::tuple<std::string, int, bool, double>>(
                             "SELECT ARRAY[1, 2], 5, true, 0.5::float8")
                           .one();
    EXPECT_EQ(mixed, std::tuple("{1,2}", 5, true, 0.5));
    using Time = std::chrono::sys_time<milliseconds>;
    EXPECT_EQ(tx.query<Time>("SELECT '1969-12-31 23:59:59.5+00'::timestamptz").one(),
              Time(milliseconds(-500)));
    tx.execute("CREATE TABLE kinds (d jsonb, day date, small smallint)");
    const auto day = std::chrono::sys_days(std::chrono::year(2026) / 11 / 26);
    tx.execute("INSERT INTO kinds VALUES (?, ?, ?)", "{\"k\": 1}", day, 7);
    EXPECT_EQ(tx.query<std::chrono::sys_days>("SELECT day FROM kinds WHERE d ?? 'k'").one(), day);
    EXPECT_EQ(tx.query<int>("SELECT count(*) FROM kinds WHERE small < ?", 70'000).one(), 1);
    EXPECT_EQ(tx.query<int>("SELECT count(*) FROM kinds WHERE small < ?", 7.5).one(), 1);
  });
}

TEST_F(PostgresTest, ASettingHoldsForItsWorkAloneAndSurvivesAFailedStatement) {
  const auto current = [](Snapshot& db) {
    return db
        .query<std::optional<std::string>>(
            "SELECT current_setting('hornbeam.organisation', "
            "true)")
        .one()
        .value_or("");
  };
  database_->write_now(
      [&](Transaction& tx) {
        EXPECT_EQ(current(tx), "7");
        tx.set_local("hornbeam.organisation", "8");
        EXPECT_TRUE(error_of([&] { tx.execute("INSERT INTO events VALUES (NULL, 1, 'x')"); }));
        EXPECT_EQ(current(tx), "8");
      },
      {.settings = {{"hornbeam.organisation", "7"}}});
  EXPECT_EQ(write(current), "");
  EXPECT_EQ(database_->read_now(current, {.settings = {{"hornbeam.organisation", "9"}}}), "9");
}

TEST_F(PostgresTest, WorkThatLostToAnotherIsRunAgain) {
  write([](Transaction& tx) { tx.insert(Post{.author = 1, .title = "counter"}); });
  constexpr int kThreads = 4;
  constexpr int kRounds = 20;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < kRounds; ++round) {
          write([](Transaction& tx) {
            auto post = tx.find<Post>(1).value();
            ++post.score;
            tx.update(post);
          });
        }
      });
    }
  }
  EXPECT_EQ(database_->read_now([](Snapshot& db) { return db.find<Post>(1)->score; }),
            kThreads * kRounds);
  EXPECT_GT(database_->statistics().retries, 0u);
}

TEST_F(PostgresTest, AConflictEachTimeIsAnErrorAfterTheLastAttempt) {
  open({.most_attempts = 2});
  int runs = 0;
  const auto error = error_of([&] {
    write([&](Transaction& tx) {
      ++runs;
      tx.execute("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$");
    });
  });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::kConflict);
  EXPECT_EQ(runs, 2);
}

TEST_F(PostgresTest, WorkThatWaitsTooLongForAConnectionIsBusy) {
  open({.writers = 1, .longest_wait = milliseconds(20)});
  std::promise<void> held;
  std::promise<void> queued;
  std::jthread holder([&] {
    write([&](Transaction&) {
      held.set_value();
      queued.get_future().wait();
    });
  });
  held.get_future().wait();
  std::optional<DatabaseError> error;
  std::jthread waiter([&] { error = error_of([&] { write([](Transaction&) {}); }); });
  std::this_thread::sleep_for(milliseconds(60));
  queued.set_value();
  waiter.join();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::kBusy);
}

TEST_F(PostgresTest, ALockThatAnotherHoldsIsBusy) {
  open({.busy_timeout = milliseconds(30)});
  const auto other = database_->connect();
  other->begin(Begin::kWrite);
  other->run_script("LOCK TABLE events");
  const auto error = error_of([&] { write([](Transaction& tx) { tx.insert(Event{1, 1, "x"}); }); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::kBusy);
  other->rollback();
}

TEST_F(PostgresTest, AScriptMayNotEndItsTransaction) {
  const auto connection = database_->connect();
  connection->begin(Begin::kSchema);
  EXPECT_TRUE(error_of([&] { connection->run_script("SELECT 1; COMMIT"); }));
  connection->rollback();
}

TEST_F(PostgresTest, AStatementOutlivesAChangeOfItsTable) {
  const auto all = [](Snapshot& db) { return db.query<Event>("SELECT * FROM events").all(); };
  write([](Transaction& tx) { tx.insert(Event{1, 1, "x"}); });
  EXPECT_EQ(database_->read_now(all).size(), 1u);
  write([](Transaction& tx) { tx.execute("ALTER TABLE events ADD more TEXT"); });
  EXPECT_EQ(database_->read_now(all).size(), 1u);
}

TEST(PostgresRestart, WorkGoesOnAfterTheServerWasKilledInTheMiddle) {
  const auto server = PostgresServer::start();
  if (!server) GTEST_SKIP() << "PostgreSQL is not installed";
  const auto database =
      Database::open(server->new_database_url(), {.connect_timeout = milliseconds(20'000)});
  create_tables(*database);
  int runs = 0;
  database->write_now([&](Transaction& tx) {
    tx.insert(Event{1, 1, "before"});
    if (++runs == 1) {
      server->kill();
      server->start_again();
    }
    tx.insert(Event{1, 2, "after"});
  });
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(database->read_now([](Snapshot& db) { return db.select<Event>().count(); }), 2);
  server->kill();

  server->start_again();
  EXPECT_EQ(database->read_now([](Snapshot& db) { return db.select<Event>().count(); }), 2);
}

}  // namespace
}  // namespace hornbeam::data::postgres

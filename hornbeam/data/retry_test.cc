// Work that loses to other work at the same time, on both databases.

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/data/testing/fixture.h"

namespace hornbeam::data {
namespace {

/// Two databases stand for two processes: they share nothing but what is stored.
class RetryTest : public testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    if (GetParam() == Dialect::kPostgresql) {
      if (PostgresServer::shared() == nullptr) GTEST_SKIP() << "PostgreSQL is not installed";
      url_ = PostgresServer::shared()->new_database_url();
    }
    create_tables(*open());
  }
  std::unique_ptr<Database> open(const DatabaseOptions& options = {}) const {
    return Database::open(url_, options);
  }

  TemporaryFolder folder_;
  std::string url_ = folder_.url();
};
INSTANTIATE_TEST_SUITE_P(On, RetryTest, kEachDatabase, database_name);

int score(Database& database) {
  return database.read_now([](Snapshot& db) { return db.find<Post>(1)->score; });
}

TEST_P(RetryTest, NoAdditionOfTwoProcessesIsLost) {
  constexpr int kRounds = 25;
  const std::unique_ptr<Database> databases[] = {open(), open()};
  databases[0]->write_now(
      [](Transaction& tx) { tx.insert(Post{.author = 1, .title = "counter"}); });
  {
    std::vector<std::jthread> threads;
    for (const auto& database : databases) {
      for (int i = 0; i < 2; ++i) {
        threads.emplace_back([&] {
          for (int round = 0; round < kRounds; ++round) {
            database->write_now(
                [](Transaction& tx) {
                  Post post = tx.find<Post>(1).value();
                  ++post.score;
                  tx.update(post);
                },
                {.most_attempts = 1000});
          }
        });
      }
    }
  }
  EXPECT_EQ(score(*databases[0]), 4 * kRounds);
}

TEST_P(RetryTest, WhatOthersCannotCauseIsNotTriedAgain) {
  const auto database = open();
  int runs = 0;
  const auto error = error_of([&] {
    database->write_now([&](Transaction& tx) {
      ++runs;
      tx.insert(Post{.author = 1, .title = "below zero", .score = -1});
    });
  });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::kCheck);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(database->statistics().retries, 0u);
}

// Of two that read before either writes, one must lose. Only a server runs both at once.
TEST_P(RetryTest, WorkThatMustNotRunTwiceFailsInstead) {
  if (GetParam() == Dialect::kSqlite) GTEST_SKIP() << "SQLite's writes never meet";
  const std::unique_ptr<Database> databases[] = {open(), open()};
  databases[0]->write_now(
      [](Transaction& tx) { tx.insert(Post{.author = 1, .title = "counter"}); });
  std::atomic<int> readers = 0;
  std::atomic<int> lost = 0;
  {
    std::vector<std::jthread> threads;
    for (const auto& database : databases) {
      threads.emplace_back([&] {
        const auto error = error_of([&] {
          database->write_now(
              [&](Transaction& tx) {
                Post post = tx.find<Post>(1).value();
                ++readers;
                readers.notify_all();
                while (readers < 2) readers.wait(1);
                ++post.score;
                tx.update(post);
              },
              {.most_attempts = 1});
        });
        if (error && error->kind() == ErrorKind::kConflict) ++lost;
      });
    }
  }
  EXPECT_EQ(lost, 1);
  EXPECT_EQ(score(*databases[0]), 1);
}

}  // namespace
}  // namespace hornbeam::data

// Readers and the writer at the same time: run under the thread sanitizer too.

#include <future>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/base/loop.h"
#include "hornbeam/data/testing/fixture.h"

namespace hornbeam::data {
namespace {

TEST(Concurrency, AReadSeesTheDatabaseAsItWasWhenItBegan) {
  const TemporaryFolder folder;
  const auto database = Database::open(folder.url());
  create_tables(*database);
  std::promise<void> began;
  std::promise<void> wrote;
  std::int64_t first = -1;
  std::int64_t second = -1;
  std::jthread reader([&] {
    database->read_now([&](Snapshot& db) {
      first = db.select<Event>().count();
      began.set_value();
      wrote.get_future().wait();
      second = db.select<Event>().count();
    });
  });
  began.get_future().wait();
  database->write_now([](Transaction& tx) { tx.insert(Event{1, 1, "meanwhile"}); });
  wrote.set_value();
  reader.join();
  EXPECT_EQ(first, 0);
  EXPECT_EQ(second, 0);
  EXPECT_EQ(database->read_now([](Snapshot& db) { return db.select<Event>().count(); }), 1);
}

// Two accounts: money moves from one to the other, and every reader at any time sees the same sum.
base::Task<void> transfer(Database& database, int rounds, std::shared_ptr<void> until_all_end) {
  for (int i = 0; i < rounds; ++i) {
    co_await database.write([](Transaction& tx) {
      tx.execute("UPDATE posts SET score = score - 1 WHERE id = 1");
      tx.execute("UPDATE posts SET score = score + 1 WHERE id = 2");
    });
  }
}

base::Task<void> audit(Database& database, int rounds, int& wrong,
                       std::shared_ptr<void> until_all_end) {
  for (int i = 0; i < rounds; ++i) {
    const auto sum = co_await database.read([](Snapshot& db) {
      return db.query<std::int64_t>("SELECT score FROM posts WHERE id = 1").one() +
             db.query<std::int64_t>("SELECT score FROM posts WHERE id = 2").one();
    });
    if (sum != 10'000) ++wrong;
  }
}

class ConcurrencyTest : public testing::TestWithParam<bool> {};

TEST_P(ConcurrencyTest, ManyLoopsReadAndWriteAndEveryReadIsConsistent) {
  const TemporaryFolder folder;
  const bool in_memory = GetParam();
  const auto database = Database::open(in_memory ? "sqlite://" : folder.url(), {.readers = 3});
  create_tables(*database);
  database->write_now([](Transaction& tx) {
    tx.insert(Post{.author = 1, .title = "from", .score = 10'000});
    tx.insert(Post{.author = 2, .title = "to", .score = 0});
  });
  constexpr int kLoops = 3;
  constexpr int kTasks = 8;
  constexpr int kRounds = 15;
  int wrong[kLoops] = {};
  {
    std::vector<std::jthread> threads;
    for (int& mine : wrong) {
      threads.emplace_back([&database, &mine] {
        base::Loop loop;
        // The last task to end lets go of the last copy, which stops the loop.
        std::shared_ptr<void> all(nullptr, [&loop](void*) { loop.stop(); });
        for (int i = 0; i < kTasks; ++i) {
          base::spawn_on(loop, transfer(*database, kRounds, all), "transfer");
          base::spawn_on(loop, audit(*database, kRounds, mine, all), "audit");
        }
        all.reset();
        loop.run();
      });
    }
  }
  for (const int each : wrong) EXPECT_EQ(each, 0);
  const auto moved = database->read_now([](Snapshot& db) { return db.find<Post>(2)->score; });
  EXPECT_EQ(moved, kLoops * kTasks * kRounds);
}

INSTANTIATE_TEST_SUITE_P(OnDiskAndInMemory, ConcurrencyTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "InMemory" : "OnDisk"; });

base::Task<void> insert(Database& database, std::int64_t seq, int& acknowledged) {
  co_await database.write([seq](Transaction& tx) { tx.insert(Event{1, seq, "x"}); });
  ++acknowledged;
}

TEST(Concurrency, ADatabaseThatEndsDoesWhatIsQueuedFirst) {
  const TemporaryFolder folder;
  int acknowledged = 0;
  base::Loop loop;
  {
    const auto database = Database::open(folder.url());
    create_tables(*database);
    for (int seq = 0; seq < 50; ++seq) {
      base::spawn_on(loop, insert(*database, seq, acknowledged), "insert");
    }
    loop.post([&] { loop.stop(); });
    loop.run();
  }
  loop.post([&] { loop.stop(); });
  loop.run();
  EXPECT_EQ(acknowledged, 50);
  const auto again = Database::open(folder.url());
  EXPECT_EQ(again->read_now([](Snapshot& db) { return db.select<Event>().count(); }), 50);
}

}  // namespace
}  // namespace hornbeam::data

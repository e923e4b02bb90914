// How writes share commits, and what each caller is told when something in the batch goes wrong.

#include "hornbeam/data/internal/group_commit.h"

#include <future>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/base/loop.h"
#include "hornbeam/data/testing/faulty_files.h"
#include "hornbeam/data/testing/fixture.h"

namespace hornbeam::data {
namespace {

using testing::HasSubstr;

/// What became of a write: empty if it was acknowledged, or what its caller was told.
struct Outcomes {
  std::vector<std::string> told;
  std::vector<std::optional<ErrorKind>> kinds;
  std::size_t open = 0;
};

using Work = std::function<void(Transaction&)>;

base::Task<void> hold_up(Database& database, std::promise<void>& held, std::future<void> until) {
  co_await database.write([&](Transaction&) {
    held.set_value();
    until.wait();
  });
}

base::Task<void> run_one(Database& database, Work work, std::size_t index, Outcomes& outcomes,
                         base::Loop& loop) {
  try {
    co_await database.write([&](Transaction& tx) { work(tx); });
  } catch (const DatabaseError& error) {
    outcomes.told[index] = error.what();
    outcomes.kinds[index] = error.kind();
  } catch (const std::exception& failure) {
    outcomes.told[index] = failure.what();
  }
  if (--outcomes.open == 0) loop.stop();
}

/// Runs all of `works` in one batch: they are queued while the writer is held up by a job before
/// them.
Outcomes in_one_batch(Database& database, std::vector<Work> works) {
  Outcomes outcomes{std::vector<std::string>(works.size()),
                    std::vector<std::optional<ErrorKind>>(works.size()), works.size()};
  std::promise<void> held;
  std::promise<void> queued;
  base::Loop loop;
  base::spawn_on(loop, hold_up(database, held, queued.get_future()), "hold up");
  loop.post([&] { held.get_future().wait(); });
  for (std::size_t i = 0; i < works.size(); ++i) {
    base::spawn_on(loop, run_one(database, std::move(works[i]), i, outcomes, loop), "write");
  }
  loop.post([&] { queued.set_value(); });
  loop.run();
  return outcomes;
}

base::Task<void> execute_one(Database& database, int seq, std::string body, Outcomes& outcomes,
                             base::Loop& loop) {
  try {
    EXPECT_EQ(co_await database.execute("INSERT INTO events VALUES (?, ?, ?)", 1, seq / 2, body),
              1);
  } catch (const DatabaseError& error) {
    outcomes.kinds[static_cast<std::size_t>(seq)] = error.kind();
  }
  if (--outcomes.open == 0) loop.stop();
}

class GroupCommitTest : public testing::Test {
 protected:
  explicit GroupCommitTest(DatabaseOptions options = {}, const std::string& more = "")
      : database_(Database::open(folder_.url() + more, options)) {
    create_tables(*database_);
  }

  std::int64_t events() {
    return database_->read_now([](Snapshot& db) { return db.select<Event>().count(); });
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_;
};

TEST_F(GroupCommitTest, ManyWritesShareOneCommitAndTheLoopIsNeverBlocked) {
  const auto before = database_->statistics();
  std::vector<Work> works;
  for (int seq = 1; seq <= 200; ++seq) {
    works.push_back([seq](Transaction& tx) { tx.insert(Event{1, seq, "move"}); });
  }
  // That the batch forms at all shows the loop running while the writer is held up: it queued all
  // of them meanwhile.
  const Outcomes outcomes = in_one_batch(*database_, std::move(works));
  const auto after = database_->statistics();
  EXPECT_THAT(outcomes.told, testing::Each(""));
  EXPECT_EQ(events(), 200);
  EXPECT_EQ(after.writes - before.writes, 201u);
  EXPECT_EQ(after.commits - before.commits, 2u);
  EXPECT_EQ(after.largest_batch, 200u);
}

TEST_F(GroupCommitTest, AJobThatThrowsIsUndoneAloneAndTellsOnlyItsCaller) {
  std::vector<Work> works;
  for (int seq = 0; seq < 20; ++seq) {
    works.push_back([seq](Transaction& tx) {
      tx.insert(Event{1, seq, "move"});
      if (seq % 3 == 0) throw std::runtime_error("work " + std::to_string(seq));
    });
  }
  const Outcomes outcomes = in_one_batch(*database_, std::move(works));
  for (int seq = 0; seq < 20; ++seq) {
    const bool threw = seq % 3 == 0;
    EXPECT_EQ(outcomes.told[static_cast<std::size_t>(seq)],
              threw ? "work " + std::to_string(seq) : "");
    const auto row = database_->read_now([&](Snapshot& db) { return db.find<Event>(1, seq); });
    EXPECT_EQ(row.has_value(), !threw);
  }
  EXPECT_EQ(database_->statistics().failed_writes, 7u);
}

/// Three pieces of work in one batch, of which the second fails; how often each ran.
std::vector<int> runs_of_three(Database& database, std::int64_t game) {
  std::vector<int> runs(3);
  std::vector<Work> works;
  for (std::size_t seq = 0; seq < 3; ++seq) {
    works.push_back([&runs, game, seq](Transaction& tx) {
      ++runs[seq];
      tx.insert(Event{game, static_cast<std::int64_t>(seq), "move"});
      if (seq == 1) throw std::runtime_error("no");
    });
  }
  EXPECT_THAT(in_one_batch(database, std::move(works)).told, testing::ElementsAre("", "no", ""));
  return runs;
}

TEST_F(GroupCommitTest, WorkRunsAgainIfLaterWorkFailsAndThenBehindSavepoints) {
  EXPECT_THAT(runs_of_three(*database_, 1), testing::ElementsAre(2, 2, 1));
  EXPECT_THAT(runs_of_three(*database_, 2), testing::ElementsAre(1, 1, 1));
  EXPECT_EQ(events(), 4);
}

class OnceOnlyTest : public GroupCommitTest {
 protected:
  OnceOnlyTest() : GroupCommitTest({.most_attempts = 1}) {}
};

TEST_F(OnceOnlyTest, WorkThatMayNotRunTwiceDoesNot) {
  EXPECT_THAT(runs_of_three(*database_, 1), testing::ElementsAre(1, 1, 1));
  EXPECT_EQ(events(), 2);
}

TEST_F(GroupCommitTest, ABatchOfFailuresCommitsNothing) {
  std::vector<Work> works(5, [](Transaction& tx) {
    tx.insert(Event{1, 1, "move"});
    throw std::runtime_error("no");
  });
  const auto before = database_->statistics().commits;
  EXPECT_THAT(in_one_batch(*database_, std::move(works)).told, testing::Each("no"));
  EXPECT_EQ(database_->statistics().commits - before, 1u)
      << "only of the job that held the writer up";
  EXPECT_EQ(events(), 0);
}

TEST_F(GroupCommitTest, OfSeveralWhoWriteTheSameKeyOneWins) {
  std::vector<Work> works(6, [](Transaction& tx) { tx.insert(Event{1, 1, "mine"}); });
  const Outcomes outcomes = in_one_batch(*database_, std::move(works));
  EXPECT_FALSE(outcomes.kinds[0].has_value());
  for (std::size_t i = 1; i < 6; ++i) EXPECT_EQ(outcomes.kinds[i], ErrorKind::kUniqueViolation);
}

TEST_F(GroupCommitTest, AStatementThatFailsIsUndoneAloneWithoutASavepoint) {
  Outcomes outcomes{{}, std::vector<std::optional<ErrorKind>>(40), 40};
  base::Loop loop;
  for (int seq = 0; seq < 40; ++seq) {
    base::spawn_on(loop, execute_one(*database_, seq, std::to_string(seq), outcomes, loop),
                   "execute");
  }
  loop.run();
  for (std::size_t seq = 0; seq < 40; ++seq) {
    EXPECT_EQ(outcomes.kinds[seq] == ErrorKind::kUniqueViolation, seq % 2 == 1) << seq;
  }
  EXPECT_EQ(events(), 20);
}

TEST_F(GroupCommitTest, AReferenceCheckedLateFailsOnlyTheJobThatLeavesItOpen) {
  database_->write_now([](Transaction& tx) {
    tx.execute("CREATE TABLE seats (post INTEGER REFERENCES posts DEFERRABLE INITIALLY DEFERRED)");
  });
  const auto dangling = [](Transaction& tx) { tx.execute("INSERT INTO seats VALUES (99)"); };
  const auto mended = [](Transaction& tx) {
    tx.execute("INSERT INTO seats VALUES (7)");
    tx.execute("INSERT INTO posts (id, author, title) VALUES (7, 1, 'x')");
  };
  const Outcomes outcomes = in_one_batch(*database_, {dangling, mended, dangling});
  EXPECT_EQ(outcomes.kinds[0], ErrorKind::kForeignKey);
  EXPECT_EQ(outcomes.told[1], "");
  EXPECT_EQ(outcomes.kinds[2], ErrorKind::kForeignKey);
}

TEST_F(GroupCommitTest, AFullDiskIsAnErrorAndWritingGoesOnOnceThereIsRoom) {
  database_->write_now([](Transaction& tx) {
    const auto pages = tx.query<std::int64_t>("PRAGMA page_count").one();
    const std::string limit = "PRAGMA max_page_count = " + std::to_string(pages + 4);
    tx.query<std::int64_t>(unchecked_sql(limit)).one();
  });
  const auto small = [](Transaction& tx) { tx.insert(Event{1, 1, "small"}); };
  const auto large = [](Transaction& tx) { tx.insert(Event{1, 2, std::string(100'000, 'x')}); };
  const auto late = [](Transaction& tx) { tx.insert(Event{1, 3, "late"}); };
  const Outcomes outcomes = in_one_batch(*database_, {large, small, late});
  EXPECT_EQ(outcomes.kinds[0], ErrorKind::kDiskFull) << outcomes.told[0];
  EXPECT_EQ(outcomes.told[1], "");
  EXPECT_EQ(outcomes.told[2], "");
  EXPECT_EQ(events(), 2);
  database_->write_now(
      [](Transaction& tx) { tx.query<std::int64_t>("PRAGMA max_page_count = 100000").one(); });
  EXPECT_THAT(in_one_batch(*database_, {large}).told, testing::Each(""));
}

// Without room, SQLite undoes the whole transaction and not just the statement.
TEST(GroupCommitInMemory, AJobThatLosesTheWholeTransactionTellsTheOthersToTryAgain) {
  const auto database = Database::open("sqlite://");
  create_tables(*database);
  database->write_now([](Transaction& tx) {
    const auto pages = tx.query<std::int64_t>("PRAGMA page_count").one();
    const std::string limit = "PRAGMA max_page_count = " + std::to_string(pages + 4);
    tx.query<std::int64_t>(unchecked_sql(limit)).one();
  });
  const auto small = [](int seq) {
    return [seq](Transaction& tx) { tx.insert(Event{1, seq, "small"}); };
  };
  const auto large = [](Transaction& tx) { tx.insert(Event{1, 2, std::string(100'000, 'x')}); };
  const auto swallows = [large](Transaction& tx) {
    try {
      large(tx);
    } catch (const DatabaseError&) {
    }
  };
  const Outcomes outcomes =
      in_one_batch(*database, {small(1), large, small(3), swallows, small(5)});
  EXPECT_EQ(outcomes.kinds[0], ErrorKind::kBusy);
  EXPECT_THAT(outcomes.told[0],
              HasSubstr("try again. Its error: running a statement: database or disk is full"));
  EXPECT_EQ(outcomes.kinds[1], ErrorKind::kDiskFull);
  EXPECT_EQ(outcomes.kinds[2], ErrorKind::kBusy);
  EXPECT_THAT(outcomes.told[3],
              HasSubstr("the work caught an error after which the database had undone"));
  EXPECT_EQ(outcomes.told[4], "");
  EXPECT_EQ(database->read_now([](Snapshot& db) { return db.select<Event>().count(); }), 1);
}

// A base class, so that the file layer is there before the database and after it.
struct WithFaultyFiles {
  FaultyFiles files;
};
class GroupCommitOnBadDiskTest : private WithFaultyFiles, public GroupCommitTest {
 protected:
  GroupCommitOnBadDiskTest() : GroupCommitTest({}, "?vfs=faulty") {}
};

TEST_F(GroupCommitOnBadDiskTest, AFailedSyncFailsTheWholeBatchAndEveryWriteAfterIt) {
  const auto insert = [](int seq) {
    return [seq](Transaction& tx) { tx.insert(Event{1, seq, "move"}); };
  };
  EXPECT_THAT(in_one_batch(*database_, {insert(1)}).told, testing::Each(""));
  FaultyFiles::fail_syncs_of(FaultyFiles::Failing::kLog);
  const Outcomes outcomes = in_one_batch(*database_, {insert(2), insert(3)});
  FaultyFiles::fail_syncs_of(FaultyFiles::Failing::kNothing);
  for (const auto& kind : outcomes.kinds) EXPECT_EQ(kind, ErrorKind::kIo);

  const int syncs = FaultyFiles::syncs();
  const auto error = error_of([&] { database_->write_now(insert(4)); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::kIo);
  EXPECT_THAT(error->what(), HasSubstr("writes are refused since the disk failed"));
  EXPECT_EQ(events(), 1) << "reading goes on";
  database_.reset();
  EXPECT_EQ(FaultyFiles::syncs(), syncs) << "no failed sync is tried again";
}

TEST_F(GroupCommitOnBadDiskTest, ACommitWritesTheLogInFewPieces) {
  std::vector<Work> works;
  for (int game = 0; game < 100; ++game) {
    works.push_back([game](Transaction& tx) { tx.insert(Event{game, 1, std::string(3000, 'x')}); });
  }
  const int before = FaultyFiles::log_writes();
  EXPECT_THAT(in_one_batch(*database_, std::move(works)).told, testing::Each(""));
  EXPECT_LE(FaultyFiles::log_writes() - before, 8) << "over a hundred pages were written";
  EXPECT_EQ(events(), 100);
}

TEST_F(GroupCommitOnBadDiskTest, ALogWithoutRoomFailsTheBatchAndWritingGoesOnOnceThereIsRoom) {
  const auto insert = [](int seq) {
    return [seq](Transaction& tx) { tx.insert(Event{1, seq, "move"}); };
  };
  FaultyFiles::leave_room(FaultyFiles::Room::kNone);
  const Outcomes outcomes = in_one_batch(*database_, {insert(1), insert(2)});
  for (const auto& kind : outcomes.kinds) EXPECT_EQ(kind, ErrorKind::kDiskFull);
  FaultyFiles::leave_room(FaultyFiles::Room::kEnough);
  EXPECT_EQ(events(), 0);
  EXPECT_THAT(in_one_batch(*database_, {insert(3), insert(4)}).told, testing::Each(""));
  database_ = nullptr;
  database_ = Database::open(folder_.url());
  EXPECT_EQ(events(), 2);
  const auto check = database_->read_now(
      [](Snapshot& db) { return db.query<std::string>("PRAGMA integrity_check").one(); });
  EXPECT_EQ(check, "ok");
}

TEST_F(GroupCommitOnBadDiskTest, AFailedCheckpointEndsWritingToo) {
  FaultyFiles::fail_syncs_of(FaultyFiles::Failing::kDatabaseFile);
  // Leaves a log that is worth a checkpoint, which another thread begins as soon as this is
  // acknowledged.
  database_->write_now([](Transaction& tx) {
    for (int game = 0; game < 3000; ++game) tx.insert(Event{game, 1, std::string(4000, 'x')});
  });
  // These change nothing, so that the copy can catch up with the log: only then is the file synced.
  const auto nothing = [](Transaction& tx) { tx.execute("DELETE FROM events WHERE seq = 99"); };
  std::optional<DatabaseError> error;
  while (!error) error = error_of([&] { database_->write_now(nothing); });
  EXPECT_EQ(error->kind(), ErrorKind::kIo);
  EXPECT_THAT(error->what(), HasSubstr("copying the write-ahead log into the database"));
}

class SmallQueueTest : public GroupCommitTest {
 protected:
  SmallQueueTest()
      : GroupCommitTest({.busy_timeout = std::chrono::milliseconds(30), .most_queued = 3}) {}
};

TEST_F(SmallQueueTest, AFullQueueRefusesAtOnce) {
  std::vector<Work> works(10, [](Transaction&) {});
  const Outcomes outcomes = in_one_batch(*database_, std::move(works));
  EXPECT_EQ(std::ranges::count(outcomes.kinds, ErrorKind::kBusy), 7);
  EXPECT_THAT(outcomes.told.back(), HasSubstr("3 writes are waiting, which is the most"));
}

TEST_F(SmallQueueTest, AnotherProcessHoldingTheLockIsBusy) {
  const auto other = Database::open(folder_.url())->connect();
  other->begin(Begin::kWrite);
  const auto error = error_of([&] { database_->write_now([](Transaction&) {}); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::kBusy);
  other->rollback();
  database_->write_now([](Transaction& tx) { tx.insert(Event{1, 1, "after"}); });
}

}  // namespace
}  // namespace hornbeam::data

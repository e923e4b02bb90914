#include "hornbeam/feed/change_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/feed/followers.h"
#include "hornbeam/feed/testing/library.h"

namespace hornbeam::feed {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ChangeLogTest : public OnLibrary {
 protected:
  void insert(int first, int last) {
    database_->write_now([&](data::Transaction& tx) {
      for (int id = first; id <= last; ++id) {
        tx.execute("INSERT INTO books (id, title) VALUES (?, '')", id);
      }
    });
  }
  Lag lag() {
    return database_->read_now([&](data::Snapshot& db) { return lag_of(db, cursor_); });
  }
  Trimmed trim_now(const TrimOptions& options = {}) {
    return database_->write_now([&](data::Transaction& tx) { return trim(tx, options); });
  }
};
INSTANTIATE_TEST_SUITE_P(On, ChangeLogTest, data::kEachDatabase, data::database_name);

TEST_P(ChangeLogTest, IsReadInPiecesAndNothingTwice) {
  insert(1, 10);
  most_ = 3;
  EXPECT_EQ(changes().size(), 10U);
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_EQ(cursor_, newest_cursor());
}

TEST_P(ChangeLogTest, ACursorSurvivesAsTextInTheMiddleOfAPiece) {
  insert(1, 5);
  Changes read =
      database_->read_now([&](data::Snapshot& db) { return read_changes(db, cursor_, 2); });
  EXPECT_TRUE(read.has_more);
  EXPECT_EQ(read.changes.size(), 2U);
  insert(6, 6);
  cursor_ = Cursor::parse(read.next.text()).value();
  EXPECT_EQ(cursor_, read.next);
  EXPECT_EQ(lag().changes, 4);
  EXPECT_EQ(changes().size(), 4U);
  EXPECT_EQ(lag().changes, 0);
}

TEST_P(ChangeLogTest, WhatIsRolledBackLeavesNothing) {
  EXPECT_THROW(database_->write_now([](data::Transaction& tx) {
    tx.execute("INSERT INTO books (id, title) VALUES (1, '')");
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_P(ChangeLogTest, TellsHowFarOneIsBehind) {
  EXPECT_EQ(lag().changes, 0);
  EXPECT_EQ(lag().seconds, 0);
  insert(1, 4);
  EXPECT_EQ(lag().changes, 4);
  EXPECT_GE(lag().seconds, 0);
  EXPECT_LT(lag().seconds, 100);
}

TEST_P(ChangeLogTest, ChangesAddedByHandAreReadAsAnyOther) {
  const Change repair[] = {{"books.id", "7"}};
  database_->write_now([&](data::Transaction& tx) { add_changes(tx, repair); });
  EXPECT_THAT(changes(), ElementsAre("books.id=7"));
}

TEST_P(ChangeLogTest, RefusesCursorsOfOtherLogsAndOfTheFuture) {
  Cursor other = cursor_;
  other.log = "ffff";
  Cursor future = cursor_;
  if (future.seen) {
    future.seen->xmax += 1000;
    future.seen->xmin += 1000;
  } else {
    future.seq += 1000;
  }
  for (const Cursor& each : {other, future}) {
    EXPECT_THROW(
        database_->read_now([&](data::Snapshot& db) { return read_changes(db, each, 10); }),
        CursorLost);
  }
}

TEST_P(ChangeLogTest, IsTrimmedBehindTheSlowestFollower) {
  const Cursor begin = cursor_;
  insert(1, 3);
  changes();
  const auto slow = take_lease(*database_, "slow", "a", std::chrono::seconds(10));
  const auto fast = take_lease(*database_, "fast", "a", std::chrono::seconds(10));
  EXPECT_EQ(trim_now().read, 0) << "one that has not said where it is needs everything";
  renew_lease(*database_, *slow, std::chrono::seconds(10), cursor_);
  insert(4, 6);
  const Cursor between = cursor_;
  changes();
  renew_lease(*database_, *fast, std::chrono::seconds(10), cursor_);
  EXPECT_EQ(trim_now().read, 3);
  cursor_ = between;
  EXPECT_EQ(changes().size(), 3U);
  cursor_ = begin;
  EXPECT_THROW(changes(), CursorLost);
  database_->write_now([](data::Transaction& tx) { forget_follower(tx, "slow"); });
  EXPECT_EQ(trim_now().read, 3);
}

TEST_P(ChangeLogTest, IsBoundedByTheRowsWhileAFollowerStandsStill) {
  insert(1, 5);
  changes();
  const auto lease = take_lease(*database_, "stands", "a", std::chrono::seconds(10));
  renew_lease(*database_, *lease, std::chrono::seconds(10), cursor_);
  for (int round = 0; round < 20; ++round) {
    run("UPDATE books SET title = 'again'");
    trim_now({.compact_above = 0});
  }
  EXPECT_LE(lag().changes, 10);
  EXPECT_THAT(changes(), testing::IsSupersetOf({"books.id=1", "books.id=3", "books.id=5"}));
}

TEST_P(ChangeLogTest, IsCompactedBeforeAFollowerHasSaidHowFarItIs) {
  const auto lease = take_lease(*database_, "fills", "a", std::chrono::seconds(10));
  insert(1, 5);
  for (int round = 0; round < 20; ++round) {
    run("UPDATE books SET title = 'again'");
    trim_now({.compact_above = 0});
  }
  EXPECT_LE(lag().changes, 10);
  EXPECT_THAT(changes(), testing::IsSupersetOf({"books.id=1", "books.id=3", "books.id=5"}));
}

TEST_P(ChangeLogTest, IsNotKeptForAFollowerThatHasLostItsPlace) {
  const auto lost = take_lease(*database_, "lost", "a", std::chrono::seconds(10));
  insert(1, 3);
  trim_now({.give_up_after = std::chrono::hours(-1)});
  renew_lease(*database_, *lost, std::chrono::seconds(10), cursor_);
  EXPECT_THROW(changes(), CursorLost);
  insert(4, 6);
  EXPECT_EQ(trim_now().read, 3);
}

TEST_P(ChangeLogTest, ALeaseIsTakenByOneAndItsTokenRises) {
  using std::chrono::milliseconds;
  const auto first = take_lease(*database_, "books", "a", milliseconds(60'000));
  ASSERT_TRUE(first);
  EXPECT_FALSE(take_lease(*database_, "books", "b", milliseconds(60'000)));
  EXPECT_TRUE(renew_lease(*database_, *first, milliseconds(-1)));
  const auto second = take_lease(*database_, "books", "b", milliseconds(60'000));
  ASSERT_TRUE(second);
  EXPECT_GT(second->token, first->token);
  EXPECT_FALSE(renew_lease(*database_, *first, milliseconds(60'000)));
  release_lease(*database_, *first);
  EXPECT_TRUE(renew_lease(*database_, *second, milliseconds(60'000)));
  release_lease(*database_, *second);
  EXPECT_TRUE(take_lease(*database_, "books", "a", milliseconds(60'000)));
}

TEST(Cursor, IsReadFromWhatItWrote) {
  for (const char* text :
       {"ab:17", "ab:10:20:", "ab:10:20:10,12", "ab:10:20:11>15:30:16,18>12.7"}) {
    EXPECT_EQ(Cursor::parse(text).value().text(), text);
  }
  for (const char* text : {"", "ab", "ab:", "ab:x", ":1", "ab:20:10:", "ab:10:20:9", "ab:10:20:>",
                           "ab:10:20:>15:30:>1", "ab:10:20:15,11", "ab:-1"}) {
    EXPECT_FALSE(Cursor::parse(text)) << text;
  }
}

TEST(Cursor, CoversWhatIsFinishedInBoth) {
  // Every small snapshot against every other, by the definition.
  std::vector<FinishedTransactions> all;
  for (std::int64_t xmin = 1; xmin <= 4; ++xmin) {
    for (std::int64_t xmax = xmin; xmax <= 5; ++xmax) {
      for (unsigned set = 0; set < (1U << (xmax - xmin)); ++set) {
        FinishedTransactions each{xmin, xmax, {}};
        for (std::int64_t xid = xmin; xid < xmax; ++xid) {
          if ((set >> (xid - xmin)) & 1U) each.in_progress.push_back(xid);
        }
        all.push_back(each);
      }
    }
  }
  for (const auto& left : all) {
    for (const auto& right : all) {
      bool covers = true;
      for (std::int64_t xid = 0; xid < 7; ++xid) {
        covers = covers && (left.contains(xid) || !right.contains(xid));
      }
      EXPECT_EQ(left.covers(right), covers) << left.text() << " / " << right.text();
    }
  }
}

}  // namespace
}  // namespace hornbeam::feed

#include "hornbeam/feed/touch_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/feed/testing/library.h"

namespace hornbeam::feed {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// Books whose column the program sets, in a database without triggers.
class TouchScanTest : public data::OnEachDatabase {
 protected:
  TouchScanTest() {
    if (!database_) return;
    const data::Migration steps[] = {
        {.number = 1,
         .name = "create_books",
         .up = "CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT NOT NULL, last_touched "
               "BIGINT NOT NULL);"},
        scan_migration(2, "scan")};
    data::migrate(*database_, steps);
    cursor_ = database_->read_now([](data::Snapshot& db) { return newest(db); });
    now_ = database_->read_now([](data::Snapshot& db) { return now_of(db); });
  }
  /// Writes a row as a program does that sets the column, to so many milliseconds from the begin.
  void touch(int id, std::int64_t after) {
    database_->write_now([&](data::Transaction& tx) {
      tx.execute(
          "INSERT INTO books VALUES (?, 'x', ?) ON CONFLICT (id) DO UPDATE SET last_touched = "
          "excluded.last_touched",
          id, now_ + after);
    });
  }
  std::vector<std::string> found(TouchScan& scan) {
    while (scan.step() == Work::kMore) continue;
    std::vector<std::string> found;
    const Changes read =
        database_->read_now([&](data::Snapshot& db) { return read_changes(db, cursor_, 1'000); });
    for (const Change& each : read.changes) found.push_back(each.place + '=' + each.key);
    cursor_ = read.next;
    return found;
  }
  TouchScan scan(std::size_t rows_at_once = 1'000) {
    return {*database_,
            column("books.id"),
            std::string(kLastTouched),
            {.overlap = std::chrono::seconds(30), .rows_at_once = rows_at_once}};
  }

  Cursor cursor_;
  std::int64_t now_ = 0;
};
INSTANTIATE_TEST_SUITE_P(On, TouchScanTest, data::kEachDatabase, data::database_name);

TEST_P(TouchScanTest, FindsWhatIsTouchedAPageAtATimeWithoutTriggers) {
  auto scan = this->scan(2);
  EXPECT_THAT(found(scan), IsEmpty());
  for (int id = 1; id <= 5; ++id) touch(id, 10);
  EXPECT_THAT(found(scan),
              ElementsAre("books.id=1", "books.id=2", "books.id=3", "books.id=4", "books.id=5"));
  EXPECT_TRUE(read_tracking(*database_->connect()).triggers.empty());
}

TEST_P(TouchScanTest, FindsARowThatIsCommittedLateWithinTheOverlap) {
  auto scan = this->scan();
  found(scan);
  touch(1, 20'000);
  EXPECT_THAT(found(scan), ElementsAre("books.id=1"));
  // It was given its time before the other, and is committed after.
  touch(2, -5'000);
  EXPECT_THAT(found(scan), testing::Contains("books.id=2"));
}

TEST_P(TouchScanTest, DoesNotSeeWhatIsLaterThanTheOverlapNorWhatIsDeleted) {
  auto scan = this->scan();
  found(scan);
  touch(1, 100'000);
  found(scan);
  touch(2, 20'000);
  database_->write_now([](data::Transaction& tx) { tx.execute("DELETE FROM books WHERE id = 1"); });
  EXPECT_THAT(found(scan), IsEmpty()) << "the checker is there for these";
}

TEST_P(TouchScanTest, PassesOverWhatItHasSeenAsItIs) {
  auto scan = this->scan();
  touch(1, -10'000);
  touch(2, -10'000);
  EXPECT_THAT(found(scan), UnorderedElementsAre("books.id=1", "books.id=2"));
  EXPECT_THAT(found(scan), IsEmpty());
  touch(2, -9'000);
  EXPECT_THAT(found(scan), ElementsAre("books.id=2"));
}

TEST_P(TouchScanTest, GoesOnWhereItWasWhenTheProgramBeginsAgain) {
  {
    auto scan = this->scan();
    touch(1, 10);
    found(scan);
  }
  touch(2, 20);
  auto again = this->scan();
  EXPECT_THAT(found(again), testing::IsSupersetOf({"books.id=2"}));
}

}  // namespace
}  // namespace hornbeam::feed

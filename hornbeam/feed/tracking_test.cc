#include "hornbeam/feed/tracking.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/feed/testing/library.h"

namespace hornbeam::feed {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class TrackingTest : public OnLibrary {};
INSTANTIATE_TEST_SUITE_P(On, TrackingTest, data::kEachDatabase, data::database_name);

TEST_P(TrackingTest, LogsEachKindOfChangeOfARoot) {
  run("INSERT INTO books (id, title) VALUES (7, 'Foxes')");
  EXPECT_THAT(changes(), ElementsAre("books.id=7"));
  run("UPDATE books SET title = 'Bees' WHERE id = 7");
  EXPECT_THAT(changes(), ElementsAre("books.id=7"));
  run("UPDATE books SET id = 8 WHERE id = 7");
  EXPECT_THAT(changes(), UnorderedElementsAre("books.id=7", "books.id=8"));
  run("DELETE FROM books WHERE id = 8");
  EXPECT_THAT(changes(), ElementsAre("books.id=8"));
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_P(TrackingTest, LogsTheOldAndTheNewParentOfARowThatMoves) {
  run("INSERT INTO books (id, title) VALUES (1, 'a'), (2, 'b')");
  run("INSERT INTO comments (id, book, text) VALUES (5, 1, 'good')");
  changes();
  run("UPDATE comments SET book = 2 WHERE id = 5");
  EXPECT_THAT(changes(), UnorderedElementsAre("comments.book=1", "comments.book=2"));
  run("UPDATE comments SET book = NULL WHERE id = 5");
  EXPECT_THAT(changes(), ElementsAre("comments.book=2"));
  run("DELETE FROM comments");
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_P(TrackingTest, LogsWhatACascadeDeletes) {
  run("INSERT INTO books (id, title) VALUES (1, 'a')");
  run("INSERT INTO comments (id, book, text) VALUES (5, 1, 'good'), (6, 1, 'bad')");
  changes();
  run("DELETE FROM books WHERE id = 1");
  EXPECT_THAT(changes(), testing::IsSupersetOf({"books.id=1", "comments.book=1"}));
}

TEST_P(TrackingTest, LogsWhatLeadsOverOtherTables) {
  run("INSERT INTO books (id, title) VALUES (1, 'a')");
  run("INSERT INTO tags VALUES (3, 'red')");
  run("INSERT INTO taggings VALUES (1, 3)");
  EXPECT_THAT(changes(), ElementsAre("books.id=1", "tags.id=3", "taggings.book=1"));
  run("UPDATE tags SET name = 'blue'");
  EXPECT_THAT(changes(), ElementsAre("tags.id=3"));
}

TEST_P(TrackingTest, LogsEveryRowOfABulkChange) {
  database_->write_now([](data::Transaction& tx) {
    for (int id = 1; id <= 250; ++id)
      tx.execute("INSERT INTO books (id, title) VALUES (?, '')", id);
  });
  EXPECT_EQ(changes().size(), 250U);
  run("UPDATE books SET title = 'x' WHERE id > 50");
  EXPECT_EQ(changes().size(), 200U);
  run("DELETE FROM books");
  EXPECT_EQ(changes().size(), 250U);
}

TEST_P(TrackingTest, LogsRowsThatGiveWayToOthers) {
  run("INSERT INTO books (id, title) VALUES (1, 'a'), (2, 'b')");
  run("INSERT INTO comments (id, book, text) VALUES (5, 1, 'good')");
  changes();
  if (is_postgresql()) {
    run("INSERT INTO comments (id, book, text) VALUES (5, 2, 'bad') ON CONFLICT (id) DO UPDATE SET "
        "book = excluded.book");
    EXPECT_THAT(changes(), testing::IsSupersetOf({"comments.book=1", "comments.book=2"}));
    run("TRUNCATE comments");
    EXPECT_THAT(changes(), ElementsAre("comments.book=2"));
    return;
  }
  run("INSERT OR REPLACE INTO comments (id, book, text) VALUES (9, 2, 'good')");
  EXPECT_THAT(changes(), UnorderedElementsAre("comments.book=1", "comments.book=2"));
}

TEST_P(TrackingTest, TouchesRootsUpwardsOldParentAndNew) {
  run("INSERT INTO books (id, title) VALUES (1, 'a'), (2, 'b'), (3, 'c')");
  run("INSERT INTO tags VALUES (3, 'red')");
  run("INSERT INTO taggings VALUES (2, 3)");
  run("INSERT INTO comments (id, book, text) VALUES (5, 1, 'good')");
  EXPECT_GT(touched(1), 1'600'000'000'000);
  const auto reset = [&] {
    // By the log's own hand, since a change of a book touches it.
    if (is_postgresql()) {
      run("ALTER TABLE books DISABLE TRIGGER USER");
      run("UPDATE books SET last_touched = 0");
      run("ALTER TABLE books ENABLE TRIGGER USER");
    } else {
      run("UPDATE hornbeam_log SET touching = 1");
      run("UPDATE books SET last_touched = 0");
      run("UPDATE hornbeam_log SET touching = 0");
    }
    changes();
  };
  reset();
  run("UPDATE comments SET book = 3");
  EXPECT_GT(touched(1), 0);
  EXPECT_EQ(touched(2), 0);
  EXPECT_GT(touched(3), 0);
  EXPECT_THAT(changes(), UnorderedElementsAre("comments.book=1", "comments.book=3"));
  reset();
  run("UPDATE tags SET name = 'blue'");
  EXPECT_EQ(touched(1), 0);
  EXPECT_GT(touched(2), 0);
  EXPECT_THAT(changes(), ElementsAre("tags.id=3"));
  reset();
  run("DELETE FROM comments");
  EXPECT_GT(touched(3), 0);
  reset();
  run("UPDATE books SET title = 'd' WHERE id = 2");
  EXPECT_GT(touched(2), 0);
  EXPECT_THAT(changes(), ElementsAre("books.id=2"));
}

TEST_P(TrackingTest, IsUndoneWithoutATrace) {
  const std::vector<data::Migration> steps = {library_tables(),
                                              tracking_migration(2, "track", library_tracking())};
  data::downgrade(*database_, steps, 1);
  const auto connection = database_->connect();
  const TrackingState state = read_tracking(*connection);
  EXPECT_FALSE(state.has_log);
  EXPECT_THAT(state.triggers, IsEmpty());
  EXPECT_THAT(state.touched, IsEmpty());
  EXPECT_THAT(state.functions, IsEmpty());
  run("INSERT INTO books (id, title) VALUES (7, 'Foxes')");
  data::migrate(*database_, steps);
}

TEST_P(TrackingTest, ALaterStepReplacesTheTriggersAndIsUndoneToTheOnesBefore) {
  Tracking less;
  less.follow(column("books.id")).embed({link("comments.book = books.id")});
  less.follow(column("tags.id"));
  const TrackingState before = read_tracking(*database_->connect());
  const std::vector<data::Migration> steps = {library_tables(),
                                              tracking_migration(2, "track", library_tracking()),
                                              tracking_migration(3, "track_less", less, before)};
  data::migrate(*database_, steps);
  run("INSERT INTO books (id, title) VALUES (1, 'a')");
  run("INSERT INTO tags (id, name) VALUES (3, 'red')");
  run("INSERT INTO taggings VALUES (1, 3)");
  EXPECT_THAT(changes(), ElementsAre("books.id=1", "tags.id=3"));
  data::downgrade(*database_, steps, 2);
  run("DELETE FROM taggings");
  EXPECT_THAT(changes(), ElementsAre("taggings.book=1"));
  const TrackingState after = read_tracking(*database_->connect());
  EXPECT_EQ(after.triggers.size(), before.triggers.size());
  EXPECT_EQ(after.touched, before.touched);
}

TEST_P(TrackingTest, IsWrittenAsFilesThatMigrationsReadBack) {
  const data::TemporaryFolder folder;
  const data::Migration step = tracking_migration(2, "track", library_tracking());
  EXPECT_EQ(write_migration(folder.path(), step).size(), 4U);
  EXPECT_THROW(write_migration(folder.path(), step), data::DatabaseError);
  const auto read = data::read_migrations(folder.path());
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].up, step.up);
  EXPECT_EQ(read[0].postgresql_down, step.postgresql_down);
}

TEST(Tracking, RefusesPathsThatLeadNowhere) {
  Tracking tracking;
  tracking.follow(column("books.id"));
  EXPECT_THROW(tracking.embed({}), std::invalid_argument);
  EXPECT_THROW(tracking.embed({link("comments.book = authors.id")}), std::invalid_argument);
  EXPECT_THROW(tracking.embed({link("tags.id = taggings.tag"), link("comments.book = books.id")}),
               std::invalid_argument);
  EXPECT_THROW(link("comments.book"), std::invalid_argument);
  EXPECT_THROW(link("comments.book = books"), std::invalid_argument);
  EXPECT_THROW(column("books.id; DROP TABLE books"), std::invalid_argument);
}

}  // namespace
}  // namespace hornbeam::feed

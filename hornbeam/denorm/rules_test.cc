// The seventeen rules that following a database keeps, a test or more for each. The first ten; the
// others are in rules_life_test.cc, and what takes processes in processes_test.cc.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/denorm/testing/hooked_target.h"
#include "hornbeam/denorm/testing/library_index.h"
#include "hornbeam/search/collection/queries.h"

namespace hornbeam::denorm {
namespace {

using search::match;
using testing::ElementsAre;
using testing::IsEmpty;

class RulesTest : public OnIndexedLibrary {
 protected:
  std::int64_t logged() {
    return database_->read_now([](data::Snapshot& db) {
      return db.query<std::int64_t>("SELECT count(*) FROM hornbeam_changes").one();
    });
  }
  /// A transaction that stays open until it is committed; SQLite has one at a time.
  std::unique_ptr<data::Connection> begin_elsewhere(std::string_view sql) {
    auto connection = database_->connect();
    connection->begin(data::Begin::kWrite);
    connection->run_script(sql);
    return connection;
  }
};
INSTANTIATE_TEST_SUITE_P(On, RulesTest, data::kEachDatabase, data::database_name);

TEST_P(RulesTest, Rule01AChangeIsWrittenInTheTransactionOfTheDataWhoeverWrites) {
  run("INSERT INTO books (id, title) VALUES (1, 'a'), (2, 'b'), (3, 'c')");
  open();
  catch_up();
  const std::int64_t before = logged();
  EXPECT_THROW(database_->write_now([&](data::Transaction& tx) {
    tx.execute("UPDATE books SET title = 'x'");
    EXPECT_EQ(tx.query<std::int64_t>("SELECT count(*) FROM hornbeam_changes").one(), before + 3);
    throw std::runtime_error("the work fails");
  }),
               std::runtime_error);
  EXPECT_EQ(logged(), before);
  // Past the application: another connection, many rows at once.
  run_elsewhere("UPDATE books SET title = 'fox ' || title");
  catch_up();
  EXPECT_THAT(find(match(&BookDocument::title, "fox")), ElementsAre("1", "2", "3"));
  EXPECT_EQ(wrong_documents(), 0U);
}

TEST_P(RulesTest, Rule02NeitherAClockNorANumberIsTheCursor) {
  if (!is_postgresql()) GTEST_SKIP() << "SQLite has one writer at a time: numbers are commit order";
  run("INSERT INTO books (id, title) VALUES (1, 'a'), (2, 'b')");
  open();
  catch_up();
  // It has the smaller number and the earlier time, and commits after the other was followed.
  const auto slow = begin_elsewhere("UPDATE books SET title = 'slow fox' WHERE id = 1");
  run("UPDATE books SET title = 'quick fox' WHERE id = 2");
  catch_up();
  EXPECT_THAT(find(match(&BookDocument::title, "fox")), ElementsAre("2"))
      << "whoever is left open holds up nobody";
  slow->commit();
  catch_up();
  EXPECT_THAT(find(match(&BookDocument::title, "fox")), ElementsAre("1", "2"));
  EXPECT_EQ(wrong_documents(), 0U);
}

TEST_P(RulesTest, Rule02TheNumberOfATransactionIsThatOfTheWholeInASavepointToo) {
  open();
  catch_up();
  const auto connection = begin_elsewhere("INSERT INTO books (id, title) VALUES (1, 'fox')");
  connection->savepoint();
  data::Transaction(*connection).execute("INSERT INTO books (id, title) VALUES (2, 'fox')");
  connection->release_savepoint();
  connection->commit();
  catch_up();
  EXPECT_THAT(find(match(&BookDocument::title, "fox")), ElementsAre("1", "2"));
}

TEST_P(RulesTest, Rule03TheLogHasKeysOnlyAndRowsAreReadAnew) {
  open();
  catch_up();
  changes();
  run("INSERT INTO books (id, title) VALUES (1, 'first')");
  run("UPDATE books SET title = 'second'");
  run("UPDATE books SET title = 'third'");
  EXPECT_THAT(changes(), ElementsAre("books.id=1", "books.id=1", "books.id=1"));
  const auto before = indexer_->statistics();
  catch_up();
  EXPECT_EQ(indexer_->statistics().written - before.written, 1U);
  EXPECT_THAT(find(match(&BookDocument::title, "third")), ElementsAre("1"));
  EXPECT_THAT(find(match(&BookDocument::title, "first")), IsEmpty());
}

TEST_P(RulesTest, Rule04RowsAreReadAfterTheChangesSoThatNoneIsAcknowledgedUnread) {
  run("INSERT INTO books (id, title) VALUES (1, 'a')");
  DocumentType type = books_type();
  bool is_changed_meanwhile = false;
  type.render = [&, render = type.render](data::Snapshot& db,
                                          const std::vector<std::string>& keys) {
    if (std::exchange(is_changed_meanwhile, false)) {
      run_elsewhere("UPDATE books SET title = 'changed while it was rendered'");
    }
    return render(db, keys);
  };
  open(impatient(), type);
  catch_up();
  run("UPDATE books SET title = 'changed before'");
  is_changed_meanwhile = true;
  indexer_->step();
  EXPECT_THAT(find(match(&BookDocument::title, "before")), ElementsAre("1"));
  catch_up();
  EXPECT_THAT(find(match(&BookDocument::title, "rendered")), ElementsAre("1"));
  EXPECT_EQ(wrong_documents(), 0U);
}

TEST_P(RulesTest, Rule05TheCursorIsCommittedWithTheDocumentsOrNeitherIs) {
  run("INSERT INTO books (id, title) VALUES (1, 'a'), (2, 'b')");
  open();
  catch_up();
  const std::string before = target_->state("books-1");
  HookedTarget dying(*target_);
  dying.before = [](std::string_view member) {
    if (member == "commit") throw TargetUnavailable("the process dies here");
  };
  indexer_ = std::make_unique<Indexer>(*database_, dying, books_type(), impatient());
  run("UPDATE books SET title = 'fox' WHERE id = 1");
  run("DELETE FROM books WHERE id = 2");
  EXPECT_THROW(catch_up(), TargetUnavailable);
  EXPECT_EQ(target_->state("books-1"), before) << "documents were applied, so the cursor must wait";
  indexer_.reset();
  open();
  catch_up();
  EXPECT_EQ(indexer_->statistics().changes, 2U);
  EXPECT_EQ(wrong_documents(), 0U);
}

TEST_P(RulesTest, Rule06ARowThatIsAbsentIsDeletedAndNothingLateBringsItBack) {
  run("INSERT INTO books (id, title) VALUES (1, 'fox')");
  open();
  catch_up();
  run("DELETE FROM books");
  catch_up();
  EXPECT_THAT(find(match(&BookDocument::title, "fox")), IsEmpty());
  // What another has rendered before the row was deleted arrives now.
  const Writes late{.puts = {{"1", R"({"title": "fox"})"}}, .version = 1, .token = 1'000};
  EXPECT_THAT(target_->apply("books-1", late), IsEmpty());
  EXPECT_THAT(find(match(&BookDocument::title, "fox")), IsEmpty());
  EXPECT_EQ(wrong_documents(), 0U);
}

TEST_P(RulesTest, Rule07OfTwoVersionsTheOlderLosesHoweverLateItComes) {
  run("INSERT INTO books (id, title) VALUES (1, 'new')");
  open();
  catch_up();
  const Writes late{.puts = {{"1", R"({"title": "old"})"}}, .version = 1, .token = 1'000};
  EXPECT_THAT(target_->apply("books-1", late), IsEmpty());
  EXPECT_THAT(find(match(&BookDocument::title, "new")), ElementsAre("1"));
  const Writes removal{.removals = {"1"}, .version = 2, .token = 1'000};
  target_->apply("books-1", removal);
  EXPECT_THAT(find(match(&BookDocument::title, "new")), ElementsAre("1"));
}

TEST_P(RulesTest, Rule07WhoHasLostTheLeaseWritesNothing) {
  open();
  catch_up();
  target_->apply("books-1", {.version = 1, .token = 7});
  EXPECT_THROW(target_->apply("books-1", {.version = 1, .token = 6}), FencedOut);
  EXPECT_THROW(target_->commit("books-1", "{}", 6), FencedOut);
}

TEST_P(RulesTest, Rule08AllRowsOfADocumentAreOfOneSnapshot) {
  run("INSERT INTO books (id, title) VALUES (1, 'v0')");
  run("INSERT INTO comments (id, book, text) VALUES (1, 1, 'v0')");
  DocumentType type = books_type();
  int version = 0;
  int seen = 0;
  type.mapping = {};
  type.render = [&](data::Snapshot& db, const std::vector<std::string>& keys) {
    std::vector<Rendered> rendered;
    for (const std::string& key : keys) {
      const auto title = db.query<std::string>("SELECT title FROM books WHERE id = 1").one();
      if (version < 5) {
        const std::string next = "v" + std::to_string(++version);
        begin_elsewhere("UPDATE books SET title = '" + next + "'; UPDATE comments SET text = '" +
                        next + "'")
            ->commit();
      }
      const auto comment = db.query<std::string>("SELECT text FROM comments").one();
      EXPECT_EQ(title, comment);
      ++seen;
      rendered.push_back({key, R"({"title": ")" + title + R"("})"});
    }
    return rendered;
  };
  open(impatient(), type);
  for (int round = 0; round < 6; ++round) catch_up();
  EXPECT_GE(seen, 6);
  EXPECT_THAT(find(match(&BookDocument::title, "v5")), ElementsAre("1"));
}

TEST_P(RulesTest, Rule09AChangeReachesTheOldAndTheNewParent) {
  run("INSERT INTO books (id, title) VALUES (1, 'a'), (2, 'b')");
  run("INSERT INTO comments (id, book, text) VALUES (7, 1, 'wonderful')");
  open();
  catch_up();
  run("UPDATE comments SET book = 2");
  catch_up();
  EXPECT_THAT(find(match(&BookDocument::comments, "wonderful")), ElementsAre("2"));
  EXPECT_EQ(wrong_documents(), 0U);
}

TEST_P(RulesTest, Rule09ALinkMadeWhileTheLinkedRowChangesIsNotMissed) {
  if (!is_postgresql()) GTEST_SKIP() << "SQLite has one writer at a time";
  run("INSERT INTO books (id, title) VALUES (1, 'a')");
  run("INSERT INTO tags (id, name) VALUES (5, 'red')");
  open();
  catch_up();
  // The renaming does not see the link, and who follows the link does not see the new name.
  const auto renaming = begin_elsewhere("UPDATE tags SET name = 'blue'");
  run("INSERT INTO taggings VALUES (1, 5)");
  catch_up();
  EXPECT_THAT(find(search::is(&BookDocument::tags, "red")), ElementsAre("1"));
  renaming->commit();
  catch_up();
  EXPECT_THAT(find(search::is(&BookDocument::tags, "blue")), ElementsAre("1"));
  EXPECT_EQ(wrong_documents(), 0U);
}

TEST_P(RulesTest, Rule10AllIsFoundIfEveryHintIsLost) {
  open();
  IndexerOptions options = impatient();
  options.follower.poll = std::chrono::milliseconds(5);
  indexer_ = std::make_unique<Indexer>(*database_, *target_, books_type(), options, nullptr);
  indexer_->start();
  for (int id = 1; id <= 20; ++id) {
    run("INSERT INTO books (id, title) VALUES (" + std::to_string(id) + ", 'fox')");
  }
  EXPECT_TRUE(indexer_->wait_for_now(newest_cursor(), std::chrono::seconds(20)));
  indexer_->stop();
  EXPECT_EQ(find(match(&BookDocument::title, "fox")).size(), 20U);
}

TEST_P(RulesTest, Rule10NothingIsWrongIfEachHintComesTenTimes) {
  feed::InProcessWakeups wakeups;
  open();
  IndexerOptions options = impatient();
  options.follower.poll = std::chrono::hours(1);
  indexer_ = std::make_unique<Indexer>(*database_, *target_, books_type(), options, &wakeups);
  indexer_->start();
  for (int id = 1; id <= 20; ++id) {
    run("INSERT INTO books (id, title) VALUES (" + std::to_string(id) + ", 'fox')");
    for (int each = 0; each < 10; ++each) wakeups.announce();
  }
  EXPECT_TRUE(indexer_->wait_for_now(newest_cursor(), std::chrono::seconds(20)));
  indexer_->stop();
  EXPECT_EQ(wrong_documents(), 0U);
}

}  // namespace
}  // namespace hornbeam::denorm

#include "hornbeam/denorm/indexer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/base/loop.h"
#include "hornbeam/data/testing/counting_connection.h"
#include "hornbeam/denorm/status.h"
#include "hornbeam/denorm/testing/library_index.h"
#include "hornbeam/search/collection/queries.h"

namespace hornbeam::denorm {
namespace {

using search::match;
using testing::ElementsAre;
using testing::IsEmpty;

class IndexerTest : public OnIndexedLibrary {};
INSTANTIATE_TEST_SUITE_P(On, IndexerTest, data::kEachDatabase, data::database_name);

TEST_P(IndexerTest, BuildsTheFirstIndexAndFollows) {
  run("INSERT INTO books (id, title) VALUES (1, 'The quick fox'), (2, 'Of gardens')");
  open();
  catch_up();
  EXPECT_THAT(find(match(&BookDocument::title, "fox")), ElementsAre("1"));
  run("INSERT INTO books (id, title) VALUES (3, 'Another fox')");
  run("UPDATE books SET title = 'Of bees' WHERE id = 1");
  run("DELETE FROM books WHERE id = 2");
  catch_up();
  EXPECT_THAT(find(match(&BookDocument::title, "fox")), ElementsAre("3"));
  EXPECT_THAT(find(match(&BookDocument::title, "gardens")), IsEmpty());
  EXPECT_EQ(wrong_documents(), 0U);
}

TEST_P(IndexerTest, FollowsWhatIsEmbedded) {
  run("INSERT INTO books (id, title) VALUES (1, 'a'), (2, 'b')");
  open();
  catch_up();
  run("INSERT INTO tags (id, name) VALUES (5, 'red')");
  run("INSERT INTO taggings VALUES (1, 5), (2, 5)");
  run("INSERT INTO comments (id, book, text) VALUES (7, 1, 'wonderful')");
  catch_up();
  EXPECT_THAT(find(match(&BookDocument::comments, "wonderful")), ElementsAre("1"));
  EXPECT_EQ(wrong_documents(), 0U);
  run("UPDATE tags SET name = 'blue' WHERE id = 5");
  run("UPDATE comments SET book = 2 WHERE id = 7");
  catch_up();
  EXPECT_THAT(find(match(&BookDocument::comments, "wonderful")), ElementsAre("2"));
  EXPECT_EQ(wrong_documents(), 0U);
  run("DELETE FROM taggings WHERE book = 1");
  run("DELETE FROM comments");
  catch_up();
  EXPECT_EQ(wrong_documents(), 0U);
}

TEST_P(IndexerTest, ReachesEveryDocumentThatEmbedsOneRowInParts) {
  database_->write_now([](data::Transaction& tx) {
    tx.execute("INSERT INTO tags (id, name) VALUES (5, 'red')");
    for (int id = 1; id <= 120; ++id) {
      tx.execute("INSERT INTO books (id, title) VALUES (?, 'x')", id);
      tx.execute("INSERT INTO taggings VALUES (?, 5)", id);
    }
  });
  IndexerOptions options = impatient();
  options.writer.documents_at_once = 7;
  options.writer.changes_at_once = 10;
  open(options);
  catch_up();
  const auto before = indexer_->statistics();
  run("UPDATE tags SET name = 'blue'");
  catch_up();
  EXPECT_EQ(indexer_->statistics().written - before.written, 120U);
  EXPECT_EQ(wrong_documents(), 0U);
}

TEST_P(IndexerTest, CommitsInTheEndThatItPassedChangesWhichMeanNothingToIt) {
  run("INSERT INTO books (id, title) VALUES (1, 'a')");
  IndexerOptions options = impatient();
  options.writer.commit_every = std::chrono::milliseconds(10);
  open(options);
  catch_up();
  // Passed before a commit is due, and there is nothing more to pass when it is.
  run("UPDATE books SET title = title");
  const auto lag = [this] { return status_of(*database_, *target_, indexer_->type()).lag.changes; };
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  do {
    indexer_->step();
  } while (lag() > 0 && std::chrono::steady_clock::now() < until);
  EXPECT_EQ(lag(), 0);
}

TEST_P(IndexerTest, WritesNothingThatIsInTheIndexAsItIs) {
  run("INSERT INTO books (id, title) VALUES (1, 'a'), (2, 'b')");
  open();
  catch_up();
  run("UPDATE books SET title = title");
  run("UPDATE books SET title = 'c' WHERE id = 2");
  const auto before = indexer_->statistics();
  catch_up();
  const auto after = indexer_->statistics();
  EXPECT_EQ(after.rendered - before.rendered, 2U);
  EXPECT_EQ(after.written - before.written, 1U);
  EXPECT_EQ(after.unchanged - before.unchanged, 1U);
}

TEST_P(IndexerTest, GoesOnFromTheCommitAndARepeatChangesNothing) {
  run("INSERT INTO books (id, title) VALUES (1, 'a')");
  open();
  catch_up();
  const std::string index = *target_->find_alias("books");
  const std::string early = target_->state(index);
  run("UPDATE books SET title = 'b'");
  run("DELETE FROM books");
  run("INSERT INTO books (id, title) VALUES (2, 'c')");
  catch_up();
  const std::int64_t token = std::int64_t{1} << 30;
  target_->commit(index, early, token);
  open();
  catch_up();
  EXPECT_EQ(wrong_documents(), 0U);
  EXPECT_EQ(indexer_->statistics().changes, 3U);
  EXPECT_EQ(indexer_->statistics().written, 0U);
}

TEST_P(IndexerTest, TakesAsManyStatementsForManyDocumentsAsForOne) {
  for (int id = 1; id <= 50; ++id) {
    run("INSERT INTO books (id, title) VALUES (" + std::to_string(id) + ", 'x')");
  }
  const auto connection = database_->connect();
  const DocumentType type = books_type();
  const auto statements = [&](int documents) {
    std::vector<std::string> keys;
    for (int id = 1; id <= documents; ++id) keys.push_back(std::to_string(id));
    connection->begin(data::Begin::kRead);
    data::CountingConnection counting(*connection);
    data::Snapshot db(counting);
    EXPECT_EQ(type.render(db, keys).size(), static_cast<std::size_t>(documents));
    connection->rollback();
    return counting.statements();
  };
  EXPECT_EQ(statements(1), 3);
  EXPECT_EQ(statements(50), 3);
}

TEST_P(IndexerTest, APoisonDocumentIsSetAsideAndHoldsUpNoOther) {
  run("INSERT INTO books (id, title) VALUES (1, 'a'), (2, 'b'), (3, 'c')");
  IndexerOptions options = impatient();
  options.writer.retries.most_tries = 3;
  open(options);
  catch_up();
  run("UPDATE books SET title = 'poison' WHERE id = 2");
  run("UPDATE books SET title = 'fox' WHERE id = 3");
  for (int round = 0; round < 6; ++round) catch_up();
  EXPECT_THAT(find(match(&BookDocument::title, "fox")), ElementsAre("3"));
  const auto dead = database_->read_now([](data::Snapshot& db) { return dead_letters(db); });
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(dead[0].key, "2");
  EXPECT_EQ(dead[0].tries, 3);
  EXPECT_EQ(dead[0].reason, "this title cannot be rendered");
  EXPECT_FALSE(dead[0].next_at);
  run("UPDATE books SET title = 'mended' WHERE id = 2");
  catch_up();
  EXPECT_THAT(find(match(&BookDocument::title, "mended")), ElementsAre("2"));
  EXPECT_TRUE(database_->read_now([](data::Snapshot& db) { return dead_letters(db); }).empty());
}

TEST_P(IndexerTest, RendersBySqlToo) {
  run("INSERT INTO books (id, title) VALUES (1, 'The quick fox')");
  DocumentType type = books_type();
  type.mapping = {};
  type.render = by_sql(
      "SELECT CAST(id AS TEXT), json_object('title', title) FROM books WHERE id IN (:keys)",
      "SELECT CAST(id AS TEXT), CAST(json_build_object('title', title) AS TEXT) FROM books WHERE "
      "id IN (:keys)");
  open(impatient(), type);
  catch_up();
  EXPECT_THAT(find(match(&BookDocument::title, "fox")), ElementsAre("1"));
  EXPECT_THROW(by_sql("SELECT id, title FROM books"), std::invalid_argument);
}

TEST_P(IndexerTest, FollowsOnItsOwnThreadAndSaysWhenSearchesSee) {
  feed::InProcessWakeups wakeups;
  open();
  indexer_ = std::make_unique<Indexer>(*database_, *target_, books_type(), impatient(), &wakeups);
  indexer_->start();
  for (int id = 1; id <= 20; ++id) {
    run("INSERT INTO books (id, title) VALUES (" + std::to_string(id) + ", 'fox')");
    wakeups.announce();
    ASSERT_TRUE(indexer_->wait_for_now(newest_cursor(), std::chrono::seconds(10)));
    EXPECT_EQ(find(match(&BookDocument::title, "fox")).size(), static_cast<std::size_t>(id));
  }
  indexer_->stop();
}

TEST_P(IndexerTest, IsRebuiltBesideTheOneThatServesAndTakenBack) {
  run("INSERT INTO books (id, title) VALUES (1, 'fox'), (2, 'fox')");
  open();
  catch_up();
  EXPECT_EQ(indexer_->index(), "books-1");
  std::vector<Progress> seen;
  RebuildOptions options;
  options.writer.documents_at_once = 1;
  options.progress = [&](const Progress& each) {
    if (seen.empty()) run("INSERT INTO books (id, title) VALUES (3, 'fox')");
    seen.push_back(each);
    EXPECT_EQ(*target_->find_alias("books"), "books-1");
  };
  EXPECT_EQ(rebuild(*database_, *target_, indexer_->type(), options), "books-2");
  EXPECT_EQ(seen.front().total, 2);
  EXPECT_EQ(seen.front().done, 1);
  EXPECT_TRUE(seen.back().is_filled);
  run("INSERT INTO books (id, title) VALUES (4, 'fox')");
  catch_up();
  EXPECT_EQ(indexer_->index(), "books-2");
  EXPECT_EQ(find(match(&BookDocument::title, "fox")).size(), 4U);
  EXPECT_EQ(roll_back(*target_, indexer_->type()), "books-1");
  catch_up();
  EXPECT_EQ(indexer_->index(), "books-1");
  EXPECT_EQ(find(match(&BookDocument::title, "fox")).size(), 4U);
  EXPECT_THAT(drop_others(*database_, *target_, indexer_->type()), ElementsAre("books-2"));
}

TEST_P(IndexerTest, BuildsAnewWhereTheLogIsTooShort) {
  run("INSERT INTO books (id, title) VALUES (1, 'fox')");
  open();
  catch_up();
  close();
  run("INSERT INTO books (id, title) VALUES (2, 'fox')");
  database_->write_now([](data::Transaction& tx) {
    feed::forget_follower(tx, "books-1");
    feed::trim(tx);
  });
  open();
  catch_up();
  EXPECT_EQ(indexer_->index(), "books-2");
  EXPECT_EQ(wrong_documents(), 0U);
}

TEST_P(IndexerTest, AReadThatIsMadeAgainDropsNoPartOfALargeFanOut) {
  database_->write_now([](data::Transaction& tx) {
    tx.execute("INSERT INTO tags (id, name) VALUES (5, 'red')");
    for (int id = 1; id <= 60; ++id) {
      tx.execute("INSERT INTO books (id, title) VALUES (?, 'x')", id);
      tx.execute("INSERT INTO taggings VALUES (?, 5)", id);
    }
  });
  IndexerOptions options = impatient();
  options.writer.documents_at_once = 7;
  DocumentType type = books_type();
  int left_before_conflict = -1;
  type.render = [&, render = type.render](data::Snapshot& db,
                                          const std::vector<std::string>& keys) {
    if (left_before_conflict-- == 0) {
      throw data::DatabaseError(data::ErrorKind::kConflict, "others were faster");
    }
    return render(db, keys);
  };
  open(options, type);
  catch_up();
  for (int parts = 0; parts < 4; ++parts) {
    run("UPDATE tags SET name = 'blue" + std::to_string(parts) + "'");
    left_before_conflict = parts;
    try {
      catch_up();
    } catch (const data::DatabaseError&) {
      catch_up();  // SQLite's readers meet no conflict, so nothing there begins again by itself.
    }
    EXPECT_LT(left_before_conflict, 0);
    EXPECT_EQ(wrong_documents(), 0U) << parts;
  }
}

TEST_P(IndexerTest, ARebuildSwapsOnlyOnceItHasCaughtUpAfterALargeFanOut) {
  database_->write_now([](data::Transaction& tx) {
    tx.execute("INSERT INTO tags (id, name) VALUES (5, 'red')");
    for (int id = 1; id <= 30; ++id) {
      tx.execute("INSERT INTO books (id, title) VALUES (?, 'x')", id);
      tx.execute("INSERT INTO taggings VALUES (?, 5)", id);
    }
  });
  open();
  catch_up();
  RebuildOptions options;
  options.writer.documents_at_once = 7;
  options.writer.changes_at_once = 1;
  int followed = 0;
  options.progress = [&](const Progress& each) {
    if (!each.is_filled) return;
    if (++followed == 1) {
      run("UPDATE tags SET name = 'blue'");
      run("INSERT INTO books (id, title) VALUES (100, 'behind the change of the tag')");
    }
    if (followed == 3) run("INSERT INTO books (id, title) VALUES (101, 'while it fans out')");
  };
  EXPECT_EQ(rebuild(*database_, *target_, indexer_->type(), options), "books-2");
  EXPECT_EQ(target_->count("books-2"), 32U);
  EXPECT_EQ(wrong_documents(), 0U);
}

TEST_P(IndexerTest, ARebuildWhoseCursorWasLostStopsWithTheReasonAndTheNextBeginsAnew) {
  run("INSERT INTO books (id, title) VALUES (1, 'a'), (2, 'b'), (3, 'c')");
  open();
  catch_up();
  std::stop_source killed;
  RebuildOptions options;
  options.writer.documents_at_once = 1;
  options.progress = [&](const Progress&) { killed.request_stop(); };
  EXPECT_EQ(rebuild(*database_, *target_, indexer_->type(), options, killed.get_token()),
            std::nullopt);
  EXPECT_THAT(indices_of(*target_, indexer_->type()), ElementsAre("books-1", "books-2"));
  run("INSERT INTO books (id, title) VALUES (4, 'd')");
  database_->write_now([](data::Transaction& tx) {
    feed::forget_follower(tx, "books-1");
    feed::forget_follower(tx, "books-2");
    feed::trim(tx);
  });
  try {
    rebuild(*database_, *target_, indexer_->type());
    ADD_FAILURE() << "it went on from a place that is lost";
  } catch (const feed::CursorLost& lost) {
    EXPECT_THAT(lost.what(), testing::HasSubstr("books-2 was being built"));
    EXPECT_THAT(lost.what(), testing::HasSubstr("are gone from the log"));
  }
  EXPECT_THAT(indices_of(*target_, indexer_->type()), ElementsAre("books-1"));
  EXPECT_EQ(rebuild(*database_, *target_, indexer_->type()), "books-2");
  EXPECT_EQ(wrong_documents(), 0U);
}

TEST_P(IndexerTest, WhoWaitsOnALoopIsNeverTheLastOwnerOfAWriter) {
  run("INSERT INTO books (id, title) VALUES (1, 'a')");
  open();
  catch_up();
  indexer_.reset();
  const DocumentType type = books_type();
  auto writer =
      std::make_unique<IndexWriter>(*database_, *target_, type, "books-1", WriterOptions());
  ASSERT_TRUE(writer->acquire());
  std::shared_ptr<const WriterProgress> watched = writer->progress();
  writer.reset();
  IndexWriter next(*database_, *target_, type, "books-1", WriterOptions());
  EXPECT_TRUE(next.acquire()) << "the lease was not given back while somebody watched";
  EXPECT_TRUE(watched->cursor());
  base::run([](std::shared_ptr<const WriterProgress> last) -> base::Task<void> {
    last.reset();  // A write to the database here would fail the check for loops.
    co_return;
  }(std::move(watched)));
}

}  // namespace
}  // namespace hornbeam::denorm

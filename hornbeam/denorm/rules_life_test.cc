// The rules from the eleventh on: what becomes of an index over its life. See rules_test.cc.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/base/loop.h"
#include "hornbeam/denorm/finder.h"
#include "hornbeam/denorm/status.h"
#include "hornbeam/denorm/testing/hooked_target.h"
#include "hornbeam/denorm/testing/library_index.h"
#include "hornbeam/denorm/verify.h"
#include "hornbeam/search/collection/queries.h"

namespace hornbeam::denorm {
namespace {

using search::match;
using testing::ElementsAre;
using testing::IsEmpty;

class LifeRulesTest : public OnIndexedLibrary {
 protected:
  void insert(int first, int last) {
    database_->write_now([&](data::Transaction& tx) {
      for (int id = first; id <= last; ++id) {
        tx.execute("INSERT INTO books (id, title) VALUES (?, 'fox')", id);
      }
    });
  }
  /// Writes to the index as nobody should.
  void damage(const std::string& id, const std::string& json) {
    const auto index = node_->find(*target_->find_alias("books"))->index;
    ASSERT_TRUE(index->put(id, json));
    index->refresh();
  }
};
INSTANTIATE_TEST_SUITE_P(On, LifeRulesTest, data::kEachDatabase, data::database_name);

TEST_P(LifeRulesTest, Rule11ABackfillReadsPagesOfKeysAndWhatChangesBehindItIsFollowed) {
  insert(1, 30);
  open();
  RebuildOptions options;
  options.writer.documents_at_once = 5;
  std::int64_t last = 0;
  options.progress = [&](const Progress& each) {
    EXPECT_LE(each.done - std::exchange(last, each.done), 5);
    if (each.done != 15 || each.is_filled) return;
    // Behind the page it is on, before it, and among what it has passed.
    run("UPDATE books SET title = 'bee' WHERE id IN (2, 20)");
    run("DELETE FROM books WHERE id IN (3, 21)");
    run("INSERT INTO books (id, title) VALUES (0, 'early'), (100, 'late')");
  };
  EXPECT_EQ(rebuild(*database_, *target_, indexer_->type(), options), "books-1");
  EXPECT_EQ(wrong_documents(), 0U);
  EXPECT_EQ(target_->count("books-1"), 30U);
}

TEST_P(LifeRulesTest, Rule12ANewIndexIsBuiltBesideTheOneThatServesWhichIsFollowedMeanwhile) {
  insert(1, 10);
  open();
  catch_up();
  RebuildOptions options;
  options.writer.documents_at_once = 3;
  int next = 100;
  options.progress = [&](const Progress& each) {
    if (each.is_filled) return;
    insert(next, next);
    ++next;
    indexer_->catch_up();
    EXPECT_EQ(target_->find_alias("books"), "books-1");
    EXPECT_EQ(find(match(&BookDocument::title, "fox")).size(),
              static_cast<std::size_t>(10 + next - 100));
  };
  EXPECT_EQ(rebuild(*database_, *target_, indexer_->type(), options), "books-2");
  EXPECT_GT(next, 102);
  EXPECT_EQ(wrong_documents(), 0U);
  EXPECT_THAT(indices_of(*target_, indexer_->type()), ElementsAre("books-1", "books-2"));
  insert(200, 200);
  EXPECT_EQ(roll_back(*target_, indexer_->type()), "books-1");
  catch_up();
  EXPECT_EQ(wrong_documents(), 0U);
}

TEST_P(LifeRulesTest, Rule13APoisonDocumentIsKeptWithItsReasonAndHoldsUpNoOther) {
  insert(1, 3);
  IndexerOptions options = impatient();
  options.writer.retries.most_tries = 2;
  open(options);
  catch_up();
  run("UPDATE books SET title = 'poison' WHERE id = 2");
  run("UPDATE books SET title = 'bee' WHERE id = 3");
  for (int round = 0; round < 4; ++round) catch_up();
  EXPECT_THAT(find(match(&BookDocument::title, "bee")), ElementsAre("3"));
  EXPECT_TRUE(indexer_->covers(newest_cursor()));
  const auto dead = database_->read_now([](data::Snapshot& db) { return dead_letters(db); });
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(dead[0].key, "2");
  EXPECT_EQ(dead[0].tries, 2);
  EXPECT_EQ(dead[0].reason, "this title cannot be rendered");
}

TEST_P(LifeRulesTest, Rule13WhileTheTargetIsAwayTheLogIsBoundedByTheRows) {
  insert(1, 5);
  open();
  catch_up();
  bool is_away = true;
  HookedTarget away(*target_);
  away.before = [&](std::string_view) {
    if (is_away) throw TargetUnavailable("nobody answers");
  };
  IndexerOptions options = impatient();
  options.trim.compact_above = 0;
  options.trim_every = std::chrono::milliseconds(1);
  indexer_ = std::make_unique<Indexer>(*database_, away, books_type(), options);
  for (int round = 0; round < 30; ++round) {
    run("UPDATE books SET title = 'round " + std::to_string(round) + "'");
    EXPECT_THROW(indexer_->step(), TargetUnavailable);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  const auto kept = database_->read_now([](data::Snapshot& db) {
    return db.query<std::int64_t>("SELECT count(*) FROM hornbeam_changes").one();
  });
  EXPECT_LE(kept, 15);
  is_away = false;
  catch_up();
  EXPECT_EQ(wrong_documents(), 0U);
  EXPECT_EQ(find(match(&BookDocument::title, "29")).size(), 5U);
}

TEST_P(LifeRulesTest, Rule14NoReplicationSlotIsNeeded) {
  if (!is_postgresql()) GTEST_SKIP() << "SQLite has none";
  insert(1, 3);
  open();
  catch_up();
  EXPECT_EQ(database_->read_now([](data::Snapshot& db) {
    return db.query<std::int64_t>("SELECT count(*) FROM pg_replication_slots").one();
  }),
            0);
}

TEST_P(LifeRulesTest, Rule15LagIsPublishedInChangesAndSeconds) {
  insert(1, 3);
  open();
  catch_up();
  EXPECT_EQ(status_of(*database_, *target_, indexer_->type()).lag.changes, 0);
  run("UPDATE books SET title = 'bee'");
  const IndexStatus status = status_of(*database_, *target_, indexer_->type());
  EXPECT_EQ(status.lag.changes, 3);
  EXPECT_LT(status.lag.seconds, 60);
}

TEST_P(LifeRulesTest, Rule15ASampleIsComparedByHashAndWhatDiffersIsQueued) {
  insert(1, 60);
  open();
  catch_up();
  damage("30", R"({"id": 30, "title": "wolf", "comments": [], "tags": []})");
  const auto check = [&](std::uint64_t seed) {
    return verify(*database_, *target_, indexer_->type(),
                  [&](const feed::Cursor& cursor, std::chrono::milliseconds) {
                    catch_up();
                    return indexer_->covers(cursor);
                  },
                  {.ranges = 2, .rows_each = 10, .seed = seed});
  };
  std::size_t different = 0;
  for (std::uint64_t seed = 0; seed < 40 && different == 0; ++seed) {
    different += check(seed).different;
  }
  EXPECT_EQ(different, 1U);
  catch_up();
  EXPECT_EQ(wrong_documents(), 0U);
}

TEST_P(LifeRulesTest, Rule16AHitThatIsGoneIsDroppedAndQueuedAndOwnRowsAreTheDatabases) {
  insert(1, 2);
  open();
  catch_up();
  Finder finder(*database_, *target_, books_type(), {.repair_after = std::chrono::milliseconds(0)});
  run("DELETE FROM books WHERE id = 1");
  run("INSERT INTO books (id, title) VALUES (3, 'just written')");
  changes();
  const auto found =
      base::run(finder.search(search::Find(match(&BookDocument::title, "fox")))).value();
  ASSERT_EQ(found.hits.size(), 1U);
  EXPECT_EQ(found.hits[0].id, "2");
  EXPECT_THAT(found.vanished, ElementsAre("1"));
  EXPECT_THAT(changes(), ElementsAre("books.id=1"));
  const auto own = base::run(finder.own([](data::Snapshot& db) {
    return db.query<std::string>("SELECT title FROM books WHERE id = 3").one();
  }));
  EXPECT_EQ(own, "just written");
}

TEST_P(LifeRulesTest, Rule17WhatIsRolledBackLeavesNothingAsAWholeOrToASavepoint) {
  open();
  catch_up();
  changes();
  const auto connection = database_->connect();
  connection->begin(data::Begin::kWrite);
  connection->run_script("INSERT INTO books (id, title) VALUES (1, 'fox')");
  connection->rollback();
  EXPECT_THAT(changes(), IsEmpty());
  connection->begin(data::Begin::kWrite);
  connection->run_script("INSERT INTO books (id, title) VALUES (2, 'fox')");
  connection->savepoint();
  data::Transaction(*connection).execute("INSERT INTO books (id, title) VALUES (3, 'fox')");
  connection->rollback_to_savepoint();
  connection->commit();
  EXPECT_THAT(changes(), ElementsAre("books.id=2"));
  catch_up();
  EXPECT_THAT(find(match(&BookDocument::title, "fox")), ElementsAre("2"));
}

}  // namespace
}  // namespace hornbeam::denorm

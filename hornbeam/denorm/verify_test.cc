#include "hornbeam/denorm/verify.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/denorm/index_commands.h"
#include "hornbeam/denorm/sampled_checker.h"
#include "hornbeam/denorm/status.h"
#include "hornbeam/denorm/testing/library_index.h"
#include "hornbeam/feed/followers.h"

namespace hornbeam::denorm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class VerifyTest : public OnIndexedLibrary {
 protected:
  void begin() {
    database_->write_now([](data::Transaction& tx) {
      for (int id = 1; id <= 60; ++id) {
        tx.execute("INSERT INTO books (id, title) VALUES (?, 'fox')", id);
      }
    });
    open();
    catch_up();
  }
  /// Writes to the index as nobody should.
  void damage(const std::string& id, const std::string& json) {
    const auto index = node_->find(*target_->find_alias("books"))->index;
    if (json.empty()) {
      ASSERT_TRUE(index->remove(id));
    } else {
      ASSERT_TRUE(index->put(id, json));
    }
    index->refresh();
  }
  VerifyReport verify_now(const VerifyOptions& options) {
    return verify(
        *database_, *target_, indexer_->type(),
        [&](const feed::Cursor& cursor, std::chrono::milliseconds) {
          catch_up();
          return indexer_->covers(cursor);
        },
        options);
  }
  std::string command(const std::vector<std::string>& arguments, int expected) {
    std::ostringstream out;
    const IndicesOfProgram indices{
        *database_, *target_, {books_type()}, folder_.path() / "migrations", 2};
    EXPECT_EQ(run_index_command(indices, arguments, out, out), expected) << out.str();
    return out.str();
  }
};
INSTANTIATE_TEST_SUITE_P(On, VerifyTest, data::kEachDatabase, data::database_name);

TEST_P(VerifyTest, FindsWhatIsMissingDifferentAndAGhostAndRepairsIt) {
  begin();
  damage("7", "");
  damage("8", R"({"id": 8, "title": "wolf", "comments": [], "tags": []})");
  damage("999", R"({"id": 999, "title": "ghost", "comments": [], "tags": []})");
  const VerifyReport report = verify_now({.rows_each = 25, .is_whole = true});
  EXPECT_EQ(report.rows, 60U);
  EXPECT_EQ(report.documents, 60U);
  EXPECT_EQ(report.missing, 1U);
  EXPECT_EQ(report.different, 1U);
  EXPECT_EQ(report.ghosts, 1U);
  EXPECT_THAT(report.wrong, testing::UnorderedElementsAre("7", "8", "999"));
  catch_up();
  EXPECT_TRUE(verify_now({.is_whole = true}).is_clean());
  EXPECT_EQ(wrong_documents(), 0U);
}

TEST_P(VerifyTest, LooksAtRandomRanges) {
  begin();
  damage("30", "");
  std::size_t found = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const VerifyReport report =
        verify_now({.ranges = 2, .rows_each = 10, .repairs = false, .seed = seed});
    EXPECT_EQ(report.rows, 20U);
    found += report.missing;
  }
  EXPECT_GT(found, 0U);
}

TEST_P(VerifyTest, DoesNotCallAnIndexWrongThatOnlyLags) {
  begin();
  run("UPDATE books SET title = 'bee'");
  run("DELETE FROM books WHERE id > 50");
  EXPECT_TRUE(verify_now({.is_whole = true}).is_clean());
}

TEST_P(VerifyTest, RepairsOneById) {
  begin();
  damage("7", "");
  repair(*database_, indexer_->type(), {"7"});
  catch_up();
  EXPECT_EQ(wrong_documents(), 0U);
}

TEST_P(VerifyTest, ACheckerFindsByItselfWhatNobodyLogged) {
  begin();
  damage("999", R"({"id": 999, "title": "ghost", "comments": [], "tags": []})");
  IndexerOptions options = impatient();
  options.follower.poll = std::chrono::milliseconds(5);
  indexer_ = std::make_unique<Indexer>(*database_, *target_, books_type(), options);
  indexer_->start();
  SampledChecker checker(*database_, *target_, *indexer_, {.sample = {.is_whole = true}});
  EXPECT_EQ(checker.check().ghosts, 1U);
  EXPECT_TRUE(indexer_->wait_for_now(newest_cursor(), std::chrono::seconds(20)));
  EXPECT_TRUE(checker.check().is_clean());
  EXPECT_EQ(checker.statistics().checks, 2U);
  EXPECT_EQ(checker.statistics().wrong, 1U);
  indexer_->stop();
}

TEST_P(VerifyTest, StatusTellsLagAndFaults) {
  begin();
  run("UPDATE books SET title = 'poison' WHERE id = 1");
  catch_up();
  run("UPDATE books SET title = 'bee' WHERE id > 57");
  const IndexStatus status = status_of(*database_, *target_, indexer_->type());
  EXPECT_EQ(status.index, "books-1");
  EXPECT_EQ(status.documents, 60U);
  EXPECT_EQ(status.rows, 60);
  EXPECT_EQ(status.lag.changes, 3);
  EXPECT_EQ(status.dead_letters, 1);
  EXPECT_TRUE(status.is_of_this_type);
  EXPECT_FALSE(status.holder.empty());
  DocumentType changed = books_type();
  changed.version = 2;
  EXPECT_FALSE(status_of(*database_, *target_, changed).is_of_this_type);
}

TEST_P(VerifyTest, CommandsDoWhatTheySay) {
  begin();
  EXPECT_THAT(command({"status"}, 0), HasSubstr("books: books-1, 60 documents of 60 rows"));
  indexer_.reset();
  EXPECT_THAT(command({"verify", "books"}, 0), HasSubstr("0 missing, 0 different, 0 ghosts"));
  damage("7", "");
  EXPECT_THAT(command({"verify", "books", "whole"}, 1), HasSubstr("repaired 7"));
  EXPECT_THAT(command({"repair", "books", "7", "8"}, 0), HasSubstr("queued 2"));
  // Somebody began and was killed: for as long as he had the right to, he may be alive.
  target_->create("books-2", books_type().mapping);
  feed::take_lease(*database_, "books-2", "somebody", std::chrono::milliseconds(300));
  EXPECT_THAT(command({"status"}, 0), HasSubstr("books-2 is being built by somebody"));
  const std::string rebuilt = command({"rebuild", "books"}, 0);
  EXPECT_THAT(rebuilt, HasSubstr("waiting whether it is alive"));
  EXPECT_THAT(rebuilt, HasSubstr("books is books-2 now, 60 documents"));
  EXPECT_THAT(command({"rollback", "books"}, 0), HasSubstr("books is books-1 now"));
  EXPECT_THAT(command({"drop", "books"}, 0), HasSubstr("dropped books-2"));
  EXPECT_THAT(command({"migrate", "track_more"}, 0), HasSubstr("0003_track_more.sql"));
  database_->connect()->run_script(is_postgresql()
                                       ? "DROP TRIGGER hornbeam_comments_update ON comments"
                                       : "DROP TRIGGER hornbeam_comments_update");
  EXPECT_THAT(command({"status"}, 1), HasSubstr("table comments has lost its triggers"));
  EXPECT_THAT(command({"rebuild", "shelves"}, 1), HasSubstr("there are books"));
  EXPECT_THAT(command({"rebuild"}, 2), HasSubstr("usage:"));
  EXPECT_THAT(command({"verify", "books", "half"}, 2), HasSubstr("usage:"));
}

TEST(ProgressLine, HasABarARateAndTheTimeLeft) {
  EXPECT_EQ(
      progress_line({.index = "books-2",
                     .done = 5'000,
                     .total = 10'000,
                     .per_second = 250,
                     .seconds_left = 20}),
      "books-2: [###############---------------] 50 %, 5000 of 10000 rows, 250 a second, 20 s "
      "left");
  EXPECT_THAT(progress_line({.index = "books-2", .is_filled = true}), HasSubstr("follows"));
}

}  // namespace
}  // namespace hornbeam::denorm

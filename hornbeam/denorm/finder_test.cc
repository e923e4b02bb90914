#include "hornbeam/denorm/finder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/base/loop.h"
#include "hornbeam/denorm/testing/library_index.h"
#include "hornbeam/search/collection/queries.h"

namespace hornbeam::denorm {
namespace {

using search::Find;
using search::match;
using testing::ElementsAre;
using testing::IsEmpty;

class FinderTest : public OnIndexedLibrary {
 protected:
  void begin(const FinderOptions& options = {.repair_after = std::chrono::milliseconds(0)}) {
    run("INSERT INTO books (id, title) VALUES (1, 'red fox'), (2, 'grey fox'), (3, 'bee')");
    open();
    catch_up();
    finder_ = std::make_unique<Finder>(*database_, *target_, books_type(), options);
  }
  FoundDocuments search(std::string_view text) {
    return base::run(finder_->search(Find(match(&BookDocument::title, std::string(text))))).value();
  }
  static std::vector<std::string> titles(const FoundDocuments& found) {
    std::vector<std::string> titles;
    for (const FoundDocument& each : found.hits) {
      titles.push_back(read_document<BookDocument>(each).value().title);
    }
    std::sort(titles.begin(), titles.end());
    return titles;
  }

  std::unique_ptr<Finder> finder_;
};
INSTANTIATE_TEST_SUITE_P(On, FinderTest, data::kEachDatabase, data::database_name);

TEST_P(FinderTest, FindsInTheIndexAndShowsTheDatabase) {
  begin();
  const FoundDocuments found = search("fox");
  EXPECT_THAT(titles(found), ElementsAre("grey fox", "red fox"));
  EXPECT_THAT(found.vanished, IsEmpty());
  EXPECT_THAT(found.stale, IsEmpty());
}

TEST_P(FinderTest, LeavesOutWhatIsGoneOrChangedAndQueuesIt) {
  begin();
  run("DELETE FROM books WHERE id = 1");
  run("UPDATE books SET title = 'grey wolf' WHERE id = 2");
  changes();
  const FoundDocuments found = search("fox");
  EXPECT_THAT(found.hits, IsEmpty());
  EXPECT_THAT(found.vanished, ElementsAre("1"));
  EXPECT_THAT(found.stale, ElementsAre("2"));
  EXPECT_THAT(changes(), testing::UnorderedElementsAre("books.id=1", "books.id=2"));
  catch_up();
  EXPECT_THAT(search("fox").vanished, IsEmpty());
  EXPECT_THAT(titles(search("wolf")), ElementsAre("grey wolf"));
}

TEST_P(FinderTest, MayShowWhatHasChanged) {
  begin({.stale = StaleHits::kShow});
  run("UPDATE books SET title = 'grey wolf' WHERE id = 2");
  EXPECT_THAT(titles(search("fox")), ElementsAre("grey wolf", "red fox"));
}

TEST_P(FinderTest, DoesNotQueueWhatTheIndexIsAboutToSee) {
  begin({.repair_after = std::chrono::hours(1)});
  run("DELETE FROM books WHERE id = 1");
  changes();
  EXPECT_THAT(search("fox").vanished, ElementsAre("1"));
  EXPECT_THAT(search("fox").vanished, ElementsAre("1"));
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_P(FinderTest, ReadsOnesOwnFromTheDatabaseAtOnce) {
  begin();
  run("UPDATE books SET title = 'grey wolf' WHERE id = 2");
  const auto own = base::run(finder_->own([](data::Snapshot& db) {
    return db.select<Book>().where(data::column(&Book::id) == 2).all();
  }));
  ASSERT_EQ(own.size(), 1U);
  EXPECT_EQ(own[0].title, "grey wolf");
}

TEST_P(FinderTest, CountsInTheIndexAlone) {
  run("INSERT INTO tags (id, name) VALUES (5, 'red')");
  run("INSERT INTO taggings VALUES (1, 5), (3, 5)");
  begin();
  const auto result =
      finder_->aggregate(Find(search::everything()).count_by("tags", &BookDocument::tags));
  ASSERT_TRUE(result) << result.error().message;
  const auto buckets = search::buckets_of(result->aggregations, "tags");
  ASSERT_EQ(buckets.size(), 1U);
  EXPECT_EQ(buckets[0].key, "red");
  EXPECT_EQ(buckets[0].count, 2U);
  EXPECT_THAT(result->hits, IsEmpty());
}

TEST_P(FinderTest, WaitsForWhatOneHasWritten) {
  begin();
  indexer_->start();
  run("INSERT INTO books (id, title) VALUES (9, 'arctic fox')");
  const auto cursor = newest_cursor();
  EXPECT_TRUE(base::run(indexer_->wait_for(cursor, std::chrono::seconds(10))));
  EXPECT_EQ(search("fox").hits.size(), 3U);
}

}  // namespace
}  // namespace hornbeam::denorm

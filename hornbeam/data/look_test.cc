#include "hornbeam/data/look.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/data/testing/fixture.h"

namespace hornbeam::data {
namespace {

class LookTest : public OnEachDatabase {
 protected:
  LookTest() {
    if (!database_) return;
    create_tables(*database_);
    database_->write_now([](Transaction& tx) {
      tx.insert(Post{.author = 1, .title = "two\nlines", .teaser = "t", .score = 5});
      tx.insert(Post{.author = 22, .title = std::string(50, 'a') + "ä and more", .score = 1});
    });
  }
};
INSTANTIATE_TEST_SUITE_P(On, LookTest, kEachDatabase, database_name);

TEST_P(LookTest, ShowsRowsUnderTheNamesOfTheirColumns) {
  EXPECT_EQ(look(*database_, "SELECT author, title, teaser FROM posts ORDER BY author",
                 {.widest_column = 51}),
            "author  title" + std::string(50, ' ') + "teaser\n" + "1       two lines" +
                std::string(46, ' ') + "t\n" + "22      " + std::string(50, 'a') + "...  NULL\n");
  EXPECT_EQ(look(*database_, "SELECT author FROM posts WHERE author = 7"), "no rows\n");
  EXPECT_EQ(look(*database_, "SELECT author FROM posts ORDER BY author", {.most_rows = 1}),
            "author\n1\n(the first 1 rows)\n");
}

TEST_P(LookTest, WritesNothing) {
  for (const char* sql :
       {"DELETE FROM posts", "PRAGMA query_only = 0", "", "-- x\nDROP TABLE posts"}) {
    EXPECT_THROW(look(*database_, sql), std::invalid_argument) << sql;
  }
  const char* sneaky =
      database_->read_now([](Snapshot& db) { return db.dialect(); }) == Dialect::kPostgresql
          ? "WITH gone AS (DELETE FROM posts RETURNING author) SELECT * FROM gone"
          : "WITH gone AS (SELECT 1) DELETE FROM posts";
  EXPECT_THROW(look(*database_, sneaky), DatabaseError);
  EXPECT_THROW(look(*database_, "SELECT 1; DELETE FROM posts"), DatabaseError);
  EXPECT_THAT(look(*database_, "SELECT count(*) AS posts FROM posts"), "posts\n2\n");
}

}  // namespace
}  // namespace hornbeam::data

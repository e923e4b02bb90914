// Queries of more than one table, and of what SQL computes.

#include <random>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/data/testing/fixture.h"

namespace hornbeam::data {
namespace {

using testing::ElementsAre;

struct Total {
  std::int64_t author = 0;
  std::int64_t posts = 0;
  std::optional<std::int64_t> score = {};
};
constexpr auto describe(base::Type<Total>) {
  using base::field;
  return base::fields(field("author", &Total::author), field("posts", &Total::posts),
                      field("score", &Total::score));
}

class QueryTest : public OnEachDatabase {
 protected:
  QueryTest() {
    if (!database_) return;
    create_tables(*database_);
    database_->write_now([](Transaction& tx) {
      tx.insert(Post{.author = 1, .title = "alpha", .teaser = "t", .score = 5});
      tx.insert(Post{.author = 1, .title = "beta", .score = 1});
      tx.insert(Post{.author = 2, .title = "gamma", .score = 5});
      tx.insert(Event{1, 1, "one"});
      tx.insert(Event{1, 2, "two"});
    });
  }
  template <class Work>
  void write(Work work) {
    database_->write_now(work);
  }
};
INSTANTIATE_TEST_SUITE_P(On, QueryTest, kEachDatabase, database_name);

TEST_P(QueryTest, JoinsGiveTuplesAndLeftJoinsOptionalRows) {
  write([](Transaction& tx) {
    const auto same = column(&Event::game_id) == column(&Post::id);
    const auto inner = tx.select<Post>().join<Event>(same).order_by(&Event::seq).all();
    ASSERT_EQ(inner.size(), 2U);
    EXPECT_EQ(std::get<0>(inner[1]).title, "alpha");
    EXPECT_EQ(std::get<1>(inner[1]).body, "two");
    const auto left = tx.select<Post>().left_join<Event>(same).order_by(&Post::id).all();
    ASSERT_EQ(left.size(), 4U);
    EXPECT_TRUE(std::get<1>(left[0]));
    EXPECT_FALSE(std::get<1>(left[3]));
  });
}

TEST_P(QueryTest, ATableJoinsItselfUnderAnotherName) {
  write([](Transaction& tx) {
    using Other = As<Post, "other">;
    const auto pairs = tx.select<Post>()
                           .join<Other>(column<Other>(&Post::score) == column(&Post::score) &&
                                        column<Other>(&Post::id) > column(&Post::id))
                           .only(column(&Post::title), column<Other>(&Post::title))
                           .all();
    EXPECT_THAT(pairs, ElementsAre(std::tuple("alpha", "gamma")));
  });
}

TEST_P(QueryTest, GroupsHaveAggregates) {
  write([](Transaction& tx) {
    const auto author = column(&Post::author);
    const auto totals = tx.select<Post>()
                            .group_by(author)
                            .having(count() >= 1)
                            .order_by(author)
                            .into<Total>(author, count(), sum(column(&Post::score)))
                            .all();
    ASSERT_EQ(totals.size(), 2U);
    EXPECT_EQ(totals[0].posts, 2);
    EXPECT_EQ(totals[0].score, 6);
    EXPECT_EQ(tx.select<Post>().group_by(author).having(count() > 1).only(author).one(), 1);
    EXPECT_EQ(tx.select<Post>().only(average(column(&Post::score))).one(), 11.0 / 3);
    EXPECT_EQ(tx.select<Post>().only(count_distinct(column(&Post::score))).one(), 2);
    EXPECT_EQ(tx.select<Post>().only(column(&Post::score)).distinct().count(), 2);
    EXPECT_EQ(tx.select<Post>().only(greatest(column(&Post::title))).one(), "gamma");
    EXPECT_EQ(tx.select<Post>().only(count(column(&Post::teaser))).one(), 1);
  });
}

TEST_P(QueryTest, SubQueriesMayNameTheTableAroundThem) {
  write([](Transaction& tx) {
    const auto events = tx.select<Event>();
    EXPECT_EQ(
        tx.select<Post>().where(column(&Post::id).in(events.only(column(&Event::game_id)))).count(),
        1);
    const auto of_post = events.outer<Post>().where(column(&Event::game_id) == column(&Post::id));
    EXPECT_EQ(tx.select<Post>().where(!exists(of_post)).count(), 2);
    EXPECT_EQ(tx.select<Post>()
                  .order_by(&Post::id)
                  .only(coalesce(scalar(of_post.only(count())), 0))
                  .all(),
              (std::vector<std::int64_t>{2, 0, 0}));
  });
}

TEST_P(QueryTest, TenThousandIdsAreOneParameter) {
  write([](Transaction& tx) {
    std::vector<std::int64_t> ids(10'000);
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<std::int64_t>(i) + 2;
    EXPECT_EQ(tx.select<Post>().where(column(&Post::id).in(ids)).count(), 2);
    std::vector<std::string> titles(20, "a\"' \\ hostile");
    titles.push_back("beta");
    EXPECT_EQ(tx.select<Post>().where(column(&Post::title).in(titles)).one().title, "beta");
  });
}

TEST_P(QueryTest, TextIsFoundWithoutWildcards) {
  write([](Transaction& tx) {
    tx.insert(Post{.author = 3, .title = "100%_ü"});
    const auto title = column(&Post::title);
    EXPECT_EQ(tx.select<Post>().where(title.starts_with("100%")).count(), 1);
    EXPECT_EQ(tx.select<Post>().where(title.starts_with("%")).count(), 0);
    EXPECT_EQ(tx.select<Post>().where(title.contains("%_ü")).count(), 1);
    EXPECT_EQ(tx.select<Post>().where(title.contains("am")).one().title, "gamma");
    EXPECT_EQ(tx.select<Post>().where(upper(title) == "BETA").count(), 1);
  });
}

TEST_P(QueryTest, UpdatesComputeAndReturn) {
  write([](Transaction& tx) {
    const auto score = column(&Post::score);
    const auto changed =
        tx.update_returning(column(&Post::author) == 1, set(&Post::score, (score + 1) * 2 - 1));
    EXPECT_EQ(changed.size(), 2U);
    EXPECT_EQ(tx.find<Post>(1)->score, 11);
    EXPECT_EQ(tx.erase_returning(score == 11).at(0).title, "alpha");
    EXPECT_EQ(tx.select<Post>().where(column(&Post::id) == 2).for_update().one().score, 3);
  });
}

}  // namespace
}  // namespace hornbeam::data

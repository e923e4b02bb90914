#include "hornbeam/data/select.h"

#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/data/testing/fixture.h"

namespace hornbeam::data {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SelectTest : public OnEachDatabase {
 protected:
  template <class Work>
  auto write(Work work) {
    return database_->write_now(work);
  }
  SelectTest() {
    if (!database_) return;
    create_tables(*database_);
    write([](Transaction& tx) {
      tx.insert(Post{.author = 1, .title = "alpha", .teaser = "t", .score = 5});
      tx.insert(Post{.author = 1, .title = "beta", .score = 1});
      tx.insert(Post{.author = 2, .title = "gamma", .score = 5});
      tx.insert(Post{.author = 2, .title = "delta", .teaser = "u", .score = 9});
    });
  }

  std::string titles(Condition<Post> condition) {
    return database_->read_now([&](Snapshot& db) {
      std::string found;
      for (const Post& post : db.select<Post>().where(condition).order_by(&Post::id).rows()) {
        found += post.title.front();
      }
      return found;
    });
  }
};
INSTANTIATE_TEST_SUITE_P(On, SelectTest, kEachDatabase, database_name);

TEST_P(SelectTest, ConditionsSayWhatTheySay) {
  const auto author = column(&Post::author);
  const auto score = column(&Post::score);
  const auto title = column(&Post::title);
  const auto teaser = column(&Post::teaser);
  EXPECT_EQ(titles(author == 1), "ab");
  EXPECT_EQ(titles(author != 1), "gd");
  EXPECT_EQ(titles(score < 5), "b");
  EXPECT_EQ(titles(score <= 5), "abg");
  EXPECT_EQ(titles(score > 5), "d");
  EXPECT_EQ(titles(score >= 5.0), "agd");
  EXPECT_EQ(titles(score == column(&Post::score)), "abgd");
  EXPECT_EQ(titles(title == "beta"), "b");
  EXPECT_EQ(titles(title == std::string("gamma")), "g");
  EXPECT_EQ(titles(title.like("%lta")), "d");
  EXPECT_EQ(titles(teaser == "t"), "a");
  EXPECT_EQ(titles(teaser == std::nullopt), "bg");
  EXPECT_EQ(titles(teaser == std::optional<std::string>()), "bg");
  EXPECT_EQ(titles(teaser != std::nullopt), "ad");
  EXPECT_EQ(titles(teaser.is_null()), "bg");
  EXPECT_EQ(titles(teaser.is_not_null()), "ad");
  EXPECT_EQ(titles(score.between(1, 5)), "abg");
  EXPECT_EQ(titles(score.in(std::vector{1, 9})), "bd");
  EXPECT_EQ(titles(title.in(std::vector<std::string_view>{"beta", "none"})), "b");
  EXPECT_EQ(titles(score.in(std::vector<int>())), "");
}

TEST_P(SelectTest, AndOrNotKeepTheirOrder) {
  const auto author = column(&Post::author);
  const auto score = column(&Post::score);
  EXPECT_EQ(titles(author == 1 && score > 3), "a");
  EXPECT_EQ(titles((author == 1 || author == 2) && score == 5), "ag");
  EXPECT_EQ(titles(author == 1 || (author == 2 && score == 5)), "abg");
  EXPECT_EQ(titles(!(author == 1 || score == 9)), "g");
  EXPECT_EQ(titles(!(author == 1) && !(score == 9)), "g");
}

TEST_P(SelectTest, OrdersLimitsAndSkips) {
  write([](Transaction& tx) {
    const auto title = [](const std::vector<Post>& posts) {
      std::string found;
      for (const Post& post : posts) found += post.title.front();
      return found;
    };
    EXPECT_EQ(title(tx.select<Post>().order_by(&Post::title).all()), "abdg");
    EXPECT_EQ(
        title(tx.select<Post>().order_by(&Post::score, descending).order_by(&Post::title).all()),
        "dagb");
    EXPECT_EQ(title(tx.select<Post>().order_by(&Post::id).limit(2).all()), "ab");
    EXPECT_EQ(title(tx.select<Post>().order_by(&Post::id).limit(2).offset(1).all()), "bg");
    EXPECT_EQ(title(tx.select<Post>().order_by(&Post::id).offset(3).all()), "d");
  });
}

TEST_P(SelectTest, CountsAndTakesOne) {
  write([](Transaction& tx) {
    EXPECT_EQ(tx.select<Post>().count(), 4);
    EXPECT_EQ(tx.select<Post>().where(column(&Post::score) == 5).count(), 2);
    EXPECT_EQ(tx.select<Post>().order_by(&Post::id).limit(3).count(), 3);
    EXPECT_EQ(tx.select<Post>().where(column(&Post::title) == "beta").one().score, 1);
    EXPECT_FALSE(tx.select<Post>().where(column(&Post::score) > 99).optional().has_value());
    EXPECT_EQ(tx.select<Post>().order_by(&Post::score, descending).first()->title, "delta");
    EXPECT_TRUE(tx.select<Post>().where(column(&Post::score) == 9).exists());
    EXPECT_FALSE(tx.select<Post>().where(column(&Post::score) == 8).exists());
    EXPECT_TRUE(error_of([&] { tx.select<Post>().one(); }));
  });
}

TEST_P(SelectTest, AQueryIsAValueThatCanBeNarrowedLater) {
  write([](Transaction& tx) {
    auto query = tx.select<Post>().where(column(&Post::author) == 2);
    EXPECT_EQ(query.count(), 2);
    query.where(column(&Post::score) == 9);
    EXPECT_EQ(query.one().title, "delta");
  });
}

TEST_P(SelectTest, UpdatesAndErasesWhatTheConditionHoldsFor) {
  write([](Transaction& tx) {
    EXPECT_EQ(tx.update_where(column(&Post::author) == 1, set(&Post::score, 7),
                              set(&Post::teaser, "new")),
              2);
    EXPECT_EQ(tx.select<Post>().where(column(&Post::teaser) == "new").count(), 2);
    EXPECT_EQ(tx.update_where(column(&Post::score) == 7, set(&Post::teaser, std::nullopt)), 2);
    EXPECT_EQ(tx.erase_where(column(&Post::score) == 7), 2);
    EXPECT_EQ(tx.select<Post>().count(), 2);
  });
}

TEST_P(SelectTest, UpsertAndInsertIfAbsentGoByTheKey) {
  write([](Transaction& tx) {
    EXPECT_TRUE(tx.insert_if_absent(Event{1, 1, "first"}));
    EXPECT_FALSE(tx.insert_if_absent(Event{1, 1, "second"}));
    EXPECT_EQ(tx.find<Event>(1, 1)->body, "first");
    tx.upsert(Event{1, 1, "third"});
    tx.upsert(Event{1, 2, "other"});
    EXPECT_EQ(tx.find<Event>(1, 1)->body, "third");
    EXPECT_EQ(tx.select<Event>().count(), 2);
  });
}

TEST_P(SelectTest, HostileValuesAndPatternsStayValues) {
  for (const std::string hostile :
       {"' OR 1=1 --", "\" OR \"\"=\"", "?", "); DELETE FROM posts; --"}) {
    EXPECT_EQ(titles(column(&Post::title) == hostile), "");
    EXPECT_EQ(titles(column(&Post::title).in(std::vector{hostile})), "");
  }
  EXPECT_EQ(database_->read_now([](Snapshot& db) { return db.select<Post>().count(); }), 4);
}

// A query says the same as a loop over all rows that asks each of them.
TEST_P(SelectTest, AgreesWithAFilterOnRandomConditions) {
  std::mt19937 random(7);
  const auto pick = [&](int below) {
    return static_cast<int>(random() % static_cast<unsigned>(below));
  };
  std::vector<Event> events;
  for (int i = 0; i < 60; ++i)
    events.push_back({i / 6, i, std::string(1, static_cast<char>('a' + pick(5)))});
  write([&](Transaction& tx) {
    for (const Event& event : events) tx.insert(event);
  });
  for (int round = 0; round < 300; ++round) {
    const int game = pick(10);
    const int low = pick(60);
    const std::string body(1, static_cast<char>('a' + pick(5)));
    const bool either = pick(2) == 0;
    const auto first = column(&Event::game_id) >= game;
    const auto second = column(&Event::seq) < low && !(column(&Event::body) == body);
    std::vector<std::int64_t> expected;
    for (const Event& event : events) {
      const bool one = event.game_id >= game;
      const bool other = event.seq < low && event.body != body;
      if (either ? one || other : one && other) expected.push_back(event.seq);
    }
    std::vector<std::int64_t> found;
    database_->read_now([&](Snapshot& db) {
      const auto condition = either ? first || second : first && second;
      for (const Event& event : db.select<Event>().where(condition).order_by(&Event::seq).rows()) {
        found.push_back(event.seq);
      }
    });
    ASSERT_EQ(found, expected);
  }
}

}  // namespace
}  // namespace hornbeam::data

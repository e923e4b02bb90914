#include "hornbeam/data/relation.h"

#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/base/loop.h"
#include "hornbeam/data/load.h"
#include "hornbeam/data/testing/counting_connection.h"
#include "hornbeam/data/testing/fixture.h"

namespace hornbeam::data {
namespace {

using testing::HasSubstr;

struct Author {
  std::int64_t id = 0;
  std::string name;
  std::optional<std::int64_t> mentor = {};
};
constexpr auto describe(base::Type<Author>) {
  using base::field;
  return base::fields(field("id", &Author::id, primary_key), field("name", &Author::name),
                      field("mentor", &Author::mentor));
}
constexpr std::string_view table_name(base::Type<Author>) {
  return "authors";
}

struct Tag {
  std::string word;
  int weight = 0;
};
constexpr auto describe(base::Type<Tag>) {
  return base::fields(base::field("word", &Tag::word, primary_key),
                      base::field("weight", &Tag::weight));
}
constexpr std::string_view table_name(base::Type<Tag>) {
  return "tags";
}

struct Tagging {
  std::int64_t post = 0;
  std::string tag;
};
constexpr auto describe(base::Type<Tagging>) {
  return base::fields(base::field("post", &Tagging::post, primary_key),
                      base::field("tag", &Tagging::tag, primary_key));
}
constexpr std::string_view table_name(base::Type<Tagging>) {
  return "taggings";
}

/// A note of an organisation about an author.
struct Note {
  std::int64_t id = 0;
  std::int64_t organisation = 0;
  std::int64_t author = 0;
};
constexpr auto describe(base::Type<Note>) {
  using base::field;
  return base::fields(field("id", &Note::id, primary_key),
                      field("organisation", &Note::organisation, belongs_to_organisation),
                      field("author", &Note::author));
}
constexpr std::string_view table_name(base::Type<Note>) {
  return "notes";
}

constexpr auto kPosts = has_many(&Author::id, &Post::author);
constexpr auto kPupils = has_many(&Author::id, &Author::mentor);
constexpr auto kMentor = belongs_to(&Author::mentor, &Author::id);
constexpr auto kAuthor = belongs_to(&Post::author, &Author::id);
constexpr auto kTags = many_to_many(&Post::id, &Tagging::post, &Tagging::tag, &Tag::word);
constexpr auto kNotes = has_many(&Author::id, &Note::author);

class RelationTest : public OnEachDatabase {
 protected:
  RelationTest() {
    if (!database_) return;
    create_tables(*database_);
    database_->write_now([](Transaction& tx) {
      tx.execute("CREATE TABLE authors (id BIGINT PRIMARY KEY, name TEXT NOT NULL, mentor BIGINT)");
      tx.execute("CREATE TABLE tags (word TEXT PRIMARY KEY, weight BIGINT NOT NULL)");
      tx.execute(
          "CREATE TABLE taggings (post BIGINT NOT NULL, tag TEXT NOT NULL, "
          "PRIMARY KEY (post, tag))");
      tx.execute(
          "CREATE TABLE notes (id BIGINT PRIMARY KEY, organisation BIGINT NOT NULL, "
          "author BIGINT NOT NULL)");
      tx.insert_all(std::vector<Author>{{1, "ada"}, {2, "bob", 1}, {3, "cyd", 1}});
      tx.insert_all(std::vector<Post>{{.author = 1, .title = "alpha", .score = 5},
                                      {.author = 2, .title = "beta", .score = 1},
                                      {.author = 1, .title = "gamma", .score = 7},
                                      {.author = 1, .title = "delta", .score = 6}});
      tx.insert_all(std::vector<Tag>{{"x", 1}, {"y", 2}, {"z", 3}});
      tx.insert_all(std::vector<Tagging>{{1, "x"}, {1, "y"}, {2, "y"}});
      auto all = tx.unrestricted_unsafe("the test writes notes of both organisations");
      all.insert_all(std::vector<Note>{{1, 7, 1}, {2, 8, 1}, {3, 7, 2}});
    });
  }
  template <class Work>
  void read(Work work) {
    database_->read_now([&](Snapshot& db) {
      work(db);
      return 0;
    });
  }
};
INSTANTIATE_TEST_SUITE_P(On, RelationTest, kEachDatabase, database_name);

std::string titles(std::span<const Post> posts) {
  std::string found;
  for (const Post& post : posts) found += post.title.front();
  return found;
}

TEST_P(RelationTest, GivesEachRowItsOwnInTheOrderAskedFor) {
  read([](Snapshot& db) {
    const auto authors = db.select<Author>().order_by(&Author::id).all();
    const auto posts = db.load(authors, kPosts.order_by(&Post::score, descending));
    EXPECT_EQ(titles(posts.of(authors[0])), "gda");
    EXPECT_EQ(titles(posts.of(authors[1])), "b");
    EXPECT_EQ(titles(posts.of(authors[2])), "");
    EXPECT_EQ(posts.rows().size(), 4u);
  });
}

TEST_P(RelationTest, NarrowsAndLimitsEach) {
  read([](Snapshot& db) {
    const auto authors = db.select<Author>().order_by(&Author::id).all();
    const auto good = kPosts.where(column(&Post::score) > 5).order_by(&Post::title);
    EXPECT_EQ(titles(db.load(authors, good).of(authors[0])), "dg");
    EXPECT_EQ(titles(db.load(authors, good.limit_each(1)).of(authors[0])), "d");
    const auto two = db.load(authors, kPosts.order_by(&Post::title).limit_each(2));
    EXPECT_EQ(titles(two.of(authors[0])), "ad");
    EXPECT_EQ(titles(two.of(authors[1])), "b");
    // The order's own values stand between those of the columns and those of the condition.
    const auto by = kPosts.order_by(column(&Post::score) - 6, descending).limit_each(2);
    EXPECT_EQ(titles(db.load(authors, by.where(column(&Post::score) != 7)).of(authors[0])), "da");
  });
}

TEST_P(RelationTest, BelongsToGivesOneOrNone) {
  read([](Snapshot& db) {
    const auto authors = db.select<Author>().order_by(&Author::id).all();
    const auto mentors = db.load(authors, kMentor);
    EXPECT_EQ(mentors.of(authors[0]), nullptr);
    ASSERT_NE(mentors.of(authors[2]), nullptr);
    EXPECT_EQ(mentors.of(authors[2])->name, "ada");
    EXPECT_EQ(mentors.of(authors[1]), mentors.of(authors[2]));
    EXPECT_EQ(db.load(authors, kPupils).of(authors[0]).size(), 2u);
  });
}

TEST_P(RelationTest, GoesThroughATableOfPairs) {
  read([](Snapshot& db) {
    const auto posts = db.select<Post>().order_by(&Post::id).all();
    const auto tags = db.load(posts, kTags.order_by(&Tag::weight, descending));
    ASSERT_EQ(tags.of(posts[0]).size(), 2u);
    EXPECT_EQ(tags.of(posts[0])[0].word, "y");
    EXPECT_EQ(tags.of(posts[1])[0].word, "y");
    EXPECT_TRUE(tags.of(posts[2]).empty());
    const auto one = db.load(posts, kTags.where(column(&Tagging::tag) != "y").limit_each(1));
    EXPECT_EQ(one.of(posts[0])[0].word, "x");
    EXPECT_TRUE(one.of(posts[1]).empty());
  });
}

TEST_P(RelationTest, AHasOneThatMeetsTwoSaysSo) {
  read([](Snapshot& db) {
    const auto authors = db.select<Author>().all();
    const auto error = error_of([&] { db.load(authors, has_one(&Author::id, &Post::author)); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind(), ErrorKind::kRowCount);
    EXPECT_THAT(error->what(), HasSubstr("\"posts\""));
  });
}

TEST_P(RelationTest, KeepsToTheScope) {
  read([](Snapshot& db) {
    const auto authors = db.select<Author>().order_by(&Author::id).all();
    const auto ours = db.within(Scope::of(7)).load(authors, kNotes);
    ASSERT_EQ(ours.of(authors[0]).size(), 1u);
    EXPECT_EQ(ours.of(authors[0])[0].id, 1);
    const auto limited = db.within(Scope::of(8)).load(authors, kNotes.limit_each(5));
    ASSERT_EQ(limited.rows().size(), 1u);
    EXPECT_EQ(limited.rows()[0].id, 2);
    EXPECT_TRUE(db.within(Scope()).load(authors, kNotes).rows().empty());
  });
}

TEST_P(RelationTest, TakesOneStatementForEachRelationHoweverManyRows) {
  constexpr int kAuthors = 40'000;  // more than a statement may have parameters
  database_->write_now([](Transaction& tx) {
    std::vector<Author> authors;
    std::vector<Post> posts;
    for (int id = 100; id < 100 + kAuthors; ++id) {
      authors.push_back({id, "a"});
      posts.push_back({.author = id, .title = "p"});
    }
    tx.insert_all(authors);
    tx.insert_all(posts);
  });
  const auto connection = database_->connect();
  CountingConnection counting(*connection);
  Snapshot db(counting);
  const auto authors = db.select<Author>().where(column(&Author::id) >= 100).all();
  EXPECT_EQ(counting.statements(), 1);
  const auto [posts, tags] = db.load(authors, kPosts, kTags);
  EXPECT_EQ(counting.statements(), 3);
  EXPECT_EQ(posts.rows().size(), static_cast<std::size_t>(kAuthors));
  for (const Author& author : authors) ASSERT_EQ(posts.of(author).size(), 1u);
  EXPECT_TRUE(tags.of(posts.rows().front()).empty());
}

TEST_P(RelationTest, AsksNothingForNoRows) {
  const auto connection = database_->connect();
  CountingConnection counting(*connection);
  Snapshot db(counting);
  EXPECT_TRUE(db.load(std::vector<Author>(), kPosts).rows().empty());
  EXPECT_EQ(counting.statements(), 0);
}

TEST_P(RelationTest, FreeLoadIsAReadOfItsOwn) {
  const auto authors = database_->read_now(
      [](Snapshot& db) { return db.select<Author>().order_by(&Author::id).all(); });
  const auto posts = base::run(load(*database_, authors, kPosts.order_by(&Post::id)));
  EXPECT_EQ(titles(posts.of(authors[0])), "agd");
  const auto notes = base::run(load(*database_, Scope::of(8), authors, kNotes));
  EXPECT_EQ(notes.rows().size(), 1u);
  const auto back = base::run(load(*database_, posts.rows(), kAuthor));
  EXPECT_EQ(back.of(posts.rows()[0])->name, "ada");
}

}  // namespace
}  // namespace hornbeam::data

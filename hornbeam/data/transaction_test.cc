#include "hornbeam/data/transaction.h"

#include <chrono>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/data/testing/fixture.h"

namespace hornbeam::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class TransactionTest : public OnEachDatabase {
 protected:
  TransactionTest() {
    if (database_) create_tables(*database_);
  }

  template <class Work>
  auto write(Work work) {
    return database_->write_now(work);
  }
};
INSTANTIATE_TEST_SUITE_P(On, TransactionTest, kEachDatabase, database_name);

TEST_P(TransactionTest, InsertGivesTheGeneratedKeyAndFindReadsTheRowBack) {
  const Post found = write([](Transaction& tx) {
    EXPECT_EQ(tx.insert(Post{.author = 7, .title = "first"}), 1);
    const std::int64_t id =
        tx.insert(Post{.author = 7, .title = "second", .teaser = "soon", .score = 3});
    EXPECT_EQ(id, 2);
    return tx.find<Post>(id).value();
  });
  EXPECT_EQ(found.id, 2);
  EXPECT_EQ(found.author, 7);
  EXPECT_EQ(found.title, "second");
  EXPECT_EQ(found.teaser, "soon");
  EXPECT_EQ(found.score, 3);
}

TEST_P(TransactionTest, UpdateAndEraseGoByThePrimaryKey) {
  write([](Transaction& tx) {
    tx.insert(Event{1, 1, "new"});
    tx.insert(Event{1, 2, "join"});
    EXPECT_TRUE(tx.update(Event{1, 2, "left"}));
    EXPECT_FALSE(tx.update(Event{1, 3, "left"}));
    EXPECT_EQ(tx.find<Event>(1, 2)->body, "left");
    EXPECT_EQ(tx.find<Event>(1, 1)->body, "new");
    EXPECT_TRUE(tx.erase<Event>(1, 1));
    EXPECT_FALSE(tx.erase<Event>(1, 1));
    EXPECT_FALSE(tx.find<Event>(1, 1).has_value());
  });
}

TEST_P(TransactionTest, InsertAllInsertsManyRowsByFewStatements) {
  write([](Transaction& tx) {
    std::vector<Event> events;
    for (int seq = 1; seq <= 3000; ++seq) events.push_back({1, seq, "m" + std::to_string(seq)});
    EXPECT_EQ(tx.insert_all(events), 3000);
    EXPECT_EQ(tx.insert_all(std::vector<Event>()), 0);
    EXPECT_EQ(tx.select<Event>().count(), 3000);
    EXPECT_EQ(tx.find<Event>(1, 2999)->body, "m2999");
    const std::vector<Post> posts(3, Post{.author = 4, .title = "same", .score = 2});
    EXPECT_EQ(tx.insert_all(posts), 3);
    EXPECT_EQ(tx.select<Post>().where(column(&Post::author) == 4).count(), 3);
    EXPECT_TRUE(error_of([&] { tx.insert_all(std::vector<Event>{{2, 1, "x"}, {1, 1, "x"}}); }));
    EXPECT_FALSE(tx.find<Event>(2, 1).has_value());
  });
}

TEST_P(TransactionTest, ExecuteGivesTheNumberOfRowsChanged) {
  write([](Transaction& tx) {
    for (int seq = 1; seq <= 5; ++seq) tx.insert(Event{9, seq, "move"});
    EXPECT_EQ(tx.execute("UPDATE events SET body = ? WHERE seq > ?", "seen", 2), 3);
    EXPECT_EQ(tx.execute("DELETE FROM events WHERE body = ?", std::string("nothing")), 0);
  });
}

TEST_P(TransactionTest, ACursorStreamsRowsOfEveryShape) {
  write([](Transaction& tx) {
    for (int seq = 1; seq <= 4; ++seq) tx.insert(Event{2, seq, "m" + std::to_string(seq)});
    std::string bodies;
    for (const Event& event : tx.query<Event>("SELECT * FROM events ORDER BY seq DESC")) {
      bodies += event.body;
    }
    EXPECT_EQ(bodies, "m4m3m2m1");
    EXPECT_EQ(tx.query<int>("SELECT count(*) FROM events").one(), 4);
    EXPECT_THAT(tx.query<std::string>("SELECT body FROM events WHERE seq < ?", 3).all(),
                ElementsAre("m1", "m2"));
    const auto [seq, body] =
        tx.query<std::tuple<int, std::string>>("SELECT seq, body FROM events WHERE seq = 3").one();
    EXPECT_EQ(seq, 3);
    EXPECT_EQ(body, "m3");
  });
}

TEST_P(TransactionTest, AQueryMayRunInsideTheLoopOfTheSameQuery) {
  write([](Transaction& tx) {
    for (int seq = 1; seq <= 3; ++seq) tx.insert(Event{2, seq, "m"});
    int pairs = 0;
    for (const int outer : tx.query<int>("SELECT seq FROM events")) {
      for (const int inner : tx.query<int>("SELECT seq FROM events")) pairs += outer * inner;
    }
    EXPECT_EQ(pairs, 36);
  });
}

TEST_P(TransactionTest, OneAndOptionalRefuseAnotherNumberOfRows) {
  write([](Transaction& tx) {
    for (int seq = 1; seq <= 2; ++seq) tx.insert(Event{2, seq, "m"});
    const auto count_error = [&](auto work) {
      const auto error = error_of(work);
      return error && error->kind() == ErrorKind::kRowCount;
    };
    EXPECT_TRUE(count_error([&] { tx.query<int>("SELECT seq FROM events WHERE seq > 5").one(); }));
    EXPECT_TRUE(count_error([&] { tx.query<int>("SELECT seq FROM events").one(); }));
    EXPECT_TRUE(count_error([&] { tx.query<int>("SELECT seq FROM events").optional(); }));
    EXPECT_FALSE(tx.query<int>("SELECT seq FROM events WHERE seq > 5").optional().has_value());
    EXPECT_EQ(tx.query<int>("SELECT seq FROM events ORDER BY seq").first(), 1);
  });
}

enum class Colour : std::uint8_t { kRed = 1, kGreen = 200 };

TEST_P(TransactionTest, EveryStorableTypeComesBackAsItWent) {
  using std::chrono::system_clock;
  const auto now = std::chrono::floor<std::chrono::milliseconds>(system_clock::now());
  const std::vector<std::byte> bytes{std::byte{0}, std::byte{255}, std::byte{7}};
  write([&](Transaction& tx) {
    // PostgreSQL takes a parameter that nothing is said of for text.
    const auto same = [&](const auto& value, const std::string& type = "bigint") {
      using Value = std::remove_cvref_t<decltype(value)>;
      const std::string sql = is_postgresql() ? "SELECT CAST(? AS " + type + ")" : "SELECT ?";
      return tx.query<Value>(unchecked_sql(sql), value).one() == value;
    };
    EXPECT_TRUE(same(std::numeric_limits<std::int64_t>::min()));
    EXPECT_TRUE(same(std::numeric_limits<std::int64_t>::max()));
    EXPECT_TRUE(same(std::uint8_t{200}));
    EXPECT_TRUE(same(true, "boolean"));
    EXPECT_TRUE(same(false, "boolean"));
    EXPECT_TRUE(same(0.1, "float8"));
    // PostgreSQL's text has no zero character.
    EXPECT_TRUE(same(std::string("naïve \0 text", is_postgresql() ? 6 : 13), "text"));
    EXPECT_TRUE(same(std::string(), "text"));
    EXPECT_TRUE(same(bytes, "bytea"));
    EXPECT_TRUE(same(std::vector<std::byte>(), "bytea"));
    EXPECT_TRUE(same(Colour::kGreen));
    EXPECT_TRUE(same(now));
    EXPECT_TRUE(same(now, "timestamptz"));
    EXPECT_TRUE(same(std::optional<int>()));
    EXPECT_TRUE(same(std::optional<std::string>("there"), "text"));
    EXPECT_EQ(tx.query<std::string>("SELECT ?", std::string_view()).one(), "");
    const std::string hex = is_postgresql() ? "SELECT upper(encode(?, 'hex'))" : "SELECT hex(?)";
    EXPECT_EQ(tx.query<std::string>(unchecked_sql(hex), std::span<const std::byte>(bytes)).one(),
              "00FF07");
    EXPECT_FALSE(tx.query<std::optional<int>>("SELECT ?", std::nullopt).one().has_value());
  });
}

TEST_P(TransactionTest, WhatDoesNotFitTheTypeIsAnErrorNamingTheColumn) {
  struct Case {
    std::string_view sql;
    std::string_view text;
  };
  const Case cases[] = {
      {"SELECT NULL AS score",
       "\"score\" holds NULL where an integer is wanted: read it into a std::opt"},
      {"SELECT 'x' AS score", "\"score\" holds text where an integer is wanted"},
      {"SELECT 1.5 AS score", "\"score\" holds a real number where an integer is wanted"},
      {"SELECT 300 AS score", "\"score\" holds 300, which does not fit"},
      {"SELECT -1 AS score", "\"score\" holds -1, which does not fit"},
  };
  for (const Case& each : cases) {
    const auto error = error_of([&] {
      database_->read_now(
          [&](Snapshot& db) { return db.query<std::uint8_t>(unchecked_sql(each.sql)).one(); });
    });
    ASSERT_TRUE(error) << each.sql;
    EXPECT_THAT(error->what(), HasSubstr(each.text));
    EXPECT_EQ(error->sql(), each.sql);
  }
}

TEST_P(TransactionTest, ARowNamesTheColumnThatIsMissing) {
  const auto error = error_of([&] {
    write(
        [](Transaction& tx) { return tx.query<Event>("SELECT game_id, body FROM events").all(); });
  });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("field \"seq\" has no column in the result, which has "
                                       "\"game_id\", \"body\""));
}

TEST_P(TransactionTest, ColumnsAreMatchedByNameWhateverTheirOrder) {
  write([](Transaction& tx) {
    tx.insert(Event{5, 6, "x"});
    const Event event = tx.query<Event>("SELECT body, 1 AS more, seq, game_id FROM events").one();
    EXPECT_EQ(event.game_id, 5);
    EXPECT_EQ(event.seq, 6);
  });
}

TEST_P(TransactionTest, ErrorsHaveTheirKind) {
  struct Case {
    std::string_view sql;
    ErrorKind kind;
  };
  write([](Transaction& tx) {
    tx.execute("CREATE TABLE replies (post INTEGER NOT NULL REFERENCES posts)");
    tx.insert(Post{.author = 1, .title = "a"});
  });
  const Case cases[] = {
      {"INSERT INTO posts (id, author, title) VALUES (1, 1, 'b')", ErrorKind::kUniqueViolation},
      {"INSERT INTO replies VALUES (99)", ErrorKind::kForeignKey},
      {"INSERT INTO posts (author) VALUES (1)", ErrorKind::kNotNull},
      {"INSERT INTO posts (author, title, score) VALUES (1, 'b', -1)", ErrorKind::kCheck},
      {"SELEC 1", ErrorKind::kSyntax},
      {"SELECT * FROM nowhere", ErrorKind::kSyntax},
      {"", ErrorKind::kSyntax},
      {"SELECT 1; SELECT 2", ErrorKind::kSyntax},
  };
  for (const Case& each : cases) {
    const auto error = error_of(
        [&] { write([&](Transaction& tx) { return tx.execute(unchecked_sql(each.sql)); }); });
    ASSERT_TRUE(error) << each.sql;
    EXPECT_EQ(error->kind(), each.kind) << error->what();
    EXPECT_EQ(error->sql(), each.sql);
  }
}

TEST_P(TransactionTest, ErrorsNameTheConstraint) {
  write([](Transaction& tx) {
    tx.execute(
        "CREATE TABLE named (a INTEGER, b INTEGER, CONSTRAINT positive CHECK (a > 0), "
        "UNIQUE (a, b))");
    tx.execute("INSERT INTO named VALUES (1, 1)");
  });
  const auto failing = [&](std::string_view sql) {
    return error_of([&] { write([&](Transaction& tx) { tx.execute(unchecked_sql(sql)); }); });
  };
  EXPECT_EQ(failing("INSERT INTO named VALUES (-1, 1)")->constraint(), "positive");
  const auto taken = failing("INSERT INTO named VALUES (1, 1)");
  EXPECT_EQ(taken->table(), "named");
  EXPECT_EQ(taken->column(), "a, b");
}

TEST_P(TransactionTest, ATakenKeyIsAUniqueViolationAndTheWorkMayGoOn) {
  const bool second_is_refused = write([](Transaction& tx) {
    tx.insert(Event{1, 1, "mine"});
    try {
      tx.insert(Event{1, 1, "yours"});
    } catch (const UniqueViolation&) {
      tx.insert(Event{1, 2, "yours"});
      return true;
    }
    return false;
  });
  EXPECT_TRUE(second_is_refused);
  EXPECT_EQ(database_->read_now([](Snapshot& db) { return db.find<Event>(1, 2)->body; }), "yours");
}

TEST_P(TransactionTest, HostileTextIsOnlyEverAValue) {
  const std::string hostile = "'); DROP TABLE posts; --";
  write([&](Transaction& tx) {
    const auto id = tx.insert(Post{.author = 1, .title = hostile});
    EXPECT_EQ(tx.find<Post>(id)->title, hostile);
    EXPECT_EQ(tx.query<int>("SELECT count(*) FROM posts WHERE title = ?", hostile).one(), 1);
  });
}

TEST_P(TransactionTest, WorkMayNotEndItsOwnTransaction) {
  for (const std::string_view sql : {"COMMIT", "ROLLBACK", "BEGIN", "SAVEPOINT a", "END"}) {
    const auto error =
        error_of([&] { write([&](Transaction& tx) { return tx.execute(unchecked_sql(sql)); }); });
    ASSERT_TRUE(error) << sql;
    EXPECT_THAT(error->what(), HasSubstr("may not begin, commit or roll back"));
  }
}

TEST_P(TransactionTest, AMisspeltColumnInQuotesIsNoText) {
  const auto error = error_of([&] {
    write([](Transaction& tx) { return tx.execute("DELETE FROM posts WHERE \"titel\" = 'a'"); });
  });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr(is_postgresql() ? "column \"titel\" does not exist"
                                                       : "no such column: titel"));
}

TEST_P(TransactionTest, WorkThatNeverEndsIsEnded) {
  const auto database = open_empty({.longest_work = std::chrono::milliseconds(20)});
  const auto for_ever = [](Snapshot& db) {
    return db
        .query<int>(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM "
            "n")
        .one();
  };
  for (const auto& error : {error_of([&] { database->read_now(for_ever); }),
                            error_of([&] { database->write_now(for_ever); })}) {
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind(), ErrorKind::kTimeout);
    EXPECT_THAT(error->what(), HasSubstr("longer than DatabaseOptions::longest_work"));
  }
  EXPECT_EQ(database->read_now([](Snapshot& db) { return db.query<int>("SELECT 1").one(); }), 1);
}

TEST_P(TransactionTest, ReadingOnlyRefusesWrites) {
  const auto error = error_of([&] {
    database_->read_now([](Snapshot& db) {
      return db.query<int>("INSERT INTO events VALUES (1, 1, 'x') RETURNING seq").one();
    });
  });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::kReadOnly);
}

}  // namespace
}  // namespace hornbeam::data

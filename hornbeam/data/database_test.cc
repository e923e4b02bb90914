#include "hornbeam/data/database.h"

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/base/loop.h"
#include "hornbeam/data/testing/fixture.h"

namespace hornbeam::data {
namespace {

using testing::HasSubstr;

TEST(Database, NamesTheSchemeItDoesNotKnowAndThoseItDoes) {
  struct Case {
    std::string_view url;
    std::string_view text;
  };
  const Case cases[] = {
      {"mysql://host/db", "no kind of database is called \"mysql\""},
      {"mysql://host/db", "Known: sqlite, postgresql. Write sqlite:///file.db"},
      {"app.db", "no kind of database is called \"\""},
      {"sqlite:app.db", "is no SQLite URL: write sqlite:///file.db"},
      {"sqlite://app.db", "names a host; a file takes three slashes: sqlite:///app.db"},
      {"sqlite:///a.db?mode=ro", "has the option \"mode=ro\"; the only one known is vfs"},
      {"sqlite:///a.db?vfs=none", "SQLite has no file layer (vfs) called \"none\""},
      {"sqlite:////dev/null/at/all.db", "its folder /dev/null/at is not there and cannot be made"},
  };
  for (const Case& each : cases) {
    const auto error = error_of([&] { Database::open(each.url); });
    ASSERT_TRUE(error) << each.url;
    EXPECT_THAT(error->what(), HasSubstr(each.text));
  }
}

TEST(Database, KeepsWhatWasWrittenWhenItIsOpenedAgain) {
  const TemporaryFolder folder;
  {
    const auto database = Database::open(folder.url());
    create_tables(*database);
    database->write_now([](Transaction& tx) { tx.insert(Event{1, 1, "kept"}); });
  }
  const auto again = Database::open(folder.url());
  EXPECT_EQ(again->read_now([](Snapshot& db) { return db.find<Event>(1, 1)->body; }), "kept");
}

TEST(Database, MakesTheFoldersOfItsFile) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "one" / "two" / "app.db";
  create_tables(*Database::open("sqlite:///" + file.string()));
  EXPECT_TRUE(std::filesystem::exists(file));
}

TEST(Database, AFileThatIsNoDatabaseIsCorrupt) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "test.db") << std::string(5000, 'x');
  const auto error = error_of([&] { Database::open(folder.url()); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::kCorrupt);
  EXPECT_THAT(error->what(), HasSubstr("file is not a database"));
}

TEST(Database, DatabasesInMemoryAreApart) {
  const auto one = Database::open("sqlite://");
  const auto other = Database::open("sqlite:///:memory:");
  create_tables(*one);
  EXPECT_TRUE(
      error_of([&] { other->read_now([](Snapshot& db) { return db.find<Event>(1, 1); }); }));
}

TEST(Database, WritesAndReadsResumeOnTheLoopThatAskedAndRunElsewhere) {
  const TemporaryFolder folder;
  const auto database = Database::open(folder.url());
  create_tables(*database);
  auto body = [](Database& db) -> base::Task<bool> {
    const base::Executor* loop = base::Executor::current();
    const std::thread::id here = std::this_thread::get_id();
    const bool wrote_elsewhere = co_await db.write([here](Transaction& tx) {
      tx.insert(Event{1, 1, "x"});
      return std::this_thread::get_id() != here && base::Executor::current() == nullptr;
    });
    const bool read_elsewhere = co_await db.read([here](Snapshot& snapshot) {
      return snapshot.find<Event>(1, 1).has_value() && std::this_thread::get_id() != here;
    });
    co_return wrote_elsewhere&& read_elsewhere&& base::Executor::current() ==
        loop&& std::this_thread::get_id() == here;
  };
  EXPECT_TRUE(base::run(body(*database)));
}

TEST(Database, AnExceptionOfTheWorkReachesItsCallerAndUndoesTheWork) {
  const auto database = Database::open("sqlite://");
  create_tables(*database);
  auto body = [](Database& db) -> base::Task<std::string> {
    try {
      co_await db.write([](Transaction& tx) {
        tx.insert(Event{1, 1, "undone"});
        throw std::runtime_error("on purpose");
      });
    } catch (const std::runtime_error& failure) {
      co_return failure.what();
    }
    co_return "";
  };
  EXPECT_EQ(base::run(body(*database)), "on purpose");
  EXPECT_FALSE(database->read_now([](Snapshot& db) { return db.find<Event>(1, 1); }).has_value());
}

TEST(DatabaseDeathTest, BlockingOnALoopIsLoud) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto database = Database::open("sqlite://");
  auto body = [](Database& db) -> base::Task<void> {
    db.read_now([](Snapshot&) {});
    co_return;
  };
  EXPECT_DEATH(base::run(body(*database)), "block: await write or read on a loop");
}

TEST(DatabaseDeathTest, WorkThatWaitsForOtherWorkIsLoud) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto database = Database::open("sqlite://");
  EXPECT_DEATH(database->write_now([&](Transaction&) { database->read_now([](Snapshot&) {}); }),
               "work of a database would wait for itself");
}

TEST(DatabaseDeathTest, ACursorThatOutlivesItsTransactionIsLoud) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto database = Database::open("sqlite://");
  std::optional<Cursor<int>> kept;
  EXPECT_DEATH(
      database->write_now([&](Transaction& tx) { kept.emplace(tx.query<int>("SELECT 1")); }),
      "a cursor has outlived its transaction");
}

}  // namespace
}  // namespace hornbeam::data

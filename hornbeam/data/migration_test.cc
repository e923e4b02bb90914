#include "hornbeam/data/migration.h"

#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/data/testing/fixture.h"

namespace hornbeam::data {
namespace {

using testing::HasSubstr;

std::vector<Migration> two_steps() {
  return {{1, "create_games", "CREATE TABLE games (id INTEGER PRIMARY KEY);", "DROP TABLE games"},
          {2, "add_state", "ALTER TABLE games ADD state TEXT; CREATE TABLE seats (n INTEGER);",
           "DROP TABLE seats; ALTER TABLE games DROP state"}};
}

std::string numbers(const std::vector<MigrationStatus>& steps) {
  std::string text;
  for (const auto& step : steps)
    text += std::to_string(step.number) + (step.is_applied ? "+" : "-");
  return text;
}

TEST(Migration, AppliesWhatIsMissingOnce) {
  const auto database = Database::open("sqlite://");
  const auto steps = two_steps();
  EXPECT_EQ(numbers(migrate(*database, std::span(steps).first(1))), "1+");
  EXPECT_EQ(numbers(migration_status(*database, steps)), "1+2-");
  EXPECT_EQ(numbers(migrate(*database, steps)), "2+");
  EXPECT_EQ(numbers(migrate(*database, steps)), "");
  database->write_now([](Transaction& tx) { tx.execute("INSERT INTO games VALUES (1, 'open')"); });
}

TEST(Migration, DowngradeUndoesTheLastFirst) {
  const auto database = Database::open("sqlite://");
  const auto steps = two_steps();
  migrate(*database, steps);
  EXPECT_EQ(numbers(downgrade(*database, steps, 1)), "2-");
  EXPECT_EQ(numbers(migration_status(*database, steps)), "1+2-");
  EXPECT_EQ(numbers(downgrade(*database, steps, 0)), "1-");
  EXPECT_EQ(numbers(migrate(*database, steps)), "1+2+");
  EXPECT_EQ(numbers(downgrade(*database, steps, 0)), "2-1-");
}

TEST(Migration, RefusesAListThatIsNotOneTwoThree) {
  const auto database = Database::open("sqlite://");
  struct Case {
    std::vector<Migration> steps;
    std::string_view text;
  };
  const Case cases[] = {
      {{{1, "a", "SELECT 1", {}}, {3, "c", "SELECT 1", {}}},
       "migration 2 is missing: \"c\" has the number 3"},
      {{{1, "a", "SELECT 1", {}}, {1, "b", "SELECT 1", {}}}, "migration 1 is there twice (\"b\""},
      {{{2, "b", "SELECT 1", {}}}, "migration 1 is missing"},
  };
  for (const Case& each : cases) {
    const auto error = error_of([&] { migrate(*database, each.steps); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind(), ErrorKind::kMigration);
    EXPECT_THAT(error->what(), HasSubstr(each.text));
  }
}

TEST(Migration, RefusesAStepThatWasEditedAfterItWasApplied) {
  const auto database = Database::open("sqlite://");
  auto steps = two_steps();
  migrate(*database, steps);
  steps[0].up += " -- edited";
  const auto error = error_of([&] { migrate(*database, steps); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("migration 1 (\"create_games\") was edited after"));
}

TEST(Migration, RefusesADatabaseThatIsNewerThanTheProgram) {
  const auto database = Database::open("sqlite://");
  const auto steps = two_steps();
  migrate(*database, steps);
  const auto error = error_of([&] { migrate(*database, std::span(steps).first(1)); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("the database has migration 2 (\"add_state\")"));
}

TEST(Migration, AStepThatFailsLeavesTheDatabaseAsItWas) {
  const auto database = Database::open("sqlite://");
  auto steps = two_steps();
  steps[1].up = "CREATE TABLE seats (n INTEGER); INSERT INTO nowhere VALUES (1)";
  const auto error = error_of([&] { migrate(*database, steps); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("migration 2 (\"add_state\", up): "));
  EXPECT_EQ(numbers(migration_status(*database, steps)), "1+2-");
  const int seats = database->read_now([](Snapshot& db) {
    return db.query<int>("SELECT count(*) FROM sqlite_master WHERE name = 'seats'").one();
  });
  EXPECT_EQ(seats, 0);
}

TEST(Migration, MayRebuildATableThatOthersReferTo) {
  const auto database = Database::open("sqlite://");
  std::vector<Migration> steps = {
      {1,
       "tables",
       "CREATE TABLE games (id INTEGER PRIMARY KEY); CREATE TABLE moves (game INTEGER REFERENCES "
       "games);"
       "INSERT INTO games VALUES (1); INSERT INTO moves VALUES (1);",
       {}},
      {2,
       "rebuild",
       "CREATE TABLE fresh (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO fresh SELECT id, 'x' "
       "FROM games;"
       "DROP TABLE games; ALTER TABLE fresh RENAME TO games;",
       {}},
  };
  EXPECT_EQ(numbers(migrate(*database, steps)), "1+2+");
  steps.push_back({3, "lose", "DELETE FROM games", {}});
  const auto error = error_of([&] { migrate(*database, steps); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::kForeignKey);
  EXPECT_THAT(error->what(),
              HasSubstr("a row of table \"moves\" refers to one that table \"games\""));
  EXPECT_EQ(database->read_now(
                [](Snapshot& db) { return db.query<int>("SELECT count(*) FROM games").one(); }),
            1);
}

TEST(Migration, OfTwoAtOnceOneWaitsAndFindsNothingLeft) {
  const TemporaryFolder folder;
  std::vector<Migration> steps;
  for (int number = 1; number <= 20; ++number) {
    steps.push_back({number, "t", "CREATE TABLE t" + std::to_string(number) + " (n INTEGER)", {}});
  }
  // Two databases stand for two processes: they share nothing but the file.
  std::size_t applied[2] = {};
  {
    std::vector<std::jthread> threads;
    for (std::size_t& count : applied) {
      threads.emplace_back([&] { count = migrate(*Database::open(folder.url()), steps).size(); });
    }
  }
  EXPECT_EQ(applied[0] + applied[1], 20u);
}

TEST(Migration, ReadsNumberedFiles) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "0002_b.sql") << "CREATE TABLE b (n INTEGER)";
  std::ofstream(folder.path() / "0001_a.sql") << "CREATE TABLE a (n INTEGER)";
  std::ofstream(folder.path() / "0001_a.down.sql") << "DROP TABLE a";
  std::ofstream(folder.path() / "README.md") << "not a migration";
  const auto steps = read_migrations(folder.path());
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].name, "a");
  EXPECT_EQ(steps[0].down, "DROP TABLE a");
  EXPECT_EQ(steps[1].number, 2);
  EXPECT_FALSE(steps[1].down.has_value());

  std::ofstream(folder.path() / "create.sql") << "";
  const auto error = error_of([&] { read_migrations(folder.path()); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("create.sql is no name of a migration"));
  EXPECT_TRUE(error_of([&] { read_migrations(folder.path() / "missing"); }));
}

}  // namespace
}  // namespace hornbeam::data

#include "hornbeam/data/migration.h"

#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/data/testing/fixture.h"

namespace hornbeam::data {
namespace {

using testing::HasSubstr;

class MigrationTest : public OnEachDatabase {};
INSTANTIATE_TEST_SUITE_P(On, MigrationTest, kEachDatabase, database_name);

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

TEST_P(MigrationTest, AppliesWhatIsMissingOnce) {
  const auto steps = two_steps();
  EXPECT_EQ(numbers(migrate(*database_, std::span(steps).first(1))), "1+");
  EXPECT_EQ(numbers(migration_status(*database_, steps)), "1+2-");
  EXPECT_EQ(numbers(migrate(*database_, steps)), "2+");
  EXPECT_EQ(numbers(migrate(*database_, steps)), "");
  database_->write_now([](Transaction& tx) { tx.execute("INSERT INTO games VALUES (1, 'open')"); });
}

TEST_P(MigrationTest, DowngradeUndoesTheLastFirst) {
  const auto steps = two_steps();
  migrate(*database_, steps);
  EXPECT_EQ(numbers(downgrade(*database_, steps, 1)), "2-");
  EXPECT_EQ(numbers(migration_status(*database_, steps)), "1+2-");
  EXPECT_EQ(numbers(downgrade(*database_, steps, 0)), "1-");
  EXPECT_EQ(numbers(migrate(*database_, steps)), "1+2+");
  EXPECT_EQ(numbers(downgrade(*database_, steps, 0)), "2-1-");
}

TEST_P(MigrationTest, RefusesAListThatIsNotOneTwoThree) {
  struct Case {
    std::vector<Migration> steps;
    std::string_view text;
  };
  const Case cases[] = {
      {{{1, "a", "SELECT 1", {}}, {3, "c", "SELECT 1", {}}},
       "migration 2 is missing: \"c\" has the number 3"},
      {{{1, "a", "SELECT 1", {}}, {1, "b", "SELECT 1", {}}},
       "migration 1 is there twice: \"a\" and \"b\" have the same number. Mend: "},
      {{{1, "a", "SELECT 1", {}}, {2, "b", "SELECT 1", {}}, {1, "c", "SELECT 1", {}}},
       "\"a\" and \"c\" have the same number. Mend: the one that databases have applied "
       "(hornbeam_migrations has its name) keeps it, and the other gets the next that is free, 3"},
      {{{2, "b", "SELECT 1", {}}}, "migration 1 is missing"},
  };
  for (const Case& each : cases) {
    const auto error = error_of([&] { migrate(*database_, each.steps); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind(), ErrorKind::kMigration);
    EXPECT_THAT(error->what(), HasSubstr(each.text));
  }
}

TEST_P(MigrationTest, RefusesAStepThatWasEditedAfterItWasApplied) {
  auto steps = two_steps();
  migrate(*database_, steps);
  steps[0].up += " -- edited";
  const auto error = error_of([&] { migrate(*database_, steps); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("migration 1 (\"create_games\") was edited after"));
}

TEST_P(MigrationTest, SaysThatTheDatabaseHasAnotherStepOfThatNumber) {
  auto steps = two_steps();
  migrate(*database_, steps);
  steps[1] = {2, "create_chat", "CREATE TABLE chat (n INTEGER)", {}};
  const auto error = error_of([&] { migrate(*database_, steps); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("has applied \"add_state\" as migration 2, which is "
                                       "\"create_chat\" in this program"));
  EXPECT_THAT(error->what(), HasSubstr("Mend: give \"create_chat\" a number"));
}

TEST_P(MigrationTest, RefusesADatabaseThatIsNewerThanTheProgram) {
  const auto steps = two_steps();
  migrate(*database_, steps);
  const auto error = error_of([&] { migrate(*database_, std::span(steps).first(1)); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("the database has migration 2 (\"add_state\")"));
}

TEST_P(MigrationTest, AStepThatFailsLeavesTheDatabaseAsItWas) {
  auto steps = two_steps();
  steps[1].up = "CREATE TABLE seats (n INTEGER); INSERT INTO nowhere VALUES (1)";
  const auto error = error_of([&] { migrate(*database_, steps); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("migration 2 (\"add_state\", up): "));
  EXPECT_EQ(numbers(migration_status(*database_, steps)), "1+2-");
  const int seats = database_->read_now([](Snapshot& db) {
    return db.query<int>("SELECT count(*) FROM hornbeam_migrations WHERE number = 2").one();
  });
  EXPECT_EQ(seats, 0);
}

// On PostgreSQL a table is altered in place instead.
TEST_P(MigrationTest, MayRebuildATableThatOthersReferTo) {
  if (is_postgresql()) GTEST_SKIP() << "only SQLite has to rebuild tables";
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
  EXPECT_EQ(numbers(migrate(*database_, steps)), "1+2+");
  steps.push_back({3, "lose", "DELETE FROM games", {}});
  const auto error = error_of([&] { migrate(*database_, steps); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::kForeignKey);
  EXPECT_THAT(error->what(),
              HasSubstr("a row of table \"moves\" refers to one that table \"games\""));
  EXPECT_EQ(database_->read_now(
                [](Snapshot& db) { return db.query<int>("SELECT count(*) FROM games").one(); }),
            1);
}

TEST_P(MigrationTest, OfTwoAtOnceOneWaitsAndFindsNothingLeft) {
  const TemporaryFolder folder;
  const std::string url =
      is_postgresql() ? PostgresServer::shared()->new_database_url() : folder.url();
  std::vector<Migration> steps;
  for (int number = 1; number <= 20; ++number) {
    steps.push_back({number, "t", "CREATE TABLE t" + std::to_string(number) + " (n INTEGER)", {}});
  }
  // Two databases stand for two processes: they share nothing but the file.
  std::size_t applied[2] = {};
  {
    std::vector<std::jthread> threads;
    for (std::size_t& count : applied) {
      threads.emplace_back([&] { count = migrate(*Database::open(url), steps).size(); });
    }
  }
  EXPECT_EQ(applied[0] + applied[1], 20u);
}

TEST(Migration, ReadsNumberedFiles) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "0002_b.sql") << "CREATE TABLE b (n INTEGER)";
  std::ofstream(folder.path() / "0001_a.sql") << "CREATE TABLE a (n INTEGER)";
  std::ofstream(folder.path() / "0001_a.down.sql") << "DROP TABLE a";
  std::ofstream(folder.path() / "0002_b.postgresql.sql") << "CREATE TABLE b (n BIGINT)";
  std::ofstream(folder.path() / "README.md") << "not a migration";
  const auto steps = read_migrations(folder.path());
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].name, "a");
  EXPECT_EQ(steps[0].down, "DROP TABLE a");
  EXPECT_EQ(steps[1].number, 2);
  EXPECT_EQ(steps[1].postgresql_up, "CREATE TABLE b (n BIGINT)");
  EXPECT_FALSE(steps[1].down.has_value());

  std::ofstream(folder.path() / "create.sql") << "";
  const auto error = error_of([&] { read_migrations(folder.path()); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("create.sql is no name of a migration"));
  EXPECT_TRUE(error_of([&] { read_migrations(folder.path() / "missing"); }));
}

}  // namespace
}  // namespace hornbeam::data

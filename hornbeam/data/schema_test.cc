#include "hornbeam/data/schema.h"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/data/schema_commands.h"
#include "hornbeam/data/schema_difference.h"
#include "hornbeam/data/testing/fixture.h"

namespace hornbeam::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Garden {
  std::int64_t id = 0;
  std::string name;
};
constexpr auto describe(base::Type<Garden>) {
  return base::fields(base::field("id", &Garden::id, primary_key, generated),
                      base::field("name", &Garden::name, unique));
}
constexpr std::string_view table_name(base::Type<Garden>) {
  return "gardens";
}

struct Bed {
  std::int64_t garden = 0;
  int number = 0;
  std::optional<double> width = {};
  bool is_sunny = false;
  std::vector<std::byte> plan;
  std::chrono::system_clock::time_point dug_at;
};
constexpr auto describe(base::Type<Bed>) {
  using base::field;
  return base::fields(
      field("garden", &Bed::garden, primary_key, references(&Garden::id, OnDelete::kCascade)),
      field("number", &Bed::number, primary_key), field("width", &Bed::width),
      field("is_sunny", &Bed::is_sunny), field("plan", &Bed::plan),
      field("dug_at", &Bed::dug_at, indexed));
}
constexpr std::string_view table_name(base::Type<Bed>) {
  return "beds";
}
constexpr auto table_indexes(base::Type<Bed>) {
  return std::tuple(index_on(&Bed::is_sunny, &Bed::width));
}

class SchemaTest : public OnEachDatabase {
 protected:
  void run(std::string_view sql) { database_->connect()->run_script(sql); }
  std::vector<SchemaDifference> compare() {
    const auto connection = database_->connect();
    return differences(wanted_, read_schema(*connection), connection->dialect());
  }
  std::vector<std::string> complaints() {
    std::vector<std::string> texts;
    for (const auto& each : compare()) texts.push_back(each.text);
    return texts;
  }
  /// What a command says, after its exit code.
  std::string command(const std::vector<std::string>& arguments) {
    std::ostringstream out;
    const int code =
        run_schema_command({*database_, read_migrations(folder_.path()), wanted_, folder_.path()},
                           arguments, out, out);
    return std::to_string(code) + ": " + out.str();
  }

  TemporaryFolder folder_;
  // Not in an order in which they can be created.
  std::vector<TableShape> wanted_ = schema_of<Bed, Garden>();
};
INSTANTIATE_TEST_SUITE_P(On, SchemaTest, kEachDatabase, database_name);

TEST_P(SchemaTest, WhatItCreatesIsWhatItDescribes) {
  const SchemaChange change = schema_change(compare(), GetParam());
  run(change.up);
  EXPECT_THAT(complaints(), IsEmpty());
  database_->write_now([](Transaction& tx) {
    const auto garden = tx.insert(Garden{.name = "north"});
    tx.insert(Bed{.garden = garden, .number = 1, .is_sunny = true});
    EXPECT_TRUE(tx.find<Bed>(garden, 1)->is_sunny);
    EXPECT_THROW(tx.insert(Garden{.name = "north"}), UniqueViolation);
    tx.erase<Garden>(garden);
    EXPECT_FALSE(tx.find<Bed>(garden, 1));
  });
  run(change.down);
  EXPECT_THAT(read_schema(*database_->connect()), IsEmpty());
}

TEST_P(SchemaTest, NamesEveryDifference) {
  const bool sqlite = GetParam() == Dialect::kSqlite;
  run(sqlite ? "CREATE TABLE gardens (id TEXT PRIMARY KEY, name TEXT, must TEXT NOT NULL);"
               "CREATE TABLE beds (garden INTEGER PRIMARY KEY, number INTEGER NOT NULL,"
               "is_sunny INTEGER NOT NULL, plan BLOB NOT NULL, dug_at INTEGER NOT NULL)"
             : "CREATE TABLE gardens (id TEXT PRIMARY KEY, name TEXT, must TEXT NOT NULL);"
               "CREATE TABLE beds (garden BIGINT PRIMARY KEY, number INTEGER NOT NULL,"
               "is_sunny BOOLEAN NOT NULL, plan BYTEA NOT NULL, dug_at BIGINT NOT NULL)");
  const std::string text = sqlite ? "TEXT" : "text";
  EXPECT_THAT(
      complaints(),
      ElementsAre(
          "table \"gardens\": column \"id\" is " + text +
              ", while the struct stores an integer "
              "there",
          "table \"gardens\": column \"id\" is generated in the struct, and not by the database",
          HasSubstr("column \"name\" may be NULL"), HasSubstr("column \"must\" must be given"),
          "table \"gardens\": there is no unique index on (name)",
          "table \"beds\": column \"width\" is missing",
          "table \"beds\": the primary key is (garden), and the struct's (garden, number)",
          "table \"beds\": there is no index on (dug_at)",
          "table \"beds\": there is no index on (is_sunny, width)",
          "table \"beds\": column \"garden\" has no foreign key to \"gardens\" (\"id\")"));
}

TEST_P(SchemaTest, OtherThingsOfTheDatabaseAreNobodysMistake) {
  run(schema_change(compare(), GetParam()).up);
  run("ALTER TABLE gardens ADD COLUMN note TEXT; CREATE TABLE others (n INTEGER);"
      "CREATE INDEX noted ON gardens (note) WHERE note IS NOT NULL;"
      "CREATE INDEX lower_name ON gardens (lower(name))");
  EXPECT_THAT(complaints(), IsEmpty());
}

TEST_P(SchemaTest, AColumnOfThirtyTwoBitsIsTooSmallForALongMember) {
  if (GetParam() == Dialect::kSqlite) GTEST_SKIP() << "SQLite's integers have 64 bits";
  run(schema_change(compare(), GetParam()).up);
  run("ALTER TABLE beds ALTER COLUMN dug_at TYPE INTEGER");
  EXPECT_THAT(complaints(), ElementsAre(HasSubstr("of 32 bits, while the member needs 64")));
}

TEST_P(SchemaTest, CommandsWriteApplyAndUndoTheNextStep) {
  const auto whole = wanted_;
  wanted_[0].columns.erase(wanted_[0].columns.begin() + 2, wanted_[0].columns.end());
  wanted_[0].indexes.clear();
  EXPECT_THAT(command({"current"}), HasSubstr("no step is applied, of 0"));
  EXPECT_THAT(command({"check"}), HasSubstr("1: table \"gardens\": it is missing"));
  EXPECT_THAT(command({"migrate", "create_gardens"}), HasSubstr("0001_create_gardens.sql"));
  EXPECT_THAT(command({"migrate", "again"}), HasSubstr("1: there are steps to apply"));
  EXPECT_EQ(command({"upgrade"}), "0: applied 1 create_gardens\n");
  EXPECT_EQ(command({"check"}), "0: 2 tables are as the program describes them\n");
  database_->write_now([](Transaction& tx) {
    tx.execute("INSERT INTO gardens (id, name) VALUES (1, 'north')");
    tx.execute("INSERT INTO beds (garden, number) VALUES (1, 1)");
  });

  wanted_ = whole;
  EXPECT_THAT(command({"check"}), HasSubstr("1: table \"beds\": column \"width\" is missing"));
  EXPECT_THAT(command({"migrate", "widen_beds"}), HasSubstr("0002_widen_beds.down.sql"));
  EXPECT_EQ(command({"upgrade", "1"}), "0: nothing to do\n");
  EXPECT_EQ(command({"upgrade", "2"}), "0: applied 2 widen_beds\n");
  EXPECT_EQ(command({"current"}), "0: 2 widen_beds, of 2\n");
  EXPECT_EQ(command({"check"}), "0: 2 tables are as the program describes them\n");
  database_->read_now([](Snapshot& db) { EXPECT_FALSE(db.find<Bed>(1, 1)->width); });

  EXPECT_EQ(command({"downgrade"}), "0: undid 2 widen_beds\n");
  EXPECT_THAT(command({"history"}), HasSubstr("1 create_gardens: applied\n   2 widen_beds: miss"));
  EXPECT_EQ(command({"downgrade", "0"}), "0: undid 1 create_gardens\n");
  EXPECT_EQ(command({"upgrade"}), "0: applied 1 create_gardens\napplied 2 widen_beds\n");
}

TEST_P(SchemaTest, CheckComparesTablesThatNoStructDescribesWithTheirSteps) {
  command({"migrate", "create_gardens"});
  std::ofstream(folder_.path() / "0002_library.sql")
      << "CREATE TABLE library_rows (n INTEGER NOT NULL PRIMARY KEY, text TEXT NOT NULL);"
         "CREATE INDEX library_texts ON library_rows (text);";
  command({"upgrade"});
  EXPECT_EQ(command({"check"}), "0: 3 tables are as the program describes them\n");
  run("DROP INDEX library_texts");
  EXPECT_THAT(command({"check"}),
              HasSubstr("1: table \"library_rows\": there is no index on (text)"));
  run("DROP TABLE library_rows");
  EXPECT_THAT(command({"check"}), HasSubstr("1: table \"library_rows\": it is missing"));
}

TEST_P(SchemaTest, CommandsRefuseWhatTheyDoNotKnow) {
  EXPECT_THAT(command({}), HasSubstr("2: usage: db upgrade"));
  EXPECT_THAT(command({"upgrade", "two"}), HasSubstr("2: usage"));
  EXPECT_THAT(command({"check", "all"}), HasSubstr("2: usage"));
  EXPECT_THAT(command({"migrate"}), HasSubstr("2: usage"));
  EXPECT_THAT(command({"migrate", "no/slash"}), HasSubstr("1: a step is called by letters"));
  EXPECT_THAT(command({"upgrade", "7"}), HasSubstr("1: there is no step 7: the last is 0"));
}

TEST_P(SchemaTest, AnEditedStepStopsEveryCommand) {
  command({"migrate", "create_gardens"});
  command({"upgrade"});
  for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
    std::ofstream(file.path(), std::ios::app) << "-- edited\n";
  }
  EXPECT_THAT(command({"upgrade"}), HasSubstr("1: migration 1 (\"create_gardens\") was edited"));
  EXPECT_THAT(command({"current"}), HasSubstr("was edited after it had been applied"));
}

}  // namespace
}  // namespace hornbeam::data

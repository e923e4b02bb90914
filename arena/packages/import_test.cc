#include "arena/packages/import.h"

#include <filesystem>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "arena/packages/browser.h"
#include "arena/packages/package.h"

namespace arena::packages {
namespace {

namespace data = hornbeam::data;
namespace denorm = hornbeam::denorm;
namespace feed = hornbeam::feed;
namespace search = hornbeam::search;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kLamp =
    "Package: lamp\nVersion: 1\nSection: misc\nInstalled-Size: 10\n"
    "Maintainer: Example Lamp Team <lamps@example.org>\nDescription: gives light to readers\n"
    "Tag: role::program, use::viewing\nDepends: wick, oil\n\n";
constexpr std::string_view kWick =
    "Package: wick\nVersion: 2\nSection: libs\n"
    "Maintainer: Example Lamp Team <lamps@example.org>\nDescription: what burns in lamps\n\n";
constexpr std::string_view kDesk =
    "Package: desk\nVersion: 3\nSection: misc\n"
    "Maintainer: Example Desk Team <desks@example.org>\nDescription: carries books & lamps\n\n";

class ImportTest : public testing::Test {
 protected:
  ImportTest() : database_(data::Database::open("sqlite://")) {
    const denorm::DocumentType types[] = {package_documents()};
    const std::vector<data::Migration> steps = {
        packages_migration(1),
        feed::tracking_migration(2, "follow_packages", denorm::tracking_of(types))};
    data::migrate(*database_, steps);
  }

  ImportReport import(const std::string& file) {
    std::istringstream in(file);
    return import_packages(*database_, in);
  }
  static std::string file_of(std::initializer_list<std::string_view> stanzas) {
    std::string file;
    for (const std::string_view each : stanzas) file += each;
    return file;
  }
  std::vector<std::string> column(const std::string& sql) {
    return database_->read_now(
        [&](data::Snapshot& db) { return db.query<std::string>(data::unchecked_sql(sql)).all(); });
  }

  std::unique_ptr<data::Database> database_;
};

TEST_F(ImportTest, FillsTheTables) {
  const ImportReport report = import(file_of({kLamp, kWick, kDesk}));
  EXPECT_EQ(report.read, 3U);
  EXPECT_EQ(report.added, 3U);
  EXPECT_THAT(column("SELECT name FROM packages ORDER BY name"),
              ElementsAre("desk", "lamp", "wick"));
  EXPECT_THAT(column("SELECT name FROM maintainers ORDER BY name"),
              ElementsAre("Example Desk Team", "Example Lamp Team"));
  EXPECT_THAT(column("SELECT tag FROM package_tags ORDER BY tag"),
              ElementsAre("role::program", "use::viewing"));
  EXPECT_THAT(column("SELECT name FROM dependencies ORDER BY name"), ElementsAre("oil", "wick"));
}

TEST_F(ImportTest, DoesNothingTheSecondTime) {
  import(file_of({kLamp, kWick}));
  column("SELECT name FROM packages");
  const auto before = column("SELECT CAST(count(*) AS TEXT) FROM hornbeam_changes");
  const ImportReport report = import(file_of({kLamp, kWick}));
  EXPECT_EQ(report.added + report.changed + report.removed, 0U);
  EXPECT_EQ(column("SELECT CAST(count(*) AS TEXT) FROM hornbeam_changes"), before);
}

TEST_F(ImportTest, ChangesWhatDiffersAndRemovesWhatIsGone) {
  import(file_of({kLamp, kWick}));
  std::string brighter(kLamp);
  brighter.replace(brighter.find("Depends: wick, oil"), 18, "Depends: current");
  const ImportReport report = import(brighter);
  EXPECT_EQ(report.changed, 1U);
  EXPECT_EQ(report.removed, 1U);
  EXPECT_THAT(column("SELECT name FROM packages"), ElementsAre("lamp"));
  EXPECT_THAT(column("SELECT name FROM dependencies"), ElementsAre("current"));
}

TEST_F(ImportTest, RenamesAMaintainerOnceAndTakesTheFirstOfTwoSpellings) {
  import(file_of({kLamp, kWick}));
  std::string renamed(kLamp);
  renamed.replace(renamed.find("Example Lamp Team"), 17, "Example Lanterns");
  const ImportReport report = import(renamed + std::string(kWick));
  EXPECT_EQ(report.changed, 0U);
  EXPECT_THAT(column("SELECT name FROM maintainers"), ElementsAre("Example Lanterns"));
}

TEST_F(ImportTest, TakesTheFirstOfTwoVersions) {
  std::string newer(kDesk);
  newer.replace(newer.find("Version: 3"), 10, "Version: 4");
  EXPECT_EQ(import(newer + std::string(kDesk)).added, 1U);
  EXPECT_THAT(column("SELECT version FROM packages"), ElementsAre("4"));
}

TEST_F(ImportTest, KeepsWhatWasThereIfTheFileIsBroken) {
  import(file_of({kLamp, kWick}));
  EXPECT_THROW(import("Package: lamp\nbroken\n"), ControlError);
  EXPECT_THAT(column("SELECT name FROM packages ORDER BY name"), ElementsAre("lamp", "wick"));
}

/// With an index.
class BrowserTest : public ImportTest {
 protected:
  BrowserTest() { import(file_of({kLamp, kWick, kDesk})); }

  std::vector<std::string> found(const PackageQuery& query) {
    indexer_.catch_up();
    auto result = target_.search("packages", *find_packages(query).request());
    EXPECT_TRUE(result) << result.error().message;
    aggregations_ = result->aggregations;
    std::vector<std::string> names;
    for (const search::Hit& hit : result->hits) {
      names.push_back(hornbeam::base::from_json<PackageDocument>(hit.source)->name);
    }
    return names;
  }

  static std::string new_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "packages-XXXXXX").string();
    return mkdtemp(pattern.data());
  }
  struct Folder {
    std::string path = new_folder();
    ~Folder() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
  };

  Folder folder_;
  search::Node node_{folder_.path};
  denorm::EmbeddedTarget target_{node_};
  denorm::Indexer indexer_{*database_, target_, package_documents()};
  std::string aggregations_;
};

TEST_F(BrowserTest, FindsNamesBeforeWordsAndHalfWords) {
  EXPECT_THAT(found({.q = "lamp"}).front(), "lamp");
  EXPECT_THAT(found({.q = "lamp"}), testing::UnorderedElementsAre("lamp", "desk", "wick"));
  EXPECT_THAT(found({.q = "la"}), testing::Contains("lamp"));
  EXPECT_THAT(found({.q = "carries bo"}), ElementsAre("desk"));
  EXPECT_THAT(found({.q = "carries light"}), IsEmpty());
}

TEST_F(BrowserTest, ListsAllByTheAlphabetAndNarrows) {
  EXPECT_THAT(found({}), ElementsAre("desk", "lamp", "wick"));
  EXPECT_EQ(search::buckets_of(aggregations_, "sections").front().key, "misc");
  EXPECT_THAT(found({.section = "misc"}), ElementsAre("desk", "lamp"));
  EXPECT_THAT(found({.tag = "role::program"}), ElementsAre("lamp"));
  EXPECT_THAT(found({.maintainer = "Example Lamp Team"}), ElementsAre("lamp", "wick"));
  EXPECT_THAT(found({.needs = "oil"}), ElementsAre("lamp"));
}

TEST_F(BrowserTest, ANewNameOfAMaintainerReachesEveryPackage) {
  found({});
  database_->write_now([](data::Transaction& tx) {
    return tx.update_where(data::column(&Maintainer::email) == "lamps@example.org",
                           data::set(&Maintainer::name, "Example Lanterns"));
  });
  EXPECT_THAT(found({.maintainer = "Example Lanterns"}), ElementsAre("lamp", "wick"));
  EXPECT_THAT(found({.maintainer = "Example Lamp Team"}), IsEmpty());
}

TEST(PackageAddress, HasOnlyWhatIsAskedFor) {
  EXPECT_EQ(address_of({}), "/packages");
  EXPECT_EQ(address_of({.q = "a b", .tag = "x::y", .page = 2}),
            "/packages?q=a%20b&tag=x%3A%3Ay&page=2");
}

}  // namespace
}  // namespace arena::packages

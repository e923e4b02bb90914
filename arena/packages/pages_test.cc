#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "arena/arena.h"
#include "arena/packages/command.h"
#include "arena/packages/import.h"
#include "arena/testing/settled.h"
#include "hornbeam/testing.h"

namespace arena {
namespace {

namespace data = hornbeam::data;
namespace web = hornbeam::web;
using testing::HasSubstr;

/// `count` packages of one team.
std::string archive_of(int count) {
  std::string text;
  for (int at = 0; at < count; ++at) {
    text += fmt::format(
        "Package: tool{}\nVersion: 1\nMaintainer: Example Team <team@example.org>\nSection: utils\n"
        "Tag: role::program\nDepends: tool0\nDescription: measures <wood> {}\n\n",
        at, at);
  }
  return text;
}

class PackagePagesTest : public testing::Test {
 protected:
  PackagePagesTest() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "arena-packages-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    options_.database = "sqlite:///" + (folder_ / "arena.db").string();
    options_.search.folder = (folder_ / "search").string();
  }
  ~PackagePagesTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::filesystem::path folder_;
  Options options_;
};

TEST_F(PackagePagesTest, AMaintainersNewNameReachesHundredsOfPackages) {
  Arena arena(options_);
  std::istringstream in(archive_of(300));
  packages::import_packages(*arena.database, in);
  web::TestClient client(arena.app);
  EXPECT_THAT(settled(client, "/packages?maintainer=Example%20Team", "300 packages"),
              HasSubstr("300 packages"));
  arena.database->write_now([](data::Transaction& tx) {
    tx.execute("UPDATE packages SET last_touched = 1");
    tx.execute("UPDATE maintainers SET name = 'Forest Team'");
  });
  const auto untouched = arena.database->read_now([](data::Snapshot& db) {
    return db.query<int>("SELECT count(*) FROM packages WHERE last_touched = 1").one();
  });
  EXPECT_EQ(untouched, 0);
  EXPECT_THAT(settled(client, "/packages?maintainer=Forest%20Team", "300 packages"),
              HasSubstr("measures &lt;wood&gt;"));
  EXPECT_THAT(std::string(client.get("/packages/tool7").body()), HasSubstr("Forest Team"));
  EXPECT_EQ(client.get("/packages/none").status(), 404);
}

TEST_F(PackagePagesTest, ImportsAFileByCommand) {
  std::ofstream(folder_ / "packages") << archive_of(3);
  std::ofstream(folder_ / "broken") << "Package: lamp\nbroken\n";
  Arena arena(options_);
  EXPECT_EQ(packages::import_debian(*arena.database, {(folder_ / "packages").string()}), 0);
  EXPECT_EQ(packages::import_debian(*arena.database, {(folder_ / "broken").string()}), 1);
  EXPECT_EQ(packages::import_debian(*arena.database, {(folder_ / "none").string()}), 1);
  web::TestClient client(arena.app);
  EXPECT_THAT(settled(client, "/packages?q=too", "3 packages"), HasSubstr("3 packages"));
}

TEST_F(PackagePagesTest, SaysThatSearchesAreOff) {
  options_.search.folder.clear();
  Arena arena(options_);
  web::TestClient client(arena.app);
  EXPECT_EQ(client.get("/packages").status(), 503);
}

}  // namespace
}  // namespace arena

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "arena/arena.h"
#include "arena/testing/settled.h"
#include "hornbeam/testing.h"

namespace arena {
namespace {

namespace site = hornbeam::site;
namespace web = hornbeam::web;
using testing::HasSubstr;
using testing::Not;

/// Arena with a manual of two pages, in a folder of its own.
class DocsTest : public testing::Test {
 protected:
  DocsTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "arena-docs-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    write("guide/trees.md",
          "# Trees\n\nTrees grow slowly.\n\n## Planting\n\nDig a hole <b>deep</b>, see "
          "[the saw](saw.md#sharp).\n");
    write("guide/saw.md", "# The saw\n\n## Sharp\n\nKeep it sharp.\n\n```sh\nsaw --sharp\n```\n");
    options_.database = "sqlite:///" + (folder_ / "arena.db").string();
    options_.search.folder = (folder_ / "search").string();
    options_.docs = {.imports = false, .django = "", .own = (folder_ / "docs").string()};
  }
  ~DocsTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  void write(const std::filesystem::path& file, std::string_view text) const {
    std::filesystem::create_directories((folder_ / "docs" / file).parent_path());
    std::ofstream(folder_ / "docs" / file) << text;
  }

  std::filesystem::path folder_;
  Options options_;
};

TEST_F(DocsTest, ImportsInTheBackgroundAndFinds) {
  options_.docs.imports = true;
  Arena arena(options_);
  web::TestClient client(arena.app);
  const std::string page = settled(client, "/docs?q=hole", "1 section</b>");
  EXPECT_THAT(page, HasSubstr("href=\"/docs/hornbeam/guide/trees#planting\""));
  EXPECT_THAT(page, HasSubstr("Dig a <mark>hole</mark>"));
  EXPECT_THAT(page, HasSubstr("aria-current=\"page\">Docs</a>"));
  EXPECT_THAT(page, HasSubstr("ms on the server"));
  const auto results = client.get("/docs/results?q=sharp&kind=code");
  EXPECT_THAT(results.body(), Not(HasSubstr("<html")));
  EXPECT_THAT(results.body(), HasSubstr("saw --<mark>sharp</mark>"));
  EXPECT_THAT(client.get("/docs?q=plantinng").body(), HasSubstr("id=\"correction\">planting</a>"));
}

TEST_F(DocsTest, ReadsAPageWithCleanMarkup) {
  Arena arena(options_);
  EXPECT_EQ(import_docs(*arena.database, options_.docs), 0);
  web::TestClient client(arena.app);
  const auto page = client.get("/docs/hornbeam/guide/trees");
  EXPECT_EQ(page.status(), 200);
  EXPECT_THAT(std::string(page.body()), HasSubstr("<section id=\"planting\""));
  EXPECT_THAT(std::string(page.body()),
              HasSubstr("<a href=\"/docs/hornbeam/guide/saw#sharp\">the saw</a>"));
  EXPECT_THAT(std::string(page.body()), HasSubstr("Dig a hole deep, see"));
  EXPECT_EQ(client.get("/docs/hornbeam/guide/none").status(), 404);
  EXPECT_EQ(client.get("/docs/other/guide/trees").status(), 404);
}

TEST_F(DocsTest, SaysThatNothingWasImported) {
  Arena arena(options_);
  web::TestClient client(arena.app);
  EXPECT_THAT(settled(client, "/docs", "arena import docs"), HasSubstr("Nothing to search yet"));
}

TEST_F(DocsTest, SaysThatSearchesAreOff) {
  options_.search.folder.clear();
  Arena arena(options_);
  web::TestClient client(arena.app);
  const auto page = client.get("/docs?q=tree");
  EXPECT_EQ(page.status(), 503);
  EXPECT_THAT(std::string(page.body()), HasSubstr("Searches are off in this process"));
}

TEST_F(DocsTest, EscapesWhatIsAskedFor) {
  Arena arena(options_);
  web::TestClient client(arena.app);
  const std::string page = settled(client, "/docs?q=%3Cscript%3E%22&manual=%22%3E", "</html>");
  EXPECT_THAT(page, Not(HasSubstr("<script>\"")));
  EXPECT_THAT(page, Not(HasSubstr("value=\"\">\"")));
}

TEST_F(DocsTest, ProcessesWithAFolderEachFollowForThemselves) {
  Arena first(options_);
  options_.search.folder = (folder_ / "other").string();
  Arena second(options_);
  EXPECT_EQ(import_docs(*first.database, options_.docs), 0);
  for (Arena* const each : {&first, &second}) {
    web::TestClient client(each->app);
    EXPECT_THAT(settled(client, "/docs?q=hole", "1 section</b>"), HasSubstr("1 section</b>"));
  }
}

TEST_F(DocsTest, SaysThatTheClusterDoesNotAnswer) {
  options_.search.folder.clear();
  options_.search.url = "http://127.0.0.1:0";  // Where nobody can listen.
  options_.search.follows = false;
  options_.console_rights = "none";
  Arena arena(options_);
  web::TestClient client(arena.app);
  EXPECT_THAT(std::string(client.get("/docs?q=tree").body()),
              HasSubstr("The search does not answer"));
  EXPECT_THAT(std::string(client.get("/packages?q=saw").body()),
              HasSubstr("The search does not answer"));
  EXPECT_EQ(client.get("/console/").status(), 403);
  EXPECT_EQ(client.get("/health/ready").status(), 200);
  options_.search.url = "search.example:9200";
  EXPECT_THROW(Arena{options_}, web::ConfigError);
}

TEST_F(DocsTest, AnotherProcessServesTheRestWhileOneHasTheIndex) {
  Arena first(options_);
  Arena second(options_);
  EXPECT_EQ(second.search, nullptr);
  web::TestClient client(second.app);
  EXPECT_EQ(client.get("/").status(), 200);
}

}  // namespace
}  // namespace arena

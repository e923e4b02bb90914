#include "arena/arena.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "arena/commands.h"
#include "hornbeam/testing.h"

namespace arena {
namespace {

using testing::HasSubstr;

Options in_memory() {
  Options options;
  options.database = "sqlite://";
  return options;
}

TEST(Arena, ServesItsPageUnderEveryGame) {
  Arena arena(in_memory());
  hornbeam::web::TestClient client(arena.app);
  for (const auto* const path : {"/", "/g/100"}) {
    const auto response = client.get(path);
    EXPECT_EQ(response.status(), 200) << path;
    EXPECT_NE(response.body().find("<title>Hornbeam Arena</title>"), std::string::npos) << path;
  }
  EXPECT_EQ(client.get("/g/one").status(), 404);
}

TEST(Arena, LeadsTheClassicAddressToThePage) {
  Arena arena(in_memory());
  hornbeam::web::TestClient client(arena.app);
  EXPECT_EQ(client.get("/tic-tac-toe").status(), 302);
}

TEST(Arena, ItsTablesAreAsItsStructsDescribeThem) {
  Arena arena(in_memory());
  std::ostringstream out;
  EXPECT_EQ(run_schema_command(schema_of_arena(*arena.database, {}), {"check"}, out, out), 0);
  // Of games, experiments, documentation, packages, dashboards and following.
  EXPECT_THAT(out.str(), HasSubstr(" tables are as the program describes them"));
  arena.database->write_now([](hornbeam::data::Transaction& tx) {
    tx.execute("DROP TABLE hornbeam_dead_letters");
    tx.execute("DROP INDEX doc_sections_document_index");
  });
  EXPECT_EQ(run_schema_command(schema_of_arena(*arena.database, {}), {"check"}, out, out), 1);
  EXPECT_THAT(out.str(), HasSubstr("table \"hornbeam_dead_letters\": it is missing"));
  EXPECT_THAT(out.str(), HasSubstr("table \"doc_sections\": there is no index on (document)"));
}

TEST(Arena, IsWell) {
  Arena arena(in_memory());
  hornbeam::web::TestClient client(arena.app);
  EXPECT_EQ(client.get("/healthz").body(), R"({"status":"ok","open_games":0})");
}

TEST(Arena, EveryFileThatThePageNamesIsThere) {
  Arena arena(in_memory());
  hornbeam::web::TestClient client(arena.app);
  const std::string page(client.get("/").body());
  int named = 0;
  for (auto at = page.find("/static/"); at != std::string::npos;
       at = page.find("/static/", at + 1)) {
    const std::string path = page.substr(at, page.find('"', at) - at);
    EXPECT_EQ(client.get(path).status(), 200) << path;
    ++named;
  }
  EXPECT_GE(named, 3);
}

}  // namespace
}  // namespace arena

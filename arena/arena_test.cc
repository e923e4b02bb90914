#include "arena/arena.h"

#include <sstream>

#include <gtest/gtest.h>

#include "arena/commands.h"
#include "hornbeam/testing.h"

namespace arena {
namespace {

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
  EXPECT_EQ(out.str(), "4 tables are as the program describes them\n");
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

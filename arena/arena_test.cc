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

/// Plays a game to its end: X wins in the first row after taking a move back.
void play_one(Arena& arena, std::string x, std::string o) {
  class Silent final : public hornbeam::live::Client {
   public:
    void send(std::string_view) override {}
    void close(std::uint16_t, std::string_view) override {}
  };
  namespace live = hornbeam::live;
  std::array<live::Session, 2> seats = {
      live::Session(arena.lobby, std::make_shared<Silent>(), std::move(x)),
      live::Session(arena.lobby, std::make_shared<Silent>(), std::move(o))};
  const auto say = [&seats](std::size_t seat, std::string text) {
    hornbeam::base::run(seats.at(seat).receive(text));
  };
  const auto move = [&say](std::size_t seat, std::string_view cell) {
    say(seat, fmt::format(R"({{"action": "move", "player_move": "{}"}})", cell));
  };
  say(0, R"({"action": "new", "v": 1, "rated": true})");
  say(1, R"({"action": "join", "v": 1, "game_id": 100})");
  move(0, "2,2");
  say(0, R"({"action": "undo-offer"})");
  say(1, R"({"action": "undo-accept"})");
  for (const auto* const cell : {"0,0", "1,0", "0,1", "1,1", "0,2"}) {
    move(cell[0] == '0' ? 0 : 1, cell);
  }
}

TEST(Arena, ShowsAFinishedGameMoveByMove) {
  Arena arena(in_memory());
  hornbeam::web::TestClient client(arena.app);
  play_one(arena, "ada", "");
  const std::string end(client.get("/games/100").body());
  EXPECT_NE(end.find("Move 5 of 5: X plays row 1, column 3."), std::string::npos);
  EXPECT_NE(end.find("/games/100?at=4"), std::string::npos);
  const std::string third(client.get("/games/100?at=3").body());
  EXPECT_NE(third.find("Move 3 of 5: X plays row 1, column 2."), std::string::npos);
  EXPECT_NE(third.find("Guest O"), std::string::npos);
  EXPECT_EQ(client.get("/games/100?at=99").body(), end);
  EXPECT_EQ(client.get("/games/100?at=-1").status(), 422);
  EXPECT_EQ(client.get("/games/101").status(), 404);
  hornbeam::base::run(
      arena.lobby.create({.kind = arena.games.find("gomoku"), .token_hash = "h", .bot = {}}));
  EXPECT_EQ(client.get("/games/101").status(), 302) << "it goes on";
}

TEST(Arena, KnowsABrowserByItsCookie) {
  Arena arena(in_memory());
  hornbeam::web::TestClient client(arena.app);
  EXPECT_NE(client.get("/players/me").body().find("You are a guest."), std::string::npos);
  client.get("/");
  const std::string key = client.cookies().find("player").value();
  play_one(arena, hornbeam::live::hash_seat_token(key), "bob");
  EXPECT_EQ(client.get("/players/me").status(), 302);
  const std::string page(client.get("/players/1").body());
  for (const auto* const words : {"This is you", "1662", "1 won, 0 drawn, 0 lost", "(+162)"}) {
    EXPECT_NE(page.find(words), std::string::npos) << words;
  }
  EXPECT_EQ(client.get("/players/2").body().find("This is you"), std::string::npos);
  EXPECT_EQ(client.get("/players/3").status(), 404);
  EXPECT_EQ(client.post("/players/me", hornbeam::web::with_form({{"name", "A\nB"}})).status(), 422);
  EXPECT_EQ(client.post("/players/me", hornbeam::web::with_form({{"name", "<Ada>"}})).status(),
            303);
  EXPECT_NE(client.get("/games/100").body().find("&lt;Ada&gt; wins."), std::string::npos);
  EXPECT_EQ(client.get("/players?game=chess").status(), 404);
  EXPECT_NE(client.get("/players").body().find("Nobody has played enough"), std::string::npos);
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

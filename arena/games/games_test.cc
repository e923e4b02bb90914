#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "arena/arena.h"
#include "arena/games/game_browser.h"
#include "arena/testing/settled.h"
#include "hornbeam/testing.h"

namespace arena {
namespace {

namespace data = hornbeam::data;
namespace live = hornbeam::live;
namespace web = hornbeam::web;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(GameOpening, IsCalledByItsFirstTwoMoves) {
  EXPECT_EQ(games::opening_of("tic-tac-toe", {}), "no moves");
  EXPECT_EQ(games::opening_of("tic-tac-toe", {"1,1"}), "centre");
  EXPECT_EQ(games::opening_of("tic-tac-toe", {"0,2", "1,0", "1,1"}), "corner, edge");
  EXPECT_EQ(games::opening_of("connect-four", {"3", "0"}), "middle column, edge column");
  EXPECT_EQ(games::opening_of("gomoku", {"7,7", "6,7"}), "centre, direct");
  EXPECT_EQ(games::opening_of("gomoku", {"6,8", "7,9"}), "near the centre, indirect");
  EXPECT_EQ(games::opening_of("gomoku", {"0,0", "14,14"}), "edge, distant");
}

TEST(GameSearch, AddressesHoldWhatIsAskedForOnly) {
  EXPECT_EQ(games::address_of({}), "/games/search");
  EXPECT_EQ(games::address_of({.q = "ann", .result = "X won", .page = 2}),
            "/games/search?q=ann&result=X%20won&page=2");
}

/// Arena with an index of its own, and games that were played as nobody plays: as events.
class GamesTest : public testing::Test {
 protected:
  GamesTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "arena-games-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    options_.database = "sqlite:///" + (folder_ / "arena.db").string();
    options_.search.folder = (folder_ / "search").string();
    arena_ = std::make_unique<Arena>(options_);
    client_ = std::make_unique<web::TestClient>(arena_->app);
  }
  ~GamesTest() override {
    client_.reset();
    arena_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  live::GameId begin(std::string spec, std::string who = "token abc") {
    const auto event = [this](live::Seq seq, live::EventKind kind, std::optional<live::Seat> seat,
                              std::string detail) {
      return live::Event{seq, kind, seat, {}, std::move(detail), now_};
    };
    std::vector<live::Event> events = {
        event(0, live::EventKind::kCreate, std::nullopt, std::move(spec)),
        event(1, live::EventKind::kJoin, live::Seat::kFirst, std::move(who)),
        event(2, live::EventKind::kJoin, live::Seat::kSecond, "bot easy")};
    return hornbeam::base::run(arena_->log.create(std::move(events), std::nullopt, true)).value();
  }
  /// Moves by the seats in turn; the last one ends the game.
  void finish(live::GameId game, const std::vector<std::string>& moves) {
    for (std::size_t i = 0; i < moves.size(); ++i) {
      now_ += std::chrono::seconds(1);
      const live::Event move{static_cast<live::Seq>(3 + i),
                             live::EventKind::kMove,
                             i % 2 == 0 ? live::Seat::kFirst : live::Seat::kSecond,
                             {},
                             moves[i],
                             now_};
      EXPECT_TRUE(hornbeam::base::run(arena_->log.append(game, move, i + 1 == moves.size())));
    }
  }
  /// Those that X wins in the first row.
  void finish(live::GameId game) { finish(game, {"0,0", "1,1", "0,1", "2,2", "0,2"}); }
  /// The page once it says what is wanted.
  std::string settled(const std::string& path, const std::string& wanted) {
    return arena::settled(*client_, path, wanted);
  }
  std::int64_t changes() {
    return arena_->database->read_now([](data::Snapshot& db) {
      return db
          .query<std::int64_t>("SELECT count(*) FROM hornbeam_changes WHERE place = 'games.id'")
          .one();
    });
  }

  std::filesystem::path folder_;
  Options options_;
  live::EventTime now_{std::chrono::milliseconds(1'700'000'000'000)};
  std::unique_ptr<Arena> arena_;
  std::unique_ptr<web::TestClient> client_;
};

TEST_F(GamesTest, AFinishedGameIsOneChangeAndIsFound) {
  const auto game = begin("tic-tac-toe 1 5");
  EXPECT_EQ(changes(), 0) << "a game that begins is none";
  EXPECT_THAT(settled("/games/search", "No game has been finished"),
              HasSubstr("No game has been finished here yet."));
  finish(game);
  EXPECT_EQ(changes(), 1) << "nor is a move";
  const std::string page = settled("/games/search", "1 game,");
  EXPECT_THAT(page, HasSubstr("<a href=\"/games/100\">Tic-tac-toe 100</a>"));
  EXPECT_THAT(page, HasSubstr("X won"));
  EXPECT_THAT(page, HasSubstr("Guest <span class=\"small\">against</span> Computer, easy"));
  EXPECT_THAT(page, HasSubstr("5 moves, played to the end · corner, centre"));
  EXPECT_THAT(page, HasSubstr("<time datetime=\"2023-11-14T22:13Z\">2023-11-14, 22:13 UTC</time>"));
  EXPECT_THAT(page, HasSubstr("aria-current=\"page\">Games</a>"));
  finish(begin("tic-tac-toe 1 5 private=h4sh"));
  finish(begin("tic-tac-toe 1 5"));
  EXPECT_THAT(settled("/games/search", "2 games,"), Not(HasSubstr("Tic-tac-toe 101")));
}

TEST_F(GamesTest, IsNarrowedByFacetsAndNames) {
  finish(begin("tic-tac-toe 1 5"));
  finish(begin("connect-four 1 5"), {"3", "0", "3", "0", "3", "0", "3"});
  const auto left = begin("gomoku 1 5");
  now_ += std::chrono::hours(1);
  hornbeam::base::run(arena_->log.append(
      left, live::Event{3, live::EventKind::kAbort, live::Seat::kFirst, {}, {}, now_}, true));
  const std::string all = settled("/games/search", "3 games,");
  EXPECT_LT(all.find("Gomoku 102"), all.find("Connect Four 101")) << "the newest first";
  EXPECT_LT(all.find("Connect Four 101"), all.find("Tic-tac-toe 100"));
  EXPECT_THAT(all, HasSubstr("/games/search?opening=middle%20column%2C%20edge%20column"));
  const std::string won =
      client_->get("/games/search?result=X%20won&length=5%20to%209%20moves").body();
  EXPECT_THAT(won, HasSubstr("2 games,"));
  EXPECT_THAT(won, Not(HasSubstr("Gomoku 102")));
  const std::string four = client_->get("/games/search?kind=connect-four&q=comp").body();
  EXPECT_THAT(four, HasSubstr("1 game,"));
  EXPECT_THAT(four, HasSubstr("<input type=\"hidden\" name=\"kind\" value=\"connect-four\">"));
  EXPECT_THAT(four, HasSubstr("aria-current=\"true\" title=\"Take it back\"><span>Connect Four"));
  const std::string none = client_->get("/games/search?q=nobody&kind=gomoku").body();
  EXPECT_THAT(none, HasSubstr("No game found. Try fewer words, or take a filter back"));
  EXPECT_THAT(none, HasSubstr("<span class=\"count\">0</span>"));
  EXPECT_EQ(client_->get("/games/search?page=0").status(), 422);
}

TEST_F(GamesTest, IsFoundByTheNameThatThePlayerHasNow) {
  const auto run = [this](std::string_view sql) {
    arena_->database->write_now(
        [sql](data::Transaction& tx) { tx.execute(data::unchecked_sql(sql)); });
  };
  run("INSERT INTO players (id, key_hash, name, created_at) VALUES (1, 'k', 'Ann Archer', 0)");
  finish(begin("tic-tac-toe 1 5", "token abc player 1"));
  finish(begin("tic-tac-toe 1 5"));
  settled("/games/search", "2 games,");
  const std::string found = client_->get("/games/search?q=arch").body();
  EXPECT_THAT(found, HasSubstr("1 game,"));
  EXPECT_THAT(found, HasSubstr("Ann Archer <span class=\"small\">against</span> Computer, easy"));
  hornbeam::base::run(arena_->players.follow());
  run("UPDATE players SET name = 'Ann Baker'");
  EXPECT_THAT(std::string(client_->get("/games/search").body()), HasSubstr("Ann Baker <span"));
  EXPECT_THAT(settled("/games/search?q=baker", "1 game,"), HasSubstr("Tic-tac-toe 100"));
  EXPECT_THAT(std::string(client_->get("/games/search?q=archer").body()),
              HasSubstr("No game found"));
}

TEST_F(GamesTest, KeepsGamesThatWereArchivedAndForgetsThoseThatAreGone) {
  finish(begin("tic-tac-toe 1 5"));
  settled("/games/search", "1 game,");
  const auto later = now_ + std::chrono::hours(48);
  EXPECT_EQ(hornbeam::base::run(arena_->log.archive(later, 10, later)), 1U);
  EXPECT_THAT(settled("/games/search", "1 game,"), HasSubstr("Tic-tac-toe 100"));
  arena_->database->write_now([](data::Transaction& tx) { tx.execute("DELETE FROM games"); });
  EXPECT_THAT(settled("/games/search", "No game has been"), HasSubstr("No game has been finished"));
}

TEST(GameDocuments, NameKnownPlayersAndFollowUndo) {
  const live::GameCatalog catalog = live::standard_games();
  live::GameRecord game(7, catalog);
  const auto add = [&game](live::EventKind kind, std::optional<live::Seat> seat,
                           std::string detail) {
    game.apply(live::Event{game.next_seq(), kind, seat, {}, std::move(detail), {}});
  };
  add(live::EventKind::kCreate, std::nullopt, "tic-tac-toe 1 5");
  add(live::EventKind::kJoin, live::Seat::kFirst, "token a");
  add(live::EventKind::kJoin, live::Seat::kSecond, "token b");
  add(live::EventKind::kMove, live::Seat::kFirst, "0,0");
  add(live::EventKind::kOfferUndo, live::Seat::kFirst, "");
  add(live::EventKind::kUndo, live::Seat::kSecond, "1");
  add(live::EventKind::kMove, live::Seat::kFirst, "1,1");
  add(live::EventKind::kResign, live::Seat::kFirst, "");
  const auto document = games::document_of(game, 0, {"Ann", "Bob"});
  EXPECT_EQ(document.opening, "centre") << "what was taken back does not count";
  EXPECT_EQ(document.moves, 1);
  EXPECT_EQ(document.result, "O won");
  EXPECT_EQ(document.ending, "resigned");
  EXPECT_EQ(document.length, "under 5 moves");
  EXPECT_EQ(document.month, "1970-01");
  EXPECT_THAT(document.players, ElementsAre("Ann", "Bob"));
  EXPECT_EQ(games::player_label({.token_hash = "x", .level = {}}, "Ann"), "Ann");
}

}  // namespace
}  // namespace arena

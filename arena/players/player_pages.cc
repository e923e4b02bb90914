#include "arena/players/player_pages.h"

#include <limits>

#include "arena/arena.h"
#include "arena/players/identity.h"
#include "arena/players/kinds.h"

namespace arena {
namespace {

namespace base = hornbeam::base;
namespace live = hornbeam::live;
namespace web = hornbeam::web;
using hornbeam::Task;

constexpr std::size_t kBest = 50;
constexpr std::size_t kGamesOnPage = 20;

/// A line of a table of ratings.
struct StandingView {
  std::string kind;
  std::string title;  ///< Of the kind.
  std::string name;
  std::string address;
  int rating = 0;
  int spread = 0;  ///< The rating is within this, 19 times of 20.
  bool is_provisional = false;
  std::string games;  ///< Won, drawn and lost.
};
constexpr auto describe(hornbeam::Type<StandingView>) {
  using hornbeam::field;
  return hornbeam::fields(
      field("kind", &StandingView::kind), field("title", &StandingView::title),
      field("name", &StandingView::name), field("address", &StandingView::address),
      field("rating", &StandingView::rating), field("spread", &StandingView::spread),
      field("is_provisional", &StandingView::is_provisional), field("games", &StandingView::games));
}

/// A game of a player's history.
struct GameView {
  live::GameId id = 0;
  std::string title;
  std::string result;  ///< "Won", "Lost" or "Drawn".
  std::string how;
  std::string opponent;
  std::string opponent_address;
  std::string change;  ///< Of the rating; empty if it was not rated.
  int rating = 0;
  std::string day;
  std::int64_t moves = 0;
};
constexpr auto describe(hornbeam::Type<GameView>) {
  using hornbeam::field;
  return hornbeam::fields(field("id", &GameView::id), field("title", &GameView::title),
                          field("result", &GameView::result), field("how", &GameView::how),
                          field("opponent", &GameView::opponent),
                          field("opponent_address", &GameView::opponent_address),
                          field("change", &GameView::change), field("rating", &GameView::rating),
                          field("day", &GameView::day), field("moves", &GameView::moves));
}

struct BoardQuery {
  std::string game = "tic-tac-toe";
};
constexpr auto describe(hornbeam::Type<BoardQuery>) {
  return hornbeam::fields(
      hornbeam::field("game", &BoardQuery::game, base::or_default, base::length(1, 64)));
}

struct HistoryQuery {
  std::int64_t before = 0;
};
constexpr auto describe(hornbeam::Type<HistoryQuery>) {
  return hornbeam::fields(hornbeam::field("before", &HistoryQuery::before, base::or_default));
}

struct NameForm {
  std::string name;
};
constexpr auto describe(hornbeam::Type<NameForm>) {
  return hornbeam::fields(hornbeam::field("name", &NameForm::name));
}

std::string address_of_player(live::PlayerId player) {
  return fmt::format("/players/{}", player);
}

StandingView view_of(live::Standing standing) {
  StandingView view{.kind = standing.kind,
                    .title = std::string(title_of_kind(standing.kind)),
                    .name = std::move(standing.name),
                    .address = address_of_player(standing.player),
                    .rating = standing.rating,
                    .spread = 2 * standing.deviation,
                    .is_provisional = standing.is_provisional,
                    .games = {}};
  view.games =
      fmt::format("{} won, {} drawn, {} lost", standing.wins, standing.draws, standing.losses);
  return view;
}

std::vector<StandingView> views_of(std::vector<live::Standing> standings) {
  std::vector<StandingView> views;
  for (auto& standing : standings) views.push_back(view_of(std::move(standing)));
  return views;
}

std::string_view how_it_ended(std::string_view ending) {
  if (ending == "resigned") return "by resigning";
  if (ending == "flagged") return "on time";
  if (ending == "agreed") return "by agreement";
  return "";
}

GameView view_of(live::PlayedGame game) {
  GameView view{.id = game.game,
                .title = std::string(title_of_kind(game.kind)),
                .result = !game.winner                ? "Drawn"
                          : *game.winner == game.seat ? "Won"
                                                      : "Lost",
                .how = std::string(how_it_ended(game.ending)),
                .opponent = std::move(game.opponent_name),
                .opponent_address = game.opponent ? address_of_player(*game.opponent) : "",
                .change = game.change ? fmt::format("{:+}", *game.change) : "",
                .rating = game.rating.value_or(0),
                .day = day_of(game.ended_at),
                .moves = game.moves};
  if (view.opponent.empty()) view.opponent = "a guest";
  return view;
}

Task<web::Response> show_leaderboard(Arena& arena, const web::Request& request, std::string kind) {
  if (arena.games.find(kind) == nullptr) throw web::not_found("There is no such game here.");
  auto standings = views_of(co_await arena.players.leaderboard(kind, kBest));
  const auto me = co_await arena.players.find(player_key_hash(request));
  const std::string own = me ? address_of_player(*me) : "";
  const auto kinds = kinds_with_titles();
  co_return arena.pages.render(
      request, "players.html",
      {{"kind", kind}, {"kinds", kinds}, {"standings", standings}, {"own", own}});
}

Task<web::Response> show_player(Arena& arena, const web::Request& request, live::PlayerId id,
                                std::int64_t before, std::string problem) {
  const auto profile = co_await arena.players.profile(id);
  if (!profile) throw web::not_found("There is no such player here.");
  const auto me = co_await arena.players.find(player_key_hash(request));
  const bool is_own = me == id;
  const live::GameId end = before > 0 ? before : std::numeric_limits<live::GameId>::max();
  std::vector<GameView> games;
  for (auto& game : co_await arena.players.history(id, end, kGamesOnPage + 1)) {
    games.push_back(view_of(std::move(game)));
  }
  std::string older;
  if (games.size() > kGamesOnPage) {
    games.pop_back();
    older = fmt::format("/players/{}?before={}", id, games.back().id);
  }
  // Without a secret key there is no session that could hold a token: then the origin is checked.
  const bool has_token = is_own && !arena.app.settings().session.secret_key.empty();
  const std::string token = has_token ? web::csrf_field(request) : std::string();
  const auto standings = views_of(profile->standings);
  const std::string since = day_of(profile->since);
  co_return arena.pages.render(request, "player.html",
                               {{"id", id},
                                {"name", profile->name},
                                {"since", since},
                                {"standings", standings},
                                {"games", games},
                                {"older", older},
                                {"is_first", before == 0},
                                {"is_own", is_own},
                                {"token", token},
                                {"problem", problem}},
                               problem.empty() ? 200 : 422);
}

Task<web::Response> show_me(Arena& arena, const web::Request& request) {
  const auto me = co_await arena.players.find(player_key_hash(request));
  if (me) co_return web::redirect(address_of_player(*me));
  co_return arena.pages.render(request, "guest.html", {});
}

Task<web::Response> rename(Arena& arena, const web::Request& request, std::string name) {
  const auto me = co_await arena.players.find(player_key_hash(request));
  if (!me) co_return web::redirect("/players/me", 303);
  const auto renamed = co_await arena.players.rename(*me, std::move(name));
  if (!renamed) co_return co_await show_player(arena, request, *me, 0, renamed.error().message);
  co_return web::redirect(address_of_player(*me), 303);
}

}  // namespace

void add_player_pages(Arena& arena) {
  arena.app.get("/players", [&arena](const web::Request& request, web::Query<BoardQuery> query) {
    return show_leaderboard(arena, request, std::move(query->game));
  });
  arena.app.get("/players/me",
                [&arena](const web::Request& request) { return show_me(arena, request); });
  arena.app.post("/players/me", [&arena](const web::Request& request, web::Form<NameForm> form) {
    return rename(arena, request, std::move(form->name));
  });
  arena.app.get("/players/{id}", [&arena](const web::Request& request, std::int64_t id,
                                          web::Query<HistoryQuery> query) {
    return show_player(arena, request, id, query->before, {});
  });
}

}  // namespace arena

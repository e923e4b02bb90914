#pragma once

// The browser of finished games: what is asked for, what is found, and its page.
//
//   /games/search?q=ann&kind=gomoku&result=X+won     a page of games, and facets that narrow it

#include <cstdint>
#include <string>

#include "arena/games/game_document.h"
#include "hornbeam/pages.h"
#include "hornbeam/web.h"

namespace arena::games {

/// What a visitor asks for; empty texts ask for nothing.
struct GameQuery {
  std::string q;  ///< Words of players' names, the last of which may be half a word.
  std::string kind;
  std::string result;
  std::string opening;
  std::string length;
  std::string month;
  std::int64_t page = 1;  ///< From 1 to `kMostPages`.
};
inline constexpr std::int64_t kMostPages = 100;
inline constexpr std::int64_t kGamesOnPage = 20;
constexpr auto describe(hornbeam::base::Type<GameQuery>) {
  using hornbeam::base::field;
  using hornbeam::base::length;
  using hornbeam::base::or_default;
  return hornbeam::base::fields(
      field("q", &GameQuery::q, or_default, length(0, 200)),
      field("kind", &GameQuery::kind, or_default, length(0, 40)),
      field("result", &GameQuery::result, or_default, length(0, 40)),
      field("opening", &GameQuery::opening, or_default, length(0, 80)),
      field("length", &GameQuery::length, or_default, length(0, 40)),
      field("month", &GameQuery::month, or_default, length(0, 7)),
      field("page", &GameQuery::page, or_default, hornbeam::base::range(1, kMostPages)));
}

/// The search that answers it: the newest games first, and counts named as the facets' parameters.
hornbeam::search::Find find_games(const GameQuery& query);

/// The address of a query: only what it asks for is in it.
std::string address_of(const GameQuery& query);

/// Adds the page to an application. Lifetime: `finder` and `pages` outlive it.
void add_game_pages(hornbeam::web::App& app, const hornbeam::web::Templates& pages,
                    hornbeam::denorm::Finder& finder);

}  // namespace arena::games

#include "arena/games/game_browser.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "arena/console_board.h"
#include "arena/facets.h"

namespace arena::games {
namespace {

namespace base = hornbeam::base;
namespace denorm = hornbeam::denorm;
namespace search = hornbeam::search;
namespace web = hornbeam::web;

constexpr std::size_t kFacetValues = 12;

/// A mark on a small board.
struct Mark {
  int x = 0;
  int y = 0;
  bool is_first = false;
};
constexpr auto describe(hornbeam::base::Type<Mark>) {
  using hornbeam::base::field;
  return hornbeam::base::fields(field("x", &Mark::x), field("y", &Mark::y),
                                field("is_first", &Mark::is_first));
}

/// A game as the page shows it.
struct Hit {
  std::int64_t id = 0;
  std::string address;
  std::string title;  ///< Of what was played.
  std::vector<std::string> players;
  std::string result;
  std::string ending;
  std::string opening;
  std::int64_t moves = 0;
  std::string date;  ///< For people.
  std::string time;  ///< For programs.
  int left = 0;      ///< Of what is shown of the board.
  int top = 0;
  int cols = 0;  ///< 0 if it cannot be shown.
  int rows = 0;
  std::vector<Mark> marks;
};
constexpr auto describe(hornbeam::base::Type<Hit>) {
  using hornbeam::base::field;
  return hornbeam::base::fields(
      field("id", &Hit::id), field("address", &Hit::address), field("title", &Hit::title),
      field("players", &Hit::players), field("result", &Hit::result), field("ending", &Hit::ending),
      field("opening", &Hit::opening), field("moves", &Hit::moves), field("date", &Hit::date),
      field("time", &Hit::time), field("left", &Hit::left), field("top", &Hit::top),
      field("cols", &Hit::cols), field("rows", &Hit::rows), field("marks", &Hit::marks));
}

/// A facet's place in a query and in a document; its counts are called as the parameter.
struct FacetKind {
  const char* name;
  const char* title;
  std::string GameQuery::* asked;
  std::string GameDocument::* field;
};
constexpr std::array kFacets = {
    FacetKind{"kind", "Game", &GameQuery::kind, &GameDocument::kind},
    FacetKind{"result", "Result", &GameQuery::result, &GameDocument::result},
    FacetKind{"opening", "Opening", &GameQuery::opening, &GameDocument::opening},
    FacetKind{"length", "Length", &GameQuery::length, &GameDocument::length},
    FacetKind{"month", "Month", &GameQuery::month, &GameDocument::month},
};

/// Words that were typed, the last of which may be half a word.
search::Query words(const std::string& text) {
  search::MultiMatchQuery typed;
  typed.fields = {{"players", 1}};
  typed.text = text;
  typed.type = search::MultiMatchQuery::Type::kBoolPrefix;
  typed.text_operator = search::TextOperator::kAnd;
  return search::Query{.node = std::move(typed)};
}

std::string title_of(const std::string& kind) {
  const ConsoleGame* const game = find_console_game(kind);
  return game == nullptr ? kind : std::string(game->title);
}

/// Of a large board only where the marks are.
void crop(Hit& hit) {
  constexpr int kSmallest = 8;
  if (hit.cols <= kSmallest || hit.marks.empty()) return;
  const auto [left, right] = std::ranges::minmax(hit.marks, {}, &Mark::x);
  const auto [top, bottom] = std::ranges::minmax(hit.marks, {}, &Mark::y);
  const int span = std::max(right.x - left.x, bottom.y - top.y) + 1;
  const int side = std::clamp(span + 2, kSmallest, hit.cols);
  const auto begin = [side, cols = hit.cols](int first, int last) {
    return std::clamp((first + last + 1 - side) / 2, 0, cols - side);
  };
  hit.left = begin(left.x, right.x);
  hit.top = begin(top.y, bottom.y);
  hit.cols = hit.rows = side;
}

Hit hit_of(GameDocument document) {
  const std::chrono::sys_time<std::chrono::milliseconds> end{
      std::chrono::milliseconds(document.ended_at)};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(end);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{seconds - day};
  const std::string day_text =
      fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  const std::string clock =
      fmt::format("{:02}:{:02}", time.hours().count(), time.minutes().count());
  Hit hit{.id = document.id,
          .address = fmt::format("/games/{}", document.id),
          .title = title_of(document.kind),
          .players = std::move(document.players),
          .result = std::move(document.result),
          .ending = std::move(document.ending),
          .opening = std::move(document.opening),
          .moves = document.moves,
          .date = fmt::format("{}, {} UTC", day_text, clock),
          .time = fmt::format("{}T{}Z", day_text, clock),
          .marks = {}};
  const ConsoleGame* const look = find_console_game(document.kind);
  if (look == nullptr ||
      document.board.size() != static_cast<std::size_t>(look->rows * look->cols)) {
    return hit;
  }
  hit.cols = look->cols;
  hit.rows = look->rows;
  for (int i = 0; i < look->rows * look->cols; ++i) {
    const char mark = document.board[static_cast<std::size_t>(i)];
    if (mark == 'X' || mark == 'O')
      hit.marks.push_back({i % look->cols, i / look->cols, mark == 'X'});
  }
  crop(hit);
  return hit;
}

std::vector<Hit> hits_of(const denorm::FoundDocuments& found) {
  std::vector<Hit> hits;
  for (const denorm::FoundDocument& each : found.hits) {
    auto document = denorm::read_document<GameDocument>(each);
    if (document) hits.push_back(hit_of(*std::move(document)));
  }
  return hits;
}

std::vector<Facet> facets_of(const GameQuery& query, const std::string& aggregations) {
  std::vector<Facet> facets;
  for (const FacetKind& kind : kFacets) {
    Facet facet = facet_of(query, kind.asked, kind.name, kind.title, aggregations, kind.name);
    if (kind.asked == &GameQuery::kind) {
      for (FacetValue& value : facet.values) value.label = title_of(value.label);
    }
    if (!facet.values.empty()) facets.push_back(std::move(facet));
  }
  return facets;
}

std::string address_of_page(GameQuery query, std::int64_t page) {
  query.page = page;
  return address_of(query);
}

bool is_narrowed(const GameQuery& query) {
  return std::ranges::any_of(
      kFacets, [&query](const FacetKind& kind) { return !(query.*kind.asked).empty(); });
}

}  // namespace

std::string address_of(const GameQuery& query) {
  std::string address = "/games/search";
  char separator = '?';
  const auto add = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    address += fmt::format("{}{}={}", separator, name, base::percent_encode(value));
    separator = '&';
  };
  add("q", query.q);
  for (const FacetKind& kind : kFacets) add(kind.name, query.*kind.asked);
  if (query.page > 1) add("page", std::to_string(query.page));
  return address;
}

search::Find find_games(const GameQuery& query) {
  search::Query wanted = query.q.empty() ? search::everything() : words(query.q);
  for (const FacetKind& kind : kFacets) {
    if ((query.*kind.asked).empty()) continue;
    wanted = search::filtered_by(std::move(wanted), search::is(kind.field, query.*kind.asked));
  }
  search::Find find = search::Find(std::move(wanted))
                          .skip(static_cast<std::size_t>((query.page - 1) * kGamesOnPage))
                          .first(static_cast<std::size_t>(kGamesOnPage))
                          .order_by(&GameDocument::ended_at, search::descending)
                          .order_by(&GameDocument::id, search::descending)
                          .count_all();
  for (const FacetKind& kind : kFacets) {
    find = std::move(find).count_by(kind.name, kind.field, kFacetValues);
  }
  return find;
}

void add_game_pages(web::App& app, const web::Templates& pages, denorm::Finder& finder) {
  app.get("/games/search",
          [&pages, &finder](const web::Request& request,
                            web::Query<GameQuery> asked) -> hornbeam::Task<web::Response> {
            const GameQuery query = *asked;
            const auto begin = std::chrono::steady_clock::now();
            auto found = co_await finder.search(find_games(query));
            const std::chrono::duration<double, std::milli> took =
                std::chrono::steady_clock::now() - begin;
            denorm::FoundDocuments none;
            const denorm::FoundDocuments& shown = found ? *found : none;
            const auto total = static_cast<std::int64_t>(shown.total.value);
            const std::int64_t last = std::min(
                kMostPages, std::max<std::int64_t>(1, (total + kGamesOnPage - 1) / kGamesOnPage));
            co_return pages.render(
                request, "games_search.html",
                {{"query", query},
                 {"hits", hits_of(shown)},
                 {"facets", facets_of(query, shown.aggregations)},
                 {"total", total},
                 {"took", fmt::format("{:.1f}", took.count())},
                 {"is_ready", found.has_value()},
                 {"is_away", !found && found.error().code == "target_unavailable"},
                 {"is_narrowed", is_narrowed(query)},
                 {"page_count", last},
                 {"previous", query.page > 1 ? address_of_page(query, query.page - 1) : ""},
                 {"next", query.page < last ? address_of_page(query, query.page + 1) : ""}});
          });
}

}  // namespace arena::games

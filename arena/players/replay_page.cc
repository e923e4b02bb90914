// The replay of a finished game: a page for each position, which scripts only make quicker.

#include <algorithm>

#include "arena/arena.h"
#include "arena/players/kinds.h"
#include "arena/players/player_pages.h"

namespace arena {
namespace {

namespace base = hornbeam::base;
namespace live = hornbeam::live;
namespace web = hornbeam::web;
using hornbeam::Task;

struct ReplayQuery {
  std::optional<std::int64_t> at;  ///< As many moves have been made; all of them if absent.
  std::string invite;              ///< To a private game.
};
constexpr auto describe(hornbeam::Type<ReplayQuery>) {
  return hornbeam::fields(
      hornbeam::field("at", &ReplayQuery::at, base::at_least(0)),
      hornbeam::field("invite", &ReplayQuery::invite, base::or_default, base::length(0, 64)));
}

/// A position of the game, and how it came about.
struct Position {
  std::string words;  ///< Such as "X plays row 2, column 2".
  std::string by;     ///< The seat that moved.
  std::string board;
};

/// A mark on the board that is shown.
struct MarkView {
  std::string mark;
  int x = 0;
  int y = 0;
  bool is_last = false;     ///< Made by the move that led here.
  bool is_winning = false;  ///< One of the line that won.
};
constexpr auto describe(hornbeam::Type<MarkView>) {
  using hornbeam::field;
  return hornbeam::fields(field("mark", &MarkView::mark), field("x", &MarkView::x),
                          field("y", &MarkView::y), field("is_last", &MarkView::is_last),
                          field("is_winning", &MarkView::is_winning));
}

/// A move of the list.
struct MoveView {
  std::int64_t number = 0;
  std::string words;
  std::string by;
  std::string address;
  bool is_shown = false;
};
constexpr auto describe(hornbeam::Type<MoveView>) {
  using hornbeam::field;
  return hornbeam::fields(field("number", &MoveView::number), field("words", &MoveView::words),
                          field("by", &MoveView::by), field("address", &MoveView::address),
                          field("is_shown", &MoveView::is_shown));
}

/// One who played.
struct PlayerView {
  std::string seat;
  std::string name;
  std::string address;  ///< Of their page; empty for guests and the computer.
};
constexpr auto describe(hornbeam::Type<PlayerView>) {
  using hornbeam::field;
  return hornbeam::fields(field("seat", &PlayerView::seat), field("name", &PlayerView::name),
                          field("address", &PlayerView::address));
}

/// Everything but the frame of the page.
struct ReplayView {
  live::GameId id = 0;
  std::string invite;  ///< What a private one was asked for with.
  std::string title;
  std::string day;
  std::string result;
  std::vector<PlayerView> players;
  std::vector<MoveView> moves;
  std::string words;  ///< Which position is shown.
  std::string board;  ///< As text, for games that are not played on a grid.
  int rows = 0;       ///< 0 for those.
  int cols = 0;
  std::vector<MarkView> marks;
  std::string first;
  std::string previous;
  std::string next;
  std::string last;
};
constexpr auto describe(hornbeam::Type<ReplayView>) {
  using hornbeam::field;
  return hornbeam::fields(field("id", &ReplayView::id), field("title", &ReplayView::title),
                          field("day", &ReplayView::day), field("result", &ReplayView::result),
                          field("players", &ReplayView::players),
                          field("moves", &ReplayView::moves), field("words", &ReplayView::words),
                          field("board", &ReplayView::board), field("rows", &ReplayView::rows),
                          field("cols", &ReplayView::cols), field("marks", &ReplayView::marks),
                          field("first", &ReplayView::first),
                          field("previous", &ReplayView::previous),
                          field("next", &ReplayView::next), field("last", &ReplayView::last));
}

/// The address of a position, for those who may see it.
std::string address_of(const ReplayView& view, std::size_t at) {
  const std::string address = fmt::format("/games/{}?at={}", view.id, at);
  return view.invite.empty() ? address : fmt::format("{}&invite={}", address, view.invite);
}

/// The cell that differs between two boards; none if they are no grids or more differ.
std::optional<std::size_t> changed_cell(std::string_view before, std::string_view after) {
  if (before.size() != after.size()) return std::nullopt;
  const auto [one, other] = std::ranges::mismatch(before, after);
  if (one == before.end()) return std::nullopt;
  return static_cast<std::size_t>(one - before.begin());
}

/// Every position that the moves that stand led through. What a seat alone may know is not shown.
std::vector<Position> positions_of(const live::GameRecord& record) {
  const auto grid = grid_of_kind(record.kind().name);
  auto position = record.kind().start();
  std::vector<Position> positions{{"The beginning", "", position->view(std::nullopt)}};
  for (const live::Event* move : record.standing_moves()) {
    position = position->play(*move->seat, move->detail).value().position;
    Position next{{}, std::string(record.name_of(*move->seat)), position->view(std::nullopt)};
    const auto cell = grid ? changed_cell(positions.back().board, next.board) : std::nullopt;
    if (cell) {
      const auto cols = static_cast<std::size_t>(grid->cols);
      next.words = fmt::format("row {}, column {}", *cell / cols + 1, *cell % cols + 1);
    } else {
      next.words = move->detail;
    }
    positions.push_back(std::move(next));
  }
  return positions;
}

std::vector<MarkView> marks_of(const live::GridShape& grid, const std::vector<Position>& positions,
                               std::size_t at, bool is_won) {
  std::vector<MarkView> marks;
  const std::string& board = positions[at].board;
  const auto last = at > 0 ? changed_cell(positions[at - 1].board, board) : std::nullopt;
  for (std::size_t index = 0; index < board.size(); ++index) {
    if (board[index] == live::kNoMark) continue;
    const auto cell = static_cast<int>(index);
    const live::GridCell where{cell / grid.cols, cell % grid.cols};
    marks.push_back({.mark = std::string(1, board[index]),
                     .x = where.col,
                     .y = where.row,
                     .is_last = last == index,
                     .is_winning = is_won && has_line_through(grid, board, where)});
  }
  return marks;
}

std::string result_of(const live::GameRecord& record, const std::vector<PlayerView>& players) {
  using Ending = live::GameRecord::Ending;
  if (record.ending() == Ending::kAborted) return "Aborted: nobody wins.";
  if (!record.winner()) {
    return record.ending() == Ending::kAgreed ? "A draw that both agreed to." : "A draw.";
  }
  const std::size_t winner = index_of(*record.winner());
  const std::string who = fmt::format("{} wins", players[winner].name);
  if (record.ending() == Ending::kFlagged) {
    return fmt::format("{}: {} ran out of time.", who, players[1 - winner].name);
  }
  if (record.ending() != Ending::kResigned) return who + ".";
  return fmt::format("{}: {} resigned.", who, players[1 - winner].name);
}

Task<PlayerView> view_of_seat(Arena& arena, const live::GameRecord& record, live::Seat seat) {
  PlayerView view{std::string(record.name_of(seat)), "Nobody", {}};
  const auto& occupant = record.occupant(seat);
  if (!occupant) co_return view;
  view.name = occupant->is_bot() ? "The computer" : fmt::format("Guest {}", view.seat);
  if (!occupant->player) co_return view;
  const auto card = co_await arena.players.card(*occupant->player, std::string(record.kind().name));
  if (!card) co_return view;
  view.name = card->name;
  view.address = fmt::format("/players/{}", card->id);
  co_return view;
}

void add_steps(ReplayView& view, const std::vector<Position>& positions, std::size_t at) {
  for (std::size_t number = 1; number < positions.size(); ++number) {
    view.moves.push_back({.number = static_cast<std::int64_t>(number),
                          .words = positions[number].words,
                          .by = positions[number].by,
                          .address = address_of(view, number),
                          .is_shown = number == at});
  }
  const std::size_t end = positions.size() - 1;
  if (at > 0) {
    view.first = address_of(view, 0);
    view.previous = address_of(view, at - 1);
  }
  if (at < end) {
    view.next = address_of(view, at + 1);
    view.last = address_of(view, end);
  }
  view.words = at == 0 ? fmt::format("The beginning; {} moves follow.", end)
                       : fmt::format("Move {} of {}: {} plays {}.", at, end, positions[at].by,
                                     positions[at].words);
}

Task<ReplayView> view_of(Arena& arena, const live::GameRecord& record, ReplayQuery query) {
  const auto wanted = query.at;
  ReplayView view{.id = record.id(),
                  .invite = record.is_private() ? std::move(query.invite) : std::string(),
                  .title = std::string(title_of_kind(record.kind().name)),
                  .day = day_of(record.events().front().at)};
  for (const live::Seat seat : {live::Seat::kFirst, live::Seat::kSecond}) {
    view.players.push_back(co_await view_of_seat(arena, record, seat));
  }
  view.result = result_of(record, view.players);
  const auto positions = positions_of(record);
  const std::size_t end = positions.size() - 1;
  const std::size_t at = wanted ? std::min(static_cast<std::size_t>(*wanted), end) : end;
  add_steps(view, positions, at);
  view.board = positions[at].board;
  if (const auto grid = grid_of_kind(record.kind().name)) {
    view.rows = grid->rows;
    view.cols = grid->cols;
    view.marks = marks_of(*grid, positions, at, at == end && record.winner().has_value());
  }
  co_return view;
}

Task<web::Response> show_replay(Arena& arena, const web::Request& request, live::GameId id,
                                ReplayQuery query) {
  live::GameRecord record(id, arena.games);
  auto events = co_await arena.log.read(id, 0);
  if (events.empty()) throw web::not_found("There is no such game here.");
  for (auto& event : events) record.apply(std::move(event));
  if (!record.is_invited(query.invite)) throw web::not_found("There is no such game here.");
  // Who is still at it plays there, and others watch.
  if (record.phase() != live::GameRecord::Phase::kOver) {
    co_return web::redirect(fmt::format("/g/{}", id));
  }
  const ReplayView view = co_await view_of(arena, record, std::move(query));
  co_return web::make_conditional(request,
                                  arena.pages.render(request, "replay.html", {{"game", view}}));
}

}  // namespace

void add_replay_pages(Arena& arena) {
  arena.app.get("/games/{id}", [&arena](const web::Request& request, std::int64_t id,
                                        web::Query<ReplayQuery> query) {
    return show_replay(arena, request, id, std::move(*query));
  });
}

}  // namespace arena

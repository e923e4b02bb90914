#include "hornbeam/live/read_games.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <tuple>

#include <fmt/format.h>

#include "hornbeam/live/internal/game_archive.h"

namespace hornbeam::live {
namespace {

using Row = std::tuple<GameId, Seq, std::string, std::optional<Seat>, std::string, std::string,
                       EventTime, std::int64_t>;

constexpr char kEvents[] =
    "SELECT e.game_id, e.seq, e.kind, e.seat, e.command_id, e.detail, e.at, e.credit FROM "
    "json_each(?) w"
    " JOIN events e ON e.game_id = w.value ORDER BY e.game_id, e.seq";
constexpr char kPostgresqlEvents[] =
    "SELECT e.game_id, e.seq, e.kind, e.seat, e.command_id, e.detail, e.at, e.credit FROM"
    " (SELECT CAST(jsonb_array_elements_text(CAST(? AS jsonb)) AS bigint) AS id) w"
    " JOIN events e ON e.game_id = w.id ORDER BY e.game_id, e.seq";

Event event_from(GameId game, Seq seq, std::string_view kind_name, std::optional<Seat> seat,
                 std::string command_id, std::string detail, EventTime at, std::int64_t credit) {
  const auto kind = event_kind_from(kind_name);
  if (!kind) {
    throw std::runtime_error(
        fmt::format("game {} holds an event of kind \"{}\", which this program does not know", game,
                    kind_name));
  }
  return Event{seq,
               *kind,
               seat,
               std::move(command_id),
               std::move(detail),
               at,
               std::chrono::milliseconds(credit)};
}

std::vector<Event> archived(data::Snapshot& db, GameId game) {
  std::vector<Event> events;
  for (auto& each : internal::archived_events(db, game, 0)) {
    const auto seat = each.seat ? std::optional(static_cast<Seat>(*each.seat)) : std::nullopt;
    events.push_back(event_from(game, each.seq, each.kind, seat, std::move(each.command_id),
                                std::move(each.detail),
                                EventTime(std::chrono::milliseconds(each.at)), each.credit));
  }
  return events;
}

}  // namespace

std::map<GameId, std::vector<Event>> read_games(data::Snapshot& db,
                                                const std::vector<GameId>& games) {
  std::map<GameId, std::vector<Event>> found;
  const std::string wanted = fmt::format("[{}]", fmt::join(games, ","));
  const auto take = [&found](auto rows) {
    while (auto row = rows.next()) {
      auto& [game, seq, kind, seat, command_id, detail, at, credit] = *row;
      found[game].push_back(
          event_from(game, seq, kind, seat, std::move(command_id), std::move(detail), at, credit));
    }
  };
  if (db.dialect() == data::Dialect::kSqlite) {
    take(db.query<Row>(kEvents, std::string_view(wanted)));
  } else {
    take(db.query<Row>(kPostgresqlEvents, std::string_view(wanted)));
  }
  // Only while an index is built anew are there many of these.
  for (const GameId game : games) {
    if (found.contains(game)) continue;
    if (auto events = archived(db, game); !events.empty()) found.emplace(game, std::move(events));
  }
  return found;
}

}  // namespace hornbeam::live

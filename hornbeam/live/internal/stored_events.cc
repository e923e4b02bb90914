#include "hornbeam/live/internal/stored_events.h"

#include <stdexcept>
#include <tuple>
#include <utility>

#include <fmt/core.h>

#include "hornbeam/live/internal/game_archive.h"

namespace hornbeam::live::internal {
namespace {

using EventRow = std::tuple<Seq, std::string, std::optional<Seat>, std::string, std::string,
                            EventTime, std::int64_t>;

Event event_from(EventRow row) {
  auto& [seq, kind_name, seat, command_id, detail, at, credit] = row;
  const auto kind = event_kind_from(kind_name);
  if (!kind) {
    throw std::runtime_error(fmt::format(
        "the game log holds an event of kind \"{}\", which this program does not know", kind_name));
  }
  return Event{seq,
               *kind,
               seat,
               std::move(command_id),
               std::move(detail),
               at,
               std::chrono::milliseconds(credit)};
}

}  // namespace

std::vector<Event> stored_events(data::Snapshot& db, GameId game, Seq first) {
  std::vector<Event> events;
  auto rows = db.query<EventRow>(
      "SELECT seq, kind, seat, command_id, detail, at, credit FROM events WHERE game_id = ? AND "
      "seq >= ? "
      "ORDER BY seq",
      game, first);
  while (auto row = rows.next()) events.push_back(event_from(*std::move(row)));
  if (!events.empty()) return events;
  for (auto& [seq, kind, seat, command_id, detail, at, credit] : archived_events(db, game, first)) {
    const auto who = seat ? std::optional(static_cast<Seat>(*seat)) : std::nullopt;
    events.push_back(
        event_from({seq, std::move(kind), who, std::move(command_id), std::move(detail),
                    EventTime(std::chrono::milliseconds(at)), credit}));
  }
  return events;
}

}  // namespace hornbeam::live::internal

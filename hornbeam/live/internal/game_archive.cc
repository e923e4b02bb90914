#include "hornbeam/live/internal/game_archive.h"

#include <stdexcept>
#include <tuple>

#include <fmt/core.h>

#include "hornbeam/base/json.h"
#include "hornbeam/base/rules.h"

namespace hornbeam::live::internal {

constexpr auto describe(base::Type<ArchivedEvent>) {
  using base::field;
  return base::fields(field("seq", &ArchivedEvent::seq), field("kind", &ArchivedEvent::kind),
                      field("seat", &ArchivedEvent::seat),
                      field("command_id", &ArchivedEvent::command_id),
                      field("detail", &ArchivedEvent::detail), field("at", &ArchivedEvent::at),
                      field("credit", &ArchivedEvent::credit, base::or_default));
}

namespace {

// Kept writers out of the archive until each insert looked for itself. The trigger's own insert is
// what fails, on a number that is taken.
constexpr std::string_view kGuard =
    R"(CREATE TRIGGER nothing_after_the_archive BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM archived_games WHERE game_id = NEW.game_id)
BEGIN
  INSERT INTO archived_games VALUES (NEW.game_id, 0, 0, 0, '');
END;
)";

constexpr std::string_view kPostgresqlGuard =
    R"(CREATE FUNCTION nothing_after_the_archive() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM archived_games WHERE game_id = NEW.game_id) THEN
    INSERT INTO archived_games VALUES (NEW.game_id, 0, 0, 0, '');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER nothing_after_the_archive BEFORE INSERT ON events
  FOR EACH ROW EXECUTE FUNCTION nothing_after_the_archive();
)";

constexpr std::string_view kArchiveUp = R"(
CREATE TABLE archived_games (
  game_id INTEGER PRIMARY KEY,
  last_seq INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  archived_at INTEGER NOT NULL,
  events TEXT NOT NULL
);
CREATE INDEX archived_games_by_end ON archived_games (ended_at);
CREATE INDEX games_by_end ON games (ended_at) WHERE ended_at IS NOT NULL;
)";

constexpr std::string_view kArchiveDown = R"(
DROP TRIGGER nothing_after_the_archive;
INSERT INTO events (game_id, seq, kind, seat, command_id, detail, at)
  SELECT a.game_id, e.value ->> 'seq', e.value ->> 'kind', e.value ->> 'seat',
    e.value ->> 'command_id', e.value ->> 'detail', e.value ->> 'at'
  FROM archived_games a, json_each(a.events) e;
DROP INDEX games_by_end;
DROP TABLE archived_games;
)";

constexpr std::string_view kPostgresqlArchiveUp = R"(
CREATE TABLE archived_games (
  game_id BIGINT PRIMARY KEY,
  last_seq BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  archived_at BIGINT NOT NULL,
  events TEXT NOT NULL
);
CREATE INDEX archived_games_by_end ON archived_games (ended_at);
CREATE INDEX games_by_end ON games (ended_at) WHERE ended_at IS NOT NULL;
)";

constexpr std::string_view kPostgresqlArchiveDown = R"(
DROP TRIGGER nothing_after_the_archive ON events;
DROP FUNCTION nothing_after_the_archive;
INSERT INTO events (game_id, seq, kind, seat, command_id, detail, at)
  SELECT a.game_id, CAST(e ->> 'seq' AS bigint), e ->> 'kind', CAST(e ->> 'seat' AS integer),
    e ->> 'command_id', e ->> 'detail', CAST(e ->> 'at' AS bigint)
  FROM archived_games a, jsonb_array_elements(CAST(a.events AS jsonb)) e;
DROP INDEX games_by_end;
DROP TABLE archived_games;
)";

// Each call of a trigger has SQLite copy the pages that the statement touches.
constexpr std::string_view kUnguardedUp = "DROP TRIGGER nothing_after_the_archive;";

constexpr std::string_view kPostgresqlUnguardedUp = R"(
DROP TRIGGER nothing_after_the_archive ON events;
DROP FUNCTION nothing_after_the_archive;
)";

struct StoredArchive {
  GameId game_id = 0;
  Seq last_seq = 0;
  std::int64_t ended_at = 0;
  std::int64_t archived_at = 0;
  std::string events;
};
constexpr auto describe(base::Type<StoredArchive>) {
  using base::field;
  return base::fields(
      field("game_id", &StoredArchive::game_id, data::primary_key),
      field("last_seq", &StoredArchive::last_seq), field("ended_at", &StoredArchive::ended_at),
      field("archived_at", &StoredArchive::archived_at), field("events", &StoredArchive::events));
}
constexpr std::string_view table_name(base::Type<StoredArchive>) {
  return "archived_games";
}

std::vector<ArchivedEvent> events_of(data::Transaction& tx, GameId game) {
  using Row = std::tuple<Seq, std::string, std::optional<std::int64_t>, std::string, std::string,
                         std::int64_t, std::int64_t>;
  std::vector<ArchivedEvent> events;
  auto rows = tx.query<Row>(
      "SELECT seq, kind, seat, command_id, detail, at, credit FROM events WHERE game_id = ? "
      "ORDER BY seq",
      game);
  while (auto row = rows.next()) {
    auto& [seq, kind, seat, command_id, detail, at, credit] = *row;
    events.push_back(
        {seq, std::move(kind), seat, std::move(command_id), std::move(detail), at, credit});
  }
  return events;
}

}  // namespace

data::Migration archive_migration(int number) {
  return {.number = number,
          .name = "archive_games",
          .up = std::string(kArchiveUp).append(kGuard),
          .down = std::string(kArchiveDown),
          .postgresql_up = std::string(kPostgresqlArchiveUp).append(kPostgresqlGuard),
          .postgresql_down = std::string(kPostgresqlArchiveDown)};
}

data::Migration unguarded_archive_migration(int number) {
  return {.number = number,
          .name = "keep_out_of_the_archive_by_insert",
          .up = std::string(kUnguardedUp),
          .down = std::string(kGuard),
          .postgresql_up = std::string(kPostgresqlUnguardedUp),
          .postgresql_down = std::string(kPostgresqlGuard)};
}

std::vector<data::TableShape> archive_tables() {
  return data::schema_of<StoredArchive>();
}

std::vector<GameId> games_to_archive(data::Snapshot& db, EventTime before, std::size_t limit) {
  // Games are archived in the order of their ends, so that none has to be looked for before the
  // last one that was.
  std::vector<GameId> games;
  auto rows = db.query<GameId>(
      "SELECT g.id FROM games g WHERE g.ended_at IS NOT NULL AND g.ended_at < ?"
      " AND g.ended_at >= coalesce((SELECT max(ended_at) FROM archived_games), 0)"
      " AND EXISTS (SELECT 1 FROM events e WHERE e.game_id = g.id)"
      " ORDER BY g.ended_at, g.id LIMIT ?",
      before, static_cast<std::int64_t>(limit));
  while (const auto game = rows.next()) games.push_back(*game);
  return games;
}

bool archive_game(data::Transaction& tx, GameId game, EventTime now) {
  const auto events = events_of(tx, game);
  if (events.empty()) return false;
  const auto ended_at =
      tx.query<std::int64_t>("SELECT coalesce(ended_at, 0) FROM games WHERE id = ?", game).one();
  tx.execute("DELETE FROM events WHERE game_id = ?", game);
  tx.execute(
      "INSERT INTO archived_games (game_id, last_seq, ended_at, archived_at, events) "
      "VALUES (?, ?, ?, ?, ?)",
      game, events.back().seq, ended_at, now, base::to_json(events));
  return true;
}

std::vector<ArchivedEvent> archived_events(data::Snapshot& db, GameId game, Seq first) {
  const auto text =
      db.query<std::string>("SELECT events FROM archived_games WHERE game_id = ?", game).next();
  if (!text) return {};
  auto events = base::from_json<std::vector<ArchivedEvent>>(*text);
  if (!events) {
    throw std::runtime_error(fmt::format("the archive of game {} cannot be read", game));
  }
  std::erase_if(*events, [first](const ArchivedEvent& event) { return event.seq < first; });
  return *std::move(events);
}

}  // namespace hornbeam::live::internal

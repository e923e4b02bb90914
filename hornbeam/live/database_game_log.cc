#include "hornbeam/live/database_game_log.h"

#include <tuple>

#include <fmt/core.h>

#include "hornbeam/data/error.h"

namespace hornbeam::live {
namespace {

// `events` is the truth. `games` is what cannot be found in it cheaply: the next number, and which
// games still go on. A row of it changes twice in a game, so that a move is one insert and no more.
constexpr std::string_view kSchema = R"(
CREATE TABLE games (
  id INTEGER PRIMARY KEY,
  game TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  ended_at INTEGER
);
CREATE INDEX open_games ON games (id) WHERE ended_at IS NULL;
CREATE TABLE events (
  game_id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  seat INTEGER,
  command_id TEXT NOT NULL,
  detail TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (game_id, seq)
) WITHOUT ROWID;
)";

constexpr std::string_view kPostgresqlSchema = R"(
CREATE TABLE games (
  id BIGINT PRIMARY KEY,
  game TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX open_games ON games (id) WHERE ended_at IS NULL;
CREATE TABLE events (
  game_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  kind TEXT NOT NULL,
  seat INTEGER,
  command_id TEXT NOT NULL,
  detail TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (game_id, seq)
);
)";

struct StoredGame {
  GameId id = 0;
  std::string game;
  EventTime created_at{};
  std::optional<EventTime> ended_at = {};
};
constexpr auto describe(base::Type<StoredGame>) {
  using base::field;
  return base::fields(
      field("id", &StoredGame::id, data::primary_key), field("game", &StoredGame::game),
      field("created_at", &StoredGame::created_at), field("ended_at", &StoredGame::ended_at));
}
constexpr std::string_view table_name(base::Type<StoredGame>) {
  return "games";
}

struct StoredEvent {
  GameId game_id = 0;
  Seq seq = 0;
  std::string kind;
  std::optional<Seat> seat = {};
  std::string command_id;
  std::string detail;
  EventTime at{};
};
constexpr auto describe(base::Type<StoredEvent>) {
  using base::field;
  return base::fields(field("game_id", &StoredEvent::game_id, data::primary_key),
                      field("seq", &StoredEvent::seq, data::primary_key),
                      field("kind", &StoredEvent::kind), field("seat", &StoredEvent::seat),
                      field("command_id", &StoredEvent::command_id),
                      field("detail", &StoredEvent::detail), field("at", &StoredEvent::at));
}
constexpr std::string_view table_name(base::Type<StoredEvent>) {
  return "events";
}

using EventRow =
    std::tuple<Seq, std::string, std::optional<Seat>, std::string, std::string, EventTime>;

Event event_from(EventRow row) {
  auto& [seq, kind_name, seat, command_id, detail, at] = row;
  const auto kind = event_kind_from(kind_name);
  if (!kind) {
    throw std::runtime_error(fmt::format(
        "the game log holds an event of kind \"{}\", which this program does not know", kind_name));
  }
  return Event{seq, *kind, seat, std::move(command_id), std::move(detail), at};
}

// Inserts `event` with `execute`: a transaction's, or the database's own for an event that comes
// alone.
auto insert_by(auto& target, GameId game, const Event& event) {
  return target.execute(
      "INSERT INTO events (game_id, seq, kind, seat, command_id, detail, at) VALUES (?, ?, ?, ?, "
      "?, ?, ?)",
      game, event.seq, to_string(event.kind), event.seat, std::string_view(event.command_id),
      std::string_view(event.detail), event.at);
}

void insert(data::Transaction& tx, GameId game, const Event& event) {
  insert_by(tx, game, event);
}

GameId insert_all(data::Transaction& tx, const std::vector<Event>& events) {
  const Event& first = events.front();
  // SQLite lets one writer in at a time, so that the highest number cannot change under this. On
  // PostgreSQL it may: then the number is taken, and `create` tries again.
  const GameId id =
      tx.query<GameId>("SELECT coalesce(max(id) + 1, ?) FROM games", kFirstGame).one();
  tx.execute("INSERT INTO games (id, game, created_at) VALUES (?, ?, ?)", id,
             GameSpec::parse(first.detail).value().game, first.at);
  for (const Event& event : events) insert(tx, id, event);
  return id;
}

Event rematch_event(const RematchOf& link, GameId next, EventTime at) {
  return Event{.seq = link.seq,
               .kind = EventKind::kRematch,
               .seat = std::nullopt,
               .command_id = {},
               .detail = std::to_string(next),
               .at = at};
}

}  // namespace

std::vector<data::Migration> game_log_migrations() {
  return {data::Migration{.number = 1,
                          .name = "create_games",
                          .up = std::string(kSchema),
                          .down = "DROP TABLE events; DROP TABLE games;",
                          .postgresql_up = std::string(kPostgresqlSchema)}};
}

std::vector<data::TableShape> game_log_tables() {
  return data::schema_of<StoredGame, StoredEvent>();
}

base::Task<std::optional<GameId>> DatabaseGameLog::create(std::vector<Event> events,
                                                          std::optional<RematchOf> rematch_of) {
  constexpr int kMostAttempts = 20;
  // Ends: the number of attempts is bounded.
  for (int attempt = 1;; ++attempt) {
    try {
      co_return co_await database_.write([&](data::Transaction& tx) -> std::optional<GameId> {
        const GameId id = insert_all(tx, events);
        if (rematch_of)
          insert(tx, rematch_of->game, rematch_event(*rematch_of, id, events.front().at));
        return id;
      });
    } catch (const data::UniqueViolation& taken) {
      const bool is_number = taken.table() == "games";
      if (!is_number && rematch_of) break;
      if (!is_number || attempt == kMostAttempts) throw;
    }
  }
  co_return std::nullopt;
}

base::Task<bool> DatabaseGameLog::append(GameId game, const Event& event, bool ends_game) {
  try {
    if (!ends_game) {
      co_await insert_by(database_, game, event);
      co_return true;
    }
    co_await database_.write([&](data::Transaction& tx) {
      insert(tx, game, event);
      tx.execute("UPDATE games SET ended_at = ? WHERE id = ?", event.at, game);
    });
  } catch (const data::UniqueViolation&) {
    co_return false;
  }
  co_return true;
}

base::Task<std::vector<Event>> DatabaseGameLog::read(GameId game, Seq first) {
  co_return co_await database_.read([&](data::Snapshot& db) {
    std::vector<Event> events;
    auto rows = db.query<EventRow>(
        "SELECT seq, kind, seat, command_id, detail, at FROM events WHERE game_id = ? AND seq >= ? "
        "ORDER BY seq",
        game, first);
    while (auto row = rows.next()) events.push_back(event_from(*std::move(row)));
    return events;
  });
}

base::Task<std::vector<Head>> DatabaseGameLog::heads(std::vector<GameId> games) {
  co_return co_await database_.read([&](data::Snapshot& db) {
    std::vector<Head> heads;
    for (const GameId game : games) {
      const auto last =
          db.query<std::optional<Seq>>("SELECT max(seq) FROM events WHERE game_id = ?", game).one();
      if (last) heads.push_back({game, *last});
    }
    return heads;
  });
}

base::Task<std::vector<OpenGame>> DatabaseGameLog::open_games(EventTime before, std::size_t limit) {
  co_return co_await database_.read([&](data::Snapshot& db) {
    std::vector<OpenGame> open;
    using Row = std::tuple<GameId, Seq, EventTime, std::int64_t>;
    auto rows = db.query<Row>(
        "SELECT g.id, e.seq, e.at, (SELECT count(*) FROM events j WHERE j.game_id = g.id AND "
        "j.kind = 'join')"
        " FROM games g JOIN events e ON e.game_id = g.id"
        " AND e.seq = (SELECT max(seq) FROM events WHERE game_id = g.id)"
        " WHERE g.ended_at IS NULL AND e.at < ? ORDER BY g.id LIMIT ?",
        before, static_cast<std::int64_t>(limit));
    while (auto row = rows.next()) {
      const auto& [id, seq, at, joins] = *row;
      open.push_back({id, seq, at, joins < 2});
    }
    return open;
  });
}

}  // namespace hornbeam::live

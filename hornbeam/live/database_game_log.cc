#include "hornbeam/live/database_game_log.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "hornbeam/data/error.h"
#include "hornbeam/live/internal/game_archive.h"
#include "hornbeam/live/internal/outages.h"
#include "hornbeam/live/internal/player_tables.h"
#include "hornbeam/live/internal/stored_events.h"

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

// Which games are listed is known to `games` as well, for the one who looks for an opponent. Talk
// is beside the log: it has no part in what the game is.
constexpr std::string_view kChatSchema = R"(
ALTER TABLE games ADD COLUMN listed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX listed_games ON games (id) WHERE listed = 1;
CREATE TABLE chat (
  game_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  seat INTEGER NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (game_id, number)
) WITHOUT ROWID;
)";

constexpr std::string_view kPostgresqlChatSchema = R"(
ALTER TABLE games ADD COLUMN listed BIGINT NOT NULL DEFAULT 0;
CREATE INDEX listed_games ON games (id) WHERE listed = 1;
CREATE TABLE chat (
  game_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  seat INTEGER NOT NULL,
  text TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (game_id, number)
);
)";

// A token is found by the first words of the detail: what follows says who has it.
constexpr std::string_view kTokenSchema = R"(
CREATE INDEX seats_by_token ON events (substr(detail, 1, 49)) WHERE kind = 'join';
)";

// The last event of each game of a JSON array.
constexpr char kHeads[] =
    "SELECT w.value, coalesce((SELECT max(seq) FROM events WHERE game_id = w.value),"
    " (SELECT last_seq FROM archived_games WHERE game_id = w.value)) FROM json_each(?) w";
constexpr char kPostgresqlHeads[] =
    "SELECT w.id, coalesce((SELECT max(seq) FROM events WHERE game_id = w.id),"
    " (SELECT last_seq FROM archived_games WHERE game_id = w.id)) FROM"
    " (SELECT CAST(jsonb_array_elements_text(CAST(? AS jsonb)) AS bigint) AS id) w";

struct StoredGame {
  GameId id = 0;
  std::string game;
  EventTime created_at{};
  std::optional<EventTime> ended_at = {};
  std::int64_t listed = 0;
  std::int64_t counts = 0;
  std::int64_t clocked = 0;
};
constexpr auto describe(base::Type<StoredGame>) {
  using base::field;
  return base::fields(
      field("id", &StoredGame::id, data::primary_key), field("game", &StoredGame::game),
      field("created_at", &StoredGame::created_at), field("ended_at", &StoredGame::ended_at),
      field("listed", &StoredGame::listed), field("counts", &StoredGame::counts),
      field("clocked", &StoredGame::clocked));
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
  std::int64_t credit = 0;
};
constexpr auto describe(base::Type<StoredEvent>) {
  using base::field;
  return base::fields(field("game_id", &StoredEvent::game_id, data::primary_key),
                      field("seq", &StoredEvent::seq, data::primary_key),
                      field("kind", &StoredEvent::kind), field("seat", &StoredEvent::seat),
                      field("command_id", &StoredEvent::command_id),
                      field("detail", &StoredEvent::detail), field("at", &StoredEvent::at),
                      field("credit", &StoredEvent::credit));
}
constexpr std::string_view table_name(base::Type<StoredEvent>) {
  return "events";
}

struct StoredChatLine {
  GameId game_id = 0;
  std::int64_t number = 0;
  Seat seat = Seat::kFirst;
  std::string text;
  EventTime at{};
};
constexpr auto describe(base::Type<StoredChatLine>) {
  using base::field;
  return base::fields(field("game_id", &StoredChatLine::game_id, data::primary_key),
                      field("number", &StoredChatLine::number, data::primary_key),
                      field("seat", &StoredChatLine::seat), field("text", &StoredChatLine::text),
                      field("at", &StoredChatLine::at));
}
constexpr std::string_view table_name(base::Type<StoredChatLine>) {
  return "chat";
}

// Inserts `event` with `execute`: a transaction's, or the database's own for an event that comes
// alone. Into an archived game nothing goes: its number is none then, which no row may have. (A
// trigger that says so costs SQLite half as much again as all the rest.)
auto insert_by(auto& target, GameId game, const Event& event) {
  return target.execute(
      "INSERT INTO events (game_id, seq, kind, seat, command_id, detail, at, credit) VALUES "
      "(CASE WHEN EXISTS (SELECT 1 FROM archived_games a WHERE a.game_id = ?) THEN NULL "
      "ELSE CAST(? AS BIGINT) END, ?, ?, ?, ?, ?, ?, ?)",
      game, game, event.seq, to_string(event.kind), event.seat, std::string_view(event.command_id),
      std::string_view(event.detail), event.at, event.credit.count());
}

/// Whether `insert_by` failed since the game has an event of that number, or is archived.
bool is_taken(const data::DatabaseError& failure) {
  return failure.kind() == data::ErrorKind::kUniqueViolation ||
         failure.kind() == data::ErrorKind::kNotNull;
}

void insert(data::Transaction& tx, GameId game, const Event& event) {
  insert_by(tx, game, event);
}

std::optional<GameId> find_seat(data::Snapshot& db, std::string_view token_hash) {
  const std::string words = fmt::format("token {}", token_hash);
  return db
      .query<GameId>(
          "SELECT e.game_id FROM events e JOIN games g ON g.id = e.game_id WHERE e.kind = 'join'"
          " AND substr(e.detail, 1, 49) = ? AND g.ended_at IS NULL ORDER BY e.game_id DESC LIMIT 1",
          std::string_view(words))
      .first();
}

/// Whether somebody whose name is known sits down with `event`.
bool is_known(const Event& event) {
  if (event.kind != EventKind::kJoin) return false;
  const auto occupant = Occupant::parse(event.detail);
  return occupant && occupant->player;
}

GameId insert_all(data::Transaction& tx, const std::vector<Event>& events) {
  const Event& first = events.front();
  // SQLite lets one writer in at a time, so that the highest number cannot change under this. On
  // PostgreSQL it may: then the number is taken, and `create` tries again.
  const GameId id =
      tx.query<GameId>("SELECT coalesce(max(id) + 1, ?) FROM games", kFirstGame).one();
  const GameSpec spec = GameSpec::parse(first.detail).value();
  const bool is_listed =
      spec.is_open && std::ranges::count(events, EventKind::kJoin, &Event::kind) == 1;
  constexpr std::int64_t kNever = 2;  // A private game is in nobody's history.
  const bool is_private = !spec.invitation_hash.empty();
  const bool counts = std::ranges::any_of(events, is_known);
  tx.execute(
      "INSERT INTO games (id, game, created_at, listed, counts, clocked) VALUES (?, ?, ?, ?, ?, ?)",
      id, spec.game, first.at, static_cast<std::int64_t>(is_listed),
      is_private ? kNever : static_cast<std::int64_t>(counts),
      static_cast<std::int64_t>(spec.clock.has_value()));
  if (spec.clock) internal::note_alive(tx, first.at);
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

std::vector<data::Migration> game_log_migrations(const std::array<int, kGameLogSteps>& numbers) {
  const auto [create, list, archive, find_seats, players, clocks, unguarded] = numbers;
  return {data::Migration{.number = create,
                          .name = "create_games",
                          .up = std::string(kSchema),
                          .down = "DROP TABLE events; DROP TABLE games;",
                          .postgresql_up = std::string(kPostgresqlSchema)},
          data::Migration{.number = list,
                          .name = "list_games_and_chat",
                          .up = std::string(kChatSchema),
                          .down = "DROP TABLE chat; DROP INDEX listed_games; ALTER TABLE games "
                                  "DROP COLUMN listed;",
                          .postgresql_up = std::string(kPostgresqlChatSchema)},
          internal::archive_migration(archive),
          data::Migration{.number = find_seats,
                          .name = "find_seats_by_token",
                          .up = std::string(kTokenSchema),
                          .down = "DROP INDEX seats_by_token;",
                          .postgresql_up = std::nullopt},
          internal::players_migration(players),
          internal::clocks_migration(clocks),
          internal::unguarded_archive_migration(unguarded)};
}

std::vector<data::TableShape> game_log_tables() {
  auto tables = data::schema_of<StoredGame, StoredEvent, StoredChatLine>();
  for (auto& table : internal::archive_tables()) tables.push_back(std::move(table));
  for (auto& table : internal::player_tables()) tables.push_back(std::move(table));
  for (auto& table : internal::clock_tables()) tables.push_back(std::move(table));
  return tables;
}

base::Task<std::optional<GameId>> DatabaseGameLog::create(std::vector<Event> events,
                                                          std::optional<RematchOf> rematch_of,
                                                          bool is_token_new) {
  constexpr int kMostAttempts = 20;
  const bool is_postgresql = database_.dialect() == data::Dialect::kPostgresql;
  // Ends: the number of attempts is bounded.
  for (int attempt = 1;; ++attempt) {
    try {
      co_return co_await database_.write([&](data::Transaction& tx) -> std::optional<GameId> {
        // All who begin a game want the same number: those who come together wait for each other,
        // instead of one after another losing to the rest until their attempts are used up.
        if (is_postgresql) tx.execute("LOCK TABLE games IN SHARE ROW EXCLUSIVE MODE");
        // Said again because the answer was lost.
        if (!is_token_new && find_seat(tx, creators_token(events))) return std::nullopt;
        const GameId id = insert_all(tx, events);
        if (rematch_of)
          insert(tx, rematch_of->game, rematch_event(*rematch_of, id, events.front().at));
        return id;
      });
    } catch (const data::DatabaseError& failure) {
      if (!is_taken(failure)) throw;
      const auto* taken = dynamic_cast<const data::UniqueViolation*>(&failure);
      const bool is_number = taken != nullptr && taken->table() == "games";
      if (!is_number && rematch_of) break;
      if (!is_number || attempt == kMostAttempts) throw;
    }
  }
  co_return std::nullopt;
}

base::Task<bool> DatabaseGameLog::append(GameId game, const Event& event, bool ends_game) {
  try {
    if (!ends_game && event.kind != EventKind::kJoin) {
      co_await insert_by(database_, game, event);
      co_return true;
    }
    co_await database_.write([&](data::Transaction& tx) {
      insert(tx, game, event);
      // What changes, and no more: each column has its indices.
      if (ends_game) tx.execute("UPDATE games SET ended_at = ? WHERE id = ?", event.at, game);
      tx.execute("UPDATE games SET listed = 0 WHERE id = ? AND listed = 1", game);
      if (is_known(event))
        tx.execute("UPDATE games SET counts = 1 WHERE id = ? AND counts = 0", game);
    });
  } catch (const data::DatabaseError& failure) {
    if (!is_taken(failure)) throw;
    co_return false;
  }
  co_return true;
}

base::Task<std::vector<Event>> DatabaseGameLog::read(GameId game, Seq first) {
  co_return co_await database_.read(
      [&](data::Snapshot& db) { return internal::stored_events(db, game, first); });
}

base::Task<std::optional<GameId>> DatabaseGameLog::seat_of(std::string token_hash) {
  co_return co_await database_.read([&](data::Snapshot& db) { return find_seat(db, token_hash); });
}

base::Task<std::vector<Head>> DatabaseGameLog::heads(std::vector<GameId> games) {
  // One question for them all: every room of a process is asked for at each hint.
  const bool is_sqlite = database_.dialect() == data::Dialect::kSqlite;
  const std::string wanted = fmt::format("[{}]", fmt::join(games, ","));
  co_return co_await database_.read([&](data::Snapshot& db) {
    std::vector<Head> heads;
    const auto take = [&heads](auto rows) {
      while (const auto row = rows.next()) {
        const auto& [game, last] = *row;
        if (last) heads.push_back({game, *last});
      }
    };
    using Row = std::tuple<GameId, std::optional<Seq>>;
    if (is_sqlite) {
      take(db.query<Row>(kHeads, std::string_view(wanted)));
    } else {
      take(db.query<Row>(kPostgresqlHeads, std::string_view(wanted)));
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

base::Task<std::vector<ListedGame>> DatabaseGameLog::listed_games(std::string kind,
                                                                  std::size_t limit) {
  co_return co_await database_.read([&](data::Snapshot& db) {
    std::vector<ListedGame> listed;
    using Row = std::tuple<GameId, std::string, std::optional<Seat>, EventTime>;
    auto rows = db.query<Row>(
        "SELECT g.id, c.detail, e.seat, e.at FROM games g JOIN events c ON c.game_id = g.id AND "
        "c.seq = 0 JOIN events e ON e.game_id = g.id AND e.seq = 1 "
        "WHERE g.listed = 1 AND (? = '' OR g.game = ?) ORDER BY g.id LIMIT ?",
        std::string_view(kind), std::string_view(kind), static_cast<std::int64_t>(limit));
    while (auto row = rows.next()) {
      const auto& [id, detail, seat, at] = *row;
      // Begun by a newer program: for its clients.
      const auto spec = GameSpec::parse(detail);
      if (spec) listed.push_back({id, *spec, other(seat.value_or(Seat::kFirst)), at});
    }
    return listed;
  });
}

base::Task<void> DatabaseGameLog::set_listed(GameId game, bool is_listed) {
  co_await database_.write([&](data::Transaction& tx) {
    // Two joins: it is nobody's to list any more.
    tx.execute(
        "UPDATE games SET listed = ? WHERE id = ? AND ended_at IS NULL AND "
        "(SELECT count(*) FROM events e WHERE e.game_id = games.id AND e.kind = 'join') = 1",
        static_cast<std::int64_t>(is_listed), game);
  });
}

base::Task<std::vector<Outage>> DatabaseGameLog::attend(EventTime now, EventTime since) {
  // Most of the time there is nothing to write.
  const bool is_due = co_await database_.read(
      [&](data::Snapshot& db) { return internal::is_attention_due(db, now); });
  if (is_due) {
    co_await database_.write([&](data::Transaction& tx) { internal::note_alive(tx, now); });
  }
  co_return co_await database_.read(
      [&](data::Snapshot& db) { return internal::outages_since(db, since); });
}

base::Task<std::vector<GameId>> DatabaseGameLog::clocked_games(std::size_t limit) {
  co_return co_await database_.read([&](data::Snapshot& db) {
    return db
        .query<GameId>(
            "SELECT id FROM games WHERE clocked = 1 AND ended_at IS NULL ORDER BY id LIMIT ?",
            static_cast<std::int64_t>(limit))
        .all();
  });
}

base::Task<void> DatabaseGameLog::say(GameId game, ChatLine line) {
  constexpr int kMostAttempts = 20;
  // Ends: the number of attempts is bounded. Two who speak at once want the same number.
  for (int attempt = 1;; ++attempt) {
    try {
      co_return co_await database_.write([&](data::Transaction& tx) {
        const auto number =
            tx.query<std::int64_t>(
                  "SELECT coalesce(max(number), 0) + 1 FROM chat WHERE game_id = ?", game)
                .one();
        tx.execute("INSERT INTO chat (game_id, number, seat, text, at) VALUES (?, ?, ?, ?, ?)",
                   game, number, line.seat, std::string_view(line.text), line.at);
      });
    } catch (const data::UniqueViolation&) {
      if (attempt == kMostAttempts) throw;
    }
  }
}

base::Task<std::vector<ChatLine>> DatabaseGameLog::chat(GameId game, std::int64_t after) {
  co_return co_await database_.read([&](data::Snapshot& db) {
    std::vector<ChatLine> lines;
    using Row = std::tuple<std::int64_t, Seat, std::string, EventTime>;
    auto rows = db.query<Row>(
        "SELECT number, seat, text, at FROM chat WHERE game_id = ? AND number > ? "
        "ORDER BY number DESC LIMIT ?",
        game, after, static_cast<std::int64_t>(kMostChatLines));
    while (auto row = rows.next()) {
      auto& [number, seat, text, at] = *row;
      lines.push_back({number, seat, std::move(text), at});
    }
    std::ranges::reverse(lines);
    return lines;
  });
}

base::Task<std::size_t> DatabaseGameLog::archive(EventTime before, std::size_t limit,
                                                 EventTime now) {
  const auto games = co_await database_.read(
      [&](data::Snapshot& db) { return internal::games_to_archive(db, before, limit); });
  std::size_t archived = 0;
  for (const GameId game : games) {
    // Of several processes that are at it, one finds the events still there.
    archived += co_await database_.write(
        [&](data::Transaction& tx) { return internal::archive_game(tx, game, now); });
  }
  co_return archived;
}

}  // namespace hornbeam::live

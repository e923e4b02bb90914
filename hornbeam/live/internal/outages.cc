#include "hornbeam/live/internal/outages.h"

#include <tuple>

namespace hornbeam::live::internal {
namespace {

constexpr std::chrono::seconds kNoteEvery{2};

constexpr std::string_view kOutagesUp = R"(
ALTER TABLE events ADD COLUMN credit INTEGER NOT NULL DEFAULT 0;
ALTER TABLE games ADD COLUMN clocked INTEGER NOT NULL DEFAULT 0;
CREATE INDEX clocked_games ON games (id) WHERE clocked = 1 AND ended_at IS NULL;
CREATE TABLE last_service (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL
);
CREATE TABLE outages (
  began_at INTEGER PRIMARY KEY,
  ended_at INTEGER NOT NULL
);
)";

constexpr std::string_view kPostgresqlOutagesUp = R"(
ALTER TABLE events ADD COLUMN credit BIGINT NOT NULL DEFAULT 0;
ALTER TABLE games ADD COLUMN clocked BIGINT NOT NULL DEFAULT 0;
CREATE INDEX clocked_games ON games (id) WHERE clocked = 1 AND ended_at IS NULL;
CREATE TABLE last_service (
  id BIGINT PRIMARY KEY,
  at BIGINT NOT NULL
);
CREATE TABLE outages (
  began_at BIGINT PRIMARY KEY,
  ended_at BIGINT NOT NULL
);
)";

constexpr std::string_view kOutagesDown = R"(
DROP TABLE outages;
DROP TABLE last_service;
DROP INDEX clocked_games;
ALTER TABLE games DROP COLUMN clocked;
ALTER TABLE events DROP COLUMN credit;
)";

struct StoredService {
  std::int64_t id = 0;
  EventTime at{};
};
constexpr auto describe(base::Type<StoredService>) {
  using base::field;
  return base::fields(field("id", &StoredService::id, data::primary_key),
                      field("at", &StoredService::at));
}
constexpr std::string_view table_name(base::Type<StoredService>) {
  return "last_service";
}

struct StoredOutage {
  EventTime began_at{};
  EventTime ended_at{};
};
constexpr auto describe(base::Type<StoredOutage>) {
  using base::field;
  return base::fields(field("began_at", &StoredOutage::began_at, data::primary_key),
                      field("ended_at", &StoredOutage::ended_at));
}
constexpr std::string_view table_name(base::Type<StoredOutage>) {
  return "outages";
}

/// The one row's key.
constexpr std::int64_t kOnly = 1;

}  // namespace

data::Migration clocks_migration(int number) {
  return {.number = number,
          .name = "keep_clocks",
          .up = std::string(kOutagesUp),
          .down = std::string(kOutagesDown),
          .postgresql_up = std::string(kPostgresqlOutagesUp)};
}

std::vector<data::TableShape> clock_tables() {
  return data::schema_of<StoredService, StoredOutage>();
}

bool is_attention_due(data::Snapshot& db, EventTime now) {
  const auto last = db.find<StoredService>(kOnly);
  if (last && now - last->at < kNoteEvery) return false;
  return db.query<GameId>("SELECT id FROM games WHERE clocked = 1 AND ended_at IS NULL LIMIT 1")
      .first()
      .has_value();
}

void note_alive(data::Transaction& tx, EventTime now) {
  const auto last = tx.find<StoredService>(kOnly);
  if (last && last->at >= now) return;
  // A clock that nobody needed was not looked after: the first game with one begins anew.
  const bool was_needed = tx.query<GameId>(
                                "SELECT id FROM games WHERE clocked = 1 AND ended_at IS NULL AND "
                                "created_at < ? LIMIT 1",
                                last ? last->at : now)
                              .first()
                              .has_value();
  if (last && was_needed && now - last->at > kOutageAfter) {
    tx.insert_if_absent(StoredOutage{last->at, now});
  }
  tx.upsert(StoredService{kOnly, now});
}

std::vector<Outage> outages_since(data::Snapshot& db, EventTime since) {
  std::vector<Outage> outages;
  using Row = std::tuple<EventTime, EventTime>;
  auto rows = db.query<Row>(
      "SELECT began_at, ended_at FROM outages WHERE ended_at > ? ORDER BY began_at", since);
  while (const auto row = rows.next()) outages.push_back({std::get<0>(*row), std::get<1>(*row)});
  return outages;
}

}  // namespace hornbeam::live::internal

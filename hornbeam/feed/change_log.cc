#include "hornbeam/feed/change_log.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "hornbeam/data/error.h"
#include "hornbeam/feed/internal/log_state.h"
#include "hornbeam/feed/internal/tracking_sql.h"

namespace hornbeam::feed {

namespace {

using data::Dialect;
using data::unchecked_sql;

/// The rows that are not visible in a snapshot: those of transactions from its xmax on, and of
/// those that were in progress. Two conditions that the primary key answers, so that a transaction
/// left open costs nothing, as `xid >= xmin AND NOT pg_visible_in_snapshot(xid, snapshot)` would.
constexpr std::string_view kUnseen =
    "(SELECT * FROM hornbeam_changes WHERE xid >= pg_snapshot_xmax(CAST(? AS pg_snapshot)) UNION "
    "ALL SELECT * FROM hornbeam_changes WHERE xid = ANY(ARRAY(SELECT "
    "pg_snapshot_xip(CAST(? AS pg_snapshot))))) AS unseen";

[[noreturn]] void lose(const std::string& why) {
  throw CursorLost(why + ". Mend: build the view anew (index rebuild)");
}

void require_known(const internal::LogState& state, const Cursor& after) {
  const Cursor& newest = state.newest;
  if (after.log != newest.log || after.seen.has_value() != newest.seen.has_value()) {
    lose(fmt::format("the cursor {} is of another change log than this one, {}", after.text(),
                     newest.log));
  }
  const bool is_ahead = newest.seen ? after.seen->xmax > newest.seen->xmax : after.seq > newest.seq;
  if (is_ahead) {
    lose(
        fmt::format("the cursor {} is ahead of the database, which is at {}: the database is an "
                    "older copy",
                    after.text(), newest.text()));
  }
  const bool is_trimmed =
      after.seen ? after.seen->xmin < state.trimmed_to : after.seq < state.trimmed_to;
  if (is_trimmed) {
    lose(
        fmt::format("changes after the cursor {} are gone from the log, which was trimmed up to "
                    "{}",
                    after.text(), state.trimmed_to));
  }
}

Changes read_sqlite(data::Snapshot& db, const Cursor& after, std::size_t most) {
  Changes found{.changes = {}, .next = after};
  const auto limit = static_cast<std::int64_t>(most);
  for (auto& [seq, place, key, at] :
       db.query<std::tuple<std::int64_t, std::string, std::string, std::int64_t>>(
           "SELECT seq, place, key, at FROM hornbeam_changes WHERE seq > ? ORDER BY seq LIMIT ?",
           after.seq, limit)) {
    found.changes.push_back({std::move(place), std::move(key), at});
    found.next.seq = seq;
  }
  found.has_more = found.changes.size() == most;
  return found;
}

/// What lies between `after.seen` and `interval.to`, behind the place that was read up to.
Changes read_interval(data::Snapshot& db, const Cursor& after, Interval interval,
                      std::size_t most) {
  static const std::string kSql = fmt::format(
      "SELECT CAST(CAST(xid AS TEXT) AS BIGINT), seq, place, key, at FROM {} WHERE "
      "pg_visible_in_snapshot(xid, CAST(? AS pg_snapshot)) AND (xid, seq) > (CAST(CAST(? AS "
      "TEXT) AS xid8), ?) ORDER BY xid, seq LIMIT ?",
      kUnseen);
  Changes found{.changes = {}, .next = after};
  const std::string seen = after.seen->text();
  const std::string to = interval.to.text();
  const std::string transaction = std::to_string(interval.transaction);
  const auto limit = static_cast<std::int64_t>(most);
  for (auto& [xid, seq, place, key, at] :
       db.query<std::tuple<std::int64_t, std::int64_t, std::string, std::string, std::int64_t>>(
           unchecked_sql(kSql), seen, seen, to, transaction, interval.seq, limit)) {
    found.changes.push_back({std::move(place), std::move(key), at});
    interval.transaction = xid;
    interval.seq = seq;
  }
  found.has_more = found.changes.size() == most;
  if (found.has_more) {
    found.next.reading = std::move(interval);
  } else {
    found.next.seen = std::move(interval.to);
    found.next.reading.reset();
  }
  return found;
}

}  // namespace

internal::LogState internal::log_state(data::Snapshot& db) {
  LogState state;
  if (db.dialect() == Dialect::kSqlite) {
    auto [log, trimmed, seq] =
        db.query<std::tuple<std::string, std::int64_t, std::optional<std::int64_t>>>(
              "SELECT log, trimmed_to, (SELECT seq FROM sqlite_sequence WHERE name = "
              "'hornbeam_changes') FROM hornbeam_log")
            .one();
    state.newest = {.log = std::move(log), .seq = seq.value_or(0)};
    state.trimmed_to = trimmed;
    return state;
  }
  auto [log, trimmed, snapshot] =
      db.query<std::tuple<std::string, std::int64_t, std::string>>(
            "SELECT log, trimmed_to, CAST(pg_current_snapshot() AS TEXT) FROM hornbeam_log")
          .one();
  state.newest = {.log = std::move(log), .seen = FinishedTransactions::parse(snapshot)};
  state.trimmed_to = trimmed;
  return state;
}

Cursor newest(data::Snapshot& db) {
  return internal::log_state(db).newest;
}

Changes read_changes(data::Snapshot& db, const Cursor& after, std::size_t most) {
  const internal::LogState state = internal::log_state(db);
  require_known(state, after);
  if (after == state.newest) return {.changes = {}, .next = after};
  if (!after.seen) return read_sqlite(db, after, most);
  if (!after.reading)
    return read_interval(db, after, {*state.newest.seen, after.seen->xmin, 0}, most);
  Changes found = read_interval(db, after, *after.reading, most);
  // The interval ends before this snapshot does.
  found.has_more = found.has_more || found.next != state.newest;
  return found;
}

void add_changes(data::Transaction& tx, std::span<const Change> changes) {
  const std::string sql =
      fmt::format("INSERT INTO hornbeam_changes (place, key, at) VALUES (?, ?, {})",
                  internal::now_sql(tx.dialect()));
  for (const Change& each : changes) tx.execute(unchecked_sql(sql), each.place, each.key);
}

Lag lag_of(data::Snapshot& db, const Cursor& cursor) {
  const internal::LogState state = internal::log_state(db);
  require_known(state, cursor);
  const std::string now = internal::now_sql(db.dialect());
  const auto read = [&](std::string_view from, const auto&... values) {
    const std::string sql =
        fmt::format("SELECT count(*), coalesce({} - min(at), 0) FROM {}", now, from);
    const auto [changes, milliseconds] =
        db.query<std::tuple<std::int64_t, std::int64_t>>(unchecked_sql(sql), values...).one();
    return Lag{changes, static_cast<double>(std::max<std::int64_t>(milliseconds, 0)) / 1000};
  };
  if (!cursor.seen) return read("hornbeam_changes WHERE seq > ?", cursor.seq);
  const std::string seen = cursor.seen->text();
  if (!cursor.reading) return read(kUnseen, seen, seen);
  static const std::string kRest = fmt::format(
      "{} WHERE NOT pg_visible_in_snapshot(xid, CAST(? AS pg_snapshot)) OR (xid, seq) > "
      "(CAST(CAST(? AS TEXT) AS xid8), ?)",
      kUnseen);
  return read(kRest, seen, seen, cursor.reading->to.text(),
              std::to_string(cursor.reading->transaction), cursor.reading->seq);
}

std::int64_t now_of(data::Snapshot& db) {
  return db.query<std::int64_t>(unchecked_sql("SELECT " + internal::now_sql(db.dialect()))).one();
}

}  // namespace hornbeam::feed

// Trimming. A change is needed by a follower whose cursor does not cover it. Two reasons to delete
// one: no follower needs it; or each that needs it needs a later change of the same place and key
// too, and will look at the rows then, of which there is one state only. The second bounds the log
// by the number of rows that changed, however often they did, while a target is away.

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "hornbeam/data/error.h"
#include "hornbeam/feed/change_log.h"
#include "hornbeam/feed/followers.h"
#include "hornbeam/feed/internal/log_state.h"

namespace hornbeam::feed {

namespace {

/// What a follower at this cursor may still have to read begins here.
std::int64_t needed_from(const Cursor& cursor) {
  return cursor.seen ? cursor.seen->xmin : cursor.seq;
}

/// The cursors that the log is kept for. None if a follower has not yet said where it is: then
/// nothing may go that somebody might need.
std::optional<std::vector<Cursor>> kept_cursors(data::Transaction& tx,
                                                const internal::LogState& state,
                                                std::chrono::milliseconds give_up_after) {
  const std::int64_t since = now_of(tx) - give_up_after.count();
  std::vector<Cursor> cursors;
  for (const Follower& each : followers(tx)) {
    if (each.seen_at < since) continue;
    const base::Result<Cursor> cursor = Cursor::parse(each.cursor);
    if (!cursor) return std::nullopt;
    // Nothing is kept for one that has lost its place, here or with another log.
    const bool is_lost = cursor->log != state.newest.log || needed_from(*cursor) < state.trimmed_to;
    if (!is_lost) cursors.push_back(*cursor);
  }
  return cursors;
}

std::int64_t oldest_needed(const Cursor& newest, const std::vector<Cursor>& cursors) {
  std::int64_t oldest = needed_from(newest);
  for (const Cursor& each : cursors) oldest = std::min(oldest, needed_from(each));
  return oldest;
}

std::int64_t compact_sqlite(data::Transaction& tx) {
  return tx.execute(
      "DELETE FROM hornbeam_changes WHERE seq NOT IN (SELECT max(seq) FROM hornbeam_changes GROUP "
      "BY place, key)");
}

/// Who has seen a transaction that began after a snapshot was taken has seen all that the snapshot
/// has, so a change the snapshot has may go where there is a later one of that kind. What lies on
/// the same side of it stays: numbers say nothing of the order of commits.
std::int64_t compact_postgresql(data::Transaction& tx, const Cursor& newest) {
  const auto since = tx.query<std::string>("SELECT compacted_to FROM hornbeam_log").one();
  tx.execute("UPDATE hornbeam_log SET compacted_to = ?", newest.seen->text());
  if (since.empty()) return 0;
  return tx.execute(
      "DELETE FROM hornbeam_changes c USING (SELECT DISTINCT place, key FROM hornbeam_changes "
      "WHERE "
      "xid >= pg_snapshot_xmax(CAST(? AS pg_snapshot))) later WHERE c.place = later.place AND "
      "c.key "
      "= later.key AND pg_visible_in_snapshot(c.xid, CAST(? AS pg_snapshot))",
      since, since);
}

std::int64_t delete_read(data::Transaction& tx, const internal::LogState& state,
                         std::int64_t oldest) {
  if (oldest <= state.trimmed_to) return 0;
  tx.execute("UPDATE hornbeam_log SET trimmed_to = ?", oldest);
  if (!state.newest.seen) return tx.execute("DELETE FROM hornbeam_changes WHERE seq <= ?", oldest);
  return tx.execute("DELETE FROM hornbeam_changes WHERE xid < CAST(CAST(? AS TEXT) AS xid8)",
                    std::to_string(oldest));
}

}  // namespace

Trimmed trim(data::Transaction& tx, const TrimOptions& options) {
  const internal::LogState state = internal::log_state(tx);
  Trimmed trimmed;
  if (const auto cursors = kept_cursors(tx, state, options.give_up_after)) {
    trimmed.read = delete_read(tx, state, oldest_needed(state.newest, *cursors));
  }
  const auto left = tx.query<std::int64_t>("SELECT count(*) FROM hornbeam_changes").one();
  if (left < options.compact_above) return trimmed;
  // Whoever needs a repeated change needs the later one too, wherever it is: nobody is asked.
  trimmed.repeated = state.newest.seen ? compact_postgresql(tx, state.newest) : compact_sqlite(tx);
  return trimmed;
}

}  // namespace hornbeam::feed

#include "hornbeam/feed/followers.h"

#include <atomic>
#include <random>

#include <fmt/format.h>
#include <unistd.h>

#include "hornbeam/data/row.h"
#include "hornbeam/feed/internal/tracking_sql.h"

namespace hornbeam::feed {

namespace {

using data::unchecked_sql;

}  // namespace

std::string new_holder() {
  static std::atomic<std::uint64_t> made = 0;
  std::random_device random;
  return fmt::format("{}-{:08x}{:08x}-{}", getpid(), random(), random(), ++made);
}

std::optional<Lease> take_lease(data::Database& database, const std::string& follower,
                                const std::string& holder, std::chrono::milliseconds length) {
  return database.write_now([&](data::Transaction& tx) -> std::optional<Lease> {
    const std::string now = internal::now_sql(tx.dialect());
    const std::string insert = fmt::format(
        "INSERT INTO hornbeam_followers VALUES (?, '', '', 0, 0, {}) ON CONFLICT (name) DO NOTHING",
        now);
    tx.execute(unchecked_sql(insert), follower);
    const std::string update = fmt::format(
        "UPDATE hornbeam_followers SET holder = ?, token = token + 1, expires_at = {0} + ?, "
        "seen_at "
        "= {0} WHERE name = ? AND (holder = ? OR holder = '' OR expires_at < {0}) RETURNING token",
        now);
    const auto token =
        tx.query<std::int64_t>(unchecked_sql(update), holder, length.count(), follower, holder)
            .optional();
    if (!token) return std::nullopt;
    return Lease{follower, holder, *token};
  });
}

bool renew_lease(data::Database& database, const Lease& lease, std::chrono::milliseconds length,
                 const std::optional<Cursor>& cursor) {
  return database.write_now([&](data::Transaction& tx) {
    const std::string update = fmt::format(
        "UPDATE hornbeam_followers SET expires_at = {0} + ?, seen_at = {0}, cursor = CASE WHEN ? = "
        "'' THEN cursor ELSE ? END WHERE name = ? AND holder = ? AND token = ?",
        internal::now_sql(tx.dialect()));
    const std::string text = cursor ? cursor->text() : "";
    return tx.execute(unchecked_sql(update), length.count(), text, text, lease.follower,
                      lease.holder, lease.token) > 0;
  });
}

void release_lease(data::Database& database, const Lease& lease) {
  database.write_now([&](data::Transaction& tx) {
    tx.execute(
        "UPDATE hornbeam_followers SET holder = '', expires_at = 0 WHERE name = ? AND holder = ? "
        "AND token = ?",
        lease.follower, lease.holder, lease.token);
  });
}

std::vector<Follower> followers(data::Snapshot& db) {
  return db
      .query<Follower>(
          "SELECT name, cursor, holder, token, expires_at, seen_at FROM hornbeam_followers ORDER "
          "BY name")
      .all();
}

void forget_follower(data::Transaction& tx, const std::string& name) {
  tx.execute("DELETE FROM hornbeam_followers WHERE name = ?", name);
  tx.execute("DELETE FROM hornbeam_dead_letters WHERE follower = ?", name);
}

}  // namespace hornbeam::feed

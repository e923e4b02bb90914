#include "hornbeam/denorm/status.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "hornbeam/denorm/index_state.h"
#include "hornbeam/denorm/rebuild.h"
#include "hornbeam/feed/followers.h"

namespace hornbeam::denorm {

IndexStatus status_of(data::Database& database, Target& target, const DocumentType& type,
                      const std::string& replica) {
  IndexStatus status{.name = type.name};
  status.others = indices_of(target, type);
  const std::optional<std::string> index = target.find_alias(type.name);
  const std::string follower = index.value_or("") + (replica.empty() ? "" : '@' + replica);
  IndexState state;
  if (index) {
    status.index = *index;
    status.documents = target.count(*index);
    std::erase(status.others, *index);
    const base::Result<IndexState> read = IndexState::parse(target.state(*index));
    if (!read) throw std::runtime_error(*index + ": " + read.error().message);
    state = *read;
    status.built_at = state.built_at;
    status.is_of_this_type = state.fingerprint == fingerprint_of(type);
  }
  database.read_now([&](data::Snapshot& db) {
    const std::string count = fmt::format("SELECT count(*) FROM \"{}\"", type.key.table);
    status.rows = db.query<std::int64_t>(data::unchecked_sql(count)).one();
    status.dead_letters =
        db.query<std::int64_t>("SELECT count(*) FROM hornbeam_dead_letters WHERE follower = ?",
                               follower)
            .one();
    const std::int64_t now = feed::now_of(db);
    for (const feed::Follower& each : feed::followers(db)) {
      if (each.expires_at <= now) continue;
      if (each.name == follower) status.holder = each.holder;
      for (const std::string& other : status.others) {
        if (each.name != other + (replica.empty() ? "" : '@' + replica)) continue;
        status.building = other;
        status.builder = each.holder;
        status.builder_until = each.expires_at;
        status.builder_seconds = (each.expires_at - now + 999) / 1000;
      }
    }
    const auto cursor = feed::Cursor::parse(state.cursor);
    if (!cursor) return;
    try {
      status.lag = feed::lag_of(db, *cursor);
    } catch (const feed::CursorLost&) {
      status.is_lost = true;
    }
  });
  return status;
}

}  // namespace hornbeam::denorm

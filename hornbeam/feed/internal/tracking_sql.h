#pragma once

// The SQL of triggers, one dialect each.

#include <string>

#include "hornbeam/feed/tracking.h"

namespace hornbeam::feed::internal {

/// Milliseconds since 1970, as the database knows it.
std::string now_sql(data::Dialect dialect);

/// The tables of the feed.
std::string create_log_sql(data::Dialect dialect);
std::string drop_log_sql(data::Dialect dialect);

/// The triggers of one table.
std::string sqlite_triggers(const TrackedTable& table, const Tracking& tracking);
std::string postgresql_triggers(const TrackedTable& table, const Tracking& tracking);
/// Takes them away, whether they are there or not.
std::string drop_sqlite_triggers(const std::string& table);
std::string drop_postgresql_triggers(const std::string& table);

/// The key of a root that is touched by `path`.
bool is_touched(const Tracking& tracking, const std::string& root);

}  // namespace hornbeam::feed::internal

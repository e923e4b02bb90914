#include "hornbeam/feed/tracking.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "hornbeam/data/error.h"
#include "hornbeam/data/transaction.h"
#include "hornbeam/feed/internal/tracking_sql.h"

namespace hornbeam::feed {

namespace {

template <class Values, class Value>
bool contains(const Values& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}
template <class Values, class Value>
void add_once(Values& values, const Value& value) {
  if (!contains(values, value)) values.push_back(value);
}

/// A name of the longest that PostgreSQL takes has room for what is put around it.
constexpr std::size_t kLongestName = 40;

std::string columns_sql(const Tracking& tracking, const TrackingState& state,
                        data::Dialect dialect) {
  std::string sql;
  for (const TrackedTable& table : tracking.tables()) {
    if (!table.has_last_touched || contains(state.touched, table.name)) continue;
    sql += fmt::format("ALTER TABLE \"{}\" ADD COLUMN {} {} NOT NULL DEFAULT 0;\n", table.name,
                       kLastTouched, dialect == data::Dialect::kSqlite ? "INTEGER" : "BIGINT");
  }
  return sql;
}

std::string drop_columns_sql(const Tracking& tracking, const TrackingState& state) {
  std::string sql;
  for (const TrackedTable& table : tracking.tables()) {
    if (!table.has_last_touched || contains(state.touched, table.name)) continue;
    sql += fmt::format("ALTER TABLE \"{}\" DROP COLUMN {};\n", table.name, kLastTouched);
  }
  return sql;
}

/// The table that a trigger of ours is called after: "hornbeam_books_insert" is one of "books".
std::string table_of_trigger(std::string_view name) {
  name.remove_prefix(std::min(name.size(), std::string_view("hornbeam_").size()));
  return std::string(name.substr(0, name.rfind('_')));
}

std::string drop_sql(const std::string& table, data::Dialect dialect) {
  return dialect == data::Dialect::kSqlite ? internal::drop_sqlite_triggers(table)
                                           : internal::drop_postgresql_triggers(table);
}

/// Takes away what is there of the tables that are tracked now, and of those that were.
std::string drop_all_sql(const Tracking& tracking, const TrackingState& state,
                         data::Dialect dialect) {
  std::vector<std::string> tables;
  for (const TrackedTable& table : tracking.tables()) add_once(tables, table.name);
  for (const data::Setting& trigger : state.triggers) {
    add_once(tables, table_of_trigger(trigger.name));
  }
  std::string sql;
  for (const std::string& table : tables) sql += drop_sql(table, dialect);
  return sql;
}

std::string up_sql(const Tracking& tracking, const TrackingState& state, data::Dialect dialect) {
  std::string sql = state.has_log ? "" : internal::create_log_sql(dialect);
  sql += columns_sql(tracking, state, dialect);
  if (!state.triggers.empty()) sql += drop_all_sql(tracking, state, dialect);
  for (const TrackedTable& table : tracking.tables()) {
    sql += dialect == data::Dialect::kSqlite ? internal::sqlite_triggers(table, tracking)
                                             : internal::postgresql_triggers(table, tracking);
  }
  return sql;
}

std::string down_sql(const Tracking& tracking, const TrackingState& state, data::Dialect dialect) {
  std::string sql = drop_all_sql(tracking, state, dialect);
  sql += drop_columns_sql(tracking, state);
  for (const std::string& function : state.functions) sql += function + ";\n";
  for (const data::Setting& trigger : state.triggers) sql += trigger.value + ";\n";
  if (!state.has_log) sql += internal::drop_log_sql(dialect);
  return sql;
}

}  // namespace

TrackedTable& Tracking::table(const std::string& name) {
  if (name.size() > kLongestName) {
    throw std::invalid_argument(
        fmt::format("the name of the table {} has more than {} characters", name, kLongestName));
  }
  const auto known = std::find_if(tables_.begin(), tables_.end(),
                                  [&](const TrackedTable& each) { return each.name == name; });
  if (known != tables_.end()) return *known;
  tables_.push_back({.name = name});
  return tables_.back();
}

Tracking& Tracking::follow(const Column& key, Touch touch) {
  TrackedTable& root = table(key.table);
  add_once(root.columns, key.name);
  root.has_last_touched = root.has_last_touched || touch == Touch::kRoots;
  return *this;
}

Tracking& Tracking::embed(const Path& path) {
  require_connected(path);
  const std::string& root = path.back().to.table;
  const auto is_root = [&](const TrackedTable& each) { return each.name == root; };
  if (std::none_of(tables_.begin(), tables_.end(), is_root)) {
    throw std::invalid_argument(
        fmt::format("the path ends at the table {}, which is not followed. Mend: follow it first, "
                    "or go on to the table that is",
                    root));
  }
  // A row in the middle of the way changes the document as one at its begin does.
  for (auto from = path.begin(); from != path.end(); ++from) {
    TrackedTable& tracked = table(from->from.table);
    add_once(tracked.columns, from->from.name);
    add_once(tracked.touches, Path(from, path.end()));
  }
  return *this;
}

std::vector<std::string> untracked_tables(const Tracking& tracking, const TrackingState& state) {
  std::vector<std::string> untracked;
  if (state.triggers.empty()) return untracked;
  const auto has = [&](const TrackedTable& table, std::string_view kind) {
    const std::string name = fmt::format("hornbeam_{}_{}", table.name, kind);
    return std::any_of(state.triggers.begin(), state.triggers.end(),
                       [&](const data::Setting& each) { return each.name == name; });
  };
  for (const TrackedTable& each : tracking.tables()) {
    if (has(each, "insert") && has(each, "update") && has(each, "delete")) continue;
    untracked.push_back(each.name);
  }
  return untracked;
}

TrackingState read_tracking(data::Connection& connection) {
  data::Snapshot db(connection);
  TrackingState state;
  const auto read = [&](std::string_view sql, auto keep) {
    for (auto& [name, text] :
         db.query<std::tuple<std::string, std::string>>(data::unchecked_sql(sql))) {
      keep(std::move(name), std::move(text));
    }
  };
  const auto keep_trigger = [&](std::string name, std::string text) {
    state.triggers.push_back({std::move(name), std::move(text)});
  };
  const auto keep_touched = [&](std::string name, const std::string&) {
    state.touched.push_back(std::move(name));
  };
  if (connection.dialect() == data::Dialect::kSqlite) {
    read(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE "
        "'hornbeam\\_%' ESCAPE '\\' ORDER BY name",
        keep_trigger);
    read(
        "SELECT t.name, '' FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = "
        "'table' AND c.name = 'last_touched' ORDER BY t.name",
        keep_touched);
    state.has_log = db.query<int>(
                          "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND "
                          "name = 'hornbeam_changes'")
                        .one() > 0;
    return state;
  }
  read(
      "SELECT t.tgname::text, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid "
      "= t.tgrelid WHERE NOT t.tgisinternal AND t.tgname LIKE 'hornbeam\\_%' AND c.relnamespace = "
      "current_schema()::regnamespace ORDER BY t.tgname",
      keep_trigger);
  read(
      "SELECT table_name::text, '' FROM information_schema.columns WHERE table_schema = "
      "current_schema() AND column_name = 'last_touched' ORDER BY table_name",
      keep_touched);
  read(
      "SELECT p.proname::text, pg_get_functiondef(p.oid) FROM pg_proc p WHERE p.proname LIKE "
      "'hornbeam\\_log\\_%' AND p.pronamespace = current_schema()::regnamespace ORDER BY "
      "p.proname",
      [&](const std::string&, std::string text) { state.functions.push_back(std::move(text)); });
  state.has_log = db.query<bool>("SELECT to_regclass('hornbeam_changes') IS NOT NULL").one();
  return state;
}

data::Migration tracking_migration(int number, std::string name, const Tracking& tracking,
                                   const TrackingState& state) {
  constexpr auto kSqlite = data::Dialect::kSqlite;
  constexpr auto kPostgresql = data::Dialect::kPostgresql;
  return {.number = number,
          .name = std::move(name),
          .up = up_sql(tracking, state, kSqlite),
          .down = down_sql(tracking, state, kSqlite),
          .postgresql_up = up_sql(tracking, state, kPostgresql),
          .postgresql_down = down_sql(tracking, state, kPostgresql)};
}

std::vector<std::filesystem::path> write_migration(const std::filesystem::path& folder,
                                                   const data::Migration& step) {
  const auto refuse = [](const std::string& message) {
    throw data::DatabaseError(data::ErrorKind::kMigration, message);
  };
  std::filesystem::create_directories(folder);
  std::vector<std::filesystem::path> written;
  const auto write = [&](std::string_view ending, const std::string& text) {
    const auto file = folder / fmt::format("{:04}_{}{}", step.number, step.name, ending);
    if (std::filesystem::exists(file)) refuse(file.string() + " is there already");
    std::ofstream stream(file, std::ios::binary);
    stream << text;
    stream.close();
    if (!stream) refuse("cannot write " + file.string());
    written.push_back(file);
  };
  write(".sql", step.up);
  if (step.down) write(".down.sql", *step.down);
  if (step.postgresql_up) write(".postgresql.sql", *step.postgresql_up);
  if (step.postgresql_down) write(".postgresql.down.sql", *step.postgresql_down);
  return written;
}

}  // namespace hornbeam::feed

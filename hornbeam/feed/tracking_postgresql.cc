// Triggers of PostgreSQL. One function for each table, called once for each statement with all of
// its rows, so that a bulk change is logged by one INSERT:
//
//   INSERT INTO hornbeam_changes (place, key, at) SELECT ... FROM (
//     SELECT 'comments.book', "book"::text FROM old_rows UNION
//     SELECT 'comments.book', "book"::text FROM new_rows) ...
//
// The log's `xid` is pg_current_xact_id(): that of the transaction as a whole, also inside of a
// savepoint, which a row's own xmin would not be. TRUNCATE has no rows to hand over, so it is
// looked at before it happens.

#include <fmt/format.h>

#include "hornbeam/feed/internal/tracking_sql.h"

namespace hornbeam::feed::internal {

namespace {

struct Kind {
  const char* word;
  const char* suffix;
  const char* when;               ///< The trigger's moment, and the names of its rows.
  std::vector<std::string> rows;  ///< Empty: the table itself.
};

const Kind kKinds[] = {
    {"INSERT", "insert", "REFERENCING NEW TABLE AS new_rows ", {"new_rows"}},
    {"UPDATE",
     "update",
     "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows ",
     {"old_rows", "new_rows"}},
    {"DELETE", "delete", "REFERENCING OLD TABLE AS old_rows ", {"old_rows"}},
    {"TRUNCATE", "truncate", "", {}},
};

std::vector<std::string> rows_of(const TrackedTable& table, const Kind& kind) {
  if (!kind.rows.empty()) return kind.rows;
  return {'"' + table.name + '"'};
}

std::string log_sql(const TrackedTable& table, const Kind& kind) {
  std::string values;
  for (const std::string& column : table.columns) {
    for (const std::string& rows : rows_of(table, kind)) {
      values += fmt::format("{}SELECT '{}.{}' AS place, \"{}\"::text AS key FROM {}",
                            values.empty() ? "" : " UNION ", table.name, column, column, rows);
    }
  }
  return fmt::format(
      "    INSERT INTO hornbeam_changes (place, key, at)\n"
      "      SELECT place, key, {} FROM ({}) AS changed WHERE key IS NOT NULL;\n"
      "    IF NOT FOUND THEN RETURN NULL; END IF;\n",
      now_sql(data::Dialect::kPostgresql), values);
}

std::string touch_sql(const TrackedTable& table, const Tracking& tracking, const Kind& kind) {
  std::string updates;
  for (const Path& path : table.touches) {
    const std::string& root = path.back().to.table;
    if (!is_touched(tracking, root)) continue;
    std::string values;
    for (const std::string& rows : rows_of(table, kind)) {
      values += fmt::format("{}SELECT \"{}\" FROM {}", values.empty() ? "" : " UNION ",
                            path.front().from.name, rows);
    }
    updates += fmt::format("    UPDATE \"{}\" SET {} = {} WHERE {};\n", root, kLastTouched,
                           now_sql(data::Dialect::kPostgresql),
                           path_condition(path, "IN (" + values + ')'));
  }
  if (updates.empty()) return updates;
  return "    PERFORM set_config('hornbeam.touching', 'on', true);\n" + updates +
         "    PERFORM set_config('hornbeam.touching', '', true);\n";
}

std::string function_sql(const TrackedTable& table, const Tracking& tracking) {
  std::string branches;
  for (const Kind& kind : kKinds) {
    branches += fmt::format("  {} TG_OP = '{}' THEN\n{}{}", branches.empty() ? "IF" : "ELSIF",
                            kind.word, log_sql(table, kind), touch_sql(table, tracking, kind));
  }
  return fmt::format(
      "CREATE FUNCTION \"hornbeam_log_{}\"() RETURNS trigger LANGUAGE plpgsql\n"
      "SET search_path FROM CURRENT AS $hornbeam$\nBEGIN\n"
      "  IF current_setting('hornbeam.touching', true) = 'on' THEN RETURN NULL; END IF;\n"
      "{}  END IF;\n"
      "  PERFORM pg_notify('{}', '');\n"
      "  RETURN NULL;\nEND $hornbeam$;\n",
      table.name, branches, kChannel);
}

}  // namespace

std::string postgresql_triggers(const TrackedTable& table, const Tracking& tracking) {
  std::string sql = function_sql(table, tracking);
  for (const Kind& kind : kKinds) {
    sql += fmt::format(
        "CREATE TRIGGER \"hornbeam_{0}_{1}\" {2} {3} ON \"{0}\"\n"
        "{4}FOR EACH STATEMENT EXECUTE FUNCTION \"hornbeam_log_{0}\"();\n",
        table.name, kind.suffix, kind.rows.empty() ? "BEFORE" : "AFTER", kind.word, kind.when);
  }
  if (table.has_last_touched) {
    sql += fmt::format(
        "CREATE TRIGGER \"hornbeam_{0}_stamp\" BEFORE INSERT OR UPDATE ON \"{0}\"\n"
        "FOR EACH ROW EXECUTE FUNCTION hornbeam_stamp();\n",
        table.name);
  }
  return sql;
}

std::string drop_postgresql_triggers(const std::string& table) {
  std::string sql;
  for (const char* suffix : {"insert", "update", "delete", "truncate", "stamp"}) {
    sql += fmt::format("DROP TRIGGER IF EXISTS \"hornbeam_{0}_{1}\" ON \"{0}\";\n", table, suffix);
  }
  return sql + fmt::format("DROP FUNCTION IF EXISTS \"hornbeam_log_{}\"();\n", table);
}

namespace {

constexpr std::string_view kTables =
    "CREATE TABLE hornbeam_followers (\n"
    "  name TEXT PRIMARY KEY,\n"
    "  cursor TEXT NOT NULL,\n"
    "  holder TEXT NOT NULL,\n"
    "  token BIGINT NOT NULL,\n"
    "  expires_at BIGINT NOT NULL,\n"
    "  seen_at BIGINT NOT NULL);\n"
    "CREATE TABLE hornbeam_dead_letters (\n"
    "  follower TEXT NOT NULL,\n"
    "  key TEXT NOT NULL,\n"
    "  tries INTEGER NOT NULL,\n"
    "  reason TEXT NOT NULL,\n"
    "  failed_at BIGINT NOT NULL,\n"
    "  next_at BIGINT,\n"
    "  PRIMARY KEY (follower, key));\n";

}  // namespace

std::string create_log_sql(data::Dialect dialect) {
  if (dialect == data::Dialect::kSqlite) {
    return "CREATE TABLE hornbeam_changes (\n"
           "  seq INTEGER PRIMARY KEY AUTOINCREMENT,\n"
           "  place TEXT NOT NULL,\n  key TEXT NOT NULL,\n  at INTEGER NOT NULL);\n"
           "CREATE TABLE hornbeam_log (\n"
           "  log TEXT NOT NULL, trimmed_to INTEGER NOT NULL, touching INTEGER NOT NULL);\n"
           "INSERT INTO hornbeam_log VALUES (lower(hex(randomblob(8))), 0, 0);\n" +
           std::string(kTables);
  }
  return fmt::format(
      "CREATE TABLE hornbeam_changes (\n"
      "  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),\n"
      "  seq BIGINT GENERATED ALWAYS AS IDENTITY,\n"
      "  place TEXT NOT NULL,\n  key TEXT NOT NULL,\n  at BIGINT NOT NULL,\n"
      "  PRIMARY KEY (xid, seq));\n"
      "CREATE TABLE hornbeam_log (\n"
      "  log TEXT NOT NULL, trimmed_to BIGINT NOT NULL, compacted_to TEXT NOT NULL);\n"
      "INSERT INTO hornbeam_log VALUES (left(md5(random()::text || clock_timestamp()), 16), 0, "
      "'');\n"
      "CREATE FUNCTION hornbeam_stamp() RETURNS trigger LANGUAGE plpgsql AS $hornbeam$\n"
      "BEGIN NEW.{} := {}; RETURN NEW; END $hornbeam$;\n{}",
      kLastTouched, now_sql(data::Dialect::kPostgresql), kTables);
}

std::string drop_log_sql(data::Dialect dialect) {
  return std::string(dialect == data::Dialect::kSqlite ? "" : "DROP FUNCTION hornbeam_stamp();\n") +
         "DROP TABLE hornbeam_dead_letters;\nDROP TABLE hornbeam_followers;\n"
         "DROP TABLE hornbeam_log;\nDROP TABLE hornbeam_changes;\n";
}

}  // namespace hornbeam::feed::internal

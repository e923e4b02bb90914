// Triggers of SQLite, one for each kind of change of each table:
//
//   CREATE TRIGGER "hornbeam_comments_update" AFTER UPDATE ON "comments"
//   WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN
//     INSERT INTO hornbeam_changes ...;              -- OLD and NEW values of the logged columns
//     UPDATE hornbeam_log SET touching = 1;          -- what follows is no change of its own
//     UPDATE "books" SET last_touched = ... WHERE "books"."id" IN (OLD."book", NEW."book");
//     UPDATE hornbeam_log SET touching = 0;
//   END;
//
// One connection writes at a time, so `touching` is seen by nobody else; a statement that fails
// takes it back with everything it did.

#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/feed/internal/tracking_sql.h"

namespace hornbeam::feed::internal {

namespace {

struct Kind {
  const char* word;
  const char* suffix;
  std::vector<std::string> rows;
};

const Kind kKinds[] = {{"INSERT", "insert", {"NEW"}},
                       {"UPDATE", "update", {"OLD", "NEW"}},
                       {"DELETE", "delete", {"OLD"}}};

std::string log_sql(const TrackedTable& table, const Kind& kind) {
  std::string values;
  for (const std::string& column : table.columns) {
    for (const std::string& row : kind.rows) {
      values += fmt::format("{}SELECT '{}.{}' AS place, CAST({}.\"{}\" AS TEXT) AS key",
                            values.empty() ? "" : " UNION ", table.name, column, row, column);
    }
  }
  return fmt::format(
      "  INSERT INTO hornbeam_changes (place, key, at)\n"
      "    SELECT place, key, {} FROM ({}) WHERE key IS NOT NULL;\n",
      now_sql(data::Dialect::kSqlite), values);
}

std::string values_of(const Kind& kind, const std::string& column) {
  std::string list;
  for (const std::string& row : kind.rows) {
    list += fmt::format("{}{}.\"{}\"", list.empty() ? "" : ", ", row, column);
  }
  return "IN (" + list + ')';
}

std::string touch_sql(const TrackedTable& table, const Tracking& tracking, const Kind& kind) {
  std::string updates;
  const auto touch = [&](const std::string& root, const std::string& condition) {
    updates += fmt::format("  UPDATE \"{}\" SET {} = {} WHERE {};\n", root, kLastTouched,
                           now_sql(data::Dialect::kSqlite), condition);
  };
  if (table.has_last_touched && kind.rows.back() == "NEW") {
    touch(table.name, fmt::format(R"("{}"."{}" = NEW."{}")", table.name, table.columns.front(),
                                  table.columns.front()));
  }
  for (const Path& path : table.touches) {
    const std::string& root = path.back().to.table;
    if (!is_touched(tracking, root)) continue;
    touch(root, path_condition(path, values_of(kind, path.front().from.name)));
  }
  if (updates.empty()) return updates;
  return "  UPDATE hornbeam_log SET touching = 1;\n" + updates +
         "  UPDATE hornbeam_log SET touching = 0;\n";
}

}  // namespace

std::string sqlite_triggers(const TrackedTable& table, const Tracking& tracking) {
  std::string sql;
  for (const Kind& kind : kKinds) {
    sql += fmt::format(
        "CREATE TRIGGER \"hornbeam_{0}_{1}\" AFTER {2} ON \"{0}\"\n"
        "WHEN (SELECT touching FROM hornbeam_log) = 0 BEGIN\n{3}{4}END;\n",
        table.name, kind.suffix, kind.word, log_sql(table, kind), touch_sql(table, tracking, kind));
  }
  return sql;
}

std::string drop_sqlite_triggers(const std::string& table) {
  std::string sql;
  for (const Kind& kind : kKinds) {
    sql += fmt::format("DROP TRIGGER IF EXISTS \"hornbeam_{}_{}\";\n", table, kind.suffix);
  }
  return sql;
}

bool is_touched(const Tracking& tracking, const std::string& root) {
  const auto& tables = tracking.tables();
  return std::any_of(tables.begin(), tables.end(), [&](const TrackedTable& each) {
    return each.name == root && each.has_last_touched;
  });
}

std::string now_sql(data::Dialect dialect) {
  if (dialect == data::Dialect::kSqlite) {
    return "CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)";
  }
  return "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
}

}  // namespace hornbeam::feed::internal

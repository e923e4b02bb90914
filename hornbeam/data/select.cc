#include "hornbeam/data/select.h"

#include <limits>

namespace hornbeam::data::internal {

namespace {

/// The values of `part` move behind those of `to`, its text as `before` and itself.
void add(Predicate& to, std::string_view before, Predicate part) {
  if (part.empty()) return;
  to = between(std::move(to), before, std::move(part));
}

/// Everything after the columns, with the values that it takes.
Predicate tail(const SelectParts& parts) {
  Predicate made{" FROM ", {}};
  for (const TableReference& table : parts.tables) {
    made.sql += table.join + table.sql;
    // The scope of a joined table is part of its ON: in a WHERE, it would drop the rows that a left
    // join keeps.
    if (!table.join.empty()) add(made, " ON ", joined(table.scope, "AND", table.on));
  }
  add(made, " WHERE ", joined(parts.tables.front().scope, "AND", parts.where));
  add(made, " GROUP BY ", parts.group);
  add(made, " HAVING ", parts.having);
  add(made, " ORDER BY ", parts.order);
  if (parts.limit || parts.offset) {
    made.sql += " LIMIT ?";
    made.values.push_back(
        KeptValue::of(parts.limit.value_or(std::numeric_limits<std::int64_t>::max())));
  }
  if (parts.offset) {
    made.sql += " OFFSET ?";
    made.values.push_back(KeptValue::of(*parts.offset));
  }
  return made;
}

}  // namespace

void append(Predicate& list, std::string_view separator, Predicate next) {
  list = list.empty() ? std::move(next) : between(std::move(list), separator, std::move(next));
}

Predicate select_sql(const SelectParts& parts) {
  Predicate made{parts.distinct ? "SELECT DISTINCT " : "SELECT ", {}};
  made = between(std::move(made), "", parts.columns);
  return between(std::move(made), "", tail(parts));
}

std::string select_text(const SelectParts& parts, Dialect dialect) {
  const Predicate whole = select_sql(parts);
  std::string text = sql_for(dialect, whole.sql);
  if (dialect == Dialect::kPostgresql) text += parts.lock;
  for (std::size_t i = 0; i < whole.values.size(); ++i) {
    text += (i == 0 ? " -- " : ", ") + shown(whole.values[i]);
  }
  return text;
}

void bind_values(Statement& statement, int at, const std::vector<KeptValue>& values) {
  for (const KeptValue& value : values) value.bind_to(statement, at++);
}

StatementLease prepared(Connection& connection, const Predicate& whole) {
  StatementLease statement = connection.prepare(sql_for(connection.dialect(), whole.sql));
  bind_values(*statement, 0, whole.values);
  return statement;
}

StatementLease prepare_select(Connection& connection, const SelectParts& parts) {
  Predicate whole = select_sql(parts);
  if (connection.dialect() == Dialect::kPostgresql) whole.sql += parts.lock;
  return prepared(connection, whole);
}

StatementLease prepare_count(Connection& connection, const SelectParts& parts) {
  SelectParts counted = parts;
  counted.order = {};
  const bool each_row = !parts.limit && !parts.offset && !parts.distinct && parts.group.empty() &&
                        parts.having.empty();
  if (each_row) {
    counted.columns = {"count(*)", {}};
    return prepared(connection, select_sql(counted));
  }
  if (!parts.distinct) counted.columns = {"1", {}};
  Predicate whole = select_sql(counted);
  whole.sql = "SELECT count(*) FROM (" + whole.sql + ") AS counted";
  return prepared(connection, whole);
}

StatementLease prepare_change(Connection& connection, Predicate verb, const TableReference& table,
                              Predicate where, std::string_view returning) {
  add(verb, " WHERE ", joined(table.scope, "AND", std::move(where)));
  verb.sql += returning;
  return prepared(connection, verb);
}

}  // namespace hornbeam::data::internal

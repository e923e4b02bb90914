#include "hornbeam/data/select.h"

#include <limits>

namespace hornbeam::data::internal {

namespace {

/// Everything after the columns, with the values that it takes.
Predicate tail(const SelectParts& parts) {
  Predicate made{" FROM ", {}};
  for (std::size_t i = 0; i < parts.tables.size(); ++i) {
    if (i > 0) made.sql += ", ";
    made.sql += parts.tables[i].sql;
  }
  Predicate condition = whole_condition(parts.tables, parts.where);
  if (!condition.empty()) {
    made.sql += " WHERE " + condition.sql;
    made.values = std::move(condition.values);
  }
  if (!parts.order.empty()) made.sql += " ORDER BY " + parts.order;
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

StatementLease prepared(Connection& connection, const std::string& sql,
                        const std::vector<KeptValue>& values) {
  StatementLease statement = connection.prepare(sql);
  bind_values(*statement, 0, values);
  return statement;
}

}  // namespace

Predicate whole_condition(const std::vector<TableReference>& tables, Predicate where) {
  Predicate scopes;
  for (const TableReference& table : tables) scopes = joined(std::move(scopes), "AND", table.scope);
  return joined(std::move(scopes), "AND", std::move(where));
}

void bind_values(Statement& statement, int at, const std::vector<KeptValue>& values) {
  for (const KeptValue& value : values) value.bind_to(statement, at++);
}

StatementLease prepare_select(Connection& connection, const SelectParts& parts) {
  const Predicate rest = tail(parts);
  return prepared(connection, "SELECT " + parts.columns + rest.sql, rest.values);
}

StatementLease prepare_count(Connection& connection, const SelectParts& parts) {
  SelectParts unordered = parts;
  unordered.order.clear();
  const Predicate rest = tail(unordered);
  if (!parts.limit && !parts.offset) {
    return prepared(connection, "SELECT count(*)" + rest.sql, rest.values);
  }
  return prepared(connection, "SELECT count(*) FROM (SELECT 1" + rest.sql + ") AS limited",
                  rest.values);
}

StatementLease prepare_change(Connection& connection, std::string_view verb,
                              std::vector<KeptValue> values, const TableReference& table,
                              Predicate where) {
  Predicate condition = whole_condition({table}, std::move(where));
  for (KeptValue& value : condition.values) values.push_back(std::move(value));
  return prepared(connection, std::string(verb) + " WHERE " + condition.sql, values);
}

}  // namespace hornbeam::data::internal

#pragma once

// What `Snapshot` and what its `within` returns have in common.

#include <cstddef>
#include <optional>
#include <ranges>
#include <string>
#include <utility>

#include "hornbeam/data/cursor.h"
#include "hornbeam/data/internal/run.h"
#include "hornbeam/data/loaded.h"
#include "hornbeam/data/scope.h"
#include "hornbeam/data/select.h"
#include "hornbeam/data/table.h"

namespace hornbeam::data::internal {

/// What reads: everything that names a table goes through `access`.
template <class Access>
class Reads {
 public:
  using AccessType = Access;

  Reads(Session& session, Access access) : session_(&session), access_(std::move(access)) {}

  /// The row with this primary key, given in the order of the description. A row of an organisation
  /// out of the scope is not there.
  template <Table Row, class... Key>
  std::optional<Row> find(const Key&... key) const {
    static_assert(sizeof...(Key) == TableTraits<Row>::kKeys,
                  "find takes one argument for each primary_key field of the table");
    static_assert(sizeof...(Key) > 0, "the table has no primary_key field");
    return Cursor<Row>(keyed<Row>(find_sql<Row>(), key...)).first();
  }

  /// The rows of a table, to be narrowed by `where`, joined, ordered and limited.
  template <Source From>
  Select<Access, RowOf<From>, List<From>> select() const {
    SelectParts parts;
    parts.columns.sql = all_columns<From>();
    parts.tables.push_back(table_reference<From>(access_));
    return {*session_, access_, std::move(parts)};
  }

  /// What each of `rows` leads to, by one statement for each relation: a `Loaded`, or, for a chain
  /// of relations, where each goes on from the rows of the one before, a tuple of them.
  template <std::ranges::range Rows, IsRelation First, IsRelation... Next>
  auto load(const Rows& rows, const First& relation, const Next&... next) const {
    if constexpr (sizeof...(Next) == 0) {
      return load_related(*session_, access_, rows, as_query(relation));
    } else {
      return load_chain(*session_, access_, rows, relation, next...);
    }
  }

 protected:
  Connection& connection() const { return session_->connection; }
  const Access& access() const { return access_; }
  /// The connection, told whose rows may be seen.
  Connection& entered() const {
    access_.enter(*session_);
    return session_->connection;
  }

  /// `sql`, which ends with the key's condition, and the scope.
  template <Table Row, class... Key>
  StatementLease keyed(const std::string& sql, const Key&... key) const {
    const Predicate scope = scope_of<Row>(access_, quoted_table<Row>());
    if (scope.empty()) return bound_statement(entered(), sql, Binding::kCopied, key...);
    StatementLease statement =
        entered().prepare(sql_for(connection().dialect(), sql + " AND " + scope.sql));
    require_parameter_count(*statement, sizeof...(Key) + scope.values.size());
    int at = 0;
    (Codec<BoundAs<Key>>::bind(*statement, at++, key, Binding::kCopied), ...);
    bind_values(*statement, at, scope.values);
    return statement;
  }

 private:
  Session* session_;
  Access access_;
};

}  // namespace hornbeam::data::internal

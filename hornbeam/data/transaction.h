#pragma once

#include <cstdint>
#include <string_view>

#include "hornbeam/data/cursor.h"
#include "hornbeam/data/internal/reads.h"
#include "hornbeam/data/internal/run.h"
#include "hornbeam/data/internal/writes.h"
#include "hornbeam/data/scope.h"
#include "hornbeam/data/select.h"
#include "hornbeam/data/sql.h"

namespace hornbeam::data {

/// A snapshot, or a transaction, within a scope; made by `within`. Lifetime: that of what made it.
using ScopedSnapshot = internal::Reads<internal::Scoped>;
/// A transaction whose reads and writes are all within one scope.
using ScopedTransaction = internal::Writes<internal::Reads<internal::Scoped>>;

/// One unchanging view of the database: what `Database::read` hands to its work.
///
/// Lifetime: the call of the work. Thread: the one the work runs on.
class Snapshot : public internal::Reads<internal::Unscoped> {
 public:
  /// For databases, which make one for each piece of work.
  explicit Snapshot(Connection& connection) noexcept
      : Reads(session_, internal::Unscoped{}), session_(connection) {}
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  /// The rows of the scope's organisations.
  ScopedSnapshot within(const Scope& scope) { return {session_, internal::Scoped{scope}}; }
  /// The rows of every organisation. tools/check_scopes lists every use, with its reason.
  internal::Reads<internal::Unrestricted> unrestricted_unsafe(Reason) { return {session_, {}}; }

  /// The rows of a query, as `Row`: a described struct (columns by name), a std::tuple, or a single
  /// value. Throws: `DatabaseError`, here and while the cursor is read.
  template <class Row, class... Args>
  Cursor<Row> query(Sql<Args...> sql, const Args&... args) {
    if constexpr (Table<Row>) internal::require_scope<internal::Unscoped, Row>();
    return Cursor<Row>(
        internal::bound_statement(session_.connection, sql.text(), Binding::kCopied, args...));
  }

  /// Whose SQL this is, for the rare statement that differs.
  Dialect dialect() const { return session_.connection.dialect(); }

  /// Sets a setting of the session until the end of this work, such as `statement_timeout`; what
  /// row-level security goes by is for `within` to set. Without effect on SQLite.
  void set_local(std::string_view name, std::string_view value) {
    session_.connection.set_local(name, value);
    session_.forget_settings();
  }

 protected:
  /// The session that the work runs in.
  internal::Session& session() { return session_; }

 private:
  internal::Session session_;
};

/// Reads and writes that happen together or not at all: what `Database::write` hands to its work.
///
/// The work sees its own writes. If it throws, they are undone; if it returns, they are committed
/// before the caller goes on. A statement that fails undoes itself only, so that its error may be
/// caught and the work go on.
class Transaction : public internal::Writes<Snapshot> {
 public:
  using Writes::Writes;

  /// The rows of the scope's organisations.
  ScopedTransaction within(const Scope& scope) { return {session(), internal::Scoped{scope}}; }
  /// The rows of every organisation. tools/check_scopes lists every use, with its reason.
  internal::Writes<internal::Reads<internal::Unrestricted>> unrestricted_unsafe(Reason) {
    return {session(), {}};
  }

  /// Runs one statement and gives the number of rows it changed.
  template <class... Args>
  std::int64_t execute(Sql<Args...> sql, const Args&... args) {
    const StatementLease statement =
        internal::bound_statement(connection(), sql.text(), Binding::kBorrowed, args...);
    return internal::run_to_end(*statement);
  }
};

}  // namespace hornbeam::data

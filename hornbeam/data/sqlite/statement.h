#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "hornbeam/data/connection.h"

struct sqlite3;
struct sqlite3_stmt;

namespace hornbeam::data::sqlite {

class StatementCache;

/// A prepared statement of SQLite.
class SqliteStatement final : public Statement {
 public:
  /// Prepares the one statement in `sql`. Throws: `DatabaseError`.
  SqliteStatement(StatementCache& cache, std::string_view sql, bool is_cached);
  ~SqliteStatement() override;

  std::string_view sql() const override { return sql_; }
  int parameter_count() const override;
  void bind_null(int parameter) override;
  void bind_integer(int parameter, std::int64_t value) override;
  void bind_real(int parameter, double value) override;
  void bind_text(int parameter, std::string_view value, Binding binding) override;
  void bind_blob(int parameter, std::span<const std::byte> value, Binding binding) override;
  bool step() override;
  std::int64_t changes() const override;
  int column_count() const override;
  std::string_view column_name(int column) const override;
  ColumnType column_type(int column) const override;
  std::int64_t integer(int column) const override;
  double real(int column) const override;
  std::string_view text(int column) const override;
  std::span<const std::byte> blob(int column) const override;
  void release() noexcept override;

 private:
  friend StatementCache;
  void require_bound(int code) const;

  StatementCache& cache_;
  const std::string sql_;
  const bool is_cached_;
  bool in_use_ = false;
  sqlite3_stmt* handle_ = nullptr;
};

/// The prepared statements of one connection, by their text; the least recently used goes when
/// there are too many.
class StatementCache {
 public:
  StatementCache(sqlite3* handle, std::size_t capacity) : handle_(handle), capacity_(capacity) {}

  /// A statement that nobody else uses: if the cached one is taken (a query inside of its own
  /// loop), one of its own.
  StatementLease lease(std::string_view sql);
  int in_use() const noexcept { return in_use_; }
  sqlite3* handle() const noexcept { return handle_; }

 private:
  friend SqliteStatement;
  using Recent = std::list<SqliteStatement>;
  SqliteStatement& add(std::string_view sql);

  sqlite3* handle_;
  const std::size_t capacity_;
  int in_use_ = 0;
  Recent recent_;  // most recently used first
  std::unordered_map<std::string_view, Recent::iterator> by_sql_;
};

}  // namespace hornbeam::data::sqlite

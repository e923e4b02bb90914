#include "hornbeam/data/sqlite/statement.h"

#include <limits>

#include <fmt/format.h>
#include <sqlite3.h>

#include "hornbeam/data/sqlite/error.h"

namespace hornbeam::data::sqlite {

namespace {

bool is_blank(std::string_view sql) {
  return sql.find_first_not_of(" \t\r\n;") == std::string_view::npos;
}

sqlite3_destructor_type destructor_for(Binding binding) {
  // SQLITE_STATIC and SQLITE_TRANSIENT are old-style casts of 0 and -1.
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  return binding == Binding::kBorrowed ? nullptr : reinterpret_cast<sqlite3_destructor_type>(-1);
}

}  // namespace

SqliteStatement::SqliteStatement(StatementCache& cache, std::string_view sql, bool is_cached)
    : cache_(cache), sql_(sql), is_cached_(is_cached) {
  const char* rest = nullptr;
  const unsigned flags = is_cached ? SQLITE_PREPARE_PERSISTENT : 0;
  const int code = sqlite3_prepare_v3(cache_.handle(), sql_.c_str(),
                                      static_cast<int>(sql_.size() + 1), flags, &handle_, &rest);
  if (code != SQLITE_OK) throw_failure(cache_.handle(), code, "preparing a statement", sql_);
  if (handle_ == nullptr) {
    throw DatabaseError(ErrorKind::kSyntax, "there is no statement in the SQL", sql_);
  }
  if (!is_blank(rest)) {
    sqlite3_finalize(handle_);
    throw DatabaseError(
        ErrorKind::kSyntax,
        fmt::format("one statement at a time: there is more after the first, at \"{}\"",
                    std::string_view(rest).substr(0, 40)),
        sql_);
  }
}

SqliteStatement::~SqliteStatement() {
  sqlite3_finalize(handle_);
}

int SqliteStatement::parameter_count() const {
  return sqlite3_bind_parameter_count(handle_);
}

void SqliteStatement::require_bound(int code) const {
  if (code != SQLITE_OK) [[unlikely]] {
    throw_failure(cache_.handle(), code, "binding an argument", sql_);
  }
}

void SqliteStatement::bind_null(int parameter) {
  require_bound(sqlite3_bind_null(handle_, parameter + 1));
}
void SqliteStatement::bind_integer(int parameter, std::int64_t value) {
  require_bound(sqlite3_bind_int64(handle_, parameter + 1, value));
}
void SqliteStatement::bind_real(int parameter, double value) {
  require_bound(sqlite3_bind_double(handle_, parameter + 1, value));
}
void SqliteStatement::bind_text(int parameter, std::string_view value, Binding binding) {
  // An empty view may point nowhere, which SQLite takes for NULL.
  const char* data = value.data() != nullptr ? value.data() : "";
  require_bound(sqlite3_bind_text64(handle_, parameter + 1, data, value.size(),
                                    destructor_for(binding), SQLITE_UTF8));
}
void SqliteStatement::bind_blob(int parameter, std::span<const std::byte> value, Binding binding) {
  if (value.empty()) return require_bound(sqlite3_bind_zeroblob(handle_, parameter + 1, 0));
  require_bound(sqlite3_bind_blob64(handle_, parameter + 1, value.data(), value.size(),
                                    destructor_for(binding)));
}

bool SqliteStatement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) [[likely]]
    return false;
  throw_failure(cache_.handle(), code, "running a statement", sql_);
}

std::int64_t SqliteStatement::changes() const {
  return sqlite3_stmt_readonly(handle_) != 0 ? 0 : sqlite3_changes64(cache_.handle());
}

int SqliteStatement::column_count() const {
  return sqlite3_column_count(handle_);
}

std::string_view SqliteStatement::column_name(int column) const {
  const char* name = sqlite3_column_name(handle_, column);
  return name == nullptr ? std::string_view() : name;
}

ColumnType SqliteStatement::column_type(int column) const {
  switch (sqlite3_column_type(handle_, column)) {
    case SQLITE_INTEGER:
      return ColumnType::kInteger;
    case SQLITE_FLOAT:
      return ColumnType::kReal;
    case SQLITE_TEXT:
      return ColumnType::kText;
    case SQLITE_BLOB:
      return ColumnType::kBlob;
    default:
      return ColumnType::kNull;
  }
}

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(handle_, column);
}
double SqliteStatement::real(int column) const {
  return sqlite3_column_double(handle_, column);
}

std::string_view SqliteStatement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::span<const std::byte> SqliteStatement::blob(int column) const {
  const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(handle_, column));
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

void SqliteStatement::release() noexcept {
  --cache_.in_use_;
  if (!is_cached_) {
    delete this;
    return;
  }
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
  in_use_ = false;
}

StatementLease StatementCache::lease(std::string_view sql) {
  const auto found = by_sql_.find(sql);
  SqliteStatement* statement = nullptr;
  if (found == by_sql_.end()) {
    statement = &add(sql);
  } else if (found->second->in_use_) {
    statement = std::make_unique<SqliteStatement>(*this, sql, false).release();
  } else {
    statement = &*found->second;
    recent_.splice(recent_.begin(), recent_, found->second);
  }
  statement->in_use_ = true;
  ++in_use_;
  return StatementLease(statement);
}

SqliteStatement& StatementCache::add(std::string_view sql) {
  recent_.emplace_front(*this, sql, true);
  by_sql_.emplace(recent_.front().sql(), recent_.begin());
  if (recent_.size() > capacity_ && !recent_.back().in_use_) {
    by_sql_.erase(recent_.back().sql());
    recent_.pop_back();
  }
  return recent_.front();
}

}  // namespace hornbeam::data::sqlite

#include "hornbeam/data/sqlite/error.h"

#include <algorithm>

#include <fmt/format.h>
#include <sqlite3.h>

namespace hornbeam::data::sqlite {

ErrorKind kind_of(int code) noexcept {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return ErrorKind::kUniqueViolation;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return ErrorKind::kForeignKey;
    case SQLITE_CONSTRAINT_NOTNULL:
      return ErrorKind::kNotNull;
    case SQLITE_CONSTRAINT_CHECK:
    case SQLITE_CONSTRAINT_DATATYPE:
      return ErrorKind::kCheck;
    default:
      break;
  }
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorKind::kBusy;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return ErrorKind::kIo;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorKind::kCorrupt;
    case SQLITE_FULL:
      return ErrorKind::kDiskFull;
    case SQLITE_INTERRUPT:
      return ErrorKind::kTimeout;
    case SQLITE_READONLY:
      return ErrorKind::kReadOnly;
    case SQLITE_ERROR:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return ErrorKind::kSyntax;
    default:
      return ErrorKind::kOther;
  }
}

namespace {

/// What SQLite says in words: "UNIQUE constraint failed: posts.id, posts.n", "CHECK constraint
/// failed: not_negative". An index on expressions is named: "index 'lower_name'".
ErrorDetail detail_of(ErrorKind kind, std::string_view reason) {
  constexpr std::string_view kFailed = " constraint failed: ";
  ErrorDetail detail;
  const std::size_t found = reason.find(kFailed);
  if (found == std::string_view::npos) return detail;
  std::string_view rest = reason.substr(found + kFailed.size());
  constexpr std::string_view kIndex = "index '";
  if (kind == ErrorKind::kCheck) {
    detail.constraint = rest;
  } else if (rest.starts_with(kIndex)) {
    detail.constraint = rest.substr(kIndex.size(), rest.size() - kIndex.size() - 1);
  } else {
    while (!rest.empty()) {
      const std::string_view one = rest.substr(0, rest.find(", "));
      rest.remove_prefix(std::min(one.size() + 2, rest.size()));
      const std::size_t dot = one.find('.');
      if (dot == std::string_view::npos) continue;
      detail.table = one.substr(0, dot);
      detail.column += detail.column.empty() ? "" : ", ";
      detail.column += one.substr(dot + 1);
    }
  }
  return detail;
}

}  // namespace

void throw_failure(sqlite3* handle, int code, std::string_view doing, std::string_view sql) {
  const std::string_view reason = handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
  std::string message =
      fmt::format("{}: {} ({}, SQLite code {})", doing, reason, describe_kind(kind_of(code)), code);
  if (code == SQLITE_INTERRUPT) {
    message = fmt::format(
        "{}: the work has run for longer than DatabaseOptions::longest_work: make it smaller, or "
        "raise the limit",
        doing);
  }
  if ((code & 0xff) == SQLITE_AUTH) {
    message = fmt::format(
        "{}: the work itself may not begin, commit or roll back: the transaction begins and ends "
        "with it",
        doing);
  }
  if (handle != nullptr && (code & 0xff) == SQLITE_ERROR) {
    if (const int offset = sqlite3_error_offset(handle); offset >= 0 && !sql.empty()) {
      message += fmt::format(", at \"{}\"", sql.substr(static_cast<std::size_t>(offset), 40));
    }
  }
  throw_database_error(kind_of(code), message, sql, detail_of(kind_of(code), reason));
}

}  // namespace hornbeam::data::sqlite

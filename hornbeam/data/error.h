#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace hornbeam::data {

/// What a database refused, in the words that programs decide by.
enum class ErrorKind {
  kUniqueViolation,  ///< A row with this key is there already; thrown as `UniqueViolation`.
  kForeignKey,       ///< A row it refers to is missing, or is still referred to.
  kNotNull,          ///< A column that must have a value was given none.
  kCheck,            ///< A CHECK of the table does not hold.
  kBusy,  ///< Another process held the lock for longer than the busy timeout, or a queue is full.
  kConflict,     ///< Others changed the same rows at the same time, each time it was tried.
  kUnavailable,  ///< The server cannot be reached, or the connection to it broke.
  kPermission,   ///< The user of the connection, or a row-level policy, does not allow it.
  kIo,           ///< Reading, writing or syncing the file failed.
  kCorrupt,      ///< The file is damaged, or no database.
  kDiskFull,     ///< No room for more.
  kTimeout,      ///< The work ran for longer than it may.
  kReadOnly,     ///< A write where only reading is allowed.
  kSyntax,       ///< The SQL, or what is bound to it or read from it, does not fit.
  kRowCount,     ///< `one()` or `optional()` met another number of rows.
  kMigration,    ///< The list of migrations and what was applied do not agree.
  kOther,
};

/// The word for a kind, such as "unique violation".
std::string_view describe_kind(ErrorKind kind) noexcept;

/// What a refusal is about, as far as the database says so.
struct ErrorDetail {
  std::string constraint;  ///< The name of the constraint that does not hold.
  std::string table;       ///< The table whose constraint it is.
  std::string column;      ///< Of several, joined by ", ".
};

/// A database said no. The message tells what is wrong, the SQL, and where it was.
class DatabaseError : public std::runtime_error {
 public:
  /// `message` says what is wrong; the statement is added to it if there is one.
  DatabaseError(ErrorKind kind, const std::string& message, std::string_view sql = {},
                ErrorDetail detail = {});

  /// The class of the failure, for those who handle several alike.
  ErrorKind kind() const noexcept { return kind_; }
  /// The statement at fault; empty if there was none.
  const std::string& sql() const noexcept { return sql_; }
  /// The constraint, table and column at fault; each empty where the database does not name it.
  const std::string& constraint() const noexcept { return detail_.constraint; }
  /// The table at fault; empty where the database does not name it.
  const std::string& table() const noexcept { return detail_.table; }
  /// The columns at fault, joined by ", "; empty where the database does not name them.
  const std::string& column() const noexcept { return detail_.column; }

 private:
  ErrorKind kind_;
  std::string sql_;
  ErrorDetail detail_;
};

/// A key that is taken. Caught where an INSERT is a fence: who comes second reads what the first
/// has written.
class UniqueViolation : public DatabaseError {
 public:
  /// For databases; applications catch it.
  explicit UniqueViolation(const std::string& message, std::string_view sql = {},
                           ErrorDetail detail = {})
      : DatabaseError(ErrorKind::kUniqueViolation, message, sql, std::move(detail)) {}
};

/// Throws the exception class that belongs to `kind`.
[[noreturn]] void throw_database_error(ErrorKind kind, const std::string& message,
                                       std::string_view sql = {}, ErrorDetail detail = {});

}  // namespace hornbeam::data

#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace hornbeam::data {

/// What a database refused, in the words that programs decide by.
enum class ErrorKind {
  kUniqueViolation,  ///< A row with this key is there already; thrown as `UniqueViolation`.
  kForeignKey,       ///< A row it refers to is missing, or is still referred to.
  kNotNull,          ///< A column that must have a value was given none.
  kCheck,            ///< A CHECK of the table does not hold.
  kBusy,  ///< Another process held the lock for longer than the busy timeout, or a queue is full.
  kIo,    ///< Reading, writing or syncing the file failed.
  kCorrupt,    ///< The file is damaged, or no database.
  kDiskFull,   ///< No room for more.
  kTimeout,    ///< The work ran for longer than it may.
  kReadOnly,   ///< A write where only reading is allowed.
  kSyntax,     ///< The SQL, or what is bound to it or read from it, does not fit.
  kRowCount,   ///< `one()` or `optional()` met another number of rows.
  kMigration,  ///< The list of migrations and what was applied do not agree.
  kOther,
};

/// The word for a kind, such as "unique violation".
std::string_view describe_kind(ErrorKind kind) noexcept;

/// A database said no. The message tells what is wrong, the SQL, and where it was.
class DatabaseError : public std::runtime_error {
 public:
  DatabaseError(ErrorKind kind, const std::string& message, std::string_view sql = {});

  ErrorKind kind() const noexcept { return kind_; }
  /// The statement at fault; empty if there was none.
  const std::string& sql() const noexcept { return sql_; }

 private:
  ErrorKind kind_;
  std::string sql_;
};

/// A key that is taken. Caught where an INSERT is a fence: who comes second reads what the first
/// has written.
class UniqueViolation : public DatabaseError {
 public:
  explicit UniqueViolation(const std::string& message, std::string_view sql = {})
      : DatabaseError(ErrorKind::kUniqueViolation, message, sql) {}
};

/// Throws the exception class that belongs to `kind`.
[[noreturn]] void throw_database_error(ErrorKind kind, const std::string& message,
                                       std::string_view sql = {});

}  // namespace hornbeam::data

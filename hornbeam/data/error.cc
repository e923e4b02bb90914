#include "hornbeam/data/error.h"

#include <fmt/format.h>

namespace hornbeam::data {

namespace {

std::string whole_message(const std::string& message, std::string_view sql) {
  constexpr std::size_t kShown = 400;
  if (sql.empty()) return message;
  return fmt::format("{} [SQL: {}{}]", message, sql.substr(0, kShown),
                     sql.size() > kShown ? "..." : "");
}

}  // namespace

std::string_view describe_kind(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::kUniqueViolation:
      return "unique violation";
    case ErrorKind::kForeignKey:
      return "foreign key";
    case ErrorKind::kNotNull:
      return "not null";
    case ErrorKind::kCheck:
      return "check";
    case ErrorKind::kBusy:
      return "busy";
    case ErrorKind::kConflict:
      return "conflict";
    case ErrorKind::kUnavailable:
      return "unavailable";
    case ErrorKind::kPermission:
      return "permission";
    case ErrorKind::kIo:
      return "input or output";
    case ErrorKind::kCorrupt:
      return "corrupt";
    case ErrorKind::kDiskFull:
      return "disk full";
    case ErrorKind::kTimeout:
      return "timeout";
    case ErrorKind::kReadOnly:
      return "read only";
    case ErrorKind::kSyntax:
      return "syntax";
    case ErrorKind::kRowCount:
      return "row count";
    case ErrorKind::kMigration:
      return "migration";
    case ErrorKind::kOther:
      break;
  }
  return "other";
}

DatabaseError::DatabaseError(ErrorKind kind, const std::string& message, std::string_view sql,
                             ErrorDetail detail)
    : std::runtime_error(whole_message(message, sql)),
      kind_(kind),
      sql_(sql),
      detail_(std::move(detail)) {}

void throw_database_error(ErrorKind kind, const std::string& message, std::string_view sql,
                          ErrorDetail detail) {
  if (kind == ErrorKind::kUniqueViolation) throw UniqueViolation(message, sql, std::move(detail));
  throw DatabaseError(kind, message, sql, std::move(detail));
}

}  // namespace hornbeam::data

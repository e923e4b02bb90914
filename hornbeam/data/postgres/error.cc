#include "hornbeam/data/postgres/error.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <libpq-fe.h>

namespace hornbeam::data::postgres {

namespace {

struct Row {
  std::string_view sqlstate;  // or a class, its first two characters
  ErrorKind kind;
};

// The first row that the code begins with decides.
constexpr Row kKinds[] = {
    {"23505", ErrorKind::kUniqueViolation},
    {"23503", ErrorKind::kForeignKey},
    {"23001", ErrorKind::kForeignKey},
    {"23502", ErrorKind::kNotNull},
    {"23", ErrorKind::kCheck},
    {"44000", ErrorKind::kCheck},  // WITH CHECK OPTION of a view
    {"40001", ErrorKind::kConflict},
    {"40P01", ErrorKind::kConflict},
    {"55P03", ErrorKind::kBusy},
    {"53100", ErrorKind::kDiskFull},
    {"53300", ErrorKind::kUnavailable},
    {"53", ErrorKind::kBusy},
    {"57014", ErrorKind::kTimeout},
    {"25P03", ErrorKind::kTimeout},
    {"57P", ErrorKind::kUnavailable},
    {"08", ErrorKind::kUnavailable},
    {"25006", ErrorKind::kReadOnly},
    {"42501", ErrorKind::kPermission},
    {"28", ErrorKind::kPermission},
    {"58", ErrorKind::kIo},
    {"XX001", ErrorKind::kCorrupt},
    {"XX002", ErrorKind::kCorrupt},
    {"42", ErrorKind::kSyntax},
    {"22", ErrorKind::kSyntax},
    {"26", ErrorKind::kSyntax},
    {"0A", ErrorKind::kSyntax},
    {"3D", ErrorKind::kSyntax},
    {"3F", ErrorKind::kSyntax},
};

/// The columns in "Key (a, b)=(1, 2) already exists."; the values stay out of messages.
std::string_view key_columns(std::string_view detail) {
  constexpr std::string_view kKey = "Key (";
  if (!detail.starts_with(kKey)) return {};
  const std::string_view rest = detail.substr(kKey.size());
  return rest.substr(0, rest.find(")=("));
}

/// What stands at the place that the server found fault with, counted in characters from 1.
std::string_view at_position(std::string_view sql, std::string_view position) {
  int left = 0;
  for (const char digit : position) left = left * 10 + (digit - '0');
  for (std::size_t at = 0; at < sql.size(); ++at) {
    const bool is_continuation = (static_cast<unsigned char>(sql[at]) & 0xC0) == 0x80;
    if (!is_continuation && --left == 0) return sql.substr(at, 40);
  }
  return {};
}

}  // namespace

ErrorKind kind_of(std::string_view sqlstate) noexcept {
  const auto* const found = std::ranges::find_if(
      kKinds, [&](const Row& row) { return sqlstate.starts_with(row.sqlstate); });
  return found == std::end(kKinds) ? ErrorKind::kOther : found->kind;
}

std::string_view error_field(const PGresult& failed, int field) {
  const char* text = PQresultErrorField(&failed, field);
  return text == nullptr ? std::string_view() : text;
}

void throw_failure(const PGresult& failed, std::string_view doing, std::string_view sql,
                   std::string_view sent) {
  const std::string_view sqlstate = error_field(failed, PG_DIAG_SQLSTATE);
  const ErrorKind kind = sqlstate.empty() ? ErrorKind::kUnavailable : kind_of(sqlstate);
  std::string message =
      fmt::format("{}: {} ({}, SQLSTATE {})", doing, error_field(failed, PG_DIAG_MESSAGE_PRIMARY),
                  describe_kind(kind), sqlstate);
  if (sqlstate == "57014") {
    message = fmt::format(
        "{}: the work has run for longer than DatabaseOptions::longest_work: make it smaller, or "
        "raise the limit",
        doing);
  } else if (sqlstate.empty()) {
    message = fmt::format("{}: the connection broke: {}", doing, PQresultErrorMessage(&failed));
  }
  const auto position = error_field(failed, PG_DIAG_STATEMENT_POSITION);
  if (!position.empty()) {
    message += fmt::format(", at \"{}\"", at_position(sent.empty() ? sql : sent, position));
  }
  if (const auto hint = error_field(failed, PG_DIAG_MESSAGE_HINT); !hint.empty()) {
    message += fmt::format(". {}", hint);
  }
  ErrorDetail detail;
  detail.constraint = error_field(failed, PG_DIAG_CONSTRAINT_NAME);
  detail.table = error_field(failed, PG_DIAG_TABLE_NAME);
  detail.column = error_field(failed, PG_DIAG_COLUMN_NAME);
  if (detail.column.empty()) {
    detail.column = key_columns(error_field(failed, PG_DIAG_MESSAGE_DETAIL));
  }
  throw_database_error(kind, message, sql, std::move(detail));
}

void throw_no_control(std::string_view sql) {
  throw DatabaseError(
      ErrorKind::kOther,
      "preparing a statement: the work itself may not begin, commit or roll back: the transaction "
      "begins and ends with it",
      sql);
}

}  // namespace hornbeam::data::postgres

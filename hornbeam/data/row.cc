#include "hornbeam/data/row.h"

#include <fmt/format.h>

#include "hornbeam/data/cursor.h"
#include "hornbeam/data/error.h"

namespace hornbeam::data::internal {

int find_column(const Statement& statement, std::string_view name, int guess) {
  const int count = statement.column_count();
  if (guess < count && statement.column_name(guess) == name) return guess;
  for (int column = 0; column < count; ++column) {
    if (statement.column_name(column) == name) return column;
  }
  std::string present;
  for (int column = 0; column < count; ++column) {
    present += fmt::format("{}\"{}\"", column == 0 ? "" : ", ", statement.column_name(column));
  }
  throw DatabaseError(
      ErrorKind::kSyntax,
      fmt::format("the row's field \"{}\" has no column in the result, which has {}", name,
                  present.empty() ? "none" : present),
      statement.sql());
}

void require_column_count(const Statement& statement, std::size_t wanted) {
  const int count = statement.column_count();
  if (count == static_cast<int>(wanted)) return;
  throw DatabaseError(
      ErrorKind::kSyntax,
      fmt::format("the result has {} columns where the row takes {}", count, wanted),
      statement.sql());
}

void throw_row_count(const Statement* statement, std::string_view wanted, std::string_view found) {
  throw DatabaseError(ErrorKind::kRowCount,
                      fmt::format("the query was to give {} and gave {}", wanted, found),
                      statement == nullptr ? std::string_view() : statement->sql());
}

}  // namespace hornbeam::data::internal

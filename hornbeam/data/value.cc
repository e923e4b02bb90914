#include "hornbeam/data/value.h"

#include <fmt/format.h>

#include "hornbeam/data/error.h"

namespace hornbeam::data::internal {

namespace {

std::string_view type_word(ColumnType type) {
  switch (type) {
    case ColumnType::kNull:
      return "NULL";
    case ColumnType::kInteger:
      return "an integer";
    case ColumnType::kReal:
      return "a real number";
    case ColumnType::kText:
      return "text";
    case ColumnType::kBlob:
      return "bytes";
  }
  return "something unknown";
}

}  // namespace

void throw_wrong_column_type(const Statement& statement, int column, std::string_view wanted) {
  const ColumnType type = statement.column_type(column);
  const std::string_view mend = type == ColumnType::kNull ? ": read it into a std::optional" : "";
  throw DatabaseError(ErrorKind::kSyntax,
                      fmt::format("column \"{}\" holds {} where {} is wanted{}",
                                  statement.column_name(column), type_word(type), wanted, mend),
                      statement.sql());
}

void throw_number_does_not_fit(const Statement& statement, int column) {
  throw DatabaseError(
      ErrorKind::kSyntax,
      fmt::format("column \"{}\" holds {}, which does not fit the integer type it is read into",
                  statement.column_name(column), statement.integer(column)),
      statement.sql());
}

void throw_unsigned_too_large(int parameter) {
  throw DatabaseError(ErrorKind::kSyntax,
                      fmt::format("argument {} is above 2^63-1, the largest integer a column holds",
                                  parameter + 1));
}

}  // namespace hornbeam::data::internal

#include "hornbeam/data/transaction.h"

#include <fmt/format.h>

#include "hornbeam/data/error.h"

namespace hornbeam::data::internal {

void require_parameter_count(const Statement& statement, std::size_t given) {
  if (statement.parameter_count() == static_cast<int>(given)) return;
  throw DatabaseError(ErrorKind::kSyntax,
                      fmt::format("the statement has {} placeholders and was given {} arguments",
                                  statement.parameter_count(), given),
                      statement.sql());
}

std::int64_t run_to_end(Statement& statement) {
  statement.fetch_at_once();
  while (statement.step()) {
  }
  return statement.changes();
}

}  // namespace hornbeam::data::internal

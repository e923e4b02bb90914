#include "hornbeam/data/transaction.h"

#include <algorithm>

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

BulkInsert::BulkInsert(Connection& connection, std::string verb, std::size_t columns)
    : connection_(connection), verb_(std::move(verb)), columns_(columns) {
  // Fewer than the parameters that a statement may have, and a bounded amount of memory.
  constexpr std::size_t kMostParameters = 2000;
  most_rows_ = std::max<std::size_t>(kMostParameters / columns_, 1);
  values_.reserve(most_rows_ * columns_);
}

int BulkInsert::next_row() {
  if (values_.size() == most_rows_ * columns_) run();
  const std::size_t first = values_.size();
  values_.resize(first + columns_);
  return static_cast<int>(first);
}

std::int64_t BulkInsert::finish() {
  if (!values_.empty()) run();
  return inserted_;
}

void BulkInsert::run() {
  std::string row = "(";
  for (std::size_t at = 0; at < columns_; ++at) row += at == 0 ? "?" : ", ?";
  row += ')';
  std::string sql = verb_;
  for (std::size_t at = 0; at < values_.size() / columns_; ++at) sql += (at == 0 ? "" : ", ") + row;
  const StatementLease statement = connection_.prepare(sql);
  bind_values(*statement, 0, values_);
  inserted_ += run_to_end(*statement);
  values_.clear();
}

std::int64_t run_to_end(Statement& statement) {
  statement.fetch_at_once();
  while (statement.step()) {
  }
  return statement.changes();
}

}  // namespace hornbeam::data::internal

#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/data/connection.h"
#include "hornbeam/data/postgres/types.h"
#include "hornbeam/data/postgres/wire.h"

namespace hornbeam::data::postgres {

class PostgresConnection;
class PostgresStatement;

/// A statement as the server knows it.
struct Prepared {
  std::string sql;         ///< As it was written.
  std::string translated;  ///< As the server got it.
  std::string name;
  std::vector<TypeNumber> parameters;
  std::vector<Type> columns;
  Result description;  ///< Holds the names of the columns.
  Format format = Format::kBinary;
  /// Kept for the next use.
  std::unique_ptr<PostgresStatement> idle;
};

/// One use of a prepared statement. It is run by its first step.
class PostgresStatement final : public Statement {
 public:
  PostgresStatement(PostgresConnection& connection, std::shared_ptr<Prepared> prepared);

  std::string_view sql() const override { return prepared_->sql; }
  int parameter_count() const override { return static_cast<int>(values_.size()); }
  void fetch_at_once() override { fetches_at_once_ = true; }
  void bind_null(int parameter) override;
  void bind_integer(int parameter, std::int64_t value) override;
  void bind_real(int parameter, double value) override;
  void bind_text(int parameter, std::string_view value, Binding binding) override;
  void bind_blob(int parameter, std::span<const std::byte> value, Binding binding) override;
  bool step() override;
  std::int64_t changes() const override { return changes_; }
  int column_count() const override { return static_cast<int>(prepared_->columns.size()); }
  std::string_view column_name(int column) const override;
  ColumnType column_type(int column) const override;
  std::int64_t integer(int column) const override { return integer_of(sent(column)); }
  double real(int column) const override { return real_of(sent(column)); }
  std::string_view text(int column) const override;
  std::span<const std::byte> blob(int column) const override;
  void release() noexcept override;

 private:
  friend PostgresConnection;

  enum class State { kBound, kRunning, kDone };

  void set(int parameter, const Encoded& encoded, Binding binding);
  /// Has the parameter taken as `type`, since its own has no such value.
  void widen(int parameter, TypeNumber type);
  Type parameter_type(int parameter) const;
  Arguments arguments() const { return {values_, sizes_, formats_}; }
  bool fetches_at_once() const noexcept { return fetches_at_once_; }
  /// Takes rows, or the end, from the server.
  void take(Result result);
  Sent sent(int column) const;
  std::string& scratch(int column) const;

  PostgresConnection& connection_;
  std::shared_ptr<Prepared> prepared_;
  std::vector<TypeNumber>
      widened_;                     // empty, or the type asked for of each parameter, 0 for its own
  std::vector<std::string> texts_;  // of values that had to be written
  std::vector<const char*> values_;
  std::vector<int> sizes_;
  std::vector<int> formats_;
  bool fetches_at_once_ = false;
  State state_ = State::kBound;
  Result rows_;
  int row_ = 0;
  std::deque<Result> waiting_;  // came while another statement wanted the wire
  std::int64_t changes_ = 0;
  mutable std::deque<std::string> scratch_;
};

}  // namespace hornbeam::data::postgres

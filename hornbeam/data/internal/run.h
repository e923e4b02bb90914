#pragma once

// How the statements of a transaction are run: one at a time, or many rows at once.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/data/condition.h"
#include "hornbeam/data/connection.h"
#include "hornbeam/data/table.h"
#include "hornbeam/data/value.h"

namespace hornbeam::data::internal {

void require_parameter_count(const Statement& statement, std::size_t given);

template <class... Args>
StatementLease bound_statement(Connection& connection, std::string_view sql, Binding binding,
                               const Args&... args) {
  static_assert((Bindable<Args> && ...),
                "an argument has a type that no column stores: see data/value.h");
  StatementLease statement = connection.prepare(sql);
  require_parameter_count(*statement, sizeof...(Args));
  int parameter = 0;
  (Codec<BoundAs<Args>>::bind(*statement, parameter++, args, binding), ...);
  return statement;
}

/// Many rows by few statements: they are kept until there are enough for one, which inserts them
/// all.
class BulkInsert final : public Parameters {
 public:
  /// `verb` is all that comes before the values, `columns` how many there are to a row.
  BulkInsert(Connection& connection, std::string verb, std::size_t columns);

  /// Begins a row, after running what is complete; gives the number of its first parameter.
  int next_row();
  /// Runs what is left; gives the number of rows inserted.
  std::int64_t finish();

  void bind_null(int parameter) override { kept(parameter).bind_null(0); }
  void bind_integer(int parameter, std::int64_t value) override {
    kept(parameter).bind_integer(0, value);
  }
  void bind_real(int parameter, double value) override { kept(parameter).bind_real(0, value); }
  void bind_text(int parameter, std::string_view value, Binding binding) override {
    kept(parameter).bind_text(0, value, binding);
  }
  void bind_blob(int parameter, std::span<const std::byte> value, Binding binding) override {
    kept(parameter).bind_blob(0, value, binding);
  }

 private:
  KeptValue& kept(int parameter) { return values_[static_cast<std::size_t>(parameter)]; }
  void run();

  Connection& connection_;
  std::string verb_;
  std::size_t columns_;
  std::size_t most_rows_;
  std::vector<KeptValue> values_;
  std::int64_t inserted_ = 0;
};

template <Table Row>
constexpr std::size_t stored_fields() {
  std::size_t count = 0;
  base::for_each_field<Row>([&]<class Field>(const Field&) {
    if constexpr (!Field::template has<Generated>()) ++count;
  });
  return count;
}
template <Table Row>
inline constexpr bool kStoresNothing = stored_fields<Row>() == 0;

template <Table Row>
std::string insert_verb() {
  return "INSERT INTO " + quoted_table<Row>() + " (" + join_fields<Row>(", ", kStored, quoted) +
         ") VALUES ";
}

/// Steps a statement whose rows, if any, are of no interest; gives the number of rows changed.
std::int64_t run_to_end(Statement& statement);

}  // namespace hornbeam::data::internal

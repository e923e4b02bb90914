#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <utility>

#include "hornbeam/base/describe.h"
#include "hornbeam/data/value.h"

namespace hornbeam::data {

namespace internal {

/// The column called `name`, looked for first at `guess`. Throws: `DatabaseError` naming it if
/// there is none.
int find_column(const Statement& statement, std::string_view name, int guess);
void require_column_count(const Statement& statement, std::size_t wanted);

}  // namespace internal

/// Makes a `Row` of each row of a result: one value, a `std::tuple` by position, or a described
/// struct by column names.
template <class Row>
class RowReader {
  static_assert(Readable<Row>,
                "a row is a described struct, a std::tuple, or a type with a data::Codec");

 public:
  explicit RowReader(const Statement& statement) { internal::require_column_count(statement, 1); }
  Row read(const Statement& statement) const { return Codec<Row>::read(statement, 0); }
};

template <class... Values>
class RowReader<std::tuple<Values...>> {
 public:
  explicit RowReader(const Statement& statement) {
    internal::require_column_count(statement, sizeof...(Values));
  }
  std::tuple<Values...> read(const Statement& statement) const {
    int column = 0;
    return std::tuple<Values...>{Codec<Values>::read(statement, column++)...};
  }
};

template <base::Described Row>
class RowReader<Row> {
  static constexpr std::size_t kFields = base::kDescription<Row>.size();

 public:
  explicit RowReader(const Statement& statement) {
    int at = 0;
    base::for_each_field<Row>([&](const auto& field) {
      columns_[static_cast<std::size_t>(at)] = internal::find_column(statement, field.name, at);
      ++at;
    });
  }
  Row read(const Statement& statement) const {
    Row row;
    std::size_t at = 0;
    base::for_each_field<Row>([&](const auto& field) {
      using Value = typename std::remove_cvref_t<decltype(field)>::value_type;
      field.get(row) = Codec<Value>::read(statement, columns_[at++]);
    });
    return row;
  }

 private:
  std::array<int, kFields> columns_{};
};

}  // namespace hornbeam::data

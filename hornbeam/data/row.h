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
  /// Throws if the statement's columns are not those of `Row`.
  explicit RowReader(const Statement& statement) { internal::require_column_count(statement, 1); }
  /// The current row. Requires: the statement's last step gave one.
  Row read(const Statement& statement) const { return Codec<Row>::read(statement, 0); }
};

namespace internal {

/// A part of a tuple: a value, or a described struct by position, which an optional makes empty
/// where all of its columns are NULL, as a left join leaves them.
template <class Part>
struct PartReader {
  static constexpr int kWidth = 1;
  static Part read(const Statement& statement, int column) {
    return Codec<Part>::read(statement, column);
  }
};
template <base::Described Part>
struct PartReader<Part> {
  static constexpr int kWidth = static_cast<int>(base::kDescription<Part>.size());
  static Part read(const Statement& statement, int column) {
    Part part;
    base::for_each_field<Part>([&](const auto& field) {
      using Value = typename std::remove_cvref_t<decltype(field)>::value_type;
      field.get(part) = Codec<Value>::read(statement, column++);
    });
    return part;
  }
};
template <base::Described Part>
struct PartReader<std::optional<Part>> {
  static constexpr int kWidth = PartReader<Part>::kWidth;
  static std::optional<Part> read(const Statement& statement, int column) {
    for (int at = column; at < column + kWidth; ++at) {
      if (statement.column_type(at) != ColumnType::kNull) {
        return PartReader<Part>::read(statement, column);
      }
    }
    return std::nullopt;
  }
};

}  // namespace internal

template <class... Parts>
class RowReader<std::tuple<Parts...>> {
 public:
  explicit RowReader(const Statement& statement) {
    internal::require_column_count(
        statement, static_cast<std::size_t>((internal::PartReader<Parts>::kWidth + ...)));
  }
  std::tuple<Parts...> read(const Statement& statement) const {
    int next = 0;
    const auto past = [&](int width) { return std::exchange(next, next + width); };
    return std::tuple<Parts...>{
        internal::PartReader<Parts>::read(statement, past(internal::PartReader<Parts>::kWidth))...};
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

#pragma once

// Schema: what tables look like, as their structs describe them and as a database has them, so that
// the two can be compared.
//
//   const auto wanted = data::schema_of<Author, Post>();
//   for (const auto& each : data::differences(wanted, data::read_schema(connection), dialect))
//     std::cout << each.text << '\n';

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "hornbeam/data/connection.h"
#include "hornbeam/data/table.h"

namespace hornbeam::data {

/// See `unique`.
struct Unique {};
/// See `indexed`.
struct Indexed {};

/// Marks a field whose values occur once each.
inline constexpr Unique unique;
/// Marks a field that rows are looked for by.
inline constexpr Indexed indexed;

/// Several columns that rows are looked for by together, made by `index_on` and `unique_on`.
template <class Row, class... Values>
struct TableIndex {
  std::tuple<Values Row::*...> members;  ///< The columns, in the order of the index.
  bool is_unique = false;  ///< Whether no two rows may have the same values in all of them.
};

/// For a table's `table_indexes`, found beside the struct as its `table_name` is:
///
///   constexpr auto table_indexes(Type<Post>) {
///     return std::tuple(data::index_on(&Post::author, &Post::created));
///   }
template <class Row, class... Values>
constexpr TableIndex<Row, Values...> index_on(Values Row::*... members) {
  return {{members...}, false};
}
/// The same, of which each combination occurs once.
template <class Row, class... Values>
constexpr TableIndex<Row, Values...> unique_on(Values Row::*... members) {
  return {{members...}, true};
}

/// A column of a table.
struct ColumnShape {
  std::string name;                     ///< As in SQL.
  ColumnType type = ColumnType::kNull;  ///< What it stores; `kNull` if that is not known.
  std::string declared;                 ///< The type in the database's words.
  bool is_nullable = false;             ///< Whether it may be NULL.
  bool is_generated = false;            ///< Whether the database numbers the rows itself.
  bool has_default = false;             ///< An insert may leave it out; of a described one, never.
  int bits = 0;  ///< Of an integer: what its values may need, or what it holds. Else 0.
  bool operator==(const ColumnShape&) const = default;
};

/// An index over one column or several.
struct IndexShape {
  std::vector<std::string> columns;  ///< In the order of the index.
  bool is_unique = false;            ///< Whether it refuses equal rows.
  bool operator==(const IndexShape&) const = default;
};

/// A column that refers to a row of a table.
struct ForeignKeyShape {
  std::string column;                      ///< The column that refers.
  std::string target;                      ///< The table that is referred to.
  std::string key;                         ///< The column of `target` that is referred to.
  OnDelete on_delete = OnDelete::kRefuse;  ///< What becomes of the row when its target is deleted.
  bool operator==(const ForeignKeyShape&) const = default;
};

/// A table.
struct TableShape {
  std::string name;                           ///< As in SQL, without a schema.
  std::vector<ColumnShape> columns;           ///< In the order of the table.
  std::vector<std::string> primary_key;       ///< In the order of the key.
  std::vector<IndexShape> indexes;            ///< Besides that of the primary key.
  std::vector<ForeignKeyShape> foreign_keys;  ///< What its columns refer to.
  bool operator==(const TableShape&) const = default;
};

namespace internal {

/// Finds out what a type is stored as, by letting it be bound.
class StorageClass final : public Parameters {
 public:
  ColumnType type() const { return type_; }

  void bind_null(int) override { type_ = ColumnType::kNull; }
  void bind_integer(int, std::int64_t) override { type_ = ColumnType::kInteger; }
  void bind_real(int, double) override { type_ = ColumnType::kReal; }
  void bind_text(int, std::string_view, Binding) override { type_ = ColumnType::kText; }
  void bind_blob(int, std::span<const std::byte>, Binding) override { type_ = ColumnType::kBlob; }

 private:
  ColumnType type_ = ColumnType::kNull;
};

template <class Value>
ColumnType storage_class() {
  StorageClass found;
  const Value any{};
  Codec<BoundAs<Value>>::bind(found, 0, any, Binding::kBorrowed);
  return found.type();
}

template <class Value>
constexpr int integer_bits() {
  if constexpr (std::same_as<Value, bool>) {
    return 1;
  } else if constexpr (std::integral<Value>) {
    return static_cast<int>(sizeof(Value)) * (std::is_signed_v<Value> ? 8 : 16);
  } else if constexpr (std::is_enum_v<Value>) {
    return integer_bits<std::underlying_type_t<Value>>();
  } else {
    return 64;
  }
}

template <class Value>
struct Nullable : std::false_type {
  using Stored = Value;
};
template <class Value>
struct Nullable<std::optional<Value>> : std::true_type {
  using Stored = Value;
};

template <class Mark>
void add_foreign_key(TableShape&, std::string_view, const Mark&) {}
template <class Target, class Value>
void add_foreign_key(TableShape& shape, std::string_view column,
                     const References<Target, Value>& mark) {
  shape.foreign_keys.push_back({std::string(column), std::string(TableTraits<Target>::name()),
                                std::string(base::field_name(mark.key)), mark.on_delete});
}

template <class Row>
concept HasIndexes = requires { table_indexes(base::Type<Row>{}); };

template <class Row, class... Values>
void add_index(TableShape& shape, const TableIndex<Row, Values...>& index) {
  IndexShape made{{}, index.is_unique};
  std::apply(
      [&](const auto&... member) { (made.columns.emplace_back(base::field_name(member)), ...); },
      index.members);
  shape.indexes.push_back(std::move(made));
}

template <class Field>
void add_column(TableShape& shape, const Field& field) {
  using Value = typename Field::value_type;
  using Stored = typename Nullable<Value>::Stored;
  ColumnShape column;
  column.name = field.name;
  column.type = storage_class<Stored>();
  column.is_nullable = Nullable<Value>::value;
  column.is_generated = Field::template has<Generated>();
  if (column.type == ColumnType::kInteger) column.bits = std::min(integer_bits<Stored>(), 64);
  if (Field::template has<PrimaryKey>()) shape.primary_key.push_back(column.name);
  if (Field::template has<Unique>()) shape.indexes.push_back({{column.name}, true});
  if (Field::template has<Indexed>()) shape.indexes.push_back({{column.name}, false});
  std::apply([&](const auto&... mark) { (add_foreign_key(shape, field.name, mark), ...); },
             field.marks);
  shape.columns.push_back(std::move(column));
}

}  // namespace internal

/// What the description of a struct says of its table.
template <Table Row>
TableShape shape_of() {
  TableShape shape;
  shape.name = internal::TableTraits<Row>::name();
  base::for_each_field<Row>([&](const auto& field) { internal::add_column(shape, field); });
  if constexpr (internal::HasIndexes<Row>) {
    std::apply([&](const auto&... index) { (internal::add_index(shape, index), ...); },
               table_indexes(base::Type<Row>{}));
  }
  return shape;
}

/// The tables of several structs; those that others refer to first, so that they can be created.
template <Table... Rows>
std::vector<TableShape> schema_of() {
  return {shape_of<Rows>()...};
}

/// Every table that the connection's database has, by name; those of the database's own, and
/// `hornbeam_migrations`, left out. Of PostgreSQL, those of the current schema.
std::vector<TableShape> read_schema(Connection& connection);

}  // namespace hornbeam::data

#pragma once

// Condition: what a WHERE says, written with member pointers.
//
//   column(&Post::author) == id && (column(&Post::score) > 3 || column(&Post::teaser).is_null())
//
// A condition knows the table it is about, so that one about another table does not compile. Its
// text is made of described names and `?`; its values travel beside it.

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "hornbeam/base/check.h"
#include "hornbeam/data/table.h"

namespace hornbeam::data {

namespace internal {

/// A value kept until it is bound.
class KeptValue final : public Parameters {
 public:
  template <Bindable Value>
  static KeptValue of(const Value& value) {
    KeptValue kept;
    Codec<BoundAs<Value>>::bind(kept, 0, value, Binding::kCopied);
    return kept;
  }

  bool is_null() const noexcept { return value_.index() == 0; }
  /// Lifetime: this value outlives the use of what it was bound to.
  void bind_to(Parameters& parameters, int parameter) const;

  void bind_null(int parameter) override;
  void bind_integer(int parameter, std::int64_t value) override;
  void bind_real(int parameter, double value) override;
  void bind_text(int parameter, std::string_view value, Binding binding) override;
  void bind_blob(int parameter, std::span<const std::byte> value, Binding binding) override;

 private:
  std::variant<std::monostate, std::int64_t, double, std::string, std::vector<std::byte>> value_;
};

/// Part of a statement: SQL with `?`, and the value for each of them. Empty says nothing.
struct Predicate {
  std::string sql;
  std::vector<KeptValue> values;

  bool empty() const noexcept { return sql.empty(); }
};

/// `(left AND right)`, or OR; an empty side leaves the other.
Predicate joined(Predicate left, std::string_view word, Predicate right);
/// `column operation ?`; `=` and `<>` with NULL become IS NULL and IS NOT NULL.
Predicate comparison(std::string column, std::string_view operation, KeptValue value);
Predicate one_of(std::string column, std::vector<KeptValue> values);

template <class Value>
struct WithoutOptional {
  using type = Value;
};
template <class Value>
struct WithoutOptional<std::optional<Value>> {
  using type = Value;
};
template <class Value>
using Plain = typename WithoutOptional<std::remove_cvref_t<Value>>::type;

template <class Value>
concept Number = std::integral<Value> || std::floating_point<Value>;

/// Numbers compare with numbers, text with text, anything else with its own type; NULL with what
/// may be NULL.
template <class Given, class Stored>
concept ComparableWith =
    Bindable<Given> &&
    ((Number<Plain<Given>> && Number<Plain<Stored>>) ||
     (std::convertible_to<Given, std::string_view> && std::same_as<Plain<Stored>, std::string>) ||
     std::same_as<Plain<Given>, Plain<Stored>> ||
     (std::same_as<Given, std::nullopt_t> && !std::same_as<Plain<Stored>, Stored>));

}  // namespace internal

/// Something that holds for some rows of `Row`'s table and not for others.
template <Table Row>
class Condition {
 public:
  explicit Condition(internal::Predicate predicate) : predicate_(std::move(predicate)) {}

  const internal::Predicate& predicate() const& { return predicate_; }
  internal::Predicate predicate() && { return std::move(predicate_); }

  friend Condition operator&&(Condition left, Condition right) {
    return Condition(
        internal::joined(std::move(left.predicate_), "AND", std::move(right.predicate_)));
  }
  friend Condition operator||(Condition left, Condition right) {
    return Condition(
        internal::joined(std::move(left.predicate_), "OR", std::move(right.predicate_)));
  }
  friend Condition operator!(Condition condition) {
    condition.predicate_.sql = "NOT (" + condition.predicate_.sql + ")";
    return condition;
  }

 private:
  internal::Predicate predicate_;
};

/// A column of `Row`'s table that stores `Value`s; made by `column`.
template <Table Row, class Value>
class Column {
 public:
  explicit Column(std::string_view name)
      : sql_(internal::quoted_table<Row>() + '.' + internal::quoted(name)) {}

  const std::string& sql() const noexcept { return sql_; }

  Condition<Row> is_null() const { return Condition<Row>({sql_ + " IS NULL", {}}); }
  Condition<Row> is_not_null() const { return Condition<Row>({sql_ + " IS NOT NULL", {}}); }

  /// Equal to one of `values`; for an empty range, true of no row.
  template <class Values>
    requires internal::ComparableWith<typename Values::value_type, Value>
  Condition<Row> in(const Values& values) const {
    std::vector<internal::KeptValue> kept;
    for (const auto& value : values) kept.push_back(internal::KeptValue::of(value));
    return Condition<Row>(internal::one_of(sql_, std::move(kept)));
  }

  /// Matches SQL's LIKE: `%` stands for any text, `_` for one character.
  Condition<Row> like(std::string_view pattern) const
    requires std::same_as<internal::Plain<Value>, std::string>
  {
    return compare("LIKE", pattern);
  }

  /// At least `low` and at most `high`.
  template <class Given>
    requires internal::ComparableWith<Given, Value>
  Condition<Row> between(const Given& low, const Given& high) const {
    return compare(">=", low) && compare("<=", high);
  }

  template <class Given>
  Condition<Row> compare(std::string_view operation, const Given& value) const {
    return Condition<Row>(internal::comparison(sql_, operation, internal::KeptValue::of(value)));
  }
  Condition<Row> compare(std::string_view operation, const Column& other) const {
    return Condition<Row>({sql_ + ' ' + std::string(operation) + ' ' + other.sql_, {}});
  }

 private:
  std::string sql_;
};

/// The column that a described member is stored in.
template <Table Row, class Value>
Column<Row, Value> column(Value Row::* member) {
  const std::string_view name = base::field_name(member);
  base::check(!name.empty(), "a member that is not described has no column");
  return Column<Row, Value>(name);
}

namespace internal {

template <class Given, class Row, class Value>
concept Operand = ComparableWith<Given, Value> || std::same_as<Given, Column<Row, Value>>;

}  // namespace internal

template <Table Row, class Value, class Given>
  requires internal::Operand<Given, Row, Value>
Condition<Row> operator==(const Column<Row, Value>& column, const Given& value) {
  return column.compare("=", value);
}
template <Table Row, class Value, class Given>
  requires internal::Operand<Given, Row, Value>
Condition<Row> operator!=(const Column<Row, Value>& column, const Given& value) {
  return column.compare("<>", value);
}
template <Table Row, class Value, class Given>
  requires internal::Operand<Given, Row, Value>
Condition<Row> operator<(const Column<Row, Value>& column, const Given& value) {
  return column.compare("<", value);
}
template <Table Row, class Value, class Given>
  requires internal::Operand<Given, Row, Value>
Condition<Row> operator<=(const Column<Row, Value>& column, const Given& value) {
  return column.compare("<=", value);
}
template <Table Row, class Value, class Given>
  requires internal::Operand<Given, Row, Value>
Condition<Row> operator>(const Column<Row, Value>& column, const Given& value) {
  return column.compare(">", value);
}
template <Table Row, class Value, class Given>
  requires internal::Operand<Given, Row, Value>
Condition<Row> operator>=(const Column<Row, Value>& column, const Given& value) {
  return column.compare(">=", value);
}

}  // namespace hornbeam::data

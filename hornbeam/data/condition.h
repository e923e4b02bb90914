#pragma once

// Condition: what a WHERE says, written with member pointers.
//
//   column(&Post::author) == id && (column(&Post::score) > 3 || column(&Post::teaser).is_null())
//
// An expression has the type of its value, and knows the tables it is about, so that one about
// another table does not compile. Its text is made of described names and `?`; its values travel
// beside it. Where databases differ, the text holds a token until the connection is known.

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
#include "hornbeam/data/source.h"

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

  using Stored =
      std::variant<std::monostate, std::int64_t, double, std::string, std::vector<std::byte>>;

  bool is_null() const noexcept { return value_.index() == 0; }
  const Stored& stored() const noexcept { return value_; }
  bool operator==(const KeptValue& other) const { return value_ == other.value_; }
  /// Lifetime: this value outlives the use of what it was bound to.
  void bind_to(Parameters& parameters, int parameter) const;

  void bind_null(int parameter) override;
  void bind_integer(int parameter, std::int64_t value) override;
  void bind_real(int parameter, double value) override;
  void bind_text(int parameter, std::string_view value, Binding binding) override;
  void bind_blob(int parameter, std::span<const std::byte> value, Binding binding) override;

 private:
  Stored value_;
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
/// `column IN (...)`: few values one by one, many as one parameter, so that ten thousand are no
/// other statement than twenty.
Predicate one_of(std::string column, std::vector<KeptValue> values);
/// `function(first, second)`.
Predicate call(std::string_view function, Predicate first, Predicate second);
/// Both sides with `word` between them, and their values in that order.
Predicate between(Predicate left, std::string_view word, Predicate right);
/// The text for one database, its tokens replaced.
std::string sql_for(Dialect dialect, std::string_view sql);
/// The value as it would be written in SQL, for people.
std::string shown(const KeptValue& value);

/// Where databases differ; a token never occurs in a name.
inline constexpr char kIntegerList = '\x01';
inline constexpr char kTextList = '\x02';
inline constexpr char kPositionOf = '\x03';

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

template <class... Sources>
class Condition;
template <class Value, class... Sources>
class Expression;

namespace internal {

template <class Sources>
struct Of;
template <class... Sources>
struct Of<List<Sources...>> {
  using Condition = data::Condition<Sources...>;
  template <class Value>
  using Expression = data::Expression<Value, Sources...>;
};
template <class Left, class Right>
using ConditionOn = typename Of<Union<Left, Right>>::Condition;
template <class Value, class Left, class Right>
using ExpressionOn = typename Of<Union<Left, Right>>::template Expression<Value>;

/// A query that may stand inside another; see select.h.
template <class Query>
concept SubQuery = requires(const Query& query) {
  typename Query::Result;
  typename Query::Outer;
  { query.sub_query() } -> std::same_as<Predicate>;
};

}  // namespace internal

/// Something that holds for some rows of its tables and not for others.
template <class... Sources>
class Condition {
 public:
  /// The tables whose rows it speaks of, for a query to check that it has them.
  using Tables = internal::List<Sources...>;

  /// For functions that write SQL of their own; `predicate` says what holds, with `?` for its
  /// values.
  explicit Condition(internal::Predicate predicate) : predicate_(std::move(predicate)) {}

  /// The SQL and its values.
  const internal::Predicate& predicate() const& { return predicate_; }
  internal::Predicate predicate() && { return std::move(predicate_); }

  friend Condition operator!(Condition condition) {
    condition.predicate_.sql = "NOT (" + condition.predicate_.sql + ")";
    return condition;
  }

 private:
  internal::Predicate predicate_;
};

template <class... Left, class... Right>
auto operator&&(Condition<Left...> left, Condition<Right...> right) {
  return internal::ConditionOn<internal::List<Left...>, internal::List<Right...>>(
      internal::joined(std::move(left).predicate(), "AND", std::move(right).predicate()));
}
template <class... Left, class... Right>
auto operator||(Condition<Left...> left, Condition<Right...> right) {
  return internal::ConditionOn<internal::List<Left...>, internal::List<Right...>>(
      internal::joined(std::move(left).predicate(), "OR", std::move(right).predicate()));
}

/// What SQL computes from columns of its tables, as a `Value`; `column` makes the simplest.
template <class Value, class... Sources>
class Expression {
 public:
  using Tables = internal::List<Sources...>;  ///< The tables whose columns it is made of.
  using Holds = Condition<Sources...>;        ///< What a comparison of it gives.
  using value_type = Value;

  /// For functions that write SQL of their own.
  explicit Expression(internal::Predicate part) : part_(std::move(part)) {}

  /// The SQL, with `?` where values go.
  const std::string& sql() const noexcept { return part_.sql; }
  /// The SQL and its values.
  const internal::Predicate& part() const noexcept { return part_; }

  /// Rows in which it has no value.
  Holds is_null() const { return Holds({part_.sql + " IS NULL", part_.values}); }
  /// Rows in which it has one.
  Holds is_not_null() const { return Holds({part_.sql + " IS NOT NULL", part_.values}); }

  /// Equal to one of `values`; for an empty range, true of no row. Takes ten thousand as well. More
  /// than eight texts for a uuid column of PostgreSQL, or time points for one that is no bigint,
  /// are an error of the server's.
  template <class Values>
    requires(!internal::SubQuery<Values>) &&
            internal::ComparableWith<typename Values::value_type, Value>
  Holds in(const Values& values) const {
    std::vector<internal::KeptValue> kept;
    for (const auto& value : values) kept.push_back(internal::KeptValue::of(value));
    internal::Predicate made = internal::one_of(part_.sql, std::move(kept));
    made.values.insert(made.values.begin(), part_.values.begin(), part_.values.end());
    return Holds(std::move(made));
  }

  /// Equal to one of the values that a query gives.
  template <internal::SubQuery Query>
  auto in(const Query& query) const {
    static_assert(internal::ComparableWith<typename Query::Result, Value>,
                  "the query gives values of another type. Mend: end it with .only(column) of a "
                  "column that compares with this one");
    internal::Predicate inner = query.sub_query();
    inner.sql = '(' + inner.sql + ')';
    return internal::ConditionOn<Tables, typename Query::Outer>(
        internal::between(part_, " IN ", std::move(inner)));
  }

  /// Matches SQL's LIKE: `%` stands for any text, `_` for one character. SQLite takes no notice of
  /// the case of ASCII letters, PostgreSQL does.
  Holds like(std::string_view pattern) const
    requires std::same_as<internal::Plain<Value>, std::string>
  {
    return compare(" LIKE ", pattern);
  }
  /// Begins with this text, which has no wildcards.
  Holds starts_with(std::string_view text) const
    requires std::same_as<internal::Plain<Value>, std::string>
  {
    internal::Predicate start{"substr(" + part_.sql + ", 1, CAST(length(?) AS INTEGER)) = ?",
                              part_.values};
    const auto kept = internal::KeptValue::of(text);
    start.values.push_back(kept);
    start.values.push_back(kept);
    return Holds(std::move(start));
  }
  /// Holds this text, which has no wildcards, somewhere.
  Holds contains(std::string_view text) const
    requires std::same_as<internal::Plain<Value>, std::string>
  {
    internal::Predicate found = internal::call(std::string(1, internal::kPositionOf), part_,
                                               {"?", {internal::KeptValue::of(text)}});
    found.sql += " > 0";
    return Holds(std::move(found));
  }

  /// At least `low` and at most `high`.
  template <class Given>
    requires internal::ComparableWith<Given, Value>
  Holds between(const Given& low, const Given& high) const {
    return compare(" >= ", low) && compare(" <= ", high);
  }

  /// Compares with a value, which is bound, or with another expression; `operation` is SQL's, such
  /// as "<=".
  template <class Given>
  Holds compare(std::string_view operation, const Given& value) const {
    internal::Predicate made =
        internal::comparison(part_.sql, operation, internal::KeptValue::of(value));
    made.values.insert(made.values.begin(), part_.values.begin(), part_.values.end());
    return Holds(std::move(made));
  }
  template <class Other, class... More>
  auto compare(std::string_view operation, const Expression<Other, More...>& other) const {
    return internal::ConditionOn<Tables, internal::List<More...>>(
        internal::between(part_, operation, other.part()));
  }

 private:
  internal::Predicate part_;
};

/// A column of a table that stores `Value`s.
template <class From, class Value>
using Column = Expression<Value, From>;

/// The column that a described member is stored in.
template <Table Row, class Value>
Column<Row, Value> column(Value Row::* member) {
  return Column<Row, Value>(
      {internal::quoted_table<Row>() + '.' + internal::column_name(member), {}});
}
/// The same of a table under another name: `column<Manager>(&Employee::name)`.
template <Source From, Table Row, class Value>
  requires std::same_as<internal::RowOf<From>, Row>
Column<From, Value> column(Value Row::* member) {
  return Column<From, Value>(
      {internal::SourceTraits<From>::name() + '.' + internal::column_name(member), {}});
}

namespace internal {

template <class Given>
struct ExpressionTraits {
  static constexpr bool kIs = false;
};
template <class Value, class... Sources>
struct ExpressionTraits<Expression<Value, Sources...>> {
  static constexpr bool kIs = true;
  using Stored = Value;
};
template <class Given>
concept IsExpression = ExpressionTraits<Given>::kIs;

/// What an expression of `Value`s may be compared with: a value, or another expression.
template <class Given, class Value>
concept Operand = (!IsExpression<Given> && !SubQuery<Given> && ComparableWith<Given, Value>) ||
                  (IsExpression<Given> &&
                   ComparableWith<typename ExpressionTraits<Given>::Stored, Plain<Value>>) ||
                  (IsExpression<Given> &&
                   ComparableWith<Plain<typename ExpressionTraits<Given>::Stored>, Plain<Value>>);

}  // namespace internal

template <class Value, class... Sources, class Given>
  requires internal::Operand<Given, Value>
auto operator==(const Expression<Value, Sources...>& left, const Given& right) {
  return left.compare(" = ", right);
}
template <class Value, class... Sources, class Given>
  requires internal::Operand<Given, Value>
auto operator!=(const Expression<Value, Sources...>& left, const Given& right) {
  return left.compare(" <> ", right);
}
template <class Value, class... Sources, class Given>
  requires internal::Operand<Given, Value>
auto operator<(const Expression<Value, Sources...>& left, const Given& right) {
  return left.compare(" < ", right);
}
template <class Value, class... Sources, class Given>
  requires internal::Operand<Given, Value>
auto operator<=(const Expression<Value, Sources...>& left, const Given& right) {
  return left.compare(" <= ", right);
}
template <class Value, class... Sources, class Given>
  requires internal::Operand<Given, Value>
auto operator>(const Expression<Value, Sources...>& left, const Given& right) {
  return left.compare(" > ", right);
}
template <class Value, class... Sources, class Given>
  requires internal::Operand<Given, Value>
auto operator>=(const Expression<Value, Sources...>& left, const Given& right) {
  return left.compare(" >= ", right);
}

}  // namespace hornbeam::data

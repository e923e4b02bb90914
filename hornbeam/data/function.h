#pragma once

// What SQL computes: arithmetic, aggregates and the functions that every database has.

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>

#include "hornbeam/data/condition.h"

namespace hornbeam::data {

namespace internal {

template <class Value>
inline constexpr bool kMayBeNull = !std::same_as<Plain<Value>, Value>;
template <class Left, class Right>
using Sum = std::common_type_t<Plain<Left>, Plain<Right>>;
template <class Left, class Right>
using Computed = std::conditional_t<kMayBeNull<Left> || kMayBeNull<Right>,
                                    std::optional<Sum<Left, Right>>, Sum<Left, Right>>;

template <class Value>
concept Numeric = Number<Plain<Value>>;

template <class Left, class... A, class Right, class... B>
auto computed(const Expression<Left, A...>& left, std::string_view word,
              const Expression<Right, B...>& right) {
  Predicate made = between(left.part(), word, right.part());
  made.sql = '(' + made.sql + ')';
  return ExpressionOn<Computed<Left, Right>, List<A...>, List<B...>>(std::move(made));
}
template <class Value>
Expression<Value> bound(const Value& value) {
  return Expression<Value>({"?", {KeptValue::of(value)}});
}

template <class Value, class... Sources>
Predicate applied(std::string_view before, const Expression<Value, Sources...>& to,
                  std::string_view after = ")") {
  return {std::string(before) + to.sql() + std::string(after), to.part().values};
}

}  // namespace internal

template <internal::Numeric Left, class... A, internal::Numeric Right, class... B>
auto operator+(const Expression<Left, A...>& left, const Expression<Right, B...>& right) {
  return internal::computed(left, " + ", right);
}
template <internal::Numeric Left, class... A, internal::Number Right>
auto operator+(const Expression<Left, A...>& left, Right right) {
  return internal::computed(left, " + ", internal::bound(right));
}
template <internal::Numeric Left, class... A, internal::Numeric Right, class... B>
auto operator-(const Expression<Left, A...>& left, const Expression<Right, B...>& right) {
  return internal::computed(left, " - ", right);
}
template <internal::Numeric Left, class... A, internal::Number Right>
auto operator-(const Expression<Left, A...>& left, Right right) {
  return internal::computed(left, " - ", internal::bound(right));
}
template <internal::Numeric Left, class... A, internal::Numeric Right, class... B>
auto operator*(const Expression<Left, A...>& left, const Expression<Right, B...>& right) {
  return internal::computed(left, " * ", right);
}
template <internal::Numeric Left, class... A, internal::Number Right>
auto operator*(const Expression<Left, A...>& left, Right right) {
  return internal::computed(left, " * ", internal::bound(right));
}
template <internal::Numeric Left, class... A, internal::Numeric Right, class... B>
auto operator/(const Expression<Left, A...>& left, const Expression<Right, B...>& right) {
  return internal::computed(left, " / ", right);
}
template <internal::Numeric Left, class... A, internal::Number Right>
auto operator/(const Expression<Left, A...>& left, Right right) {
  return internal::computed(left, " / ", internal::bound(right));
}

/// How many rows there are, in each group.
inline Expression<std::int64_t> count() {
  return Expression<std::int64_t>({"count(*)", {}});
}
/// How many rows have a value there.
template <class Value, class... Sources>
Expression<std::int64_t, Sources...> count(const Expression<Value, Sources...>& of) {
  return Expression<std::int64_t, Sources...>(internal::applied("count(", of));
}
/// How many different values there are.
template <class Value, class... Sources>
Expression<std::int64_t, Sources...> count_distinct(const Expression<Value, Sources...>& of) {
  return Expression<std::int64_t, Sources...>(internal::applied("count(DISTINCT ", of));
}
/// Empty for no rows, as the next three.
template <internal::Numeric Value, class... Sources>
auto sum(const Expression<Value, Sources...>& of) {
  using Total = std::conditional_t<std::integral<internal::Plain<Value>>, std::int64_t, double>;
  const char* const type = std::same_as<Total, double> ? ") AS DOUBLE PRECISION)" : ") AS BIGINT)";
  return Expression<std::optional<Total>, Sources...>(internal::applied("CAST(sum(", of, type));
}
/// The mean of all values; nothing for no rows.
template <internal::Numeric Value, class... Sources>
auto average(const Expression<Value, Sources...>& of) {
  return Expression<std::optional<double>, Sources...>(
      internal::applied("CAST(avg(", of, ") AS DOUBLE PRECISION)"));
}
/// The least value; nothing for no rows.
template <class Value, class... Sources>
auto least(const Expression<Value, Sources...>& of) {
  return Expression<std::optional<internal::Plain<Value>>, Sources...>(
      internal::applied("min(", of));
}
/// The greatest value; nothing for no rows.
template <class Value, class... Sources>
auto greatest(const Expression<Value, Sources...>& of) {
  return Expression<std::optional<internal::Plain<Value>>, Sources...>(
      internal::applied("max(", of));
}

/// The text in lower case, as the database does it: SQLite knows ASCII only.
template <class Value, class... Sources>
  requires std::same_as<internal::Plain<Value>, std::string>
auto lower(const Expression<Value, Sources...>& of) {
  return Expression<Value, Sources...>(internal::applied("lower(", of));
}
/// The text in upper case, as the database does it: SQLite knows ASCII only.
template <class Value, class... Sources>
  requires std::same_as<internal::Plain<Value>, std::string>
auto upper(const Expression<Value, Sources...>& of) {
  return Expression<Value, Sources...>(internal::applied("upper(", of));
}
/// The value, or `otherwise` where there is none.
template <class Value, class... Sources>
auto coalesce(const Expression<std::optional<Value>, Sources...>& of,
              const std::type_identity_t<Value>& otherwise) {
  return Expression<Value, Sources...>(
      internal::call("coalesce", of.part(), {"?", {internal::KeptValue::of(otherwise)}}));
}

/// True where a query, such as one about rows of another table that refer to this one, has a row.
template <internal::SubQuery Query>
auto exists(const Query& query) {
  internal::Predicate inner = query.sub_query();
  inner.sql = "EXISTS (" + inner.sql + ')';
  return typename internal::Of<typename Query::Outer>::Condition(std::move(inner));
}
/// The one value of a query; empty if it has no row.
template <internal::SubQuery Query>
auto scalar(const Query& query) {
  internal::Predicate inner = query.sub_query();
  inner.sql = '(' + inner.sql + ')';
  using Value = std::optional<internal::Plain<typename Query::Result>>;
  return typename internal::Of<typename Query::Outer>::template Expression<Value>(std::move(inner));
}

}  // namespace hornbeam::data

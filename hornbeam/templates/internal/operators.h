#pragma once

// Python's operators on values.

#include <cstdint>
#include <string_view>

#include "hornbeam/templates/value.h"

namespace hornbeam::templates::internal {

enum class Binary : std::uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kFloorDivide,
  kModulo,
  kPower
};
enum class Comparison : std::uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIn,
  kNotIn
};

Value apply(Binary operation, const Value& left, const Value& right);
Value negated(const Value& value);
Value plus(const Value& value);
bool compare(Comparison comparison, const Value& left, const Value& right);
/// Python's <. Throws TemplateError for what has no order.
bool is_less(const Value& left, const Value& right);
bool contains(const Value& container, const Value& element);
/// left ~ right, safe if either is.
Value concatenated(const Value& left, const Value& right);
/// value[start:stop:step]; None where nothing is said.
Value sliced(const Value& value, const Value& start, const Value& stop, const Value& step);
/// "%d of %s" % arguments.
Value formatted(const Value& format, const Arguments& arguments);
/// Python's format(value, "<10.2f").
std::string format_value(const Value& value, std::string_view specification);
/// A number with `precision` digits behind the point, as "%.2f".
std::string fixed(double number, int precision);

}  // namespace hornbeam::templates::internal

#pragma once

// JavaScript's conversions and comparisons, on which GrowthBook's conditions are built.
// Source: ECMA-262, sections 7.1 (type conversion) and 7.2 (testing and comparison).

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "hornbeam/experiment/growthbook/value.h"

namespace hornbeam::experiment::growthbook {

/// A number as JavaScript prints it (`Number::toString`), without an allocation.
class NumberText {
 public:
  explicit NumberText(double number) noexcept;
  /// Lifetime: this object's.
  std::string_view view() const noexcept { return {buffer_.data(), size_}; }

 private:
  void append(std::string_view text) noexcept;
  void append_finite(double number) noexcept;
  void append_exponent(int exponent) noexcept;

  std::array<char, 40> buffer_{};
  std::size_t size_ = 0;
};

/// `String(value)`.
std::string to_text(const Value& value);
/// `Number(value)`; NaN where there is none.
double to_number(const Value& value);
/// `!!value`.
bool is_truthy(const Value& value) noexcept;

/// `left === right`; two arrays or two objects never are, since they are two.
bool strictly_equal(const Value& left, const Value& right) noexcept;

/// What `<` and `>` make of two values; `kUnordered` where one is no number.
enum class Order { kLess, kEqual, kGreater, kUnordered };
/// Compares as JavaScript's relational operators do.
Order compare(const Value& left, const Value& right);
/// Compares UTF-8 texts by their UTF-16 code units, as JavaScript does: below zero, zero or above.
int compare_text(std::string_view left, std::string_view right) noexcept;

/// `text.toLowerCase()`, by Unicode's rules.
std::string to_lower(std::string_view text);

/// A version in a form whose order as text is the order of versions: "1.9.0" before "1.10.0",
/// "1.0.0-beta" before "1.0.0". What is neither text nor number counts as "0".
std::string comparable_version(const Value& version);

}  // namespace hornbeam::experiment::growthbook

#include "hornbeam/search/aggregation/java_number.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace hornbeam::search::aggregation {
namespace {

/// Java writes a power of ten below the first and from the second on.
constexpr double kSmallestPlain = 1e-3;
constexpr double kLargestPlain = 1e7;

}  // namespace

std::string java_double(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  if (value == 0) return std::signbit(value) ? "-0.0" : "0.0";
  std::array<char, 400> buffer{};
  const double magnitude = std::abs(value);
  const bool is_plain = magnitude >= kSmallestPlain && magnitude < kLargestPlain;
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                    is_plain ? std::chars_format::fixed : std::chars_format::scientific)
          .ptr;
  std::string text(buffer.data(), end);
  if (is_plain) return text.contains('.') ? text : text + ".0";
  const std::size_t mark = text.find('e');
  std::string digits = text.substr(0, mark);
  if (!digits.contains('.')) digits += ".0";
  return digits + "E" + std::to_string(std::atoi(text.c_str() + mark + 1));
}

std::string json_double(double value) {
  return std::isfinite(value) ? java_double(value) : '"' + java_double(value) + '"';
}

std::string json_double_or_null(double value) {
  return std::isfinite(value) ? java_double(value) : "null";
}

}  // namespace hornbeam::search::aggregation

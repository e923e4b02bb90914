#include "hornbeam/search/score/explanation.h"

#include <cmath>

#include <fmt/format.h>

namespace hornbeam::search {

std::string java_float(float value) {
  if (!std::isfinite(value))
    return std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  const float size = std::abs(value);
  if (size != 0 && (size < 1e-3F || size >= 1e7F)) {
    // Java's scientific notation: one digit before the point, at least one behind it.
    std::string text = fmt::format("{:e}", value);
    const int exponent = std::stoi(text.substr(text.find('e') + 1));
    std::string digits = fmt::format("{}", static_cast<float>(value / std::pow(10.0, exponent)));
    if (!digits.contains('.')) digits += ".0";
    return fmt::format("{}E{}", digits, exponent);
  }
  std::string text = fmt::format("{}", value);
  if (!text.contains('.') && !text.contains('e')) text += ".0";
  return text;
}

std::string boosted_text(std::string text, float boost) {
  return boost == 1 ? text : fmt::format("({})^{}", text, java_float(boost));
}

}  // namespace hornbeam::search

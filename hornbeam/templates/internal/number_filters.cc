// Filters that make numbers, or texts of numbers.

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "hornbeam/templates/environment.h"
#include "hornbeam/templates/internal/builtins.h"
#include "hornbeam/templates/internal/operators.h"
#include "hornbeam/templates/internal/state.h"
#include "hornbeam/templates/internal/text.h"

namespace hornbeam::templates::internal {

namespace {

std::optional<double> parsed_float(std::string_view text) {
  text = stripped(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Value to_integer(FilterCall& call) {
  const Value fallback = call.argument(0, "default", Value(0));
  const std::int64_t base = call.integer(1, "base", 10);
  if (call.value.is_integer()) return Value(call.value.integer());
  const auto whole = [&](double number) {
    if (!std::isfinite(number) || std::abs(number) >= 9.2e18) return fallback;
    return Value(static_cast<std::int64_t>(number));
  };
  if (call.value.is_number()) return whole(call.value.number());
  if (!call.value.is_text() || base < 2 || base > 36) return fallback;
  std::string text(stripped(call.value.text()));
  const bool is_negative = text.starts_with('-');
  std::string_view digits = text;
  if (is_negative || text.starts_with('+')) digits.remove_prefix(1);
  const std::string_view mark = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "";
  if (!mark.empty() && lower(digits.substr(0, 2)) == mark) digits.remove_prefix(2);
  std::string plain;
  for (const char each : digits) {
    if (each != '_') plain += each;
  }
  std::int64_t number = 0;
  const auto [end, error] =
      std::from_chars(plain.data(), plain.data() + plain.size(), number, static_cast<int>(base));
  if (error == std::errc() && end == plain.data() + plain.size() && !plain.empty()) {
    return Value(is_negative ? -number : number);
  }
  const auto real = parsed_float(text);
  return real ? whole(*real) : fallback;
}

Value to_float(FilterCall& call) {
  if (call.value.is_number()) return Value(call.value.number());
  const auto number = call.value.is_text() ? parsed_float(call.value.text()) : std::nullopt;
  return number ? Value(*number) : call.argument(0, "default", Value(0.0));
}

Value rounded(FilterCall& call) {
  if (call.value.is_undefined()) fail_undefined(call.value);
  if (!call.value.is_number()) fail("round takes a number, not " + call.value.repr());
  const std::int64_t precision =
      std::clamp<std::int64_t>(call.integer(0, "precision", 0), -300, 300);
  const std::string method = call.text(1, "method", "common");
  if (method != "common" && method != "ceil" && method != "floor") {
    fail("method must be common, ceil or floor");
  }
  const double number = call.value.number();
  if (method == "common") {
    if (precision >= 0 && call.value.is_integer()) return Value(call.value.integer());
    if (precision >= 0) {
      // As Python: the shortest decimal that is right, not a product that was rounded already.
      const std::string text = fixed(number, static_cast<int>(precision));
      return Value(parsed_float(text).value_or(number));
    }
    const double scale = std::pow(10.0, static_cast<double>(-precision));
    const double to_scale = std::nearbyint(number / scale) * scale;
    return call.value.is_integer() ? Value(static_cast<std::int64_t>(to_scale)) : Value(to_scale);
  }
  const double scale = std::pow(10.0, static_cast<double>(precision));
  return Value((method == "ceil" ? std::ceil(number * scale) : std::floor(number * scale)) / scale);
}

Value filesize(FilterCall& call) {
  double bytes = 0;
  if (call.value.is_number()) {
    bytes = call.value.number();
  } else if (const auto number = parsed_float(call.value.to_text())) {
    bytes = *number;
  } else {
    throw TemplateError(TemplateError::Kind::kValue,
                        "could not convert string to float: " + call.value.repr());
  }
  const bool is_binary = call.flag(0, "binary", false);
  const double base = is_binary ? 1024 : 1000;
  if (bytes == 1) return Value("1 Byte");
  if (bytes < base) return Value(std::to_string(static_cast<std::int64_t>(bytes)) + " Bytes");
  constexpr std::string_view kLetters = "kMGTPEZY";
  double unit = base;
  std::size_t at = 0;
  while (at + 1 < kLetters.size() && bytes >= unit * base) {
    unit *= base;
    ++at;
  }
  const char letter = is_binary && at == 0 ? 'K' : kLetters[at];
  return Value(fixed(bytes / unit, 1) + " " + letter + (is_binary ? "iB" : "B"));
}

}  // namespace

std::string fixed(double number, int precision) {
  std::array<char, 700> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number,
                                          std::chars_format::fixed, precision);
  return {text.data(), error == std::errc() ? end : text.data()};
}

void add_number_filters(Environment& environment) {
  environment.add_filter("int", to_integer);
  environment.add_filter("float", to_float);
  environment.add_filter("round", rounded);
  environment.add_filter("filesizeformat", filesize);
  environment.add_filter("abs", [](FilterCall& call) {
    if (call.value.is_undefined()) fail_undefined(call.value);
    if (!call.value.is_number()) {
      fail("bad operand type for abs(): '" + std::string(call.value.type_name()) + "'");
    }
    if (!call.value.is_integer()) return Value(std::abs(call.value.number()));
    return call.value.integer() < 0 ? negated(call.value) : Value(call.value.integer());
  });
}

}  // namespace hornbeam::templates::internal

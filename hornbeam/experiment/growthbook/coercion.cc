#include "hornbeam/experiment/growthbook/coercion.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <unicode/locid.h>
#include <unicode/unistr.h>

namespace hornbeam::experiment::growthbook {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The length of the white space or line end that JavaScript trims at the start of `text`; 0 if
// there is none.
std::size_t space_at(std::string_view text) {
  constexpr std::string_view kWide[] = {"\u00a0", "\u1680", "\u2000", "\u2001", "\u2002",
                                        "\u2003", "\u2004", "\u2005", "\u2006", "\u2007",
                                        "\u2008", "\u2009", "\u200a", "\u2028", "\u2029",
                                        "\u202f", "\u205f", "\u3000", "\ufeff"};
  if (text.empty()) return 0;
  if (text[0] == ' ' || (text[0] >= '\t' && text[0] <= '\r')) return 1;
  for (const std::string_view wide : kWide) {
    if (text.starts_with(wide)) return wide.size();
  }
  return 0;
}

std::string_view trimmed(std::string_view text) {
  while (const std::size_t space = space_at(text)) text.remove_prefix(space);
  for (bool is_cut = true; is_cut && !text.empty();) {
    is_cut = false;
    for (const std::size_t size : {1U, 2U, 3U}) {
      if (text.size() < size || space_at(text.substr(text.size() - size)) != size) continue;
      text.remove_suffix(size);
      is_cut = true;
      break;
    }
  }
  return text;
}

double number_in_base(std::string_view digits, int base) {
  double number = 0;
  for (const char c : digits) {
    const int digit = is_digit(c)              ? c - '0'
                      : (c >= 'a' && c <= 'f') ? c - 'a' + 10
                      : (c >= 'A' && c <= 'F') ? c - 'A' + 10
                                               : 99;
    if (digit >= base) return kNaN;
    number = number * base + digit;
  }
  return digits.empty() ? kNaN : number;
}

double decimal_number(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  const double sign = is_negative ? -1 : 1;
  if (text == "Infinity") return sign * std::numeric_limits<double>::infinity();
  // from_chars knows "inf", "nan" and a second sign; JavaScript does not.
  if (text.empty() || !(is_digit(text[0]) || text[0] == '.') || text == ".") return kNaN;
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  if (stop != end) return kNaN;
  if (failure == std::errc::result_out_of_range) {
    const std::size_t exponent = text.find_first_of("eE");
    const bool is_tiny = exponent != std::string_view::npos && text.substr(exponent + 1)[0] == '-';
    return sign * (is_tiny ? 0 : std::numeric_limits<double>::infinity());
  }
  return failure == std::errc() ? sign * number : kNaN;
}

double number_in(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return 0;
  if (text.size() > 1 && text[0] == '0') {
    switch (text[1]) {
      case 'x':
      case 'X':
        return number_in_base(text.substr(2), 16);
      case 'o':
      case 'O':
        return number_in_base(text.substr(2), 8);
      case 'b':
      case 'B':
        return number_in_base(text.substr(2), 2);
      default:
        break;
    }
  }
  return decimal_number(text);
}

// What `<` compares an array or object by.
bool is_compound(const Value& value) {
  return value.is_array() || value.is_object();
}

Order order_of(double left, double right) {
  if (std::isnan(left) || std::isnan(right)) return Order::kUnordered;
  return left < right ? Order::kLess : left > right ? Order::kGreater : Order::kEqual;
}

Order order_of(std::string_view left, std::string_view right) {
  const int order = compare_text(left, right);
  return order < 0 ? Order::kLess : order > 0 ? Order::kGreater : Order::kEqual;
}

}  // namespace

NumberText::NumberText(double number) noexcept {
  if (number < 0) append("-");
  if (std::isnan(number)) {
    append("NaN");
  } else if (std::isinf(number)) {
    append("Infinity");
  } else if (number == 0) {
    append("0");
  } else {
    append_finite(std::fabs(number));
  }
}

void NumberText::append_finite(double number) noexcept {
  // The shortest digits that give the number back, and where its point stands.
  std::array<char, 32> scientific{};
  const char* const end = std::to_chars(scientific.data(), scientific.data() + scientific.size(),
                                        number, std::chars_format::scientific)
                              .ptr;
  const char* const e = std::find(scientific.data(), const_cast<char*>(end), 'e');
  std::array<char, 20> digits{};
  std::size_t count = 0;
  for (const char* c = scientific.data(); c != e; ++c) {
    if (*c != '.') digits.at(count++) = *c;
  }
  int exponent = 0;
  std::from_chars(e + (e[1] == '+' ? 2 : 1), end, exponent);
  const std::string_view all(digits.data(), count);
  const int point = exponent + 1;
  const int size = static_cast<int>(count);
  if (point > 21 || point < -5) {
    append(all.substr(0, 1));
    if (size > 1) append(".");
    append(all.substr(1));
    append_exponent(point - 1);
  } else if (point >= size) {
    append(all);
    for (int i = size; i < point; ++i) append("0");
  } else if (point > 0) {
    append(all.substr(0, static_cast<std::size_t>(point)));
    append(".");
    append(all.substr(static_cast<std::size_t>(point)));
  } else {
    append("0.");
    for (int i = point; i < 0; ++i) append("0");
    append(all);
  }
}

void NumberText::append(std::string_view text) noexcept {
  std::copy(text.begin(), text.end(), buffer_.begin() + static_cast<std::ptrdiff_t>(size_));
  size_ += text.size();
}

void NumberText::append_exponent(int exponent) noexcept {
  append(exponent < 0 ? "e-" : "e+");
  char* const first = buffer_.data() + size_;
  size_ = static_cast<std::size_t>(
      std::to_chars(first, buffer_.data() + buffer_.size(), std::abs(exponent)).ptr -
      buffer_.data());
}

std::string to_text(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kUndefined:
      return "undefined";
    case Value::Kind::kNull:
      return "null";
    case Value::Kind::kBool:
      return *value.as_bool() ? "true" : "false";
    case Value::Kind::kNumber:
      return std::string(NumberText(*value.as_number()).view());
    case Value::Kind::kString:
      return *value.as_string();
    case Value::Kind::kObject:
      return "[object Object]";
    case Value::Kind::kArray:
      break;
  }
  std::string joined;
  const Value::Array& elements = *value.as_array();
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (i > 0) joined += ',';
    if (!elements[i].is_nullish()) joined += to_text(elements[i]);
  }
  return joined;
}

double to_number(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kNull:
      return 0;
    case Value::Kind::kBool:
      return *value.as_bool() ? 1 : 0;
    case Value::Kind::kNumber:
      return *value.as_number();
    case Value::Kind::kString:
      return number_in(*value.as_string());
    case Value::Kind::kArray:
      return number_in(to_text(value));
    case Value::Kind::kUndefined:
    case Value::Kind::kObject:
      break;
  }
  return kNaN;
}

bool is_truthy(const Value& value) noexcept {
  switch (value.kind()) {
    case Value::Kind::kUndefined:
    case Value::Kind::kNull:
      return false;
    case Value::Kind::kBool:
      return *value.as_bool();
    case Value::Kind::kNumber:
      return *value.as_number() != 0 && !std::isnan(*value.as_number());
    case Value::Kind::kString:
      return !value.as_string()->empty();
    case Value::Kind::kArray:
    case Value::Kind::kObject:
      break;
  }
  return true;
}

bool strictly_equal(const Value& left, const Value& right) noexcept {
  return !is_compound(left) && left == right;
}

Order compare(const Value& left, const Value& right) {
  const std::string* const left_text = left.as_string();
  const std::string* const right_text = right.as_string();
  if (left_text != nullptr && right_text != nullptr) return order_of(*left_text, *right_text);
  const bool are_texts =
      (left_text != nullptr || is_compound(left)) && (right_text != nullptr || is_compound(right));
  if (are_texts) return order_of(to_text(left), to_text(right));
  return order_of(to_number(left), to_number(right));
}

int compare_text(std::string_view left, std::string_view right) noexcept {
  const auto [l, r] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  if (l == left.end() || r == right.end()) {
    return static_cast<int>(r == right.end()) - static_cast<int>(l == left.end());
  }
  auto a = static_cast<unsigned char>(*l);
  auto b = static_cast<unsigned char>(*r);
  // Characters past U+FFFF are surrogates in UTF-16, which come before U+E000: in UTF-8 their lead
  // byte (F0 and above) comes after that one's (EE).
  const bool a_is_surrogate = a >= 0xF0;
  const bool b_is_surrogate = b >= 0xF0;
  if (a_is_surrogate != b_is_surrogate && std::min(a, b) >= 0xEE) return a_is_surrogate ? -1 : 1;
  return a < b ? -1 : 1;
}

std::string to_lower(std::string_view text) {
  const bool is_ascii = std::all_of(text.begin(), text.end(),
                                    [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  std::string lower;
  if (is_ascii) {
    lower.assign(text);
    for (char& c : lower) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
  }
  icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())})
      .toLower(icu::Locale::getRoot())
      .toUTF8String(lower);
  return lower;
}

std::string comparable_version(const Value& version) {
  std::string text = version.as_string() != nullptr   ? *version.as_string()
                     : version.as_number() != nullptr ? to_text(version)
                                                      : "";
  if (text.empty()) text = "0";
  // A leading "v" and what was added for the build ("+build5", up to the end of the line) go.
  if (text[0] == 'v') text.erase(0, 1);
  const std::size_t build = text.find('+');
  if (build != std::string::npos && text.find('\n', build) == std::string::npos) text.erase(build);
  std::string out;
  std::size_t parts = 0;
  for (std::size_t from = 0; from <= text.size(); ++parts) {
    const std::size_t end = std::min(text.find_first_of("-.", from), text.size());
    const std::string_view part = std::string_view(text).substr(from, end - from);
    if (parts > 0) out += '-';
    // Numbers are padded, so that 9 comes before 10.
    if (!part.empty() && std::all_of(part.begin(), part.end(), is_digit) && part.size() < 5) {
      out.append(5 - part.size(), ' ');
    }
    out += part;
    from = end + 1;
  }
  // What has three parts is a release: it comes after all that lead to it.
  if (parts == 3) out += "-~";
  return out;
}

}  // namespace hornbeam::experiment::growthbook

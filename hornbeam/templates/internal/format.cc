// "%s" % x, and format specifications, as Python reads them.

#include <algorithm>
#include <charconv>
#include <cmath>

#include "hornbeam/base/encoding.h"
#include "hornbeam/templates/internal/operators.h"
#include "hornbeam/templates/internal/text.h"

namespace hornbeam::templates::internal {

namespace {

constexpr std::size_t kWidest = 10'000;

struct Specification {
  std::string fill = " ";
  char align = 0;
  char sign = 0;
  bool alternate = false;
  std::size_t width = 0;
  char grouping = 0;
  int precision = -1;
  char type = 0;
};

std::size_t take_number(std::string_view& text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return 0;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (number > kWidest) fail("a format is wider than " + std::to_string(kWidest));
  return number;
}

std::string padded(std::string text, const Specification& how, char natural) {
  const std::size_t size = base::utf8_length(text);
  if (size >= how.width) return text;
  std::size_t missing = how.width - size;
  const char align = how.align != 0 ? how.align : natural;
  std::size_t left = align == '<' ? 0 : align == '^' ? missing / 2 : missing;
  std::string out;
  if (align == '=') {
    const std::size_t sign =
        !text.empty() && std::string_view("+- ").contains(text.front()) ? 1 : 0;
    out = text.substr(0, sign);
    text.erase(0, sign);
  }
  for (std::size_t at = 0; at < left; ++at) out += how.fill;
  out += text;
  for (std::size_t at = left; at < missing; ++at) out += how.fill;
  return out;
}

void group(std::string& digits, char separator) {
  std::size_t end = digits.find_first_not_of("0123456789");
  if (end == std::string::npos) end = digits.size();
  for (std::size_t at = end; at > 3; at -= 3) digits.insert(at - 3, 1, separator);
}

std::string in_base(std::uint64_t number, int base, bool is_upper) {
  char digits[70];
  const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), number, base);
  std::string text(std::begin(digits), end);
  return is_upper ? upper(text) : text;
}

std::string float_text(double number, int precision, char type) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return "inf";
  if (precision < 0) precision = 6;
  if (type == 'f' || type == 'F' || type == '%') return fixed(number, std::min(precision, 300));
  char digits[500];
  const bool general = type == 'g' || type == 'G';
  const auto form = general ? std::chars_format::general : std::chars_format::scientific;
  const auto [end, error] =
      std::to_chars(std::begin(digits), std::end(digits), number, form, std::min(precision, 300));
  std::string text(std::begin(digits), end);
  return type == 'G' || type == 'E' ? upper(text) : text;
}

std::string number_text(const Value& value, const Specification& how) {
  const bool is_float = value.is(Value::Kind::kFloat);
  const char type = how.type;
  const bool is_negative = is_float ? std::signbit(value.number()) : value.integer() < 0;
  std::string digits;
  if (is_float || std::string_view("eEfFgG%").contains(type)) {
    const double size = std::abs(value.number());
    if (type == 0) {
      if (how.precision < 0) {
        append_float(digits, size);
      } else {
        digits = float_text(size, std::max(how.precision, 1), 'g');
      }
    } else if (type == '%') {
      digits = float_text(size * 100, how.precision, 'f') + "%";
    } else if (std::string_view("eEfFgG").contains(type)) {
      digits = float_text(size, how.precision, type);
    } else {
      throw TemplateError(TemplateError::Kind::kValue, std::string("Unknown format code '") + type +
                                                           "' for object of type 'float'");
    }
  } else {
    const std::uint64_t size = is_negative ? 0 - static_cast<std::uint64_t>(value.integer())
                                           : static_cast<std::uint64_t>(value.integer());
    const bool is_hex = type == 'x' || type == 'X';
    const int base = is_hex ? 16 : type == 'o' ? 8 : type == 'b' ? 2 : 10;
    if (type != 0 && !std::string_view("dinuxXob").contains(type)) {
      throw TemplateError(TemplateError::Kind::kValue, std::string("Unknown format code '") + type +
                                                           "' for object of type 'int'");
    }
    digits = in_base(size, base, type == 'X');
    if (how.alternate && base != 10) digits.insert(0, std::string("0") + type);
    if (how.precision > static_cast<int>(digits.size())) {
      digits.insert(0, static_cast<std::size_t>(how.precision) - digits.size(), '0');
    }
  }
  if (how.grouping != 0) group(digits, how.grouping);
  if (is_negative) return "-" + digits;
  return how.sign == '+' || how.sign == ' ' ? how.sign + digits : digits;
}

Specification read_specification(std::string_view text) {
  Specification how;
  const auto is_align = [](char c) { return std::string_view("<>=^").contains(c); };
  if (!text.empty()) {
    const std::size_t width = std::min(character_width(text.front()), text.size());
    if (text.size() > width && is_align(text[width])) {
      how.fill = text.substr(0, width);
      how.align = text[width];
      text.remove_prefix(width + 1);
    } else if (is_align(text.front())) {
      how.align = text.front();
      text.remove_prefix(1);
    }
  }
  const auto take = [&](std::string_view set) {
    if (text.empty() || !set.contains(text.front())) return '\0';
    const char taken = text.front();
    text.remove_prefix(1);
    return taken;
  };
  how.sign = take("+- ");
  how.alternate = take("#") != 0;
  if (take("0") != 0 && how.align == 0) {
    how.fill = "0";
    how.align = '=';
  }
  how.width = take_number(text);
  how.grouping = take(",_");
  if (take(".") != 0) how.precision = static_cast<int>(take_number(text));
  how.type = take("bcdeEfFgGnosxX%");
  if (!text.empty()) throw TemplateError(TemplateError::Kind::kValue, "Invalid format specifier");
  return how;
}

}  // namespace

std::string format_value(const Value& value, std::string_view specification) {
  if (specification.empty()) return value.to_text();
  const Specification how = read_specification(specification);
  if (value.is_number() && how.type != 's') return padded(number_text(value, how), how, '>');
  std::string text = value.to_text();
  if (how.precision >= 0) {
    std::string cut;
    int left = how.precision;
    for (const std::string_view each : characters(text)) {
      if (left-- <= 0) break;
      cut += each;
    }
    text = std::move(cut);
  }
  return padded(std::move(text), how, '<');
}

namespace {

/// Takes one "%..." off the front of `rest`, which begins behind the sign, and writes it.
class PercentFormat {
 public:
  PercentFormat(const Arguments& arguments, bool is_html)
      : arguments_(arguments), is_html_(is_html) {}

  void write(std::string_view& rest, std::string& out) {
    std::optional<Value> named;
    if (rest.starts_with('(')) {
      const std::size_t end = rest.find(')');
      if (end == std::string_view::npos) fail("incomplete format key");
      named = member(rest.substr(1, end - 1));
      rest.remove_prefix(end + 1);
    }
    Specification how;
    how.align = '>';
    while (!rest.empty() && std::string_view("-+ #0").contains(rest.front())) {
      if (rest.front() == '-') how.align = '<';
      if (rest.front() == '+' || rest.front() == ' ') how.sign = rest.front();
      if (rest.front() == '#') how.alternate = true;
      if (rest.front() == '0' && how.align != '<') {
        how.fill = "0";
        how.align = '=';
      }
      rest.remove_prefix(1);
    }
    how.width = take_number(rest);
    if (rest.starts_with('.')) {
      rest.remove_prefix(1);
      how.precision = static_cast<int>(take_number(rest));
    }
    if (rest.empty()) throw TemplateError(TemplateError::Kind::kValue, "incomplete format");
    how.type = rest.front();
    rest.remove_prefix(1);
    if (how.type == '%') {
      out += '%';
      return;
    }
    write_value(named ? *named : next(), how, out);
  }

  void require_all_used() const {
    const auto& given = arguments_.positional;
    // What can be asked for a key may be one from which nothing is asked.
    const bool may_be_unused =
        at_ < given.size() && (given[at_].is_undefined() || given[at_].is(Value::Kind::kMapping) ||
                               given[at_].is(Value::Kind::kList));
    if (at_ < given.size() && !may_be_unused) {
      fail("not all arguments converted during string formatting");
    }
  }

 private:
  Value next() {
    if (at_ >= arguments_.positional.size()) fail("not enough arguments for format string");
    return arguments_.positional[at_++];
  }

  Value member(std::string_view key) const {
    if (arguments_.positional.empty() || !arguments_.positional[0].is(Value::Kind::kMapping)) {
      fail("format requires a mapping");
    }
    const auto found = arguments_.positional[0].object()->item(Value(key));
    if (!found) fail("there is no " + quoted(key) + " to format");
    return *found;
  }

  void write_value(const Value& value, Specification how, std::string& out) const {
    if (how.type == 's' || how.type == 'r') {
      std::string text = how.type == 'r' ? value.repr() : value.to_text();
      if (is_html_ && !value.is_safe()) text = base::html_escape(text);
      if (how.fill == "0") how.fill = " ", how.align = '>';
      how.precision = -1;
      out += padded(std::move(text), how, '>');
    } else if (std::string_view("diuxXoeEfFgG").contains(how.type)) {
      if (value.is_undefined()) fail_undefined(value);
      if (!value.is_number()) {
        fail(std::string("%") + how.type + " format: a real number is required, not " +
             std::string(value.type_name()));
      }
      const bool is_whole = std::string_view("diuxXo").contains(how.type);
      out += padded(
          number_text(is_whole && !value.is_integer() ? Value(static_cast<std::int64_t>(std::clamp(
                                                            value.number(), -9.2e18, 9.2e18)))
                                                      : value,
                      how),
          how, '>');
    } else {
      throw TemplateError(TemplateError::Kind::kValue,
                          std::string("unsupported format character '") + how.type + "'");
    }
  }

  const Arguments& arguments_;
  bool is_html_;
  std::size_t at_ = 0;
};

}  // namespace

Value formatted(const Value& format, const Arguments& arguments) {
  PercentFormat write(arguments, format.is_safe());
  std::string out;
  std::string_view rest = format.text();
  while (true) {  // Ends: every round takes up to and with a percent sign.
    const std::size_t mark = rest.find('%');
    out += rest.substr(0, mark);
    if (mark == std::string_view::npos) break;
    rest.remove_prefix(mark + 1);
    write.write(rest, out);
  }
  write.require_all_used();
  return format.is_safe() ? Value::safe(std::move(out)) : Value(std::move(out));
}

}  // namespace hornbeam::templates::internal

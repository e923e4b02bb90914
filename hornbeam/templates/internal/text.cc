#include "hornbeam/templates/internal/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <clocale>
#include <cmath>
#include <cwctype>

#include "hornbeam/base/encoding.h"
#include "hornbeam/templates/internal/text_shapes.h"

namespace hornbeam::templates::internal {

void append_integer(std::string& out, std::int64_t number) {
  std::array<char, 24> digits;
  char* const end = digits.data() + digits.size();
  char* at = end;
  auto rest =
      number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
  do {
    *--at = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (number < 0) *--at = '-';
  out.append(at, static_cast<std::size_t>(end - at));
}

namespace {

/// Digits and exponent of the shortest scientific form: 1.25e-07 is "125", -7.
struct Decimal {
  std::string digits;
  int exponent = 0;
};

Decimal shortest(double number) {
  std::array<char, 40> text;
  const auto [end, error] =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::scientific);
  const std::string_view all(text.data(), static_cast<std::size_t>(end - text.data()));
  const std::size_t mark = all.find('e');
  Decimal decimal;
  for (const char each : all.substr(0, mark)) {
    if (each != '.') decimal.digits += each;
  }
  std::string_view power = all.substr(mark + 1);
  if (power.front() == '+') power.remove_prefix(1);
  std::from_chars(power.data(), power.data() + power.size(), decimal.exponent);
  return decimal;
}

/// Writes a number of at most four decimals and fifteen digits, as most are; false if it is none.
/// Such a decimal is the only one of its length that reads as `number`, hence the shortest.
bool append_short_float(std::string& out, double number) {
  constexpr double kMost = 1e11;
  if (!(number < kMost)) return false;
  double scale = 1;
  for (int decimals = 0; decimals <= 4; ++decimals, scale *= 10) {
    const auto scaled = static_cast<std::int64_t>(number * scale + 0.5);
    if (static_cast<double>(scaled) / scale != number) continue;
    const auto power = static_cast<std::int64_t>(scale);
    append_integer(out, scaled / power);
    out += '.';
    if (decimals == 0) out += '0';
    std::int64_t rest = scaled % power;
    for (std::int64_t digit = power / 10; digit > 0; digit /= 10) {
      out += static_cast<char>('0' + rest / digit);
      rest %= digit;
    }
    return true;
  }
  return false;
}

}  // namespace

void append_float(std::string& out, double number) {
  if (std::isnan(number)) {
    out += "nan";
    return;
  }
  if (std::signbit(number)) {
    out += '-';
    number = -number;
  }
  if (std::isinf(number)) {
    out += "inf";
    return;
  }
  if (append_short_float(out, number)) return;
  Decimal decimal = shortest(number);
  std::string& digits = decimal.digits;
  const int exponent = decimal.exponent;
  if (exponent < -4 || exponent >= 16) {
    out += digits.front();
    if (digits.size() > 1) out.append(".").append(digits, 1);
    out += exponent < 0 ? "e-" : "e+";
    const std::string power = std::to_string(std::abs(exponent));
    if (power.size() < 2) out += '0';
    out += power;
  } else if (exponent < 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-exponent - 1), '0');
    out += digits;
  } else {
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() < whole) digits.append(whole - digits.size(), '0');
    out.append(digits, 0, whole);
    out += '.';
    out += digits.size() > whole ? digits.substr(whole) : "0";
  }
}

std::string quoted(std::string_view text) {
  const bool has_single = text.find('\'') != std::string_view::npos;
  const bool has_double = text.find('"') != std::string_view::npos;
  const char quote = has_single && !has_double ? '"' : '\'';
  std::string out(1, quote);
  for (const char each : text) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(each);
    if (each == quote || each == '\\') {
      out += '\\';
      out += each;
    } else if (each == '\n') {
      out += "\\n";
    } else if (each == '\r') {
      out += "\\r";
    } else if (each == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\x";
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
    } else {
      out += each;
    }
  }
  out += quote;
  return out;
}

std::size_t character_width(char first) noexcept {
  const auto byte = static_cast<unsigned char>(first);
  if (byte < 0xC0) return 1;
  if (byte < 0xE0) return 2;
  return byte < 0xF0 ? 3 : 4;
}

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> all;
  while (!text.empty()) {
    const std::size_t width = std::min(character_width(text.front()), text.size());
    all.push_back(text.substr(0, width));
    text.remove_prefix(width);
  }
  return all;
}

std::string line_of(std::string_view source, int line) {
  for (; line > 1; --line) {
    const std::size_t end = source.find('\n');
    if (end == std::string_view::npos) return {};
    source.remove_prefix(end + 1);
  }
  std::string found(source.substr(0, source.find('\n')));
  if (found.ends_with('\r')) found.pop_back();
  return found;
}

bool is_space(char character) noexcept {
  return character == ' ' || (character >= '\t' && character <= '\r');
}

std::string_view stripped(std::string_view text) noexcept {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

namespace {

/// The C locale with Unicode's cases. Made once, kept for good.
locale_t unicode_locale() {
  static const locale_t kLocale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return kLocale;
}

/// `ascii` takes what is ASCII, which most texts are to their end; `convert` the rest.
template <class ConvertAscii, class Convert>
std::string converted(std::string_view text, ConvertAscii ascii, Convert convert) {
  std::string out(text);
  std::size_t plain = 0;
  while (plain < out.size() && static_cast<unsigned char>(out[plain]) < 0x80) ++plain;
  for (std::size_t at = 0; at < plain; ++at) out[at] = ascii(out[at]);
  if (plain == out.size()) return out;
  out.resize(plain);
  text.remove_prefix(plain);
  while (!text.empty()) {
    const char32_t point = base::take_code_point(text);
    base::append_utf8(out, static_cast<char32_t>(convert(static_cast<wint_t>(point))));
  }
  return out;
}

}  // namespace

namespace {

/// Small letters of which Unicode makes several capitals.
constexpr std::pair<std::string_view, std::string_view> kSeveralCapitals[] = {
    {"\u00DF", "SS"},  {"\uFB00", "FF"},  {"\uFB01", "FI"}, {"\uFB02", "FL"},
    {"\uFB03", "FFI"}, {"\uFB04", "FFL"}, {"\uFB05", "ST"}, {"\uFB06", "ST"}};

}  // namespace

std::string upper(std::string_view text) {
  std::string out = converted(
      text,
      [](char each) { return static_cast<char>(each - (each >= 'a' && each <= 'z' ? 0x20 : 0)); },
      [](wint_t each) { return towupper_l(each, unicode_locale()); });
  if (std::ranges::all_of(out, [](char each) { return static_cast<unsigned char>(each) < 0x80; })) {
    return out;
  }
  for (const auto& [letter, capitals] : kSeveralCapitals) {
    if (out.contains(letter)) out = replaced(out, letter, capitals, -1);
  }
  return out;
}

char32_t lower_point(char32_t point) {
  return static_cast<char32_t>(towlower_l(static_cast<wint_t>(point), unicode_locale()));
}

std::string lower(std::string_view text) {
  return converted(
      text,
      [](char each) { return static_cast<char>(each + (each >= 'A' && each <= 'Z' ? 0x20 : 0)); },
      [](wint_t each) { return towlower_l(each, unicode_locale()); });
}

bool is_letter(std::string_view character) {
  return iswalpha_l(static_cast<wint_t>(base::take_code_point(character)), unicode_locale()) != 0;
}

bool is_letter_or_digit(std::string_view character) {
  return iswalnum_l(static_cast<wint_t>(base::take_code_point(character)), unicode_locale()) != 0;
}

}  // namespace hornbeam::templates::internal

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

/// Writes a number of few decimals and at most fifteen digits, as most are; null if it is none.
/// Such a decimal is the only one of its length that reads as `number`, hence the shortest.
template <std::int64_t kScale>
char* write_short_float(char* to, double number) {
  const auto scaled = static_cast<std::int64_t>(number * kScale + 0.5);
  if (static_cast<double>(scaled) / kScale != number) return nullptr;
  to = std::to_chars(to, to + kLongestFloat, scaled / kScale).ptr;
  *to++ = '.';
  std::int64_t rest = scaled % kScale;
  std::int64_t digit = kScale / 10;
  do {
    *to++ = static_cast<char>('0' + rest / digit);
    rest %= digit;
    digit /= 10;
  } while (rest != 0);
  return to;
}

char* write_text(char* to, std::string_view text) {
  return std::ranges::copy(text, to).out;
}

/// Writes a number as its shortest digits say. Requires: above 0, and finite.
char* write_decimal(char* to, double number) {
  const Decimal decimal = shortest(number);
  std::string_view digits = decimal.digits;
  const int exponent = decimal.exponent;
  if (exponent < -4 || exponent >= 16) {
    *to++ = digits.front();
    if (digits.size() > 1) to = write_text(write_text(to, "."), digits.substr(1));
    to = write_text(to, exponent < 0 ? "e-" : "e+");
    const int power = std::abs(exponent);
    if (power < 10) *to++ = '0';
    return std::to_chars(to, to + 4, power).ptr;
  }
  if (exponent < 0) {
    to = std::ranges::fill_n(write_text(to, "0."), -exponent - 1, '0');
    return write_text(to, digits);
  }
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  to = write_text(to, digits.substr(0, whole));
  if (digits.size() <= whole) {
    to = std::ranges::fill_n(to, static_cast<std::ptrdiff_t>(whole - digits.size()), '0');
    return write_text(to, ".0");
  }
  return write_text(write_text(to, "."), digits.substr(whole));
}

}  // namespace

char* write_float(char* to, double number) {
  if (std::isnan(number)) return write_text(to, "nan");
  if (std::signbit(number)) {
    *to++ = '-';
    number = -number;
  }
  if (std::isinf(number)) return write_text(to, "inf");
  constexpr double kMostOfShort = 1e11;
  if (number < kMostOfShort) {
    if (char* end = write_short_float<100>(to, number)) return end;
    if (char* end = write_short_float<10'000>(to, number)) return end;
  }
  return write_decimal(to, number);
}

void append_float(std::string& out, double number) {
  std::array<char, kLongestFloat> text;
  const char* end = write_float(text.data(), number);
  out.append(text.data(), static_cast<std::size_t>(end - text.data()));
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

#include "hornbeam/base/json_write.h"

#include <charconv>
#include <cmath>
#include <ctime>
#include <stdexcept>

#include <fmt/format.h>

#include "hornbeam/base/encoding.h"

namespace hornbeam::base {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Nonzero for the bytes that cannot stand as they are: controls, the quote, the backslash, and what
// is not ASCII, which is checked.
constexpr std::array<char, 256> kIsSpecial = [] {
  std::array<char, 256> table{};
  for (std::size_t i = 0; i < 256; ++i) table[i] = i < 0x20 || i >= 0x80 || i == '"' || i == '\\';
  return table;
}();

void append_escaped(std::string& out, char each) {
  switch (each) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(each));
  }
}

/// Appends the code point at `at`, or the replacement of one bad byte; gives what it consumed.
std::size_t append_code_point(std::string& out, std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  const std::string_view sequence = text.substr(at, size);
  if (sequence.size() == size && is_valid_utf8(sequence)) {
    out += sequence;
    return size;
  }
  out += kReplacement;
  return 1;
}

template <class Number>
void append_digits(std::string& out, Number number) {
  std::array<char, 32> digits;  // Not cleared: to_chars tells how far it wrote.
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), written.ptr);
}

void check_finite(double number) {
  if (!std::isfinite(number)) {
    throw std::domain_error("JSON has no NaN and no infinity: write null or a text instead");
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (kIsSpecial[byte] == 0) [[likely]] {
      ++i;
      continue;
    }
    out.append(text, plain, i - plain);
    if (byte < 0x80) {
      append_escaped(out, text[i++]);
    } else {
      i += append_code_point(out, text, i);
    }
    plain = i;
  }
  out.append(text, plain);
  out += '"';
}

void append_json_number(std::string& out, std::int64_t number) {
  append_digits(out, number);
}
void append_json_number(std::string& out, std::uint64_t number) {
  append_digits(out, number);
}

void append_json_number(std::string& out, double number) {
  check_finite(number);
  append_digits(out, number);
}

void append_json_number(std::string& out, float number) {
  check_finite(static_cast<double>(number));
  append_digits(out, number);
}

void append_json_time(std::string& out, std::chrono::system_clock::time_point time) {
  using std::chrono::floor;
  const auto millis = floor<std::chrono::milliseconds>(time.time_since_epoch());
  const auto seconds = floor<std::chrono::seconds>(millis);
  const std::time_t whole = seconds.count();
  std::tm parts{};
  gmtime_r(&whole, &parts);
  fmt::format_to(std::back_inserter(out), "\"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
                 parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                 parts.tm_sec);
  if (millis > seconds)
    fmt::format_to(std::back_inserter(out), ".{:03}", (millis - seconds).count());
  out += "Z\"";
}

std::string json_for_html(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    switch (json[i]) {
      case '<':
        safe += "\\u003c";
        break;
      case '>':
        safe += "\\u003e";
        break;
      case '&':
        safe += "\\u0026";
        break;
      case '\'':
        safe += "\\u0027";
        break;
      case '\xE2':
        if (json.substr(i, 3) == "\xE2\x80\xA8" || json.substr(i, 3) == "\xE2\x80\xA9") {
          safe += json[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
          i += 2;
          break;
        }
        [[fallthrough]];
      default:
        safe += json[i];
    }
  }
  return safe;
}

}  // namespace hornbeam::base

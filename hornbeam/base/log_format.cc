#include "hornbeam/base/log_format.h"

#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "hornbeam/base/encoding.h"

namespace hornbeam::base {

namespace {

enum class Style { kPretty, kJson };

/// True for what would break a line or command a terminal.
bool is_dangerous(char32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x2028 || point == 0x2029 ||
         point == 0x200E || point == 0x200F || (point >= 0x202A && point <= 0x202E) ||
         (point >= 0x2066 && point <= 0x2069);
}

void append_escape(std::string& out, char32_t point, Style style) {
  switch (point) {
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
      break;
  }
  const auto number = static_cast<std::uint32_t>(point);
  if (style == Style::kPretty && number < 0x80) {
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", number);
  } else {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", number);
  }
}

/// The size of the UTF-8 sequence that `text` begins with; 0 if it begins with none.
std::size_t sequence_size(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  return size <= text.size() && is_valid_utf8(text.substr(0, size)) ? size : 0;
}

/// Appends `text` with escapes; quotes and backslashes too where `is_quoted`.
void append_safe(std::string& out, std::string_view text, Style style, bool is_quoted) {
  while (!text.empty()) {
    const std::size_t size = sequence_size(text);
    if (size == 0) {
      // JSON has no bytes: there it is the replacement character.
      if (style == Style::kJson) {
        out += "\\ufffd";
      } else {
        fmt::format_to(std::back_inserter(out), "\\x{:02x}",
                       static_cast<unsigned char>(text.front()));
      }
      text.remove_prefix(1);
      continue;
    }
    const std::string_view sequence = text.substr(0, size);
    std::string_view rest = text;
    const char32_t point = take_code_point(rest);
    if (is_dangerous(point)) {
      append_escape(out, point, style);
    } else {
      if (is_quoted && (point == '"' || point == '\\')) out += '\\';
      out += sequence;
    }
    text.remove_prefix(size);
  }
}

void append_quoted(std::string& out, std::string_view text, Style style) {
  out += '"';
  append_safe(out, text, style, true);
  out += '"';
}

void append_value(std::string& out, const LogValue& value, Style style) {
  switch (value.kind()) {
    case LogValue::Kind::kText: {
      const std::string_view text = value.text();
      const bool is_bare = style == Style::kPretty && !text.empty() &&
                           text.find_first_of(" =\"\\") == std::string_view::npos;
      if (is_bare) return append_safe(out, text, style, false);
      return append_quoted(out, text, style);
    }
    case LogValue::Kind::kSigned:
      fmt::format_to(std::back_inserter(out), "{}", value.signed_number());
      return;
    case LogValue::Kind::kUnsigned:
      fmt::format_to(std::back_inserter(out), "{}", value.unsigned_number());
      return;
    case LogValue::Kind::kReal:
      // JSON has no NaN and no infinity.
      if (style == Style::kJson && !std::isfinite(value.real())) {
        out += "null";
      } else {
        fmt::format_to(std::back_inserter(out), "{}", value.real());
      }
      return;
    case LogValue::Kind::kTruth:
      out += value.truth() ? "true" : "false";
      return;
  }
}

/// 2026-03-01 12:00:00.123
void append_time(std::string& out, std::chrono::system_clock::time_point time, char between) {
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(milliseconds);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(milliseconds - day);
  fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}.{:03}",
                 static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                 static_cast<unsigned>(date.day()), between, clock.hours().count(),
                 clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::string_view colour_of(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "\x1b[36m";
    case LogLevel::kInfo:
      return "\x1b[32m";
    case LogLevel::kWarning:
      return "\x1b[33;1m";
    default:
      return "\x1b[31;1m";
  }
}

}  // namespace

std::string_view to_string(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
    case LogLevel::kOff:
      break;
  }
  return "off";
}

std::string format_log_pretty(const LogRecord& record, bool has_colour) {
  std::string line;
  append_time(line, record.time, ' ');
  fmt::format_to(std::back_inserter(line), " {}{:7}{} ",
                 has_colour ? colour_of(record.level) : std::string_view(), to_string(record.level),
                 has_colour ? "\x1b[0m" : "");
  append_safe(line, record.message, Style::kPretty, false);
  bool is_first = true;
  for (const LogField& field : record.fields) {
    line += is_first ? "  " : " ";
    is_first = false;
    append_safe(line, field.name, Style::kPretty, false);
    line += '=';
    append_value(line, field.value, Style::kPretty);
  }
  return line;
}

std::string format_log_json(const LogRecord& record) {
  std::string line = "{\"time\":\"";
  append_time(line, record.time, 'T');
  line += "Z\",\"level\":\"";
  line += to_string(record.level);
  line += "\",\"message\":";
  append_quoted(line, record.message, Style::kJson);
  for (const LogField& field : record.fields) {
    line += ",\"";
    const bool is_taken = field.name == "time" || field.name == "level" || field.name == "message";
    if (is_taken) line += "field.";
    append_safe(line, field.name, Style::kJson, true);
    line += "\":";
    append_value(line, field.value, Style::kJson);
  }
  line += '}';
  return line;
}

}  // namespace hornbeam::base

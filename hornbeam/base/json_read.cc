#include "hornbeam/base/json_read.h"

#include <charconv>
#include <ctime>

namespace hornbeam::base {

namespace {

/// Takes `count` digits off the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int number = 0;
  const auto read = std::from_chars(text.data(), text.data() + count, number);
  if (read.ec != std::errc() || read.ptr != text.data() + count || text[0] == '-') {
    return std::nullopt;
  }
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

bool is_real_date(int year, int month, int day) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[month - 1] + (month == 2 && is_leap ? 1 : 0);
}

/// What follows the seconds: a fraction.
std::chrono::nanoseconds take_fraction(std::string_view& text) {
  std::int64_t nanoseconds = 0;
  if (!take(text, ".")) return {};
  for (std::int64_t unit = 100'000'000; !text.empty() && text[0] >= '0' && text[0] <= '9';) {
    nanoseconds += (text[0] - '0') * unit;
    unit /= 10;
    text.remove_prefix(1);
  }
  return std::chrono::nanoseconds(nanoseconds);
}

/// "Z" or an offset such as "+01:00".
std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
  if (take(text, "Zz")) return std::chrono::minutes(0);
  const bool is_west = !text.empty() && text[0] == '-';
  if (!take(text, "+-")) return std::nullopt;
  const auto hours = take_digits(text, 2);
  if (!hours || !take(text, ":")) return std::nullopt;
  const auto minutes = take_digits(text, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return std::chrono::minutes((is_west ? -1 : 1) * (*hours * 60 + *minutes));
}

}  // namespace

std::optional<std::chrono::system_clock::time_point> parse_time(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, "-")) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, "-")) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || !take(text, "Tt ") || !is_real_date(*year, *month, *day)) return std::nullopt;
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ":")) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || !take(text, ":")) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  const std::chrono::nanoseconds fraction = take_fraction(text);
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;

  std::tm parts{};
  parts.tm_year = *year - 1900;
  parts.tm_mon = *month - 1;
  parts.tm_mday = *day;
  parts.tm_hour = *hour;
  parts.tm_min = *minute;
  parts.tm_sec = *second;
  const auto time = std::chrono::system_clock::from_time_t(timegm(&parts)) - *offset;
  return time + std::chrono::duration_cast<std::chrono::system_clock::duration>(fraction);
}

void JsonReader::report(std::string message) {
  report_at(*place_, std::move(message));
}

void JsonReader::report_at(const Place& place, std::string message, bool is_about_value) {
  problems_.push_back({place.steps(), std::move(message), is_about_value});
}

void JsonReader::read_bool(JsonView json, bool& value) {
  const std::optional<bool> found = json.find_bool();
  if (!found) return report("expected bool");
  value = *found;
}

void JsonReader::read_string(JsonView json, std::string& value) {
  const std::optional<std::string_view> found = json.find_string();
  if (!found) return report("expected str");
  value = *found;
}

void JsonReader::read_time(JsonView json, std::chrono::system_clock::time_point& value) {
  const std::optional<std::string_view> text = json.find_string();
  const auto time = text ? parse_time(*text) : std::nullopt;
  if (!time) return report("expected a time such as 2024-02-29T12:00:00Z");
  value = *time;
}

void JsonReader::report_range(std::int64_t minimum, std::uint64_t maximum, bool is_below) {
  report(is_below ? "value must be at least " + std::to_string(minimum)
                  : "value must be at most " + std::to_string(maximum));
}

std::string JsonFailure::message() const {
  if (syntax) return syntax->message();
  std::string text;
  for (const Problem& problem : problems) text += (text.empty() ? "" : "; ") + problem.to_string();
  return text;
}

}  // namespace hornbeam::base

#include "hornbeam/search/aggregation/date_format.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <vector>

#include <fmt/compile.h>
#include <fmt/format.h>
#include <unicode/gregocal.h>
#include <unicode/simpletz.h>
#include <unicode/smpdtfmt.h>

#include "hornbeam/search/aggregation/rounding.h"
#include "hornbeam/search/mapping/field_value.h"

namespace hornbeam::search::aggregation {
namespace {

constexpr Millis kMinute = 60'000;
constexpr Millis kSecond = 1'000;

enum class Style : std::uint8_t { kOptionalTime, kEpochMillis, kEpochSecond, kPattern };

struct NamedPattern {
  std::string_view name;
  const char* pattern;
};

/// Names without "strict_", which only matters for reading sloppily written dates.
constexpr std::array kNamedPatterns = {
    NamedPattern{"date", "yyyy-MM-dd"},
    NamedPattern{"year_month_day", "yyyy-MM-dd"},
    NamedPattern{"year_month", "yyyy-MM"},
    NamedPattern{"year", "yyyy"},
    NamedPattern{"basic_date", "yyyyMMdd"},
    NamedPattern{"basic_date_time", "yyyyMMdd'T'HHmmss.SSSXX"},
    NamedPattern{"basic_date_time_no_millis", "yyyyMMdd'T'HHmmssXX"},
    NamedPattern{"date_time", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX"},
    NamedPattern{"date_time_no_millis", "yyyy-MM-dd'T'HH:mm:ssXXX"},
    NamedPattern{"date_hour", "yyyy-MM-dd'T'HH"},
    NamedPattern{"date_hour_minute", "yyyy-MM-dd'T'HH:mm"},
    NamedPattern{"date_hour_minute_second", "yyyy-MM-dd'T'HH:mm:ss"},
    NamedPattern{"date_hour_minute_second_millis", "yyyy-MM-dd'T'HH:mm:ss.SSS"},
    NamedPattern{"date_hour_minute_second_fraction", "yyyy-MM-dd'T'HH:mm:ss.SSS"},
    NamedPattern{"hour", "HH"},
    NamedPattern{"hour_minute", "HH:mm"},
    NamedPattern{"hour_minute_second", "HH:mm:ss"},
    NamedPattern{"time", "HH:mm:ss.SSSXXX"},
    NamedPattern{"time_no_millis", "HH:mm:ssXXX"},
    NamedPattern{"week_date", "YYYY-'W'ww-e"},
};

std::string offset_text(Millis offset) {
  if (offset == 0) return "Z";
  const Millis minutes = std::abs(offset) / kMinute;
  return fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

void write_digits(char* out, std::size_t count, std::uint64_t number) {
  for (std::size_t at = count; at > 0; --at) {
    out[at - 1] = static_cast<char>('0' + number % 10);
    number /= 10;
  }
}

std::string optional_time_text(Millis utc, const TimeZone& zone) {
  using namespace std::chrono;
  const Millis offset = zone.offset_at(utc);
  const sys_time<milliseconds> local{milliseconds(utc + offset)};
  const auto day = floor<days>(local);
  const year_month_day date(day);
  const hh_mm_ss time(local - day);
  const int year_number = static_cast<int>(date.year());
  // Written by hand: a histogram of days has thousands of them.
  std::string text = "-00-00T00:00:00.000";
  write_digits(&text[1], 2, static_cast<unsigned>(date.month()));
  write_digits(&text[4], 2, static_cast<unsigned>(date.day()));
  write_digits(&text[7], 2, static_cast<std::uint64_t>(time.hours().count()));
  write_digits(&text[10], 2, static_cast<std::uint64_t>(time.minutes().count()));
  write_digits(&text[13], 2, static_cast<std::uint64_t>(time.seconds().count()));
  write_digits(&text[16], 3, static_cast<std::uint64_t>(time.subseconds().count()));
  return fmt::format(FMT_COMPILE("{:04}{}{}"), year_number, text, offset_text(offset));
}

bool names_zone(std::string_view text) {
  const std::size_t time = text.find('T');
  return time != std::string_view::npos && text.find_first_of("Z+-", time) != text.npos;
}

std::optional<Millis> read_epoch(std::string_view text, double unit) {
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr double kLatest = 9e15;
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (!(std::abs(value * unit) < kLatest)) return std::nullopt;
  return static_cast<Millis>(value * unit);
}

/// A pattern of Java's DateTimeFormatter, which ICU's are near enough to.
class Pattern {
 public:
  static std::optional<Pattern> find(std::string_view text) {
    UErrorCode failed = U_ZERO_ERROR;
    Pattern found;
    found.format_ = std::make_unique<icu::SimpleDateFormat>(
        icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())}),
        icu::Locale::getRoot(), failed);
    auto calendar = std::make_unique<icu::GregorianCalendar>(*icu::TimeZone::getGMT(), failed);
    if (U_FAILURE(failed)) return std::nullopt;
    // Java's dates have no Julian past.
    constexpr UDate kLongAgo = -8.64e15;
    calendar->setGregorianChange(kLongAgo, failed);
    found.format_->adoptCalendar(calendar.release());
    found.format_->setLenient(false);
    return U_FAILURE(failed) ? std::nullopt : std::optional(std::move(found));
  }

  std::string write(Millis utc, const TimeZone& zone) const {
    const auto offset = static_cast<std::int32_t>(zone.offset_at(utc));
    format_->setTimeZone(icu::SimpleTimeZone(offset, icu::UnicodeString()));
    icu::UnicodeString text;
    format_->format(static_cast<UDate>(utc), text);
    std::string out;
    return text.toUTF8String(out);
  }
  std::optional<Millis> read(std::string_view text, const TimeZone& zone) const {
    const icu::UnicodeString wide =
        icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
    format_->setTimeZone(*icu::TimeZone::getGMT());
    icu::ParsePosition position;
    const UDate local = format_->parse(wide, position);
    if (position.getErrorIndex() >= 0 || position.getIndex() != wide.length()) return std::nullopt;
    const auto millis = static_cast<Millis>(local);
    return names_zone(text) ? millis : zone.to_utc(millis);
  }

 private:
  std::unique_ptr<icu::SimpleDateFormat> format_;
};

struct Part {
  Style style = Style::kOptionalTime;
  std::optional<Pattern> pattern{};
};

std::optional<Part> find_part(std::string_view name) {
  std::string_view plain = name;
  if (plain.starts_with("strict_")) plain.remove_prefix(7);
  if (plain == "date_optional_time" || plain == "date_optional_time_nanos" || name == "iso8601") {
    return Part{};
  }
  if (name == "epoch_millis") return Part{.style = Style::kEpochMillis};
  if (name == "epoch_second") return Part{.style = Style::kEpochSecond};
  std::string_view text = name;
  for (const NamedPattern& each : kNamedPatterns) {
    if (each.name == plain) text = each.pattern;
  }
  // "8yyyy" says that the pattern is one of Java's new kind.
  if (text.starts_with('8')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  std::optional<Pattern> pattern = Pattern::find(text);
  if (!pattern) return std::nullopt;
  return Part{.style = Style::kPattern, .pattern = std::move(pattern)};
}

std::optional<Millis> read_part(const Part& part, std::string_view text, const TimeZone& zone) {
  switch (part.style) {
    case Style::kOptionalTime: {
      const std::optional<Millis> date = parse_date(text);
      if (!date || names_zone(text)) return date;
      return zone.to_utc(*date);
    }
    case Style::kEpochMillis:
      return read_epoch(text, 1);
    case Style::kEpochSecond:
      return read_epoch(text, kSecond);
    case Style::kPattern:
      break;
  }
  return part.pattern->read(text, zone);
}

}  // namespace

struct DateFormat::Parts {
  std::vector<Part> all;
};

DateFormat::DateFormat() {
  *this = *find("strict_date_optional_time||epoch_millis");
}

std::optional<DateFormat> DateFormat::find(std::string_view patterns) {
  auto parts = std::make_shared<Parts>();
  std::string_view rest = patterns;
  while (true) {
    const std::size_t end = rest.find("||");
    std::optional<Part> part = find_part(rest.substr(0, end));
    if (!part) return std::nullopt;
    parts->all.push_back(std::move(*part));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 2);
  }
  DateFormat format{std::string(patterns), std::move(parts)};
  return format;
}

DateFormat::DateFormat(std::string patterns, std::shared_ptr<const Parts> parts)
    : patterns_(std::move(patterns)), parts_(std::move(parts)) {}

std::string DateFormat::write(Millis utc, const TimeZone& zone) const {
  const Part& part = parts_->all.front();
  switch (part.style) {
    case Style::kOptionalTime:
      return optional_time_text(utc, zone);
    case Style::kEpochMillis:
      return std::to_string(utc);
    case Style::kEpochSecond:
      return utc % kSecond == 0 ? std::to_string(utc / kSecond)
                                : fmt::format("{}", static_cast<double>(utc) / kSecond);
    case Style::kPattern:
      break;
  }
  return part.pattern->write(utc, zone);
}

std::optional<Millis> DateFormat::read(std::string_view text, const TimeZone& zone) const {
  for (const Part& part : parts_->all) {
    if (const auto date = read_part(part, text, zone)) return date;
  }
  return std::nullopt;
}

std::optional<Millis> DateFormat::read_math(std::string_view text, const TimeZone& zone,
                                            Millis now) const {
  std::optional<Millis> at;
  std::string_view steps;
  if (text.starts_with("now")) {
    at = now;
    steps = text.substr(3);
  } else {
    const std::size_t end = text.find("||");
    at = read(text.substr(0, end), zone);
    if (end != std::string_view::npos) steps = text.substr(end + 2);
  }
  if (!at) return std::nullopt;
  while (!steps.empty()) {
    const char sign = steps.front();
    steps.remove_prefix(1);
    std::int64_t count = 1;
    const auto [end, failed] = std::from_chars(steps.data(), steps.data() + steps.size(), count);
    steps.remove_prefix(static_cast<std::size_t>(end - steps.data()));
    if (failed == std::errc::result_out_of_range || steps.empty()) return std::nullopt;
    const auto unit = find_calendar_unit(std::string("1") + steps.front());
    steps.remove_prefix(1);
    constexpr std::int64_t kMostSteps = 10'000'000'000;
    if (!unit || std::abs(count) > kMostSteps) return std::nullopt;
    if (sign == '/') {
      at = Rounding::calendar(*unit, zone).round(*at);
    } else if (sign == '+' || sign == '-') {
      at = zone.to_utc(add_units(zone.to_local(*at), *unit, sign == '-' ? -count : count));
    } else {
      return std::nullopt;
    }
  }
  return at;
}

}  // namespace hornbeam::search::aggregation

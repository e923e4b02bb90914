#include "hornbeam/search/mapping/date_math.h"

#include <charconv>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <unicode/timezone.h>

#include "hornbeam/search/mapping/field_value.h"

// Date math is done in the local time of the zone, as theirs: a day there begins at its midnight.

namespace hornbeam::search {
namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::month;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::sys_time;
using std::chrono::year;
using std::chrono::year_month_day;
using Time = sys_time<milliseconds>;

struct Refusal {
  base::Error error;
};

[[noreturn]] void refuse(std::string message) {
  throw Refusal{{.code = "parse_exception", .message = std::move(message)}};
}

/// Between the world's time and a zone's.
class Zone {
 public:
  explicit Zone(std::string_view name) {
    if (name.empty() || name == "Z" || name == "UTC") return;
    std::string id(name);
    if (id.front() == '+' || id.front() == '-') id = "GMT" + id;
    zone_.reset(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(id)));
    if (*zone_ == icu::TimeZone::getUnknown()) {
      throw Refusal{{.code = "illegal_argument_exception",
                     .message = fmt::format("Invalid time zone [{}]", name)}};
    }
  }

  std::int64_t to_local(std::int64_t time) const { return time + offset(time, false); }
  std::int64_t to_world(std::int64_t local) const { return local - offset(local, true); }

 private:
  std::int64_t offset(std::int64_t time, bool is_local) const {
    if (!zone_) return 0;
    std::int32_t raw = 0;
    std::int32_t summer = 0;
    UErrorCode status = U_ZERO_ERROR;
    zone_->getOffset(static_cast<UDate>(time), is_local ? 1 : 0, raw, summer, status);
    return U_FAILURE(status) ? 0 : std::int64_t{raw} + summer;
  }

  std::unique_ptr<icu::TimeZone> zone_;
};

Time at_day(year_month_day date, milliseconds time) {
  // The 31st of a shorter month is its last day.
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return Time(sys_days(date)) + time;
}

Time add_months(Time time, std::int64_t count) {
  const auto midnight = std::chrono::floor<days>(time);
  return at_day(year_month_day(midnight) + months(count), time - midnight);
}

/// What the calendar is good for: some years less than a `year` holds.
constexpr std::chrono::years kMostYears{30'000};

void check_range(Time time) {
  const Time limit{std::chrono::duration_cast<milliseconds>(kMostYears)};
  if (time > limit || time < Time() - limit.time_since_epoch()) {
    refuse("date math goes beyond the calendar");
  }
}

/// A duration, if it is not beyond the calendar by itself.
template <class Duration>
milliseconds checked(std::int64_t count) {
  const auto most = std::chrono::duration_cast<Duration>(2 * kMostYears).count();
  if (count > most || count < -most) refuse("date math goes beyond the calendar");
  return std::chrono::duration_cast<milliseconds>(Duration(count));
}

/// `time` plus `count` units; nothing if there is no such unit.
std::optional<Time> add(Time time, char unit, std::int64_t count) {
  switch (unit) {
    case 'y':
    case 'M': {
      const std::int64_t most = 2 * kMostYears.count();
      if (count > most * 12 || count < -most * 12) checked<months>(count);
      const std::int64_t all = unit == 'y' ? 12 * count : count;
      // Before a year is too large for its type.
      check_range(time + checked<months>(all));
      time = add_months(time, all);
      break;
    }
    case 'w':
      time += checked<std::chrono::weeks>(count);
      break;
    case 'd':
      time += checked<days>(count);
      break;
    case 'h':
    case 'H':
      time += checked<std::chrono::hours>(count);
      break;
    case 'm':
      time += checked<std::chrono::minutes>(count);
      break;
    case 's':
      time += checked<std::chrono::seconds>(count);
      break;
    default:
      return std::nullopt;
  }
  check_range(time);
  return time;
}

std::optional<Time> round_down(Time time, char unit) {
  const auto midnight = std::chrono::floor<days>(time);
  const year_month_day date(midnight);
  switch (unit) {
    case 'y':
      return Time(sys_days(date.year() / 1 / 1));
    case 'M':
      return Time(sys_days(date.year() / date.month() / 1));
    case 'w': {
      const std::chrono::weekday weekday(midnight);
      return Time(midnight - (weekday - std::chrono::Monday));
    }
    case 'd':
      return Time(midnight);
    case 'h':
    case 'H':
      return std::chrono::floor<std::chrono::hours>(time);
    case 'm':
      return std::chrono::floor<std::chrono::minutes>(time);
    case 's':
      return Time(std::chrono::floor<std::chrono::seconds>(time));
    default:
      return std::nullopt;
  }
}

Time round(Time time, char unit, DateRounding rounding, std::string_view text) {
  const std::optional<Time> begin = round_down(time, unit);
  if (!begin) {
    refuse(fmt::format("unit [{}] not supported for date math [{}]", unit, text));
  }
  if (rounding == DateRounding::kDown) return *begin;
  return *add(*begin, unit, 1) - milliseconds(1);
}

/// Applies "+1M-2d/d" to a local time.
Time apply(Time time, std::string_view math, DateRounding rounding) {
  for (std::size_t i = 0; i < math.size();) {
    const char what = math[i++];
    if (what == '/') {
      // "/1d" is allowed, no other number is.
      if (i < math.size() && math[i] == '1') ++i;
      if (i == math.size()) refuse(fmt::format("truncated date math [{}]", math));
      if (math[i] >= '0' && math[i] <= '9') {
        refuse(fmt::format("rounding `/` can only be used on single unit types [{}]", math));
      }
      time = round(time, math[i++], rounding, math);
      continue;
    }
    if (what != '+' && what != '-') {
      refuse(fmt::format("operator not supported for date math [{}]", math));
    }
    std::int64_t count = 1;
    const char* const begin = math.data() + i;
    const auto number = std::from_chars(begin, math.data() + math.size(), count);
    if (number.ec == std::errc::result_out_of_range) {
      refuse(fmt::format("number out of range in date math [{}]", math));
    }
    i += static_cast<std::size_t>(number.ptr - begin);
    if (i == math.size()) refuse(fmt::format("truncated date math [{}]", math));
    const char unit = math[i++];
    const std::optional<Time> moved = add(time, unit, what == '+' ? count : -count);
    if (!moved) refuse(fmt::format("unit [{}] not supported for date math [{}]", unit, math));
    time = *moved;
  }
  return time;
}

/// What the text says last, so that it can be completed: its unit.
char open_unit(std::string_view text) {
  const std::size_t length = text.size();
  if (length <= 4) return 'y';
  if (length <= 7) return 'M';
  if (length <= 10) return 'd';
  if (length <= 13) return 'h';
  if (length <= 16) return 'm';
  if (length <= 19) return 's';
  return 0;
}

bool names_zone(std::string_view text) {
  const std::size_t time = text.find('T');
  return time != std::string_view::npos &&
         text.find_first_of("Z+-", time) != std::string_view::npos;
}

[[noreturn]] void refuse_date(std::string_view text, const DateContext& context) {
  refuse(fmt::format(
      "failed to parse date field [{}] with format [{}]", text,
      context.format.empty() ? "strict_date_optional_time||epoch_millis" : context.format));
}

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t number = 0;
  const auto found = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || found.ec != std::errc() || found.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

bool has_format(std::string_view formats, std::string_view name) {
  return formats.empty() ? name != "epoch_second" : formats.contains(name);
}

/// A date that was written by a pattern, as ISO 8601 writes it.
struct Written {
  std::string date = "0000-01-01T00:00:00.000";
  char unit = 'y';  ///< The smallest that the pattern has; 0 for parts of a second.
};

std::size_t zone_length(std::string_view text) {
  return std::min(text.find_first_not_of("0123456789:+-Z"), text.size());
}

/// Reads "dd/MM/yyyy" and the like: the letters of a date, each with as many digits as there are
/// letters, or more.
std::optional<Written> by_pattern(std::string_view text, std::string_view pattern) {
  struct Place {
    char letter;
    std::size_t at;
    std::size_t width;
    char unit;
  };
  constexpr Place kPlaces[] = {{'y', 0, 4, 'y'},  {'u', 0, 4, 'y'},  {'M', 5, 2, 'M'},
                               {'d', 8, 2, 'd'},  {'H', 11, 2, 'h'}, {'m', 14, 2, 'm'},
                               {'s', 17, 2, 's'}, {'S', 20, 3, 0}};
  Written written;
  std::size_t finest = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < pattern.size();) {
    const char letter = pattern[i];
    std::size_t count = 0;
    for (; i < pattern.size() && pattern[i] == letter; ++i) ++count;
    if (letter == '\'') continue;
    if (letter == 'X' || letter == 'Z') {
      const std::size_t length = zone_length(text.substr(at));
      if (length == 0) return std::nullopt;
      written.date += text.substr(at, length);
      at += length;
      continue;
    }
    const auto* const place = std::ranges::find(kPlaces, letter, &Place::letter);
    if (place == std::end(kPlaces)) {
      if (text.substr(at, count) != std::string(count, letter)) return std::nullopt;
      at += count;
      continue;
    }
    std::size_t digits = 0;
    while (digits < place->width && at + digits < text.size() && text[at + digits] >= '0' &&
           text[at + digits] <= '9') {
      ++digits;
    }
    if (digits == 0 || digits < std::min(count, place->width)) return std::nullopt;
    // Parts of a second are a fraction, all else are numbers.
    const std::size_t zeros = letter == 'S' ? 0 : place->width - digits;
    written.date.replace(place->at + zeros, digits, text.substr(at, digits));
    at += digits;
    if (place->at >= finest) {
      finest = place->at;
      written.unit = place->unit;
    }
  }
  return at == text.size() ? std::optional(written) : std::nullopt;
}

/// The moment of a date without a zone, or its last one if the date leaves something open.
std::int64_t complete(std::int64_t date, char unit, DateRounding rounding, const Zone& zone) {
  Time local{milliseconds(date)};
  check_range(local);
  if (rounding == DateRounding::kUp && unit != 0) local = *add(local, unit, 1) - milliseconds(1);
  return zone.to_world(local.time_since_epoch().count());
}

std::int64_t parse_plain(std::string_view text, DateRounding rounding, const DateContext& context,
                         const Zone& zone) {
  const std::string_view formats = context.format;
  if (has_format(formats, "date") || formats.contains("year") || formats.contains("hour")) {
    if (const std::optional<std::int64_t> date = parse_date(text)) {
      if (names_zone(text)) return *date;
      return complete(*date, open_unit(text), rounding, zone);
    }
  }
  if (const std::optional<std::int64_t> number = whole(text)) {
    if (formats.contains("epoch_second")) {
      checked<std::chrono::seconds>(*number);
      return *number * 1000;
    }
    if (has_format(formats, "epoch_millis")) return *number;
  }
  for (std::size_t begin = 0; begin < formats.size();) {
    const std::size_t end = std::min(formats.find("||", begin), formats.size());
    if (const auto written = by_pattern(text, formats.substr(begin, end - begin))) {
      if (const auto date = parse_date(written->date)) {
        return names_zone(written->date) ? *date : complete(*date, written->unit, rounding, zone);
      }
    }
    begin = end + 2;
  }
  refuse_date(text, context);
}

}  // namespace

base::Result<std::int64_t> parse_date_math(std::string_view text, DateRounding rounding,
                                           const DateContext& context) {
  try {
    const Zone zone(context.time_zone);
    std::string_view math;
    std::int64_t time = context.now;
    if (text.starts_with("now")) {
      math = text.substr(3);
    } else {
      const std::size_t bars = text.find("||");
      if (bars == std::string_view::npos) return parse_plain(text, rounding, context, zone);
      math = text.substr(bars + 2);
      time = parse_plain(text.substr(0, bars), DateRounding::kDown, context, zone);
    }
    check_range(Time(milliseconds(time)));
    const Time moved = apply(Time(milliseconds(zone.to_local(time))), math, rounding);
    return zone.to_world(moved.time_since_epoch().count());
  } catch (const Refusal& refusal) {
    return std::unexpected(refusal.error);
  }
}

base::Result<std::int64_t> parse_plain_date(std::string_view text, const DateContext& context) {
  try {
    return parse_plain(text, DateRounding::kDown, context, Zone(context.time_zone));
  } catch (const Refusal& refusal) {
    return std::unexpected(refusal.error);
  }
}

}  // namespace hornbeam::search

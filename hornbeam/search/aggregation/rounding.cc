#include "hornbeam/search/aggregation/rounding.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

namespace hornbeam::search::aggregation {
namespace {

constexpr Millis kSecond = 1'000;
constexpr Millis kMinute = 60 * kSecond;
constexpr Millis kHour = 60 * kMinute;
constexpr Millis kDay = 24 * kHour;

struct UnitName {
  std::string_view name;
  std::string_view brief;
  CalendarUnit unit;
};

constexpr std::array kUnits = {
    UnitName{"second", "1s", CalendarUnit::kSecond},
    UnitName{"minute", "1m", CalendarUnit::kMinute},
    UnitName{"hour", "1h", CalendarUnit::kHour},
    UnitName{"hour", "1H", CalendarUnit::kHour},
    UnitName{"day", "1d", CalendarUnit::kDay},
    UnitName{"week", "1w", CalendarUnit::kWeek},
    UnitName{"month", "1M", CalendarUnit::kMonth},
    UnitName{"quarter", "1q", CalendarUnit::kQuarter},
    UnitName{"year", "1y", CalendarUnit::kYear},
};

Millis floor_div(Millis value, Millis by) {
  const Millis quotient = value / by;
  return value % by < 0 ? quotient - 1 : quotient;
}

/// The days since 1970 of the first day of a month that counts from year 0.
std::chrono::sys_days first_of_month(std::int64_t months) {
  using namespace std::chrono;
  const std::int64_t years = floor_div(months, 12);
  return sys_days(year(static_cast<int>(years)) /
                  month(static_cast<unsigned>(months - years * 12) + 1) / 1);
}

std::int64_t months_of(std::chrono::year_month_day date) {
  return std::int64_t{static_cast<int>(date.year())} * 12 + static_cast<unsigned>(date.month()) - 1;
}

Millis millis_of(std::chrono::sys_days day) {
  return Millis{day.time_since_epoch().count()} * kDay;
}

/// How many months a unit has; 0 for those of days and less.
std::int64_t months_in(CalendarUnit unit) {
  switch (unit) {
    case CalendarUnit::kMonth:
      return 1;
    case CalendarUnit::kQuarter:
      return 3;
    case CalendarUnit::kYear:
      return 12;
    default:
      return 0;
  }
}

Millis length_of(CalendarUnit unit) {
  switch (unit) {
    case CalendarUnit::kSecond:
      return kSecond;
    case CalendarUnit::kMinute:
      return kMinute;
    case CalendarUnit::kHour:
      return kHour;
    case CalendarUnit::kDay:
      return kDay;
    case CalendarUnit::kWeek:
      return 7 * kDay;
    default:
      return 0;
  }
}

std::chrono::year_month_day date_of(Millis local) {
  return std::chrono::sys_days(std::chrono::days(floor_div(local, kDay)));
}

}  // namespace

std::optional<CalendarUnit> find_calendar_unit(std::string_view text) {
  for (const UnitName& each : kUnits) {
    if (text == each.name || text == each.brief) return each.unit;
  }
  return std::nullopt;
}

std::optional<Millis> find_time_value(std::string_view text, bool may_be_signed) {
  Millis sign = 1;
  if (may_be_signed && (text.starts_with('-') || text.starts_with('+'))) {
    sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
  }
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || !(number >= 0)) return std::nullopt;
  const std::string_view unit(end, text.data() + text.size());
  double length = 0;
  if (unit == "ms") length = 1;
  if (unit == "s") length = kSecond;
  if (unit == "m") length = kMinute;
  if (unit == "h" || unit == "H") length = kHour;
  if (unit == "d") length = kDay;
  if (unit == "micros") length = 1e-3;
  if (unit == "nanos") length = 1e-6;
  constexpr double kLongest = 9e15;
  if (length == 0 || number * length > kLongest) return std::nullopt;
  const auto millis = static_cast<Millis>(number * length);
  if (millis == 0 && !may_be_signed) return std::nullopt;
  return sign * millis;
}

Millis add_units(Millis local, CalendarUnit unit, std::int64_t count) {
  const std::int64_t months = months_in(unit) * count;
  if (months == 0) {
    Millis moved = 0;
    const bool is_late = __builtin_mul_overflow(length_of(unit), count, &moved) ||
                         __builtin_add_overflow(moved, local, &moved);
    return is_late ? local : moved;
  }
  // chrono's years have 16 bits.
  constexpr std::int64_t kMostMonths = 12 * 30'000;
  const auto date = date_of(local);
  const std::int64_t target = months_of(date) + months;
  if (std::abs(target) > kMostMonths) return local;
  using namespace std::chrono;
  const year_month_day first(first_of_month(target));
  const year_month_day_last last(first.year(), month_day_last(first.month()));
  const auto day_number =
      std::min(static_cast<unsigned>(date.day()), static_cast<unsigned>(last.day()));
  const Millis time = local - floor_div(local, kDay) * kDay;
  return millis_of(sys_days(first.year() / first.month() / day(day_number))) + time;
}

Rounding Rounding::calendar(CalendarUnit unit, TimeZone zone, Millis offset) {
  Rounding rounding;
  rounding.unit_ = unit;
  rounding.interval_ = length_of(unit);
  rounding.zone_ = std::move(zone);
  rounding.offset_ = offset;
  return rounding;
}

Rounding Rounding::fixed(Millis interval, TimeZone zone, Millis offset) {
  Rounding rounding;
  rounding.interval_ = interval;
  rounding.zone_ = std::move(zone);
  rounding.offset_ = offset;
  return rounding;
}

Millis Rounding::round_local(Millis local) const {
  if (unit_ == CalendarUnit::kWeek) {
    // 1970 began on a Thursday.
    constexpr Millis kFirstMonday = 4 * kDay;
    return floor_div(local - kFirstMonday, interval_) * interval_ + kFirstMonday;
  }
  if (interval_ > 0) return floor_div(local, interval_) * interval_;
  const std::int64_t unit = months_in(*unit_);
  return millis_of(first_of_month(floor_div(months_of(date_of(local)), unit) * unit));
}

Millis Rounding::round_plain(Millis utc) const {
  if (zone_.is_fixed()) {
    const Millis offset = zone_.offset_at(utc);
    return round_local(utc + offset) - offset;
  }
  const Millis offset = zone_.offset_at(utc);
  const Millis begin = round_local(utc + offset);
  if (interval_ > 0 && interval_ < kDay) {
    // Hours repeat or are missing at a change: an interval ends there at the latest.
    const Millis rounded = begin - offset;
    const std::optional<Millis> change = zone_.change_before(utc);
    return change && *change > rounded && (*change - rounded) % interval_ != 0 ? *change : rounded;
  }
  return zone_.to_utc(begin);
}

Millis Rounding::next_plain(Millis key) const {
  if (zone_.is_fixed() && interval_ > 0) return key + interval_;
  const Millis local = zone_.to_local(key);
  Millis next = 0;
  if (interval_ == 0) {
    next = zone_.to_utc(add_units(round_local(local), *unit_, 1));
  } else if (interval_ < kDay) {
    next = round_plain(key + interval_);
  } else {
    next = zone_.to_utc(round_local(local) + interval_);
  }
  // Whatever the zone does, keys rise, or filling a gap would not end.
  return std::max(next, key + 1);
}

Millis Rounding::round(Millis utc) const {
  // What calendars can count; also keeps the sums below from overflowing.
  constexpr Millis kLatest = 900'000'000'000'000;
  return round_plain(std::clamp(utc, -kLatest, kLatest) - offset_) + offset_;
}

Millis Rounding::next(Millis key) const {
  return next_plain(key - offset_) + offset_;
}

}  // namespace hornbeam::search::aggregation

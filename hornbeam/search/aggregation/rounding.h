#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "hornbeam/search/aggregation/time_zone.h"

namespace hornbeam::search::aggregation {

enum class CalendarUnit : std::uint8_t {
  kSecond,
  kMinute,
  kHour,
  kDay,
  kWeek,  ///< From Monday.
  kMonth,
  kQuarter,
  kYear,
};

/// "month", "1M" and the like; none for other texts.
std::optional<CalendarUnit> find_calendar_unit(std::string_view text);
/// "90m", "12h", "500ms" in milliseconds; none if it is no time or not above 0. A sign is taken
/// only with `may_be_signed`.
std::optional<Millis> find_time_value(std::string_view text, bool may_be_signed = false);
/// A wall clock's time, `count` units later.
Millis add_units(Millis local, CalendarUnit unit, std::int64_t count);

/// Which interval a moment lies in. A value.
class Rounding {
 public:
  static Rounding calendar(CalendarUnit unit, TimeZone zone, Millis offset = 0);
  /// Requires: `interval` is above 0.
  static Rounding fixed(Millis interval, TimeZone zone, Millis offset = 0);

  /// The beginning of the interval that a moment lies in. Never falls as `utc` rises.
  Millis round(Millis utc) const;
  /// The beginning of the interval behind that which begins at `key`.
  Millis next(Millis key) const;

 private:
  Millis round_local(Millis local) const;
  Millis round_plain(Millis utc) const;
  Millis next_plain(Millis key) const;

  std::optional<CalendarUnit> unit_{};  ///< None: fixed.
  Millis interval_ = 0;                 ///< Of units that have a fixed length too; else 0.
  Millis offset_ = 0;
  TimeZone zone_{};
};

}  // namespace hornbeam::search::aggregation

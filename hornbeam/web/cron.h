#pragma once

// Cron expressions, as Vixie's cron and its heirs read them: when something recurs.
//
//   ┌ minute 0-59
//   │ ┌ hour 0-23
//   │ │ ┌ day of the month 1-31
//   │ │ │ ┌ month 1-12 or jan-dec
//   │ │ │ │ ┌ day of the week 0-7 or sun-sat; 0 and 7 are Sunday
//   */5 9-17 * * mon-fri
//
// A field is a list of `*`, values and ranges, the last two of which may have a step: "1-10/3",
// "*/15". @yearly, @annually, @monthly, @weekly, @daily, @midnight and @hourly are short for what
// they say.
//
// If both the day of the month and the day of the week are restricted, that is, do not begin with
// `*`, a day matches if either does; else it matches if both do.
//
// Where clocks change: an expression whose minute or hour begins with `*` follows the clock on the
// wall. Another one names times of day, and what falls into an hour that is left out comes at its
// end, what falls into an hour that is repeated comes once.

#include <bitset>
#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

#include "hornbeam/base/result.h"

namespace hornbeam::web {

/// How far local time is ahead of UTC at a time.
using ZoneOffset = std::function<std::chrono::seconds(std::chrono::sys_seconds)>;
/// The zone of the process: TZ, or /etc/localtime.
ZoneOffset local_zone();
/// UTC all year.
ZoneOffset utc_zone();

/// The minutes of a cron expression, such as "*/15 8-18 * * mon-fri".
class CronSchedule {
 public:
  /// Reads an expression; the error says which field is wrong, and why.
  static base::Result<CronSchedule> parse(std::string_view expression);

  /// The first matching minute after `after`; nothing if none comes within nine years.
  std::optional<std::chrono::sys_seconds> next(std::chrono::sys_seconds after,
                                               const ZoneOffset& zone = utc_zone()) const;

 private:
  bool matches_day(std::chrono::local_days day) const;
  bool matches(std::chrono::local_seconds time) const;
  bool comes_in_gap(std::chrono::local_seconds begin, std::chrono::local_seconds end) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;    // From 1.
  std::bitset<13> months_;  // From 1.
  std::bitset<7> weekdays_;
  bool any_day_ = false;      // The field begins with `*`.
  bool any_weekday_ = false;  // Likewise.
  bool is_wild_ = false;      // Minute or hour begins with `*`.
};

}  // namespace hornbeam::web

#include "hornbeam/web/cron.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "hornbeam/http/token.h"

namespace hornbeam::web {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr minutes kQuarter{15};
// Clocks change by less, and on quarters of an hour.
constexpr hours kLargestChange{3};
constexpr days kHorizon{9 * 366};

using Names = std::span<const std::string_view>;
constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"sun", "mon", "tue", "wed",
                                                       "thu", "fri", "sat"};

struct Field {
  std::string_view what;
  int least;
  int most;
  Names names{};
};

std::unexpected<base::Error> refuse(const Field& field, std::string_view text,
                                    std::string_view why) {
  return base::error("cron", fmt::format("the {} '{}' {}", field.what, text, why));
}

/// A number or a name; nothing if `text` is neither, or out of bounds.
std::optional<int> read_value(const Field& field, std::string_view text) {
  const auto name = std::ranges::find(field.names, http::lower_case(text));
  if (name != field.names.end()) {
    return field.least + static_cast<int>(name - field.names.begin());
  }
  int value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || value < field.least ||
      value > field.most) {
    return std::nullopt;
  }
  return value;
}

/// Calls `set` for every value of one element of a list.
template <class Set>
base::Result<bool> read_element(const Field& field, std::string_view element, Set set) {
  const std::size_t slash = element.find('/');
  const std::string_view base_text = element.substr(0, slash);
  const std::size_t dash = base_text.find('-');
  int first = field.least;
  int last = field.most;
  if (base_text != "*") {
    const auto from = read_value(field, base_text.substr(0, dash));
    auto to = dash == std::string_view::npos ? from : read_value(field, base_text.substr(dash + 1));
    if (!from || !to) {
      return refuse(field, element, fmt::format("is not within {}-{}", field.least, field.most));
    }
    // A week may end with Sunday: fri-sun.
    if (*to == 0 && *from > 0 && field.most == 7) to = 7;
    if (*to < *from) return refuse(field, element, "ends before it begins");
    first = *from;
    last = *to;
  }
  int step = 1;
  if (slash != std::string_view::npos) {
    if (base_text != "*" && dash == std::string_view::npos) {
      return refuse(field, element,
                    fmt::format("has a step without a range. Mend: {}-{}{}", base_text, field.most,
                                element.substr(slash)));
    }
    const std::string_view text = element.substr(slash + 1);
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), step);
    if (failure != std::errc() || end != text.data() + text.size() || step < 1) {
      return refuse(field, element, "has a step that is no number above 0");
    }
  }
  for (int value = first; value <= last && value >= first; value += std::min(step, 100)) set(value);
  return true;
}

template <class Set>
base::Result<bool> read_field(const Field& field, std::string_view text, Set set) {
  while (true) {
    const std::size_t comma = text.find(',');
    auto read = read_element(field, text.substr(0, comma), set);
    if (!read || comma == std::string_view::npos) return read;
    text.remove_prefix(comma + 1);
  }
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return words;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::string_view expand(std::string_view expression) {
  struct Short {
    std::string_view name;
    std::string_view meaning;
  };
  static constexpr std::array kShort = {
      Short{"@yearly", "0 0 1 1 *"},  Short{"@annually", "0 0 1 1 *"},
      Short{"@monthly", "0 0 1 * *"}, Short{"@weekly", "0 0 * * 0"},
      Short{"@daily", "0 0 * * *"},   Short{"@midnight", "0 0 * * *"},
      Short{"@hourly", "0 * * * *"}};
  const auto found = std::ranges::find(kShort, http::lower_case(expression), &Short::name);
  return found != kShort.end() ? found->meaning : expression;
}

local_seconds local(sys_seconds time, const ZoneOffset& zone) {
  return local_seconds(time.time_since_epoch() + zone(time));
}

/// The end of what can be passed over where the day of `time` does not match.
local_days day_after(local_seconds time, bool skips_month) {
  const auto day = std::chrono::floor<days>(time);
  if (!skips_month) return day + days(1);
  const std::chrono::year_month_day date(day);
  return local_days((date.year() / date.month() + std::chrono::months(1)) / std::chrono::day(1));
}

}  // namespace

ZoneOffset utc_zone() {
  return [](sys_seconds) { return seconds(0); };
}

ZoneOffset local_zone() {
  ::tzset();
  return [](sys_seconds time) {
    const std::time_t number = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    ::localtime_r(&number, &parts);
    return seconds(parts.tm_gmtoff);
  };
}

base::Result<CronSchedule> CronSchedule::parse(std::string_view expression) {
  const std::vector<std::string_view> words = words_of(expression);
  if (words.size() == 1 && expand(words[0]) != words[0]) return parse(expand(words[0]));
  if (words.size() != 5) {
    return base::error(
        "cron",
        fmt::format("the cron expression '{}' does not have five fields: minute, hour, day of the "
                    "month, month, day of the week",
                    expression));
  }
  CronSchedule schedule;
  auto set_in = [](auto& bits) {
    return [&bits](int value) { bits.set(static_cast<std::size_t>(value)); };
  };
  auto set_weekday = [&schedule](int value) {
    schedule.weekdays_.set(static_cast<std::size_t>(value % 7));
  };
  for (const auto& read :
       {read_field({"minute", 0, 59}, words[0], set_in(schedule.minutes_)),
        read_field({"hour", 0, 23}, words[1], set_in(schedule.hours_)),
        read_field({"day of the month", 1, 31}, words[2], set_in(schedule.days_)),
        read_field({"month", 1, 12, kMonths}, words[3], set_in(schedule.months_)),
        read_field({"day of the week", 0, 7, kWeekdays}, words[4], set_weekday)}) {
    if (!read) return std::unexpected(read.error());
  }
  schedule.any_day_ = words[2].starts_with('*');
  schedule.any_weekday_ = words[4].starts_with('*');
  schedule.is_wild_ = words[0].starts_with('*') || words[1].starts_with('*');
  if (!schedule.next(sys_seconds(days(0)))) {
    return base::error(
        "cron", fmt::format("the cron expression '{}' names a day that never comes", expression));
  }
  return schedule;
}

bool CronSchedule::matches_day(local_days day) const {
  const std::chrono::year_month_day date(day);
  if (!months_.test(static_cast<unsigned>(date.month()))) return false;
  const bool by_day = days_.test(static_cast<unsigned>(date.day()));
  const bool by_weekday = weekdays_.test(std::chrono::weekday(day).c_encoding());
  return any_day_ || any_weekday_ ? by_day && by_weekday : by_day || by_weekday;
}

bool CronSchedule::matches(local_seconds time) const {
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::hh_mm_ss clock(time - day);
  return hours_.test(static_cast<std::size_t>(clock.hours().count())) &&
         minutes_.test(static_cast<std::size_t>(clock.minutes().count())) && matches_day(day);
}

bool CronSchedule::comes_in_gap(local_seconds begin, local_seconds end) const {
  for (local_seconds time = begin; time < end; time += minutes(1)) {
    if (matches(time)) return true;
  }
  return false;
}

// Walks the minutes, passing over days that do not match but for their last hours, and otherwise
// over quarters of hours that do not. Ends: each step goes on, up to the horizon.
std::optional<sys_seconds> CronSchedule::next(sys_seconds after, const ZoneOffset& zone) const {
  sys_seconds time = std::chrono::floor<minutes>(after) + minutes(1);
  const sys_seconds horizon = time + kHorizon;
  while (time < horizon) {
    const local_seconds now = local(time, zone);
    const bool is_quarter = time.time_since_epoch() % kQuarter == seconds(0);
    if (!is_wild_ && is_quarter) {
      const local_seconds before = local(time - minutes(1), zone) + minutes(1);
      if (before < now && comes_in_gap(before, now)) return time;
    }
    if (matches(now)) {
      const seconds change = zone(time - kLargestChange) - zone(time);
      const bool is_repeated = change > seconds(0) && local(time - change, zone) == now;
      if (is_wild_ || !is_repeated) return time;
    }
    const auto day = std::chrono::floor<days>(now);
    if (!matches_day(day)) {
      const std::chrono::year_month_day date(day);
      const bool skips_month = !months_.test(static_cast<unsigned>(date.month()));
      const seconds ahead = local_seconds(day_after(now, skips_month)) - now - kLargestChange;
      if (ahead > seconds(0)) {
        time = std::chrono::floor<minutes>(time + ahead);
        continue;
      }
    }
    const auto hour = static_cast<std::size_t>(std::chrono::floor<hours>(now - day).count());
    time = hours_.test(hour) && matches_day(day)
               ? time + minutes(1)
               : std::chrono::floor<std::chrono::duration<std::int64_t, std::ratio<900>>>(time) +
                     kQuarter;
  }
  return std::nullopt;
}

}  // namespace hornbeam::web

#include "hornbeam/web/cron.h"

#include <cstdio>
#include <cstdlib>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hornbeam::web {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

// "2026-03-01 12:00", UTC.
sys_seconds at(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  EXPECT_EQ(std::sscanf(text.c_str(), "%d-%u-%u %d:%d", &year, &month, &day, &hour, &minute), 5);
  return sys_days(std::chrono::year(year) / month / day) + hours(hour) + minutes(minute);
}
std::string text(std::optional<sys_seconds> time) {
  if (!time) return "never";
  const auto day = std::chrono::floor<std::chrono::days>(*time);
  const std::chrono::year_month_day date(day);
  const auto minute = std::chrono::floor<minutes>(*time - day).count();
  return fmt::format("{}-{:02}-{:02} {:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     minute / 60, minute % 60);
}
CronSchedule parse(std::string_view expression) {
  auto schedule = CronSchedule::parse(expression);
  if (!schedule) throw std::invalid_argument(schedule.error().message);
  return *schedule;
}

// Central Europe in 2026: summer time from 29 March 01:00 UTC to 25 October 01:00 UTC.
ZoneOffset vienna() {
  return [](sys_seconds time) {
    const bool is_summer = time >= at("2026-03-29 01:00") && time < at("2026-10-25 01:00");
    return std::chrono::seconds(is_summer ? 7200 : 3600);
  };
}

TEST(Cron, FindsTheNextTime) {
  struct Case {
    const char* expression;
    const char* after;
    const char* next;
  };
  // 1 March 2026 is a Sunday.
  for (const auto& [expression, after, next] : {
           Case{"* * * * *", "2026-03-01 12:00", "2026-03-01 12:01"},
           Case{"*/5 * * * *", "2026-03-01 12:00", "2026-03-01 12:05"},
           Case{"*/5 * * * *", "2026-03-01 23:58", "2026-03-02 00:00"},
           Case{"7-59/20 * * * *", "2026-03-01 12:10", "2026-03-01 12:27"},
           Case{"0 3 * * *", "2026-03-01 03:00", "2026-03-02 03:00"},
           Case{"30 9 * * mon-fri", "2026-03-06 09:30", "2026-03-09 09:30"},
           Case{"0 0 * * 7", "2026-03-02 00:00", "2026-03-08 00:00"},
           Case{"0 0 * * sun", "2026-03-02 00:00", "2026-03-08 00:00"},
           Case{"0 0 * * fri-sun", "2026-03-07 00:00", "2026-03-08 00:00"},
           Case{"0 0 1 jan *", "2026-03-01 00:00", "2027-01-01 00:00"},
           Case{"0 0 29 FEB *", "2026-03-01 00:00", "2028-02-29 00:00"},
           Case{"0 0 29 2 *", "2096-03-01 00:00", "2104-02-29 00:00"},
           Case{"0 0 31 * *", "2026-03-31 00:00", "2026-05-31 00:00"},
           Case{"1,2,50-52 8,20 * * *", "2026-03-01 08:02", "2026-03-01 08:50"},
           Case{"0 12 1-7 * *", "2026-03-07 12:00", "2026-04-01 12:00"},
           Case{"  0\t12  * * * ", "2026-03-07 12:00", "2026-03-08 12:00"},
           Case{"@hourly", "2026-03-01 12:30", "2026-03-01 13:00"},
           Case{"@Daily", "2026-03-01 12:30", "2026-03-02 00:00"},
           Case{"@midnight", "2026-03-01 12:30", "2026-03-02 00:00"},
           Case{"@weekly", "2026-03-01 12:30", "2026-03-08 00:00"},
           Case{"@monthly", "2026-03-01 12:30", "2026-04-01 00:00"},
           Case{"@yearly", "2026-03-01 12:30", "2027-01-01 00:00"},
           // Vixie's rule: both days restricted, either will do.
           Case{"0 0 13 * fri", "2026-03-01 00:00", "2026-03-06 00:00"},
           Case{"0 0 10 * fri", "2026-03-06 00:00", "2026-03-10 00:00"},
           // A field that begins with * restricts without choosing: the 13th if it is a Friday.
           Case{"0 0 13 * */5", "2026-03-14 00:00", "2026-09-13 00:00"},
           Case{"0 0 */2 * mon", "2026-03-02 00:00", "2026-03-09 00:00"},
       }) {
    EXPECT_EQ(text(parse(expression).next(at(after))), next) << expression << " after " << after;
  }
}

TEST(Cron, SaysWhatIsWrong) {
  struct Case {
    const char* expression;
    const char* part;
  };
  for (const auto& [expression, part] : {
           Case{"", "five fields"},
           Case{"* * * *", "five fields"},
           Case{"* * * * * *", "five fields"},
           Case{"@reboot", "five fields"},
           Case{"60 * * * *", "the minute '60' is not within 0-59"},
           Case{"* 24 * * *", "the hour '24'"},
           Case{"* * 0 * *", "the day of the month '0' is not within 1-31"},
           Case{"* * * 13 *", "the month '13'"},
           Case{"* * * * 8", "the day of the week '8'"},
           Case{"* * * * mo", "the day of the week 'mo'"},
           Case{"5-1 * * * *", "ends before it begins"},
           Case{"*/0 * * * *", "a step that is no number above 0"},
           Case{"*/x * * * *", "a step that is no number above 0"},
           Case{"5/10 * * * *", "Mend: 5-59/10"},
           Case{"1,,2 * * * *", "the minute ''"},
           Case{"-1 * * * *", "the minute '-1'"},
           Case{"1- * * * *", "the minute '1-'"},
           Case{"** * * * *", "the minute '**'"},
           Case{"0 0 31 2 *", "never comes"},
           Case{"0 0 31 4,6 *", "never comes"},
       }) {
    const auto schedule = CronSchedule::parse(expression);
    ASSERT_FALSE(schedule) << expression;
    EXPECT_TRUE(schedule.error().message.contains(part)) << schedule.error().message;
  }
}

TEST(Cron, KeepsTimesOfDayWhereClocksChange) {
  struct Case {
    const char* expression;
    const char* after;
    std::vector<const char*> next;
  };
  // In UTC. On 29 March 02:00-03:00 is left out, on 25 October it comes twice.
  for (const auto& [expression, after, expected] : {
           Case{"30 2 * * *",
                "2026-03-28 00:00",
                {"2026-03-28 01:30", "2026-03-29 01:00", "2026-03-30 00:30"}},
           Case{"0,30 2 * * *", "2026-03-28 12:00", {"2026-03-29 01:00", "2026-03-30 00:00"}},
           Case{"0 3 * * *", "2026-03-28 12:00", {"2026-03-29 01:00", "2026-03-30 01:00"}},
           Case{"30 2 * * *", "2026-10-24 12:00", {"2026-10-25 00:30", "2026-10-26 01:30"}},
           Case{"30 1,2,3 * * *",
                "2026-10-24 12:00",
                {"2026-10-24 23:30", "2026-10-25 00:30", "2026-10-25 02:30"}},
           Case{"0 0 29 3 *", "2026-01-01 00:00", {"2026-03-28 23:00"}},
           // By the clock on the wall: each real hour.
           Case{"30 * * * *", "2026-03-29 00:00", {"2026-03-29 00:30", "2026-03-29 01:30"}},
           Case{"30 * * * *",
                "2026-10-24 23:45",
                {"2026-10-25 00:30", "2026-10-25 01:30", "2026-10-25 02:30"}},
           Case{"*/30 2 * * *",
                "2026-10-24 23:45",
                {"2026-10-25 00:00", "2026-10-25 00:30", "2026-10-25 01:00", "2026-10-25 01:30"}},
       }) {
    const CronSchedule schedule = parse(expression);
    sys_seconds time = at(after);
    for (const char* const next : expected) {
      const auto found = schedule.next(time, vienna());
      EXPECT_EQ(text(found), next) << expression << " after " << text(time);
      if (!found) break;
      time = *found;
    }
  }
}

/// Some expression in which at most one of the days is restricted.
std::string random_expression(std::mt19937& random) {
  auto field = [&random](int least, int most) -> std::string {
    auto value = [&] { return least + static_cast<int>(random() % (most - least + 1)); };
    const int first = value();
    const int last = std::max(first, value());
    switch (random() % 6) {
      case 0:
        return fmt::format("{}", first);
      case 1:
        return fmt::format("{}-{}", first, last);
      case 2:
        return fmt::format("*/{}", 1 + random() % 20);
      case 3:
        return fmt::format("{},{}-{}/{}", value(), first, last, 1 + random() % 9);
      default:
        return "*";
    }
  };
  const bool by_weekday = random() % 2 == 0;
  return fmt::format("{} {} {} {} {}", field(0, 59), field(0, 23), by_weekday ? "*" : field(1, 28),
                     field(1, 12), by_weekday ? field(0, 6) : "*");
}

TEST(Cron, IsAsCroniterHasIt) {
  if (std::system("/usr/bin/python3 -c 'import croniter' 2>/dev/null") != 0) {
    GTEST_SKIP() << "python3-croniter is not installed";
  }
  std::mt19937 random(7);
  std::string cases;
  for (int i = 0; i < 300; ++i) {
    const std::string expression = random_expression(random);
    sys_seconds time = at("2026-01-01 00:00") + minutes(random() % 525'600);
    cases += fmt::format("{}|{}", expression, time.time_since_epoch().count());
    for (int run = 0; run < 3; ++run) {
      const auto next = parse(expression).next(time);
      ASSERT_TRUE(next) << expression;
      time = *next;
      cases += fmt::format("|{}", time.time_since_epoch().count());
    }
    cases += '\n';
  }
  const char* const script =
      "/usr/bin/python3 -c 'import sys\n"
      "from croniter import croniter\n"
      "for line in sys.stdin:\n"
      "  expression, *times = line.strip().split(\"|\")\n"
      "  each = croniter(expression, float(times[0]))\n"
      "  for time in times[1:]:\n"
      "    asked = each.get_next(float)\n"
      "    assert asked == float(time), (line, asked)' 2>&1";
  std::FILE* const oracle = ::popen(script, "w");
  ASSERT_NE(oracle, nullptr);
  std::fwrite(cases.data(), 1, cases.size(), oracle);
  EXPECT_EQ(::pclose(oracle), 0);
}

TEST(Cron, ReadsTheLocalZone) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  EXPECT_LT(std::chrono::abs(local_zone()(now)), hours(15));
}

}  // namespace
}  // namespace hornbeam::web

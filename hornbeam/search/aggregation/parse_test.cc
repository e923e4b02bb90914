#include <gtest/gtest.h>

#include "hornbeam/search/aggregation/collector.h"
#include "hornbeam/search/aggregation/java_number.h"
#include "hornbeam/search/aggregation/parameters.h"
#include "hornbeam/search/aggregation/rounding.h"
#include "hornbeam/search/index.h"
#include "hornbeam/search/testing/crash_directory.h"
#include "hornbeam/search/testing/test_indices.h"

namespace hornbeam::search::aggregation {
namespace {

using testing::TestIndices;

TEST(AggregationRequest, IsRefusedInTheWordsOfOpenSearch) {
  struct Case {
    const char* json;
    const char* error;
  };
  const Case cases[] = {
      {"[]",
       "parsing_exception: Unexpected token START_ARRAY in [aggs]: aggregations definitions must "
       "start with the name of the aggregation."},
      {R"({"a>b": {"max": {"field": "n"}}})",
       "parsing_exception: Invalid aggregation name [a>b]. Aggregation names can contain any "
       "character except '[', ']', and '>'"},
      {R"({"a": 1})",
       "parsing_exception: Aggregation definition for [a starts with a [VALUE_NUMBER], expected a "
       "[START_OBJECT]."},
      {R"({"a": {}})", "parsing_exception: Missing definition for aggregation [a]"},
      {R"({"a": {"max": 1}})",
       "parsing_exception: Expected [START_OBJECT] under [max], but got a [VALUE_NUMBER] in [a]"},
      {R"({"a": {"maxx": {}}})",
       "parsing_exception: Unknown aggregation type [maxx] did you mean [max]?"},
      {R"({"a": {"max": {"field": "n"}, "min": {"field": "n"}}})",
       "parsing_exception: Found two aggregation type definitions in [a]: [max] and [min]"},
      {R"({"a": {"filter": {"match_all": {}}, "aggs": {}, "aggregations": {}}})",
       "parsing_exception: Found two sub aggregation definitions under [a]"},
      {R"({"a": {"max": {"field": {}}}})",
       "x_content_parse_exception: [max] field doesn't support values of type: START_OBJECT"},
      {R"({"a": {"terms": {"field": "n", "size": 0}}})",
       "illegal_argument_exception: [size] must be greater than 0. Found [0] in [a]"},
  };
  const TestIndices indices("{}");
  for (const Case& one : cases) EXPECT_EQ(indices.run(one.json), one.error) << one.json;
}

TEST(AggregationRequest, IsPartOfASearch) {
  auto index = Index::open(std::make_unique<testing::CrashDirectory>()).value();
  ASSERT_TRUE(index->put("1", R"({"n": 3})"));
  index->refresh();
  const auto found =
      index->search(R"({"size": 0, "aggregations": {"m": {"max": {"field": "n"}}}})");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->aggregations, R"({"m":{"value":3.0}})");
  EXPECT_EQ(found->total.value, 1U);
}

TEST(AggregationRequest, MayHaveSoManySiblings) {
  std::string json = "{";
  for (int i = 0; i < 1'025; ++i) {
    json += (i == 0 ? "\"" : ",\"") + std::to_string(i) + R"(": {"max": {"field": "n"}})";
  }
  EXPECT_EQ(TestIndices("{}").run(json + "}"),
            "illegal_argument_exception: An object may have at most [1024] aggregations, found "
            "[1025]");
}

TEST(BucketCounts, DoNotGrowPastTheirLimit) {
  BucketCounts counts;
  counts.grow(10);
  EXPECT_EQ(counts.at(9), 0U);
  EXPECT_THROW(counts.grow((std::uint64_t{1} << 24) + 1), Refusal);
}

TEST(JavaDouble, IsWrittenAsJavaWritesIt) {
  const std::pair<double, const char*> cases[] = {
      {0, "0.0"},
      {-0.0, "-0.0"},
      {2, "2.0"},
      {0.1, "0.1"},
      {0.001, "0.001"},
      {0.0001, "1.0E-4"},
      {9999999, "9999999.0"},
      {1e7, "1.0E7"},
      {-1.5e300, "-1.5E300"},
      {1.0 / 3, "0.3333333333333333"},
  };
  for (const auto& [value, text] : cases) EXPECT_EQ(java_double(value), text);
}

// Europe/Berlin went forward at 2024-03-31T01:00Z and back at 2024-10-27T01:00Z.
TEST(Rounding, FollowsTheClockThroughChanges) {
  const TimeZone berlin = *TimeZone::find("Europe/Berlin");
  constexpr Millis kHour = 3'600'000;
  constexpr Millis kForward = 1'711'846'800'000;
  constexpr Millis kBack = 1'729'990'800'000;
  const Rounding day = Rounding::calendar(CalendarUnit::kDay, berlin);
  const Millis short_day = day.round(kForward);
  EXPECT_EQ(short_day, kForward - 2 * kHour);
  EXPECT_EQ(day.next(short_day) - short_day, 23 * kHour);
  const Millis long_day = day.round(kBack);
  EXPECT_EQ(day.next(long_day) - long_day, 25 * kHour);
  const Rounding hour = Rounding::calendar(CalendarUnit::kHour, berlin);
  for (Millis at = kBack - 3 * kHour; at < kBack + 3 * kHour; at += kHour / 4) {
    EXPECT_EQ(hour.round(at), at / kHour * kHour);
  }
  EXPECT_EQ(hour.next(kBack - kHour), kBack);
}

TEST(Rounding, NeverFallsAndEndsWhereTheNextBegins) {
  for (const char* const zone : {"UTC", "+05:30", "America/New_York", "Australia/Lord_Howe"}) {
    for (const CalendarUnit unit :
         {CalendarUnit::kHour, CalendarUnit::kDay, CalendarUnit::kWeek, CalendarUnit::kMonth,
          CalendarUnit::kQuarter, CalendarUnit::kYear}) {
      const Rounding rounding = Rounding::calendar(unit, *TimeZone::find(zone));
      Millis last = rounding.round(1'700'000'000'000);
      for (Millis at = 1'700'000'000'000; at < 1'740'000'000'000; at += 1'799'000) {
        const Millis key = rounding.round(at);
        ASSERT_LE(key, at);
        ASSERT_EQ(rounding.round(key), key) << zone << " " << at;
        if (key != last) {
          ASSERT_EQ(rounding.next(last), key) << zone << " " << at;
        }
        last = key;
      }
    }
  }
}

}  // namespace
}  // namespace hornbeam::search::aggregation

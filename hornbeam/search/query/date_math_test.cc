#include "hornbeam/search/mapping/date_math.h"

#include <gtest/gtest.h>

#include "hornbeam/search/mapping/field_value.h"
#include "hornbeam/search/testing/new_index.h"

namespace hornbeam::search {
namespace {

std::int64_t at(std::string_view text) {
  return parse_date(text).value();
}

std::int64_t calculate(std::string_view text, DateRounding rounding = DateRounding::kDown,
                       std::string_view zone = {}, std::string_view format = {}) {
  const auto found = parse_date_math(
      text, rounding, {.now = at("2024-05-15T13:14:15.500Z"), .time_zone = zone, .format = format});
  EXPECT_TRUE(found) << text << ": " << found.error().message;
  return found.value_or(0);
}

TEST(DateMath, MovesAndRounds) {
  struct Case {
    const char* text;
    const char* down;
    const char* up;
  };
  const Case cases[] = {
      {"now", "2024-05-15T13:14:15.500Z", "2024-05-15T13:14:15.500Z"},
      {"now-1d", "2024-05-14T13:14:15.500Z", "2024-05-14T13:14:15.500Z"},
      {"now/d", "2024-05-15T00:00:00Z", "2024-05-15T23:59:59.999Z"},
      {"now-1d/d", "2024-05-14T00:00:00Z", "2024-05-14T23:59:59.999Z"},
      {"now/M", "2024-05-01T00:00:00Z", "2024-05-31T23:59:59.999Z"},
      {"now/y", "2024-01-01T00:00:00Z", "2024-12-31T23:59:59.999Z"},
      {"now/w", "2024-05-13T00:00:00Z", "2024-05-19T23:59:59.999Z"},
      {"now+2h-30m", "2024-05-15T14:44:15.500Z", "2024-05-15T14:44:15.500Z"},
      {"2024-01-31||+1M", "2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
      {"2024-01-01||+1M/d", "2024-02-01T00:00:00Z", "2024-02-01T23:59:59.999Z"},
      {"2024-03", "2024-03-01T00:00:00Z", "2024-03-31T23:59:59.999Z"},
      {"2023", "2023-01-01T00:00:00Z", "2023-12-31T23:59:59.999Z"},
      {"2024-02-10", "2024-02-10T00:00:00Z", "2024-02-10T23:59:59.999Z"},
      {"2024-02-10T10", "2024-02-10T10:00:00Z", "2024-02-10T10:59:59.999Z"},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(calculate(one.text), at(one.down)) << one.text;
    EXPECT_EQ(calculate(one.text, DateRounding::kUp), at(one.up)) << one.text;
  }
}

TEST(DateMath, KnowsZonesAndFormats) {
  EXPECT_EQ(calculate("2024-01-01", DateRounding::kDown, "+01:00"), at("2023-12-31T23:00:00Z"));
  EXPECT_EQ(calculate("2024-07-01", DateRounding::kDown, "Europe/Paris"),
            at("2024-06-30T22:00:00Z"));
  EXPECT_EQ(calculate("2024-01-01T00:00:00Z", DateRounding::kDown, "+01:00"), at("2024-01-01"));
  EXPECT_EQ(calculate("31/12/2023", DateRounding::kDown, "", "dd/MM/yyyy||yyyy"), at("2023-12-31"));
  EXPECT_EQ(calculate("12/2023", DateRounding::kUp, "", "MM/yyyy"), at("2023-12-31T23:59:59.999Z"));
  EXPECT_EQ(
      calculate("20231231 10:20:30.5+02:00", DateRounding::kDown, "", "yyyyMMdd HH:mm:ss.SXXX"),
      at("2023-12-31T08:20:30.500Z"));
  EXPECT_EQ(calculate("100", DateRounding::kDown, "", "epoch_second"), 100'000);
  EXPECT_EQ(calculate("1700000000000"), 1'700'000'000'000);
}

TEST(DateMath, RefusesWhatIsNone) {
  for (const char* const text :
       {"", "soon", "now+", "now+1x", "now/", "now/2d", "now*1d", "2024-13", "2024||+1q",
        "now+99999999999999999999d", "now+999999999999y", "now+40000y", "now-999999999999w",
        "now+9223372036854775807s", "9223372036854775807||+1d"}) {
    EXPECT_FALSE(parse_date_math(text, DateRounding::kDown, {})) << text;
  }
  EXPECT_EQ(parse_date_math("soon", DateRounding::kDown, {}).error().message,
            "failed to parse date field [soon] with format "
            "[strict_date_optional_time||epoch_millis]");
  EXPECT_FALSE(parse_date_math("2024", DateRounding::kDown, {.time_zone = "Nowhere/At_All"}));
}

TEST(RangeQuery, CompletesDatesAndCutsNumbers) {
  const auto index = testing::new_index(R"({"properties": {"at": {"type": "date"},
      "n": {"type": "byte"}, "x": {"type": "double"}}})");
  testing::put_all(*index, {R"({"at": "2024-02-10T12:00:00Z", "n": 2, "x": 2.5})",
                            R"({"at": "2024-03-01", "n": 3, "x": 3.5})",
                            R"({"at": "2023-12-31", "n": -3, "x": -1})"});
  struct Case {
    const char* range;
    const char* expected;
  };
  const Case cases[] = {
      {R"({"at": {"lte": "2024-02"}})", "1 3"},
      {R"({"at": {"gt": "2024-02"}})", "2"},
      {R"({"at": {"gte": "2024-02", "lt": "2024-02-10"}})", ""},
      {R"({"at": {"gte": "2024-02-10", "lte": "2024-02-10"}})", "1"},
      {R"({"at": {"gte": "2024-03-01||-1M/M", "lt": "2024-03-01||/M"}})", "1"},
      {R"({"at": {"lt": "now"}})", "1 2 3"},
      {R"({"at": {"gte": "01/03/2024", "format": "dd/MM/yyyy"}})", "2"},
      {R"({"at": {"lt": "2024-01-01", "time_zone": "+05:00", "relation": "within"}})", "3"},
      {R"({"n": {"gt": 2.5}})", "2"},
      {R"({"n": {"gte": 2.0, "lt": 3.0}})", "1"},
      {R"({"n": {"lte": -2.5}})", "3"},
      {R"({"n": {"gte": 1000}})", ""},
      {R"({"n": {"lte": 1000}})", "1 2 3"},
      {R"({"x": {"from": 2.5, "to": 3.5, "include_lower": false}})", "2"},
      {R"({"x": {"gt": null, "lte": 0}})", "3"},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(testing::matches(*index, std::string(R"({"range": )") + one.range + "}"),
              one.expected)
        << one.range;
  }
  EXPECT_EQ(testing::matches(*index, R"({"term": {"at": "2024"}})"), "1 2");
  EXPECT_EQ(testing::matches(*index, R"({"range": {"at": {"gte": "soon"}}})"),
            "parse_exception: failed to parse date field [soon] with format "
            "[strict_date_optional_time||epoch_millis]");
}

}  // namespace
}  // namespace hornbeam::search

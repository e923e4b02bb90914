#include "hornbeam/base/json.h"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace game {

struct Point {
  int x = 0;
  int y = 0;
  friend bool operator==(const Point&, const Point&) = default;
};
constexpr auto describe(hornbeam::base::Type<Point>) {
  return hornbeam::base::fields(hornbeam::base::field("x", &Point::x),
                                hornbeam::base::field("y", &Point::y));
}

struct Everything {
  bool flag = false;
  std::uint8_t small = 0;
  std::int64_t large = 0;
  double ratio = 0;
  std::string text;
  std::optional<std::string> maybe;
  std::optional<int> hidden;
  std::vector<Point> points;
  std::map<std::string, int> counts;
  std::variant<Point, std::string> either;
  std::array<int, 2> pair{};
  friend bool operator==(const Everything&, const Everything&) = default;
};
constexpr auto describe(hornbeam::base::Type<Everything>) {
  return hornbeam::base::fields(
      hornbeam::base::field("flag", &Everything::flag),
      hornbeam::base::field("small", &Everything::small),
      hornbeam::base::field("large", &Everything::large),
      hornbeam::base::field("ratio", &Everything::ratio),
      hornbeam::base::field("text", &Everything::text),
      hornbeam::base::field("maybe", &Everything::maybe),
      hornbeam::base::field("hidden", &Everything::hidden, hornbeam::base::omit_empty),
      hornbeam::base::field("points", &Everything::points),
      hornbeam::base::field("counts", &Everything::counts),
      hornbeam::base::field("either", &Everything::either),
      hornbeam::base::field("pair", &Everything::pair));
}

struct Ruled {
  std::string name = "x";
  int age = 1;
  std::string side = "X";
  std::string code = "ab-1";
  std::optional<std::string> nick;
  std::vector<int> dice{1};
  int even = 2;
};
constexpr auto describe(hornbeam::base::Type<Ruled>) {
  return hornbeam::base::fields(
      hornbeam::base::field("name", &Ruled::name, hornbeam::base::length(1, 3),
                            hornbeam::base::or_default),
      hornbeam::base::field("age", &Ruled::age, hornbeam::base::range(1, 99),
                            hornbeam::base::or_default),
      hornbeam::base::field("side", &Ruled::side, hornbeam::base::one_of("X", "O"),
                            hornbeam::base::or_default),
      hornbeam::base::field("code", &Ruled::code, hornbeam::base::pattern("[a-z]+-[0-9]"),
                            hornbeam::base::or_default),
      hornbeam::base::field("nick", &Ruled::nick, hornbeam::base::length(2)),
      hornbeam::base::field("dice", &Ruled::dice, hornbeam::base::length(1, 2),
                            hornbeam::base::or_default),
      hornbeam::base::field("even", &Ruled::even, hornbeam::base::or_default,
                            hornbeam::base::satisfies([](int value) { return value % 2 == 0; },
                                                      "expected an even int")));
}

}  // namespace game

namespace hornbeam::base {
namespace {

using game::Everything;
using game::Point;
using game::Ruled;

std::string problems_of(const JsonFailure& failure) {
  return failure.message();
}

TEST(JsonWrite, WritesMembersInOrderAndLeavesOutWhatIsOmitted) {
  Everything all;
  all.maybe = "a\"b";
  all.points = {{1, 2}};
  all.counts = {{"k", 3}};
  all.either = std::string("s");
  EXPECT_EQ(to_json(all),
            R"({"flag":false,"small":0,"large":0,"ratio":0,"text":"","maybe":"a\"b",)"
            R"("points":[{"x":1,"y":2}],"counts":{"k":3},"either":"s","pair":[0,0]})");
}

TEST(JsonWrite, EscapesAndReplacesWhatIsNoUtf8) {
  EXPECT_EQ(to_json("\x01\t\n\"\\/\x7f"), "\"\\u0001\\t\\n\\\"\\\\/\x7f\"");
  EXPECT_EQ(to_json("gr\xC3\xBC\xC3\x9F"), "\"gr\xC3\xBC\xC3\x9F\"");
  EXPECT_EQ(to_json("a\xFFz"), "\"a\xEF\xBF\xBDz\"");
  EXPECT_EQ(to_json("\xE2\x82"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST(JsonWrite, RefusesNumbersThatJsonHasNot) {
  EXPECT_EQ(to_json(0.1), "0.1");
  EXPECT_EQ(to_json(1e300), "1e+300");
  EXPECT_EQ(to_json(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_THROW(to_json(std::nan("")), std::domain_error);
  EXPECT_THROW(to_json(std::numeric_limits<double>::infinity()), std::domain_error);
}

TEST(JsonWrite, MakesJsonSafeForScriptsAndAttributes) {
  EXPECT_EQ(json_for_html(to_json("</script>&'\"/\xE2\x80\xA8\xE2\x82\xAC")),
            "\"\\u003c/script\\u003e\\u0026\\u0027\\\"/\\u2028\xE2\x82\xAC\"");
}

TEST(JsonWrite, WritesTimesAsRfc3339) {
  const auto time = parse_time("2024-02-29T13:30:00.25+01:00");
  ASSERT_TRUE(time.has_value());
  EXPECT_EQ(to_json(*time), "\"2024-02-29T12:30:00.250Z\"");
  for (const char* wrong : {"2023-02-29T00:00:00Z", "2024-01-01", "2024-01-01T24:00:00Z",
                            "2024-01-01T00:00:00", "2024-1-01T00:00:00Z", ""}) {
    EXPECT_FALSE(parse_time(wrong)) << wrong;
  }
}

TEST(JsonRead, ReadsWhatItWrites) {
  Everything all;
  all.flag = true;
  all.small = 255;
  all.large = -5;
  all.ratio = 1.0 / 3;
  all.text = "\xE2\x82\xAC";
  all.hidden = 7;
  all.points = {{1, -2}, {3, 4}};
  all.counts = {{"a", 1}, {"b", 2}};
  all.either = Point{5, 6};
  all.pair = {7, 8};
  const auto back = from_json<Everything>(to_json(all));
  ASSERT_TRUE(back) << problems_of(back.error());
  EXPECT_EQ(*back, all);
}

TEST(JsonRead, ReportsEveryProblemWithItsPlace) {
  const auto read = from_json<Everything>(
      R"({"flag":1,"small":256,"large":"3","ratio":true,"points":[{"x":1},{"x":1,"y":2.0,"z":0}],)"
      R"("counts":[],"either":1,"pair":[1],"text":null})");
  ASSERT_FALSE(read);
  std::string all;
  for (const Problem& problem : read.error().problems) all += problem.to_string() + "\n";
  EXPECT_EQ(all,
            "expected bool for dictionary value @ data['flag']\n"
            "value must be at most 255 for dictionary value @ data['small']\n"
            "expected int for dictionary value @ data['large']\n"
            "expected float for dictionary value @ data['ratio']\n"
            "expected str for dictionary value @ data['text']\n"
            "required key not provided @ data['points'][0]['y']\n"
            "expected int for dictionary value @ data['points'][1]['y']\n"
            "extra keys not allowed @ data['points'][1]['z']\n"
            "expected a dictionary for dictionary value @ data['counts']\n"
            "expected a dictionary for dictionary value @ data['either']\n"
            "length of value must be at least 2 for dictionary value @ data['pair']\n");
  EXPECT_EQ(read.error().problems[6].pointer(), "#/points/1/y");
}

TEST(JsonRead, AsksRulesInVoluptuousWords) {
  struct Case {
    const char* json;
    const char* message;
  };
  for (const auto& [json, message] : std::initializer_list<Case>{
           {R"({"name":""})", "length of value must be at least 1"},
           {R"({"name":"abcd"})", "length of value must be at most 3"},
           {R"({"age":0})", "value must be at least 1"},
           {R"({"age":100})", "value must be at most 99"},
           {R"({"side":"Z"})", "value must be one of ['X', 'O']"},
           {R"({"code":"ab-12"})", "does not match regular expression [a-z]+-[0-9]"},
           {R"({"nick":"x"})", "length of value must be at least 2"},
           {R"({"dice":[1,2,3]})", "length of value must be at most 2"},
           {R"({"even":3})", "expected an even int"}}) {
    const auto read = from_json<Ruled>(json);
    ASSERT_FALSE(read) << json;
    ASSERT_EQ(read.error().problems.size(), 1U) << json;
    EXPECT_EQ(read.error().problems[0].message, message);
  }
  EXPECT_TRUE(from_json<Ruled>("{}"));
  EXPECT_TRUE(from_json<Ruled>("{\"name\":\"\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\"}"))
      << "lengths are in code points";
}

TEST(JsonRead, LocatesSyntaxErrors) {
  struct Case {
    const char* json;
    std::size_t line;
  };
  for (const auto& [json, line] : std::initializer_list<Case>{{"", 1},
                                                              {"{", 1},
                                                              {"[1,\n2,\n,]", 3},
                                                              {"{\"a\":1} x", 1},
                                                              {"NaN", 1},
                                                              {"\"\xFF\"", 1},
                                                              {"'a'", 1}}) {
    const auto read = JsonDocument::parse(json);
    ASSERT_FALSE(read) << json;
    EXPECT_EQ(read.error().line, line) << json;
  }
}

TEST(JsonRead, RefusesANumberPastADoubleAndSaysWhere) {
  for (const char* text : {"1e309", "-1e309", "20394e67039675"}) {
    EXPECT_FALSE(JsonDocument::parse(text).has_value()) << text;
  }
  const auto document = JsonDocument::parse(R"({"1e999\"1e999": 1e308,)"
                                            "\n"
                                            R"( "b": [-1.5, 20394e67039675]})");
  ASSERT_FALSE(document.has_value());
  EXPECT_EQ(document.error().message(),
            "malformed JSON at line 2, column 14: number too large: it or its exponent is past "
            "what a double holds, about 1.8e308; send it as a string instead");

  const auto largest = JsonDocument::parse("[1.7976931348623157e308, 1e-999]");
  ASSERT_TRUE(largest.has_value());
  EXPECT_EQ(largest->root().element(0).find_number(), std::numeric_limits<double>::max());
  EXPECT_EQ(largest->root().element(1).find_number(), 0.0);
  EXPECT_TRUE(JsonDocument::parse(largest->root().text()).has_value());
}

TEST(JsonRead, ReadsNumbersToTheLastBit) {
  for (const char* text :
       {"555555555555555555555555555555555555551", "184184467446744070793551614", "0.1e-6",
        "17976931348623157081e289", "9007199254740993.5", "4.9406564584124654e-324", "0e400", "2.5",
        "123456789012345678901234567890e-20"}) {
    const auto document = JsonDocument::parse(text);
    ASSERT_TRUE(document.has_value()) << text;
    EXPECT_EQ(document->root().find_number(), std::strtod(text, nullptr)) << text;
    const auto again = JsonDocument::parse(document->root().text());
    ASSERT_TRUE(again.has_value()) << text;
    EXPECT_EQ(again->root().find_number(), document->root().find_number()) << text;
  }
}

TEST(JsonRead, RefusesDeepNestingInsteadOfExhaustingTheStack) {
  const std::string deep(100'000, '[');
  EXPECT_FALSE(JsonDocument::parse(deep));
  EXPECT_TRUE(JsonDocument::parse(std::string(32, '[') + std::string(32, ']')));
}

TEST(JsonWrite, AnyBytesReadBackAsTheSameOrReplacedText) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 24, '\0');
    for (char& each : text) each = static_cast<char>(random());
    const auto back = from_json<std::string>(to_json(text));
    ASSERT_TRUE(back);
    if (is_valid_utf8(text)) EXPECT_EQ(*back, text);
    EXPECT_TRUE(is_valid_utf8(*back));
  }
}

TEST(Rules, ABrokenPatternIsAnErrorThatNamesIt) {
  EXPECT_THROW(matches_pattern("(", "x"), std::invalid_argument);
  EXPECT_TRUE(matches_pattern("a+", "aaa"));
  EXPECT_FALSE(matches_pattern("a+", "aaab"));
}

}  // namespace
}  // namespace hornbeam::base

// What ports of GrowthBook's evaluation to other languages got wrong. Expected values are those of
// their client 1.8.0.

#include <gtest/gtest.h>

#include "hornbeam/experiment/growthbook/coercion.h"
#include "hornbeam/experiment/growthbook/evaluate.h"

namespace hornbeam::experiment::growthbook {
namespace {

bool matches(std::string_view condition, std::string_view attributes) {
  const auto compiled = Condition::compile(Value::parse(condition).value());
  EXPECT_TRUE(compiled) << compiled.error().message;
  return compiled && compiled->matches(Value::parse(attributes).value());
}

TEST(GrowthbookTraps, IdsAreHashedByUtf16CodeUnits) {
  EXPECT_EQ(hash("exp", "日本", 2), 0.6896);
  EXPECT_EQ(hash("exp", "😀", 2), 0.7506);
  EXPECT_EQ(hash("", "", 2), hash("", "", 2));
  EXPECT_EQ(hash("exp", "\xFF", 2), hash("exp", "\uFFFD", 2)) << "bytes that are no UTF-8";
}

TEST(GrowthbookTraps, ValuesAreComparedAsJavascriptDoes) {
  struct Case {
    std::string_view condition;
    std::string_view attributes;
    bool is_match;
  };
  constexpr Case kCases[] = {
      {R"({"a": "1"})", R"({"a": 1})", true},
      {R"({"a": 16})", R"({"a": "0x10"})", true},
      {R"({"a": 0})", R"({"a": null})", true},
      {R"({"a": 0})", R"({})", true},
      {R"({"a": "null"})", R"({})", true},
      {R"({"a": false})", R"({"a": null})", false},
      {R"({"a": false})", R"({"a": ""})", true},
      {R"({"a": true})", R"({"a": []})", true},
      {R"({"a": "1,2"})", R"({"a": [1, 2]})", true},
      {R"({"a": {"x": 1, "y": 2}})", R"({"a": {"y": 2, "x": 1}})", false},
      {R"({"a": {"2": 1, "1": 2}})", R"({"a": {"1": 2, "2": 1}})", true},
      {R"({"a": {}})", R"({"a": {}})", true},
      {R"({"a": {}})", R"({})", false},
      {R"({"a": {"$eq": 1}})", R"({"a": "1"})", false},
      {R"({"a": {"$gt": 9}})", R"({"a": "10"})", true},
      {R"({"a": {"$gt": "9"}})", R"({"a": "10"})", false},
      {R"({"a": {"$lt": 1}})", R"({})", true},
      {R"({"a": {"$lt": "\ue000"}})", R"({"a": "😀"})", true},
      {R"({"a": {"$regex": "["}})", R"({"a": "["})", false},
      {R"({"a": {"$regex": "^null$"}})", R"({})", true},
      {R"({"a": {"$regex": "\\u0062"}})", R"({"a": "abc"})", true},
      {R"({"a": {"$alli": ["STRASSE"]}})", R"({"a": ["strasse"]})", true},
      {R"({"a": {"$ini": ["É"]}})", R"({"a": "é"})", true},
      {R"({"list.length": 2})", R"({"list": [1, 2]})", true},
      {R"({"list.1": "b"})", R"({"list": ["a", "b"]})", true},
      {R"({"a": {"$vgt": "1.9.0"}})", R"({"a": "v1.10.0+build"})", true},
      {R"({"a": {"$vlt": "1.0.0"}})", R"({"a": "1.0.0-beta"})", true},
      {R"({"$or": []})", R"({})", true},
      {R"({"$nor": []})", R"({})", false},
      {R"({"a": {"$elemMatch": {"$gt": -1}}})", R"({"a": [0]})", true},
      {R"({"a": {"$unknown": 1}})", R"({"a": 1})", false},
      {R"({"a": {"$not": {"$unknown": 1}}})", R"({"a": 1})", true},
  };
  for (const Case& each : kCases) {
    EXPECT_EQ(matches(each.condition, each.attributes), each.is_match)
        << each.condition << " of " << each.attributes;
  }
}

TEST(GrowthbookTraps, NumbersReadAsJavascriptPrintsThem) {
  constexpr std::pair<double, std::string_view> kNumbers[] = {
      {0, "0"},
      {-0.0, "0"},
      {1, "1"},
      {-1.5, "-1.5"},
      {0.1, "0.1"},
      {1e21, "1e+21"},
      {123456789012345680000.0, "123456789012345680000"},
      {1e-6, "0.000001"},
      {1e-7, "1e-7"},
      {1.5e300, "1.5e+300"},
      {5e-324, "5e-324"},
      {100, "100"},
      {0.00001234, "0.00001234"}};
  for (const auto& [number, text] : kNumbers) EXPECT_EQ(NumberText(number).view(), text);
}

std::shared_ptr<const Payload> payload_of(std::string_view json) {
  auto payload = Payload::parse(json);
  EXPECT_TRUE(payload) << payload.error().message;
  return *payload;
}

TEST(GrowthbookTraps, ARolloutIncludesItsBoundAndAVariationDoesNot) {
  // hash("seed", "a", 2) is 0.0505.
  const auto at = payload_of(R"({"features": {"f": {"defaultValue": 0, "rules": [
      {"force": 1, "seed": "seed", "hashVersion": 2, "coverage": 0.0505}]}}})");
  const auto below = payload_of(R"({"features": {"f": {"defaultValue": 0, "rules": [
      {"force": 1, "seed": "seed", "hashVersion": 2, "range": [0, 0.0505]}]}}})");
  User user;
  user.attributes = Value::object({{"id", "a"}});
  EXPECT_EQ(*Evaluation(*at, user).feature("f").value, Value(1));
  EXPECT_EQ(*Evaluation(*below, user).feature("f").value, Value(0));
}

TEST(GrowthbookTraps, AStickyVariationMayBeCalledZero) {
  const auto payload = payload_of(R"({"features": {"f": {"defaultValue": "d", "rules": [{"key": "e",
      "variations": ["a", "b"], "ranges": [[0, 0], [0, 1]], "hashVersion": 2,
      "meta": [{"key": "0"}, {"key": "1"}]}]}}})");
  StickyBuckets sticky;
  sticky.load({.attribute_name = "id", .attribute_value = "u", .assignments = {{"e__0", "0"}}});
  User user;
  user.attributes = Value::object({{"id", "u"}});
  user.sticky = &sticky;
  const FeatureResult result = Evaluation(*payload, user).feature("f");
  EXPECT_EQ(*result.value, Value("a"));
  EXPECT_TRUE(result.experiment->sticky_used);
  EXPECT_TRUE(sticky.take_changed().empty());
}

TEST(GrowthbookTraps, AStickyUserStaysThoughTheConditionIsFalseNow) {
  const auto payload = payload_of(R"({"features": {"f": {"defaultValue": "d", "rules": [{"key": "e",
      "variations": ["a", "b"], "condition": {"country": "DE"},
      "meta": [{"key": "0"}, {"key": "1"}]}]}}})");
  StickyBuckets sticky;
  sticky.load({.attribute_name = "id", .attribute_value = "u", .assignments = {{"e__0", "1"}}});
  User user;
  user.attributes = Value::object({{"id", "u"}, {"country", "FR"}});
  user.sticky = &sticky;
  EXPECT_EQ(*Evaluation(*payload, user).feature("f").value, Value("b"));
}

TEST(GrowthbookTraps, FeaturesThatAskEachOtherInACircleEnd) {
  const auto payload = payload_of(R"({"features": {
      "a": {"defaultValue": 1, "rules": [{"parentConditions": [{"id": "b", "condition": {}}], "force": 2}]},
      "b": {"defaultValue": 1, "rules": [{"parentConditions": [{"id": "a", "condition": {}}], "force": 2}]}}})");
  const User user;
  EXPECT_EQ(Evaluation(*payload, user).feature("a").source, Source::kCyclicPrerequisite);
}

}  // namespace
}  // namespace hornbeam::experiment::growthbook

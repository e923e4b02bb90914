// Payloads and attributes that are made to hurt: bounded, or refused with the mend.

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/experiment/growthbook/evaluate.h"

namespace hornbeam::experiment::growthbook {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string refusal(std::string_view json, const PayloadLimits& limits = {}) {
  const auto payload = Payload::parse(json, {}, limits);
  return payload ? "" : payload.error().message;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(Hostile, ConditionsThatNestTooDeepAreRefused) {
  const std::string deep = repeated(R"({"$not":)", 10'000) + "{}" + repeated("}", 10'000);
  const auto value = Value::parse(deep);
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code, "syntax");
}

TEST(Hostile, ExpressionsTakeLinearTime) {
  const auto condition =
      Condition::compile(Value::object({{"a", Value::object({{"$regex", "^(a+)+$"}})}}));
  ASSERT_TRUE(condition);
  const Value attributes = Value::object({{"a", std::string(100'000, 'a') + "!"}});
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(condition->matches(attributes));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5))
      << "a backtracking engine would be at it for longer than the universe is old";
}

TEST(Hostile, ExpressionsThatCannotBeLinearMatchNobodyAndSayWhy) {
  for (const char* expression : {"(?=a)b", "(a)\\1", "(?<!a)b", "a{2000}"}) {
    const auto condition =
        Condition::compile(Value::object({{"a", Value::object({{"$regex", expression}})}}));
    ASSERT_TRUE(condition);
    EXPECT_FALSE(condition->matches(Value::object({{"a", "aa"}})));
    ASSERT_THAT(condition->warnings(), SizeIs(1));
    EXPECT_THAT(condition->warnings()[0], AllOf(HasSubstr(expression), HasSubstr("mend:")));
  }
  const auto longest = Condition::compile(
      Value::object({{"a", Value::object({{"$regex", std::string(1'001, 'a')}})}}));
  EXPECT_THAT(longest->warnings()[0], HasSubstr("mend: split it"));
}

TEST(Hostile, WhatMakesTheClientThrowIsRefusedByItsPlace) {
  EXPECT_THAT(
      refusal(R"({"features": {"f": {"rules": [{"force": 1, "condition": {"$or": null}}]}}})"),
      AllOf(HasSubstr("the feature \"f\", rule 0: $or must be a list"), HasSubstr("mend:")));
  EXPECT_THAT(refusal(R"({"features": {"f": {"rules": [{"variations": 3}]}}})"),
              AllOf(HasSubstr("the feature \"f\", rule 0.variations"), HasSubstr("mend:")));
  EXPECT_THAT(refusal(R"({"features": {"f": {"rules": [{"force": 1, "coverage": "all"}]}}})"),
              HasSubstr("expected a number, found \"all\"; mend:"));
  EXPECT_THAT(refusal(R"({"features": [)"), HasSubstr("line 1"));
  EXPECT_THAT(refusal("[]"), HasSubstr("mend:"));
}

TEST(Hostile, AMillionAttributesAreReadOrRefusedByTheirSize) {
  std::string json = "{";
  for (int i = 0; i < 1'000'000; ++i) json += "\"a" + std::to_string(i) + "\":1,";
  json += "\"id\":\"x\"}";
  const auto refused = Value::parse(json, 1U << 20U);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("mend: leave out what no condition asks for"));
  const auto attributes = Value::parse(json);
  ASSERT_TRUE(attributes);
  const auto condition = Condition::compile(Value::object({{"id", "x"}}));
  EXPECT_TRUE(condition->matches(*attributes));
}

TEST(Hostile, SavedGroupsThatMultiplyAreRefused) {
  Value groups = Value::object();
  for (int i = 0; i < 15; ++i) {
    const Value next =
        Value::object({{"$savedGroup", Value::object({{"id", "g" + std::to_string(i + 1)}})}});
    groups.set("g" + std::to_string(i),
               Value::object({{"type", "condition"},
                              {"condition", Value::object({{"$or", Value::Array(10, next)}})}}));
  }
  const auto compiled = SavedGroups::compile(groups);
  ASSERT_FALSE(compiled);
  EXPECT_THAT(compiled.error().message, HasSubstr("mend: refer to each group once"));
}

std::string chain_of(int length, int rules) {
  Value features = Value::object();
  for (int i = 0; i < length; ++i) {
    const Value rule = Value::object(
        {{"force", 1},
         {"parentConditions", Value::Array{Value::object({{"id", "f" + std::to_string(i + 1)}})}}});
    features.set("f" + std::to_string(i),
                 Value::object({{"rules", Value::Array(static_cast<std::size_t>(rules), rule)}}));
  }
  features.set("f" + std::to_string(length), Value::object({{"defaultValue", 1}}));
  return Value::object({{"features", features}}).json();
}

TEST(Hostile, PrerequisitesThatAreTooDeepOrTooManyAreRefused) {
  EXPECT_EQ(refusal(chain_of(60, 1)), "");
  EXPECT_THAT(refusal(chain_of(70, 1)),
              AllOf(HasSubstr("a chain of more than 64"), HasSubstr("mend:")));
  EXPECT_THAT(refusal(chain_of(20, 2)),
              AllOf(HasSubstr("need more than 10000 evaluations"), HasSubstr("mend:")));
}

TEST(Hostile, LimitsOfPayloadsAreToldWithTheirMend) {
  EXPECT_THAT(refusal(R"({"features": {"a": {}, "b": {}}})", {.most_features = 1}),
              HasSubstr("2 features are more than 1; mend:"));
  EXPECT_THAT(refusal(R"({"features": {"a": {"rules": [{"variations": [1, 2, 3]}]}}})",
                      {.most_variations = 2}),
              HasSubstr("3 variations are more than 2; mend:"));
  EXPECT_THAT(refusal(R"({"features": {"a": {"rules": [{}, {}]}}})", {.most_rules = 1}),
              HasSubstr("more than 1 rules; mend:"));
  EXPECT_THAT(refusal(R"({"encryptedFeatures": "nonsense"})"),
              HasSubstr("encryptedFeatures cannot be decrypted; mend:"));
}

TEST(Hostile, FeaturesThatAskEachOtherInEveryWayEnd) {
  Value features = Value::object();
  for (int i = 0; i < 12; ++i) {
    Value::Array rules;
    for (int j = 0; j < 12; ++j) {
      rules.push_back(Value::object(
          {{"force", 1},
           {"parentConditions",
            Value::Array{Value::object({{"id", "f" + std::to_string((i + j) % 12)},
                                        {"condition", Value::object({{"value", 2}})}})}}}));
    }
    features.set("f" + std::to_string(i), Value::object({{"rules", rules}}));
  }
  const auto payload = Payload::read(Value::object({{"features", features}}));
  ASSERT_TRUE(payload);
  const User user;
  EXPECT_EQ(Evaluation(**payload, user).feature("f0").source, Source::kCyclicPrerequisite);
}

}  // namespace
}  // namespace hornbeam::experiment::growthbook

// GrowthBook's own suite for its clients (specification 0.8.0), every case of it.

#include "tests/support/conformance.h"

#include <cmath>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "hornbeam/experiment/growthbook/decrypt.h"
#include "hornbeam/experiment/growthbook/evaluate.h"

namespace hornbeam::experiment::growthbook {
namespace {

// Equal as the suite means it: the order of members does not count, undefined ones are absent.
bool deep_equal(const Value& left, const Value& right) {
  if (left.kind() != right.kind()) return false;
  if (const Value::Array* elements = left.as_array()) {
    const Value::Array& others = *right.as_array();
    if (elements->size() != others.size()) return false;
    for (std::size_t i = 0; i < others.size(); ++i) {
      if (!deep_equal((*elements)[i], others[i])) return false;
    }
    return true;
  }
  if (!left.is_object()) return left == right;
  if (left.members().size() != right.members().size()) return false;
  for (const Member& member : left.members()) {
    const Value* other = right.find(member.name);
    if (other == nullptr || !deep_equal(member.value, *other)) return false;
  }
  return true;
}

class GrowthbookSuite : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto folder = tests::conformance_folder("growthbook");
    if (!folder) GTEST_SKIP() << tests::kNoConformanceData;
    std::stringstream text;
    text << std::ifstream(*folder / "cases.json").rdbuf();
    all_ = Value::parse(text.str()).value();
  }
  // The cases of a section, of which there are this many.
  const Value::Array& section(std::string_view name, std::size_t count) const {
    const Value::Array& cases = *all_.find(name)->as_array();
    EXPECT_EQ(cases.size(), count) << name;
    return cases;
  }
  static const Value::Array& parts(const Value& test) { return *test.as_array(); }
  static std::string text(const Value& value) { return *value.as_string(); }
  static double number(const Value& value) { return *value.as_number(); }

 private:
  Value all_;
};

Range range_of(const Value& value) {
  return {*(*value.as_array())[0].as_number(), *(*value.as_array())[1].as_number()};
}

User user_of(const Value& context) {
  User user;
  if (const Value* attributes = context.find("attributes")) user.attributes = *attributes;
  if (const Value* url = context.find("url")) user.url = *url->as_string();
  if (const Value* enabled = context.find("enabled")) user.is_enabled = *enabled->as_bool();
  if (const Value* qa = context.find("qaMode")) user.is_qa = *qa->as_bool();
  if (const Value* forced = context.find("forcedVariations")) {
    for (const Member& each : forced->members()) {
      user.forced_variations[each.name] = static_cast<int>(*each.value.as_number());
    }
  }
  return user;
}

std::shared_ptr<const Payload> payload_of(const Value& context) {
  auto payload = Payload::read(context);
  EXPECT_TRUE(payload) << payload.error().message;
  return *payload;
}

TEST_F(GrowthbookSuite, EvaluatesConditions) {
  for (const Value& test : section("evalCondition", 248)) {
    const auto groups = SavedGroups::compile(parts(test).size() > 4 ? parts(test)[4] : Value());
    ASSERT_TRUE(groups) << groups.error().message;
    const auto condition = Condition::compile(parts(test)[1], *groups);
    ASSERT_TRUE(condition) << condition.error().message;
    EXPECT_EQ(condition->matches(parts(test)[2]), *parts(test)[3].as_bool()) << test.json();
  }
}

TEST_F(GrowthbookSuite, Hashes) {
  for (const Value& test : section("hash", 15)) {
    const auto n =
        hash(text(parts(test)[0]), text(parts(test)[1]), static_cast<int>(number(parts(test)[2])));
    EXPECT_EQ(n ? Value(*n) : Value(nullptr), parts(test)[3]) << test.json();
    const Seed seed(text(parts(test)[0]), static_cast<int>(number(parts(test)[2])));
    EXPECT_EQ(seed.hash(text(parts(test)[1])), n) << test.json();
  }
}

double rounded(double number) {
  return std::floor(number * 1e8) / 1e8;
}

TEST_F(GrowthbookSuite, DividesIntoBuckets) {
  for (const Value& test : section("getBucketRange", 13)) {
    const Value::Array& input = *parts(test)[1].as_array();
    std::optional<std::vector<double>> weights;
    if (input[2].is_array()) {
      weights.emplace();
      for (const Value& weight : *input[2].as_array()) weights->push_back(number(weight));
    }
    const auto ranges =
        bucket_ranges(static_cast<int>(number(input[0])), number(input[1]), weights);
    const Value::Array& expected = *parts(test)[2].as_array();
    ASSERT_EQ(ranges.size(), expected.size()) << test.json();
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      EXPECT_EQ(rounded(ranges[i].start), rounded(range_of(expected[i]).start)) << test.json();
      EXPECT_EQ(rounded(ranges[i].end), rounded(range_of(expected[i]).end)) << test.json();
    }
  }
}

TEST_F(GrowthbookSuite, ChoosesVariations) {
  for (const Value& test : section("chooseVariation", 13)) {
    std::vector<Range> ranges;
    for (const Value& each : *parts(test)[2].as_array()) ranges.push_back(range_of(each));
    EXPECT_EQ(choose_variation(number(parts(test)[1]), ranges), number(parts(test)[3]))
        << test.json();
  }
}

TEST_F(GrowthbookSuite, ReadsOverridesFromQueries) {
  for (const Value& test : section("getQueryStringOverride", 16)) {
    const auto forced = query_string_override(text(parts(test)[1]), text(parts(test)[2]),
                                              static_cast<int>(number(parts(test)[3])));
    EXPECT_EQ(forced ? Value(*forced) : Value(nullptr), parts(test)[4]) << test.json();
  }
}

TEST_F(GrowthbookSuite, TellsWhoIsInANamespace) {
  for (const Value& test : section("inNamespace", 16)) {
    const Value::Array& space = *parts(test)[2].as_array();
    EXPECT_EQ(Namespace::named(text(space[0]), {number(space[1]), number(space[2])})
                  .contains(text(parts(test)[1])),
              *parts(test)[3].as_bool())
        << test.json();
  }
}

TEST_F(GrowthbookSuite, GivesEqualWeights) {
  for (const Value& test : section("getEqualWeights", 6)) {
    const auto weights = equal_weights(static_cast<int>(number(parts(test)[0])));
    const Value::Array& expected = *parts(test)[1].as_array();
    ASSERT_EQ(weights.size(), expected.size()) << test.json();
    for (std::size_t i = 0; i < weights.size(); ++i) {
      EXPECT_EQ(rounded(weights[i]), rounded(number(expected[i]))) << test.json();
    }
  }
}

TEST_F(GrowthbookSuite, Decrypts) {
  for (const Value& test : section("decrypt", 10)) {
    const auto plain = decrypt(text(parts(test)[1]), text(parts(test)[2]));
    EXPECT_EQ(plain ? Value(*plain) : Value(nullptr), parts(test)[3]) << test.json();
  }
}

TEST_F(GrowthbookSuite, EvaluatesFeatures) {
  for (const auto& [name, count] : {std::pair("feature", 55U), {"contextualBandit", 35U}}) {
    for (const Value& test : section(name, count)) {
      const User user = user_of(parts(test)[1]);
      const auto payload = payload_of(parts(test)[1]);
      const Value result = to_value(Evaluation(*payload, user).feature(text(parts(test)[2])));
      EXPECT_TRUE(deep_equal(result, parts(test)[3])) << test.json() << "\ngives\n"
                                                      << result.json();
    }
  }
}

TEST_F(GrowthbookSuite, RunsExperiments) {
  for (const Value& test : section("run", 73)) {
    const User user = user_of(parts(test)[1]);
    const auto payload = payload_of(parts(test)[1]);
    const auto experiment = payload->read_experiment(parts(test)[2]);
    ASSERT_TRUE(experiment) << experiment.error().message;
    const ExperimentResult result = Evaluation(*payload, user).run(*experiment);
    EXPECT_EQ(result.value(), parts(test)[3]) << test.json();
    EXPECT_EQ(Value(result.in_experiment), parts(test)[4]) << test.json();
    EXPECT_EQ(Value(result.hash_used), parts(test)[5]) << test.json();
  }
}

StickyDocument document_of(const Value& value) {
  StickyDocument document{.attribute_name = *value.find("attributeName")->as_string(),
                          .attribute_value = *value.find("attributeValue")->as_string(),
                          .assignments = {}};
  for (const Member& each : value.find("assignments")->members()) {
    document.assignments.emplace_back(each.name, *each.value.as_string());
  }
  return document;
}

Value value_of(const StickyBuckets& sticky) {
  Value documents = Value::object();
  for (const auto& [key, document] : sticky.documents()) {
    Value assignments = Value::object();
    for (const auto& [experiment, variation] : document.assignments) {
      assignments.set(experiment, variation);
    }
    documents.set(key, Value::object({{"attributeName", document.attribute_name},
                                      {"attributeValue", document.attribute_value},
                                      {"assignments", assignments}}));
  }
  return documents;
}

TEST_F(GrowthbookSuite, KeepsUsersInTheirBuckets) {
  for (const Value& test : section("stickyBucket", 13)) {
    User user = user_of(parts(test)[1]);
    const auto payload = payload_of(parts(test)[1]);
    StickyBuckets sticky;
    user.sticky = &sticky;
    const Evaluation evaluation(*payload, user);
    for (const auto& [attribute, value] : evaluation.sticky_keys()) {
      for (const Value& stored : *parts(test)[2].as_array()) {
        const StickyDocument document = document_of(stored);
        if (document.attribute_name == attribute && document.attribute_value == value) {
          sticky.load(document);
        }
      }
    }
    const FeatureResult result = evaluation.feature(text(parts(test)[3]));
    const Value experiment = result.experiment ? to_value(*result.experiment) : Value(nullptr);
    EXPECT_TRUE(deep_equal(experiment, parts(test)[4])) << test.json() << "\ngives\n"
                                                        << experiment.json();
    EXPECT_TRUE(deep_equal(value_of(sticky), parts(test)[5])) << test.json() << "\nstores\n"
                                                              << value_of(sticky).json();
  }
}

TEST_F(GrowthbookSuite, Redirects) {
  for (const Value& test : section("urlRedirect", 4)) {
    const User user = user_of(parts(test)[1]);
    const auto payload = payload_of(parts(test)[1]);
    Value::Array redirects;
    for (const Redirect& each : Evaluation(*payload, user).redirects()) {
      redirects.push_back(Value::object({{"inExperiment", each.in_experiment},
                                         {"urlRedirect", each.url},
                                         {"urlWithParams", each.url_with_query}}));
    }
    EXPECT_TRUE(deep_equal(redirects, parts(test)[2])) << test.json() << "\ngives\n"
                                                       << Value(redirects).json();
  }
}

}  // namespace
}  // namespace hornbeam::experiment::growthbook

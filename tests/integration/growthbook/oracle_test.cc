// GrowthBook's client from npm answers random cases; Hornbeam must give the same answers.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sstream>

#include <gtest/gtest.h>

#include "hornbeam/experiment/growthbook/evaluate.h"

namespace hornbeam::experiment::growthbook {
namespace {

struct ClosePipe {
  void operator()(std::FILE* pipe) const noexcept { static_cast<void>(pclose(pipe)); }
};

std::string output_of(const std::string& command) {
  const std::unique_ptr<std::FILE, ClosePipe> pipe(popen(command.c_str(), "r"));
  std::string output;
  std::vector<char> buffer(1U << 16U);
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) {
    output.append(buffer.data(), size);
  }
  return output;
}

const Value& at(const Value& value, std::string_view name) {
  static const Value kNone;
  const Value* member = value.find(name);
  return member == nullptr ? kNone : *member;
}

// The same without regard to the order of members.
bool deep_equal(const Value& left, const Value& right) {
  if (left.is_object() && right.is_object()) {
    if (left.members().size() != right.members().size()) return false;
    for (const Member& member : left.members()) {
      const Value* other = right.find(member.name);
      if (other == nullptr || !deep_equal(member.value, *other)) return false;
    }
    return true;
  }
  if (!left.is_array() || !right.is_array()) return left == right;
  if (left.as_array()->size() != right.as_array()->size()) return false;
  for (std::size_t i = 0; i < left.as_array()->size(); ++i) {
    if (!deep_equal((*left.as_array())[i], (*right.as_array())[i])) return false;
  }
  return true;
}

Value answer_condition(const Value& test) {
  const auto groups = SavedGroups::compile(at(test, "groups"));
  if (!groups) return Value(groups.error().message);
  const auto condition = Condition::compile(at(test, "condition"), *groups);
  if (!condition) return Value(condition.error().message);
  return condition->matches(at(test, "attributes"));
}

Value answer_hash(const Value& test) {
  const auto n = hash(*at(test, "seed").as_string(), *at(test, "value").as_string(),
                      static_cast<int>(*at(test, "version").as_number()));
  return n ? Value(*n) : Value(nullptr);
}

void load_sticky(StickyBuckets& sticky, const Value& documents) {
  for (const Member& each : documents.members()) {
    StickyDocument document{.attribute_name = *at(each.value, "attributeName").as_string(),
                            .attribute_value = *at(each.value, "attributeValue").as_string(),
                            .assignments = {}};
    for (const Member& assignment : at(each.value, "assignments").members()) {
      document.assignments.emplace_back(assignment.name, *assignment.value.as_string());
    }
    sticky.load(document);
  }
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

Value answer_feature(const Value& test, Value& documents) {
  const Value& context = at(test, "context");
  const auto payload = Payload::read(context);
  if (!payload) return Value(payload.error().message);
  User user;
  user.attributes = at(context, "attributes");
  user.url = *at(context, "url").as_string();
  user.is_qa = at(context, "qaMode") == Value(true);
  user.is_enabled = at(context, "enabled") != Value(false);
  for (const Member& each : at(context, "forcedVariations").members()) {
    user.forced_variations[each.name] = static_cast<int>(*each.value.as_number());
  }
  StickyBuckets sticky;
  load_sticky(sticky, at(context, "sticky"));
  if (at(context, "sticky").is_object()) user.sticky = &sticky;
  const Value result = to_value(Evaluation(**payload, user).feature(*at(test, "key").as_string()));
  documents = value_of(sticky);
  return result;
}

Value answer_query(const Value& test, Value& override) {
  const auto forced =
      query_string_override(*at(test, "key").as_string(), *at(test, "current").as_string(), 2);
  override = forced ? Value(*forced) : Value(nullptr);
  return Value(
      merge_query_strings(*at(test, "current").as_string(), *at(test, "redirect").as_string()));
}

void check_case(const Value& test) {
  const std::string& kind = *at(test, "kind").as_string();
  const Value& expected = at(test, "expected");
  Value answer;
  if (kind == "condition") answer = answer_condition(test);
  if (kind == "hash") answer = answer_hash(test);
  if (kind == "page") {
    answer = UrlTargets(at(test, "urlPatterns")).include(*at(test, "url").as_string());
  }
  if (kind == "query") {
    Value override;
    answer = answer_query(test, override);
    EXPECT_EQ(override, at(test, "override")) << test.json();
  }
  if (kind == "feature") {
    Value documents;
    answer = answer_feature(test, documents);
    if (at(test, "documents").is_object()) {
      EXPECT_TRUE(deep_equal(documents, at(test, "documents"))) << test.json() << "\nstores\n"
                                                                << documents.json();
    }
  }
  EXPECT_TRUE(deep_equal(answer, expected)) << test.json() << "\ngives\n" << answer.json();
}

TEST(GrowthbookOracle, AgreesWithTheClientFromNpm) {
  const auto folder = std::filesystem::path(HORNBEAM_SOURCE_DIR) / "tests/integration";
  if (!std::filesystem::exists(folder / "node_modules/@growthbook/growthbook")) {
    GTEST_SKIP() << "GrowthBook's client is not here; mend: run tools/setup, or npm ci in "
                    "tests/integration";
  }
  const char* seed = std::getenv("HORNBEAM_ORACLE_SEED");
  const char* count = std::getenv("HORNBEAM_ORACLE_COUNT");
  std::istringstream lines(output_of("node " + (folder / "growthbook/oracle.js").string() + " " +
                                     (seed == nullptr ? "1" : seed) + " " +
                                     (count == nullptr ? "4000" : count)));
  int cases = 0;
  for (std::string line; std::getline(lines, line) && !HasFailure(); ++cases) {
    const auto test = Value::parse(line);
    ASSERT_TRUE(test) << test.error().message << line;
    check_case(*test);
  }
  if (!HasFailure()) EXPECT_GT(cases, 100);
}

}  // namespace
}  // namespace hornbeam::experiment::growthbook

#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/search/query/string_planner.h"

namespace hornbeam::search {
namespace {

std::optional<MultiMatchQuery::Type> multi_type(const std::string& name) {
  using Type = MultiMatchQuery::Type;
  if (name == "most_fields") return Type::kMostFields;
  if (name == "cross_fields") return Type::kCrossFields;
  if (name == "phrase") return Type::kPhrase;
  if (name == "phrase_prefix") return Type::kPhrasePrefix;
  if (name == "bool_prefix") return Type::kBoolPrefix;
  return std::nullopt;
}

/// The fields to ask, patterns still in.
std::vector<BoostedField> asked_fields(const std::vector<BoostedField>& named,
                                       const SearchSettings& settings) {
  std::vector<BoostedField> fields = named.empty() ? settings.default_fields : named;
  if (fields.empty()) fields.push_back({.name = "*"});
  return fields;
}

bool asks_all(const std::vector<BoostedField>& fields) {
  return std::ranges::find(fields, "*", &BoostedField::name) != fields.end();
}

std::size_t count_should(const StringNode& node) {
  return static_cast<std::size_t>(
      std::ranges::count(node.clauses, StringNode::Occur::kShould, &StringNode::occur));
}

/// All parts, groups too. The parsers bound how deep they nest.
std::size_t count_parts(const StringNode& node) {
  std::size_t count = 1;
  for (const StringNode& clause : node.clauses) count += count_parts(clause);
  return count;
}

}  // namespace

// The parsers bound how deep the parts nest.
void Planner::check_regexps(const StringNode& node) const {
  if (node.kind == StringNode::Kind::kRegexp) check_regex_length(node.text);
  for (const StringNode& clause : node.clauses) check_regexps(clause);
}

PlanPtr Planner::plan_node(const QueryStringQuery& query, float boost) {
  base::Result<StringNode> parsed =
      parse_query_string(query.text, query.default_operator, query.allows_leading_wildcard);
  if (!parsed) {
    refuse("query_shard_exception", fmt::format("Failed to parse query [{}]", query.text));
  }
  check_clause_count(count_parts(*parsed));
  check_regexps(*parsed);
  const std::vector<BoostedField> asked = asked_fields(query.fields, context_.settings);
  const StringPlanner planner(
      context_.mapping,
      {.fields = expand_fields(asked),
       .default_operator = query.default_operator,
       .analyzer = query.analyzer,
       .quote_analyzer = query.quote_analyzer,
       .quote_field_suffix = query.quote_field_suffix,
       .time_zone = query.time_zone,
       .phrase_slop = query.phrase_slop,
       .fuzzy = query.fuzzy,
       .tie_breaker = query.tie_breaker,
       .analyzes_wildcards = query.analyzes_wildcards,
       .multi_type = multi_type(query.type),
       .is_lenient = query.lenient.value_or(asks_all(asked) || context_.settings.is_lenient)},
      [this](const Query& one, float product) { return plan(one, product); });
  const std::size_t minimum = minimum_of(query.minimum_should_match, count_should(*parsed), 0);
  return planner.plan(*parsed, boost, minimum);
}

PlanPtr Planner::plan_node(const SimpleQueryStringQuery& query, float boost) {
  const StringNode parsed =
      parse_simple_query_string(query.text, query.default_operator, query.flags);
  check_clause_count(count_parts(parsed));
  const std::vector<BoostedField> asked = asked_fields(query.fields, context_.settings);
  const StringPlanner planner(
      context_.mapping,
      {.fields = expand_fields(asked),
       .default_operator = query.default_operator,
       .analyzer = query.analyzer,
       .quote_field_suffix = query.quote_field_suffix,
       .fuzzy = query.fuzzy,
       .tie_breaker = 1,
       .analyzes_wildcards = query.analyzes_wildcards,
       .is_lenient = query.lenient.value_or(asks_all(asked) || context_.settings.is_lenient)},
      [this](const Query& one, float product) { return plan(one, product); });
  const std::size_t minimum = minimum_of(query.minimum_should_match, count_should(parsed), 0);
  return planner.plan(parsed, boost, minimum);
}

}  // namespace hornbeam::search

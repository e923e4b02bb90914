#include "hornbeam/search/query/string_planner.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "hornbeam/search/analysis/unicode.h"
#include "hornbeam/search/query/field_patterns.h"
#include "hornbeam/search/query/normalize.h"

namespace hornbeam::search {

using Kind = StringNode::Kind;
using Occur = StringNode::Occur;

Query StringPlanner::term_query(const StringNode& node, const std::string& field) const {
  return {MatchQuery{.field = field,
                     .text = node.text,
                     .text_operator = options_.default_operator,
                     .analyzer = options_.analyzer}};
}

Query StringPlanner::phrase_query(const StringNode& node, const std::string& field) const {
  std::uint32_t slop = options_.phrase_slop;
  if (node.number && !node.number->empty()) {
    double number = 0;
    std::from_chars(node.number->data(), node.number->data() + node.number->size(), number);
    slop = static_cast<std::uint32_t>(std::clamp(number, 0.0, 2147483647.0));
  }
  std::string name = field + options_.quote_field_suffix;
  if (!mapping_.find(name)) name = field;
  return {MatchPhraseQuery{
      .field = std::move(name),
      .text = node.text,
      .slop = slop,
      .analyzer = options_.quote_analyzer.empty() ? options_.analyzer : options_.quote_analyzer}};
}

Query StringPlanner::fuzzy_query(const StringNode& node, const std::string& field) const {
  FuzzyQuery query{.field = field, .value = normalized(field, node.text), .fuzzy = options_.fuzzy};
  if (node.number && !node.number->empty()) {
    double number = 0;
    std::from_chars(node.number->data(), node.number->data() + node.number->size(), number);
    // Below 1 it is a similarity, as it was written once.
    const auto length = static_cast<double>(query.value.size());
    const double edits = number < 1 ? (1 - number) * length : number;
    query.fuzzy.fuzziness.edits = static_cast<std::uint32_t>(std::clamp(edits, 0.0, 2.0));
  }
  return {std::move(query)};
}

std::string StringPlanner::normalized(const std::string& field, const std::string& text) const {
  const FieldMapping* const found = mapping_.find(field);
  if (!found || found->type != FieldType::kText) return text;
  const auto named =
      options_.analyzer.empty() ? nullptr : mapping_.analyzers().find(options_.analyzer);
  return normalize(named ? *named : *found->analyzer, text);
}

// What stands behind a backslash stays, since "\\D" is not "\\d".
std::string StringPlanner::normalized_pattern(const std::string& field,
                                              const std::string& pattern) const {
  std::string made;
  for (std::size_t begin = 0; begin < pattern.size();) {
    const std::size_t escape = std::min(pattern.find('\\', begin), pattern.size());
    made += normalized(field, pattern.substr(begin, escape - begin));
    const std::size_t escaped = escape + 1 < pattern.size() ? decode(pattern, escape + 1).bytes : 0;
    made += pattern.substr(escape, 1 + escaped);
    begin = escape + 1 + escaped;
  }
  return made;
}

Query StringPlanner::query_in(const StringNode& node, const std::string& field) const {
  switch (node.kind) {
    case Kind::kPhrase:
      return phrase_query(node, field);
    case Kind::kFuzzy:
      return fuzzy_query(node, field);
    case Kind::kPrefix:
      if (options_.analyzes_wildcards) {
        return {MatchBoolPrefixQuery{.field = field,
                                     .text = node.text,
                                     .text_operator = options_.default_operator,
                                     .analyzer = options_.analyzer}};
      }
      return {PrefixQuery{.field = field, .prefix = normalized(field, node.text)}};
    case Kind::kWildcard:
      if (node.text == "*") return {ExistsQuery{.field = field}};
      return {WildcardQuery{.field = field, .pattern = normalized(field, node.text)}};
    case Kind::kRegexp:
      return {RegexpQuery{.field = field, .pattern = normalized_pattern(field, node.text)}};
    case Kind::kRange: {
      RangeQuery range{.field = field, .time_zone = options_.time_zone};
      if (node.lower) range.lower = {.value = *node.lower, .is_included = node.includes_lower};
      if (node.upper) range.upper = {.value = *node.upper, .is_included = node.includes_upper};
      return {std::move(range)};
    }
    default:
      return term_query(node, field);
  }
}

PlanPtr StringPlanner::plan_leaf(const StringNode& node, float boost) const {
  if (node.field == "_exists_") return plan_one_({ExistsQuery{.field = node.text}}, boost);
  const bool is_any = node.kind == Kind::kWildcard && node.text == "*";
  if (is_any && (!node.field || node.field == "*")) return plan_one_({MatchAllQuery{}}, boost);
  std::vector<BoostedField> fields = options_.fields;
  bool is_lenient = options_.is_lenient;
  if (node.field) {
    fields.clear();
    for (std::string& name : fields_matching(mapping_, *node.field)) {
      fields.push_back({.name = std::move(name)});
    }
    is_lenient = is_lenient || node.field == "*";
  }
  if (fields.empty()) return plan_none();
  if (node.kind == Kind::kTerm && options_.multi_type && fields.size() > 1) {
    return plan_one_({MultiMatchQuery{.fields = fields,
                                      .text = node.text,
                                      .type = *options_.multi_type,
                                      .tie_breaker = options_.tie_breaker,
                                      .text_operator = options_.default_operator,
                                      .analyzer = options_.analyzer,
                                      .lenient = is_lenient}},
                     boost);
  }
  std::vector<PlanPtr> clauses;
  for (const BoostedField& field : fields) {
    try {
      clauses.push_back(plan_one_(query_in(node, field.name), boost * field.boost));
    } catch (const Planner::Refusal&) {
      if (!is_lenient) throw;
    }
  }
  if (clauses.empty()) return plan_none();
  if (clauses.size() == 1) return clauses.front();
  return plan_dis_max(std::move(clauses), options_.tie_breaker.value_or(0));
}

PlanPtr StringPlanner::plan(const StringNode& node, float boost, std::size_t minimum) const {
  const float product = boost * node.boost;
  if (node.kind == Kind::kNothing) return plan_none();
  if (node.kind == Kind::kAll) return plan_one_({MatchAllQuery{}}, product);
  if (node.kind != Kind::kGroup) return plan_leaf(node, product);
  BoolClauses clauses;
  for (const StringNode& clause : node.clauses) {
    PlanPtr planned = plan(clause, product);
    if (clause.occur == Occur::kMust) clauses.must.push_back(std::move(planned));
    if (clause.occur == Occur::kShould) clauses.should.push_back(std::move(planned));
    if (clause.occur == Occur::kMustNot) clauses.must_not.push_back(std::move(planned));
  }
  const std::size_t needed = clauses.must.empty() && !clauses.should.empty() ? 1 : 0;
  clauses.minimum_should_match = std::max(minimum, needed);
  return plan_bool(std::move(clauses));
}

}  // namespace hornbeam::search

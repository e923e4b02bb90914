#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/search/query/document_sets.h"
#include "hornbeam/search/query/planner_nodes.h"
#include "hornbeam/search/score/interval_plan.h"

namespace hornbeam::search {
namespace {

using Kind = IntervalNode::Kind;

Kind kind_of(IntervalRule::Order order) {
  switch (order) {
    case IntervalRule::Order::kOneBehindTheOther:
      return Kind::kInOrder;
    case IntervalRule::Order::kAnyWithoutOverlap:
      return Kind::kWithoutOverlap;
    case IntervalRule::Order::kAny:
      break;
  }
  return Kind::kInAnyOrder;
}

LetterCase letters(bool ignores_case) {
  return ignores_case ? LetterCase::kIgnored : LetterCase::kMatters;
}

}  // namespace

/// The words of a text, each at its place. A word that stands there several times must be met as
/// often, so that words of any order may not overlap then.
IntervalNode Planner::interval_words(const IntervalRule& rule, const std::string& name,
                                     const FieldMapping& field) const {
  const AnalyzedText text = AnalyzedText::of(analyzer(rule.analyzer, field), rule.text);
  IntervalNode node{.kind = kind_of(rule.order)};
  std::uint32_t end = 0;
  bool repeats = false;
  for (std::size_t i = 0; i < text.tokens.size(); ++i) {
    const PlacedToken& token = text.tokens[i];
    if (i > 0 && text.tokens[i - 1].position == token.position) {
      node.parts.back().terms.push_back(token.term);
      continue;
    }
    for (const IntervalNode& part : node.parts) {
      repeats = repeats || std::ranges::find(part.terms, token.term) != part.terms.end();
    }
    node.parts.push_back({.field = name,
                          .terms = {token.term},
                          .gap_before = token.position - std::min(end, token.position)});
    end = token.position + 1;
  }
  if (repeats && node.kind == Kind::kInAnyOrder) node.kind = Kind::kWithoutOverlap;
  return node;
}

/// The terms that a pattern stands for.
IntervalNode Planner::interval_terms(const IntervalRule& rule, const std::string& name,
                                     const FieldMapping& field) const {
  constexpr std::size_t kMost = 128;
  IntervalNode node{.field = name};
  TermMatcher matcher;
  if (rule.kind == IntervalRule::Kind::kTerm) {
    node.terms = {field.normalized(rule.text)};
    return node;
  }
  if (rule.kind == IntervalRule::Kind::kPrefix) {
    matcher = match_prefix(rule.text, letters(rule.ignores_case));
  } else if (rule.kind == IntervalRule::Kind::kWildcard) {
    matcher = match_wildcard(rule.text, letters(rule.ignores_case));
  } else if (rule.kind == IntervalRule::Kind::kRegexp) {
    base::Result<TermMatcher> made = match_regexp(rule.text, letters(rule.ignores_case));
    if (!made) throw Refusal{made.error()};
    matcher = std::move(*made);
  } else {
    const FuzzyMatcher fuzzy(rule.text, rule.fuzzy);
    for (ExpandedTerm& term : nearest_terms(context_.snapshot, name, fuzzy, kMost)) {
      node.terms.push_back(std::move(term.term));
    }
    return node;
  }
  for (ExpandedTerm& term : first_terms(context_.snapshot, name, matcher, kMost + 1)) {
    node.terms.push_back(std::move(term.term));
  }
  if (node.terms.size() > kMost) {
    refuse("illegal_argument_exception",
           fmt::format("Automaton [{}:{}] expanded to too many terms (limit {})", name, rule.text,
                       kMost));
  }
  return node;
}

// Rules nest as deep as the JSON they are read from, which is bounded.
IntervalNode Planner::interval_node(const IntervalRule& rule, const std::string& field) const {
  const std::string& name = rule.field.empty() ? field : rule.field;
  IntervalNode node;
  if (rule.kind == IntervalRule::Kind::kAllOf || rule.kind == IntervalRule::Kind::kAnyOf) {
    node.kind = rule.kind == IntervalRule::Kind::kAnyOf ? Kind::kAnyOf : kind_of(rule.order);
    for (const IntervalRule& part : rule.rules) node.parts.push_back(interval_node(part, field));
  } else if (const FieldMapping* const found = context_.mapping.find(name)) {
    if (found->type != FieldType::kText) {
      refuse(
          "illegal_argument_exception",
          fmt::format("Cannot create intervals over field [{}] with no positions indexed", name));
    }
    node = rule.kind == IntervalRule::Kind::kMatch ? interval_words(rule, name, *found)
                                                   : interval_terms(rule, name, *found);
  }
  node.max_gaps = rule.max_gaps;
  node.max_end = rule.max_end;
  if (rule.filter) {
    node.filter = {
        .relation = rule.filter->relation,
        .node = std::make_shared<const IntervalNode>(interval_node(*rule.filter->rule, field)),
        .before = rule.filter->before,
        .after = rule.filter->after};
  }
  return node;
}

PlanPtr Planner::plan_node(const IntervalQuery& query, float boost) {
  if (!context_.mapping.find(query.field)) return plan_none();
  IntervalNode node = interval_node(query.rule, query.field);
  const bool is_span = query.scoring == IntervalQuery::Scoring::kBm25;
  return plan_intervals(context_.snapshot, query.field, std::move(node),
                        is_span ? IntervalScoring::kBm25 : IntervalScoring::kSaturation, boost,
                        context_.bm25);
}

}  // namespace hornbeam::search

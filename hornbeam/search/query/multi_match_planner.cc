#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "hornbeam/search/query/field_patterns.h"
#include "hornbeam/search/query/planner_nodes.h"

namespace hornbeam::search {

std::vector<BoostedField> Planner::expand_fields(const std::vector<BoostedField>& fields) const {
  std::vector<BoostedField> expanded;
  const auto add = [&](std::string name, float boost) {
    const auto same = std::ranges::find(expanded, name, &BoostedField::name);
    if (same == expanded.end()) {
      expanded.push_back({.name = std::move(name), .boost = boost});
    } else {
      same->boost *= boost;
    }
  };
  for (const BoostedField& field : fields) {
    for (std::string& name : fields_matching(context_.mapping, field.name)) {
      add(std::move(name), field.boost);
    }
  }
  check_clause_count(expanded.size());
  return expanded;
}

PlanPtr Planner::plan_in_field(const MultiMatchQuery& query, const BoostedField& field,
                               bool lenient, float boost) {
  using Type = MultiMatchQuery::Type;
  const float product = boost * field.boost;
  try {
    switch (query.type) {
      case Type::kPhrase:
        return plan_node(MatchPhraseQuery{.field = field.name,
                                          .text = query.text,
                                          .slop = query.slop,
                                          .analyzer = query.analyzer,
                                          .matches_all_if_empty = query.matches_all_if_empty},
                         product);
      case Type::kPhrasePrefix:
        return plan_node(MatchPhrasePrefixQuery{.field = field.name,
                                                .text = query.text,
                                                .slop = query.slop,
                                                .max_expansions = query.max_expansions,
                                                .analyzer = query.analyzer},
                         product);
      case Type::kBoolPrefix:
        return plan_node(MatchBoolPrefixQuery{.field = field.name,
                                              .text = query.text,
                                              .text_operator = query.text_operator,
                                              .minimum_should_match = query.minimum_should_match,
                                              .analyzer = query.analyzer,
                                              .fuzzy = query.fuzzy},
                         product);
      default:
        return plan_node(MatchQuery{.field = field.name,
                                    .text = query.text,
                                    .text_operator = query.text_operator,
                                    .minimum_should_match = query.minimum_should_match,
                                    .analyzer = query.analyzer,
                                    .matches_all_if_empty = query.matches_all_if_empty,
                                    .fuzzy = query.fuzzy},
                         product);
    }
  } catch (const Refusal&) {
    if (!lenient) throw;
    return plan_none();
  }
}

PlanPtr Planner::plan_node(const MultiMatchQuery& query, float boost) {
  using Type = MultiMatchQuery::Type;
  std::vector<BoostedField> wanted = query.fields;
  if (wanted.empty()) wanted = context_.settings.default_fields;
  if (wanted.empty()) wanted.push_back({.name = "*"});
  const bool asks_all = std::ranges::find(wanted, "*", &BoostedField::name) != wanted.end();
  const bool lenient = query.lenient.value_or(asks_all || context_.settings.is_lenient);
  const std::vector<BoostedField> fields = expand_fields(wanted);
  if (fields.empty()) return plan_none();
  if (query.type == Type::kCrossFields) return plan_cross_fields(query, fields, lenient, boost);
  std::vector<PlanPtr> clauses;
  for (const BoostedField& field : fields) {
    clauses.push_back(plan_in_field(query, field, lenient, boost));
  }
  if (clauses.size() == 1) return clauses.front();
  const bool adds_up = query.type == Type::kMostFields || query.type == Type::kBoolPrefix;
  return plan_dis_max(std::move(clauses), query.tie_breaker.value_or(adds_up ? 1.0F : 0.0F));
}

// Fields that are analysed alike are as one: each word may be in any of them. Those that are not
// make groups of their own.
PlanPtr Planner::plan_cross_fields(const MultiMatchQuery& query,
                                   const std::vector<BoostedField>& fields, bool lenient,
                                   float boost) {
  std::map<std::string, std::vector<BoostedField>> groups;
  for (const BoostedField& field : fields) {
    const FieldMapping* const found = context_.mapping.find(field.name);
    const bool is_text = found && found->type == FieldType::kText;
    groups[!is_text                 ? "\n" + field.name
           : query.analyzer.empty() ? analyzer("", *found).name()
                                    : query.analyzer]
        .push_back(field);
  }
  const float tie_breaker = query.tie_breaker.value_or(0);
  std::vector<PlanPtr> clauses;
  for (const auto& [name, group] : groups) {
    if (group.size() == 1) {
      clauses.push_back(plan_in_field(query, group.front(), lenient, boost));
      continue;
    }
    const FieldMapping& first = *context_.mapping.find(group.front().name);
    std::vector<PlanPtr> words;
    for (const PlacedToken& token :
         AnalyzedText::of(analyzer(query.analyzer, first), query.text).tokens) {
      words.push_back(plan_blended(group, token.term, tie_breaker, boost));
    }
    if (words.empty()) continue;
    clauses.push_back(
        combine_words(std::move(words), query.text_operator, query.minimum_should_match));
  }
  if (clauses.empty()) {
    return query.matches_all_if_empty ? plan_constant(plan_all(), boost) : plan_none();
  }
  if (clauses.size() == 1) return clauses.front();
  return plan_dis_max(std::move(clauses), tie_breaker);
}

// The word counts as common in every field as it is in the one where it is most common, a little
// more in the others, so that a field in which it is rare by chance does not win.
PlanPtr Planner::plan_blended(const std::vector<BoostedField>& fields, const std::string& term,
                              float tie_breaker, float boost) {
  struct Found {
    const BoostedField* field;
    std::uint64_t doc_freq;
    std::uint64_t blended = 0;
  };
  std::vector<Found> all;
  std::uint64_t most_docs = context_.snapshot.live_count();
  for (const BoostedField& field : fields) {
    const TermStatistics found = term_statistics(context_.snapshot, field.name, term);
    all.push_back({.field = &field, .doc_freq = found.doc_freq});
    most_docs = std::min(most_docs, std::max<std::uint64_t>(found.field.sum_total_term_freq, 1));
  }
  std::vector<Found*> order;
  for (Found& found : all) order.push_back(&found);
  std::ranges::sort(order, std::greater<>(), [](const Found* f) { return f->doc_freq; });
  std::uint64_t blended = std::min(most_docs, order.front()->doc_freq);
  std::uint64_t last = order.front()->doc_freq;
  for (Found* const found : order) {
    if (found->doc_freq == 0) break;
    if (last > found->doc_freq) ++blended;
    last = found->doc_freq;
    found->blended = std::min(most_docs, blended);
  }
  std::vector<PlanPtr> clauses;
  for (const Found& found : all) {
    clauses.push_back(plan_term_as(context_.snapshot, found.field->name, term, found.blended,
                                   boost * found.field->boost, context_.bm25));
  }
  return plan_dis_max(std::move(clauses), tie_breaker);
}

}  // namespace hornbeam::search

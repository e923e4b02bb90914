#include "hornbeam/search/query/planner.h"

#include <algorithm>
#include <ranges>

#include <fmt/format.h>

#include "hornbeam/search/query/document_sets.h"

namespace hornbeam::search {
namespace {

struct Refusal {
  base::Error error;
};

[[noreturn]] void refuse(std::string code, std::string message) {
  throw Refusal{{.code = std::move(code), .message = std::move(message)}};
}

class Planner {
 public:
  Planner(const Snapshot& snapshot, const Mapping& mapping, const Bm25Options& options)
      : snapshot_(snapshot), mapping_(mapping), options_(options) {}

  PlanPtr plan(const Query& query, float boost) {
    const float product = boost * query.boost;
    return std::visit([&](const auto& node) { return plan_node(node, product); }, query.node);
  }

 private:
  PlanPtr plan_node(const MatchAllQuery&, float boost) { return plan_constant(plan_all(), boost); }
  PlanPtr plan_node(const MatchNoneQuery&, float) { return plan_none(); }
  PlanPtr plan_node(const MatchQuery& query, float boost);
  PlanPtr plan_node(const MatchPhraseQuery& query, float boost);
  PlanPtr plan_node(const MultiMatchQuery& query, float boost);
  PlanPtr plan_node(const TermQuery& query, float boost);
  PlanPtr plan_node(const TermsQuery& query, float boost);
  PlanPtr plan_node(const RangeQuery& query, float boost);
  PlanPtr plan_node(const BoolQuery& query, float boost);
  PlanPtr plan_node(const ExistsQuery& query, float boost) {
    return plan_constant(plan_documents([field = query.field](const SegmentView& view) {
                           return documents_with(view, field);
                         }),
                         boost);
  }
  PlanPtr plan_node(const IdsQuery& query, float boost) {
    return plan_any_of(std::string(kIdField), query.ids, boost);
  }
  PlanPtr plan_node(const PrefixQuery& query, float boost) {
    const auto find = [field = query.field, prefix = query.prefix](const SegmentView& view) {
      return documents_of_prefix(view, field, prefix);
    };
    return plan_constant(plan_documents(find), boost);
  }
  PlanPtr plan_node(const ConstantScoreQuery& query, float boost) {
    return plan_constant(plan(*query.filter, 1), boost);
  }
  PlanPtr plan_node(const DisMaxQuery& query, float boost) {
    std::vector<PlanPtr> clauses;
    for (const Query& one : query.queries) clauses.push_back(plan(one, boost));
    return plan_dis_max(std::move(clauses), query.tie_breaker);
  }

  std::vector<PlanPtr> plan_each(const std::vector<Query>& queries, float boost) {
    std::vector<PlanPtr> plans;
    for (const Query& query : queries) plans.push_back(plan(query, boost));
    return plans;
  }
  PlanPtr plan_any_of(std::string field, std::vector<std::string> terms, float boost);
  const Analyzer& analyzer(const std::string& named, const FieldMapping& field) const;
  std::string term_of(const std::string& name, const FieldMapping& field,
                      const std::string& value) const;
  std::int64_t number_of(const std::string& name, const FieldMapping& field,
                         const std::string& value) const;

  const Snapshot& snapshot_;
  const Mapping& mapping_;
  const Bm25Options& options_;
};

const Analyzer& Planner::analyzer(const std::string& named, const FieldMapping& field) const {
  if (named.empty()) return *field.analyzer;
  const std::shared_ptr<const Analyzer> found = mapping_.analyzers().find(named);
  if (!found) {
    refuse("illegal_argument_exception", fmt::format("[match] analyzer [{}] not found", named));
  }
  return *found;
}

std::int64_t Planner::number_of(const std::string& name, const FieldMapping& field,
                                const std::string& value) const {
  const std::optional<std::int64_t> number = parse_number(field.type, value);
  if (number) return *number;
  if (field.type == FieldType::kDate) {
    refuse("parse_exception", fmt::format("failed to parse date field [{}] with format "
                                          "[strict_date_optional_time||epoch_millis]",
                                          value));
  }
  if (field.type == FieldType::kBoolean) {
    refuse("illegal_argument_exception",
           fmt::format("Can't parse boolean value [{}], expected [true] or [false]", value));
  }
  refuse("query_shard_exception",
         fmt::format("failed to create query: For input string: \"{}\" (field [{}])", value, name));
}

std::string Planner::term_of(const std::string& name, const FieldMapping& field,
                             const std::string& value) const {
  return is_number(field.type) ? number_term(number_of(name, field, value)) : value;
}

PlanPtr Planner::plan_node(const MatchQuery& query, float boost) {
  const FieldMapping* const field = mapping_.find(query.field);
  if (!field) return plan_none();
  if (field->type != FieldType::kText) {
    return plan_node(TermQuery{.field = query.field, .value = query.text}, boost);
  }
  std::vector<PlanPtr> terms;
  for (std::string& term : analyzer(query.analyzer, *field).terms(query.text)) {
    terms.push_back(plan_term(snapshot_, query.field, std::move(term), boost, options_));
  }
  if (terms.empty()) {
    return query.matches_all_if_empty ? plan_constant(plan_all(), boost) : plan_none();
  }
  if (terms.size() == 1) return terms.front();
  if (query.text_operator == TextOperator::kAnd) return plan_bool({.must = std::move(terms)});
  std::size_t minimum = 1;
  if (query.minimum_should_match) {
    const base::Result<std::size_t> found = query.minimum_should_match->resolve(terms.size());
    if (!found) throw Refusal{found.error()};
    minimum = std::max<std::size_t>(*found, 1);
  }
  return plan_bool({.should = std::move(terms), .minimum_should_match = minimum});
}

PlanPtr Planner::plan_node(const MatchPhraseQuery& query, float boost) {
  const FieldMapping* const field = mapping_.find(query.field);
  if (!field) return plan_none();
  if (field->type != FieldType::kText) {
    return plan_node(TermQuery{.field = query.field, .value = query.text}, boost);
  }
  std::vector<PhraseTerm> terms;
  std::uint32_t position = 0;
  analyzer(query.analyzer, *field).analyze(query.text, [&](const Token& token) {
    if (!terms.empty()) position += token.position_increment;
    terms.push_back({.term = std::string(token.term), .offset = position});
  });
  if (terms.empty()) return plan_none();
  if (terms.size() == 1) {
    return plan_term(snapshot_, query.field, std::move(terms.front().term), boost, options_);
  }
  return plan_phrase(snapshot_, query.field, std::move(terms), query.slop, boost, options_);
}

PlanPtr Planner::plan_node(const MultiMatchQuery& query, float boost) {
  std::vector<PlanPtr> clauses;
  for (const MultiMatchQuery::Field& field : query.fields) {
    if (query.type == MultiMatchQuery::Type::kPhrase) {
      clauses.push_back(plan_node(MatchPhraseQuery{.field = field.name, .text = query.text},
                                  boost * field.boost));
    } else {
      clauses.push_back(plan_node(MatchQuery{.field = field.name,
                                             .text = query.text,
                                             .text_operator = query.text_operator,
                                             .minimum_should_match = query.minimum_should_match},
                                  boost * field.boost));
    }
  }
  if (clauses.size() == 1) return clauses.front();
  const bool adds_up = query.type == MultiMatchQuery::Type::kMostFields;
  return plan_dis_max(std::move(clauses), query.tie_breaker.value_or(adds_up ? 1.0F : 0.0F));
}

PlanPtr Planner::plan_node(const TermQuery& query, float boost) {
  if (query.field == kIdField) return plan_any_of(query.field, {query.value}, boost);
  const FieldMapping* const field = mapping_.find(query.field);
  if (!field || field->type == FieldType::kObject) return plan_none();
  if (is_number(field->type)) {
    return plan_any_of(query.field, {term_of(query.field, *field, query.value)}, boost);
  }
  return plan_term(snapshot_, query.field, query.value, boost, options_);
}

PlanPtr Planner::plan_node(const TermsQuery& query, float boost) {
  std::vector<std::string> terms;
  const FieldMapping* const field = mapping_.find(query.field);
  if (query.field == kIdField) return plan_any_of(query.field, query.values, boost);
  if (!field || field->type == FieldType::kObject) return plan_none();
  for (const std::string& value : query.values) {
    terms.push_back(term_of(query.field, *field, value));
  }
  return plan_any_of(query.field, std::move(terms), boost);
}

PlanPtr Planner::plan_any_of(std::string field, std::vector<std::string> terms, float boost) {
  std::ranges::sort(terms);
  const auto repeated = std::ranges::unique(terms);
  terms.erase(repeated.begin(), repeated.end());
  const auto find = [field = std::move(field), terms = std::move(terms)](const SegmentView& view) {
    return documents_of_terms(view, field, terms);
  };
  return plan_constant(plan_documents(find), boost);
}

PlanPtr Planner::plan_node(const RangeQuery& query, float boost) {
  const FieldMapping* const field = mapping_.find(query.field);
  if (!field || field->type == FieldType::kObject) return plan_none();
  TermRange range;
  if (query.lower) {
    range.lower = {.term = term_of(query.field, *field, query.lower->value),
                   .is_included = query.lower->is_included};
  }
  if (query.upper) {
    range.upper = {.term = term_of(query.field, *field, query.upper->value),
                   .is_included = query.upper->is_included};
  }
  const auto find = [name = query.field, range = std::move(range)](const SegmentView& view) {
    return documents_in_range(view, name, range);
  };
  return plan_constant(plan_documents(find), boost);
}

PlanPtr Planner::plan_node(const BoolQuery& query, float boost) {
  BoolClauses clauses{.must = plan_each(query.must, boost),
                      .filter = plan_each(query.filter, 1),
                      .should = plan_each(query.should, boost),
                      .must_not = plan_each(query.must_not, 1)};
  const bool has_required = !clauses.must.empty() || !clauses.filter.empty();
  clauses.minimum_should_match = !has_required && !clauses.should.empty() ? 1 : 0;
  if (query.minimum_should_match) {
    const auto found = query.minimum_should_match->resolve(clauses.should.size());
    if (!found) throw Refusal{found.error()};
    clauses.minimum_should_match = *found;
  }
  // As in theirs, a query of prohibitions only scores nothing, and an empty one everything by 1.
  const bool is_empty = !has_required && clauses.should.empty() && clauses.must_not.empty();
  return is_empty ? plan_constant(plan_all(), boost) : plan_bool(std::move(clauses));
}

}  // namespace

base::Result<PlanPtr> plan_query(const Query& query, const Snapshot& snapshot,
                                 const Mapping& mapping, const Bm25Options& options) {
  try {
    return Planner(snapshot, mapping, options).plan(query, 1);
  } catch (const Refusal& refusal) {
    return std::unexpected(refusal.error);
  }
}

}  // namespace hornbeam::search

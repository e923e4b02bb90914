#pragma once

// What the parts of the planner share: one function for each kind of query, in the file of its
// family (compound_planner.cc, term_planner.cc, text_planner.cc, ...).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/query/analyzed_text.h"
#include "hornbeam/search/query/plan_context.h"
#include "hornbeam/search/query/query.h"
#include "hornbeam/search/query/string_node.h"
#include "hornbeam/search/query/term_matchers.h"
#include "hornbeam/search/score/interval_plan.h"
#include "hornbeam/search/score/plan.h"

namespace hornbeam::search {

class Planner {
 public:
  /// What a failed planning throws; `plan_query` gives it back as an error.
  struct Refusal {
    base::Error error;
  };
  [[noreturn]] static void refuse(std::string code, std::string message);

  explicit Planner(const PlanContext& context) : context_(context) {}

  PlanPtr plan(const Query& query, float boost);
  std::vector<std::pair<std::string, PlanPtr>> take_named() { return std::move(named_); }

 private:
  // compound_planner.cc
  PlanPtr plan_node(const MatchAllQuery& query, float boost);
  PlanPtr plan_node(const MatchNoneQuery& query, float boost);
  PlanPtr plan_node(const BoolQuery& query, float boost);
  PlanPtr plan_node(const ConstantScoreQuery& query, float boost);
  PlanPtr plan_node(const DisMaxQuery& query, float boost);
  PlanPtr plan_node(const BoostingQuery& query, float boost);
  std::vector<PlanPtr> plan_each(const std::vector<Query>& queries, float boost);
  void check_clause_count(std::size_t count) const;
  std::size_t minimum_of(const std::optional<MinimumShouldMatch>& wanted, std::size_t clauses,
                         std::size_t otherwise) const;

  // nested_planner.cc
  PlanPtr plan_node(const NestedQuery& query, float boost);

  // function_planner.cc
  PlanPtr plan_node(const FunctionScoreQuery& query, float boost);

  // term_planner.cc
  PlanPtr plan_node(const TermQuery& query, float boost);
  PlanPtr plan_node(const TermsQuery& query, float boost);
  PlanPtr plan_node(const ExistsQuery& query, float boost);
  PlanPtr plan_node(const IdsQuery& query, float boost);
  PlanPtr plan_node(const TermsSetQuery& query, float boost);
  PlanPtr plan_index(const std::vector<std::string>& names, float boost) const;
  PlanPtr plan_bitmap(const TermsQuery& query, float boost);
  PlanPtr plan_any_of(std::string field, std::vector<std::string> terms, float boost,
                      std::string text);
  std::string term_of(const std::string& name, const FieldMapping& field,
                      const std::string& value) const;
  std::int64_t number_of(const std::string& name, const FieldMapping& field,
                         const std::string& value) const;

  // range_planner.cc
  PlanPtr plan_node(const RangeQuery& query, float boost);
  PlanPtr plan_number_range(const RangeQuery& query, const FieldMapping& field, float boost);
  PlanPtr plan_range_of_ranges(const RangeQuery& query, const FieldMapping& field, float boost);
  std::int64_t date_bound(const RangeQuery& query, const FieldMapping& field,
                          const RangeQuery::Bound& bound, bool is_lower) const;

  // pattern_planner.cc
  PlanPtr plan_node(const PrefixQuery& query, float boost);
  PlanPtr plan_node(const WildcardQuery& query, float boost);
  PlanPtr plan_node(const RegexpQuery& query, float boost);
  PlanPtr plan_node(const FuzzyQuery& query, float boost);
  PlanPtr plan_matching(const std::string& field, TermMatcher matcher, std::string text,
                        float boost);
  PlanPtr plan_fuzzy(const std::string& field, const std::string& value,
                     const FuzzyOptions& options, float boost);
  const FieldMapping* pattern_field(const std::string& name, std::string_view query) const;
  void check_regex_length(const std::string& pattern) const;
  /// The same of all parts of a query text, whatever it forgives.
  void check_regexps(const StringNode& node) const;
  void check_expensive(std::string_view query, std::string_view advice = "") const;

  // text_planner.cc
  PlanPtr plan_node(const MatchQuery& query, float boost);
  PlanPtr plan_node(const MatchPhraseQuery& query, float boost);
  PlanPtr plan_node(const MatchPhrasePrefixQuery& query, float boost);
  PlanPtr plan_node(const MatchBoolPrefixQuery& query, float boost);
  const Analyzer& analyzer(const std::string& named, const FieldMapping& field) const;
  std::vector<PlanPtr> plan_words(const std::string& field, const AnalyzedText& text,
                                  const MatchQuery& query, float boost);
  PlanPtr plan_word(const std::string& field, std::vector<std::string> terms,
                    const std::optional<FuzzyOptions>& fuzzy, float boost);
  PlanPtr plan_alternatives(const std::string& field, std::vector<TokenPath> paths,
                            const MatchQuery& query, float boost);
  PlanPtr combine_words(std::vector<PlanPtr> words, TextOperator text_operator,
                        const std::optional<MinimumShouldMatch>& minimum);

  // multi_match_planner.cc
  PlanPtr plan_node(const MultiMatchQuery& query, float boost);
  PlanPtr plan_in_field(const MultiMatchQuery& query, const BoostedField& field, bool lenient,
                        float boost);
  PlanPtr plan_cross_fields(const MultiMatchQuery& query, const std::vector<BoostedField>& fields,
                            bool lenient, float boost);
  PlanPtr plan_blended(const std::vector<BoostedField>& fields, const std::string& term,
                       float tie_breaker, float boost);
  std::vector<BoostedField> expand_fields(const std::vector<BoostedField>& fields) const;

  // string_planner.cc
  PlanPtr plan_node(const QueryStringQuery& query, float boost);
  PlanPtr plan_node(const SimpleQueryStringQuery& query, float boost);

  // interval_planner.cc
  PlanPtr plan_node(const IntervalQuery& query, float boost);
  IntervalNode interval_node(const IntervalRule& rule, const std::string& field) const;
  IntervalNode interval_words(const IntervalRule& rule, const std::string& name,
                              const FieldMapping& field) const;
  IntervalNode interval_terms(const IntervalRule& rule, const std::string& name,
                              const FieldMapping& field) const;

  // place_planner.cc
  PlanPtr plan_node(const GeoDistanceQuery& query, float boost);
  PlanPtr plan_node(const GeoBoundingBoxQuery& query, float boost);
  PlanPtr plan_places(const std::string& name, bool ignores_unmapped,
                      std::function<bool(const Place&)> is_wanted, std::string text,
                      float boost) const;

  // distance_planner.cc
  PlanPtr plan_node(const DistanceFeatureQuery& query, float boost);
  std::function<double(std::int64_t)> distance_to(const DistanceFeatureQuery& query,
                                                  const FieldMapping& field) const;

  // more_like_this_planner.cc
  PlanPtr plan_node(const MoreLikeThisQuery& query, float boost);

  const PlanContext& context_;
  std::size_t bool_depth_ = 0;  ///< How many bool queries the present one is inside of.
  std::vector<std::pair<std::string, PlanPtr>> named_;
};

}  // namespace hornbeam::search

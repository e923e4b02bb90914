#pragma once

// A query, written as the query language has it. What is said at its default is left out. The kinds
// of queries are in three files: query_json.cc, text_query_json.cc and scored_query_json.cc.

#include <optional>
#include <string_view>
#include <vector>

#include "hornbeam/base/json_writer.h"
#include "hornbeam/search/query/query.h"

namespace hornbeam::denorm::internal {

/// Appends a query.
void write_query(base::JsonWriter& out, const search::Query& query);
/// Appends `{"lat": ..., "lon": ...}`.
void write_place(base::JsonWriter& out, const search::Place& place);

/// How the options of fuzzy searches are called: that differs from query to query.
struct FuzzyNames {
  std::string_view prefix_length = "prefix_length";
  std::string_view max_expansions = "max_expansions";  ///< Empty: it cannot be said.
  std::string_view transpositions = "fuzzy_transpositions";
};
/// Appends the members of fuzzy options.
void write_fuzzy(base::JsonWriter& out, const search::FuzzyOptions& fuzzy, const FuzzyNames& names);

/// Writes one query: its kind, its field if it has one, what it says, and its boost and name.
class QueryWriter {
 public:
  /// Lifetime: both outlive it.
  QueryWriter(base::JsonWriter& out, const search::Query& query) : out_(out), query_(query) {}

  // Terms, and queries of queries: query_json.cc.
  void operator()(const search::MatchAllQuery& all);
  void operator()(const search::MatchNoneQuery& none);
  void operator()(const search::TermQuery& term);
  void operator()(const search::TermsQuery& terms);
  void operator()(const search::TermsSetQuery& terms);
  void operator()(const search::RangeQuery& range);
  void operator()(const search::ExistsQuery& exists);
  void operator()(const search::IdsQuery& ids);
  void operator()(const search::PrefixQuery& prefix);
  void operator()(const search::WildcardQuery& wildcard);
  void operator()(const search::RegexpQuery& regexp);
  void operator()(const search::FuzzyQuery& fuzzy);
  void operator()(const search::BoolQuery& all);
  void operator()(const search::ConstantScoreQuery& constant);
  void operator()(const search::DisMaxQuery& best);
  void operator()(const search::NestedQuery& nested);
  // Texts: text_query_json.cc.
  void operator()(const search::MatchQuery& match);
  void operator()(const search::MatchPhraseQuery& phrase);
  void operator()(const search::MatchPhrasePrefixQuery& phrase);
  void operator()(const search::MatchBoolPrefixQuery& match);
  void operator()(const search::MultiMatchQuery& match);
  void operator()(const search::QueryStringQuery& query);
  void operator()(const search::SimpleQueryStringQuery& query);
  void operator()(const search::MoreLikeThisQuery& like);
  // Intervals, places, and functions of scores: scored_query_json.cc.
  void operator()(const search::IntervalQuery& intervals);
  void operator()(const search::BoostingQuery& boosting);
  void operator()(const search::FunctionScoreQuery& scored);
  void operator()(const search::GeoDistanceQuery& distance);
  void operator()(const search::GeoBoundingBoxQuery& box);
  void operator()(const search::DistanceFeatureQuery& feature);

 private:
  base::JsonWriter& begin(std::string_view kind);
  base::JsonWriter& begin(std::string_view kind, std::string_view field);
  /// Ends that many objects, and the query.
  void end(int objects);
  void write_common();
  void write_pattern(std::string_view kind, std::string_view field, const std::string& pattern,
                     bool ignores_case);
  void write_minimum(const std::optional<search::MinimumShouldMatch>& minimum);
  void write_fields(const std::vector<search::BoostedField>& fields);
  void write_clauses(std::string_view name, const std::vector<search::Query>& clauses);

  base::JsonWriter& out_;
  const search::Query& query_;
};

}  // namespace hornbeam::denorm::internal

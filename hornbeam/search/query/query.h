#pragma once

// What can be asked, as values: what the JSON of Elasticsearch's query language is read into, and
// what a program may build itself.
//
//   Query{MatchQuery{.field = "title", .text = "quick fox"}}
//   parse_query(R"({"match": {"title": "quick fox"}})")

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/result.h"
#include "hornbeam/search/query/function_score.h"
#include "hornbeam/search/query/fuzziness.h"
#include "hornbeam/search/query/interval_query.h"
#include "hornbeam/search/query/nested_query.h"
#include "hornbeam/search/query/place_queries.h"
#include "hornbeam/search/query/term_queries.h"
#include "hornbeam/search/query/text_options.h"
#include "hornbeam/search/query/text_queries.h"

namespace hornbeam::search {

struct Query;

/// Documents whose text field has the terms of a text.
struct MatchQuery {
  std::string field;
  std::string text;
  TextOperator text_operator = TextOperator::kOr;
  std::optional<MinimumShouldMatch> minimum_should_match{};
  std::string analyzer{};             ///< Empty: the field's.
  bool matches_all_if_empty = false;  ///< `zero_terms_query: all`.
  std::optional<FuzzyOptions> fuzzy{};
  bool lenient = false;           ///< A text that is no value of the field matches nothing.
  bool generates_phrases = true;  ///< Synonyms of several words must stand together.
};

/// Documents in which the terms of a text stand together.
struct MatchPhraseQuery {
  std::string field;
  std::string text;
  std::uint32_t slop = 0;
  std::string analyzer{};
  bool matches_all_if_empty = false;
};

/// One text in several fields.
struct MultiMatchQuery {
  enum class Type : std::uint8_t {
    kBestFields,
    kMostFields,
    kPhrase,
    kCrossFields,
    kPhrasePrefix,
    kBoolPrefix,
  };
  using Field = BoostedField;
  std::vector<Field> fields;  ///< Empty: those the index names.
  std::string text;
  Type type = Type::kBestFields;
  std::optional<float> tie_breaker{};
  TextOperator text_operator = TextOperator::kOr;
  std::optional<MinimumShouldMatch> minimum_should_match{};
  std::string analyzer{};
  std::uint32_t slop = 0;
  std::optional<FuzzyOptions> fuzzy{};
  std::size_t max_expansions = 50;  ///< Of the last term of a phrase prefix.
  std::optional<bool> lenient{};    ///< None: yes if all fields are asked.
  bool matches_all_if_empty = false;
};

/// Documents that have one value exactly, given as text.
struct TermQuery {
  std::string field;
  std::string value;
  bool ignores_case = false;  ///< Of ASCII letters.
};
/// Documents that have one of some values, all with the same score.
struct TermsQuery {
  std::string field;
  std::vector<std::string> values;
  std::optional<TermsLookup> lookup{};  ///< Instead of `values`.
  bool is_bitmap = false;               ///< Values are sets of numbers: Roaring bitmaps in base64.
};
/// Documents with a value between two.
/// How the ranges of a field lie to the one asked for; values count as ranges of one.
enum class RangeRelation : std::uint8_t { kIntersects, kWithin, kContains };
struct RangeQuery {
  struct Bound {
    std::string value;
    bool is_included = true;
  };
  std::string field;
  std::optional<Bound> lower{};
  std::optional<Bound> upper{};
  std::string format{};     ///< Of dates; empty: the field's.
  std::string time_zone{};  ///< Of dates that name none: "+01:00", "Europe/Paris".
  RangeRelation relation = RangeRelation::kIntersects;
};
struct ExistsQuery {
  std::string field;
};
struct IdsQuery {
  std::vector<std::string> ids;
};
struct PrefixQuery {
  std::string field;
  std::string prefix;
  bool ignores_case = false;
};
struct MatchAllQuery {};
struct MatchNoneQuery {};

struct BoolQuery {
  std::vector<Query> must;
  std::vector<Query> filter;
  std::vector<Query> should;
  std::vector<Query> must_not;
  std::optional<MinimumShouldMatch> minimum_should_match{};
};
struct ConstantScoreQuery {
  std::shared_ptr<const Query> filter;
};
struct DisMaxQuery {
  std::vector<Query> queries;
  float tie_breaker = 0;
};

/// Any of the queries.
struct QueryNode
    : std::variant<MatchAllQuery, MatchNoneQuery, MatchQuery, MatchPhraseQuery, MultiMatchQuery,
                   TermQuery, TermsQuery, RangeQuery, ExistsQuery, IdsQuery, PrefixQuery, BoolQuery,
                   ConstantScoreQuery, DisMaxQuery, WildcardQuery, RegexpQuery, FuzzyQuery,
                   TermsSetQuery, MatchPhrasePrefixQuery, MatchBoolPrefixQuery, QueryStringQuery,
                   SimpleQueryStringQuery, MoreLikeThisQuery, BoostingQuery, FunctionScoreQuery,
                   IntervalQuery, GeoDistanceQuery, GeoBoundingBoxQuery, DistanceFeatureQuery,
                   NestedQuery> {
  using variant::variant;

  // Those of so large a variant are not compiled with every file that holds a query.
  QueryNode();
  QueryNode(const QueryNode& other);
  QueryNode(QueryNode&& other) noexcept;
  QueryNode& operator=(const QueryNode& other);
  QueryNode& operator=(QueryNode&& other) noexcept;
  ~QueryNode();
};

struct Query {
  QueryNode node{};
  float boost = 1;
  std::string name{};  ///< Of a query whose matches the hits tell apart.
};

/// Reads a query of Elasticsearch's query language. An error is worded as theirs; its code is their
/// type, such as "parsing_exception".
base::Result<Query> parse_query(base::JsonView json);

}  // namespace hornbeam::search

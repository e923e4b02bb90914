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

namespace hornbeam::search {

struct Query;

/// How many of some clauses must match: "2", "-1", "75%", "-25%", "2<75%" ("3<90% 5<2").
struct MinimumShouldMatch {
  std::string text;

  /// For that many clauses.
  base::Result<std::size_t> resolve(std::size_t clauses) const;
};

/// Whether terms of a text are alternatives or all needed.
enum class TextOperator : std::uint8_t { kOr, kAnd };

/// Documents whose text field has the terms of a text.
struct MatchQuery {
  std::string field;
  std::string text;
  TextOperator text_operator = TextOperator::kOr;
  std::optional<MinimumShouldMatch> minimum_should_match{};
  std::string analyzer{};             ///< Empty: the field's.
  bool matches_all_if_empty = false;  ///< `zero_terms_query: all`.
};

/// Documents in which the terms of a text stand together.
struct MatchPhraseQuery {
  std::string field;
  std::string text;
  std::uint32_t slop = 0;
  std::string analyzer{};
};

/// One text in several fields.
struct MultiMatchQuery {
  enum class Type : std::uint8_t { kBestFields, kMostFields, kPhrase };
  struct Field {
    std::string name;
    float boost = 1;
  };
  std::vector<Field> fields;
  std::string text;
  Type type = Type::kBestFields;
  std::optional<float> tie_breaker{};
  TextOperator text_operator = TextOperator::kOr;
  std::optional<MinimumShouldMatch> minimum_should_match{};
};

/// Documents that have one value exactly, given as text.
struct TermQuery {
  std::string field;
  std::string value;
};
/// Documents that have one of some values, all with the same score.
struct TermsQuery {
  std::string field;
  std::vector<std::string> values;
};
/// Documents with a value between two.
struct RangeQuery {
  struct Bound {
    std::string value;
    bool is_included = true;
  };
  std::string field;
  std::optional<Bound> lower{};
  std::optional<Bound> upper{};
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

struct Query {
  std::variant<MatchAllQuery, MatchNoneQuery, MatchQuery, MatchPhraseQuery, MultiMatchQuery,
               TermQuery, TermsQuery, RangeQuery, ExistsQuery, IdsQuery, PrefixQuery, BoolQuery,
               ConstantScoreQuery, DisMaxQuery>
      node{};
  float boost = 1;
};

/// Reads a query of Elasticsearch's query language. An error is worded as theirs; its code is their
/// type, such as "parsing_exception".
base::Result<Query> parse_query(base::JsonView json);

}  // namespace hornbeam::search

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/search/query/fuzziness.h"
#include "hornbeam/search/query/text_options.h"

namespace hornbeam::search {

/// Documents in which the terms of a text stand together, the last of them perhaps unfinished.
struct MatchPhrasePrefixQuery {
  std::string field;
  std::string text;
  std::uint32_t slop = 0;
  std::size_t max_expansions = 50;  ///< How many terms the last one may stand for.
  std::string analyzer{};
  bool matches_all_if_empty = false;
};

/// Documents that have the terms of a text, the last of them perhaps unfinished.
struct MatchBoolPrefixQuery {
  std::string field;
  std::string text;
  TextOperator text_operator = TextOperator::kOr;
  std::optional<MinimumShouldMatch> minimum_should_match{};
  std::string analyzer{};
  std::optional<FuzzyOptions> fuzzy{};  ///< For all terms but the last.
};

/// A text in Lucene's query syntax: `title:(quick AND fox) -year:[* TO 1999] "a phrase"~2`.
struct QueryStringQuery {
  std::string text;
  std::vector<BoostedField> fields{};  ///< Empty: those the index names, which are all unless set.
  TextOperator default_operator = TextOperator::kOr;
  std::string analyzer{};
  std::string quote_analyzer{};
  std::string quote_field_suffix{};
  std::optional<bool> lenient{};  ///< None: yes if all fields are asked.
  bool analyzes_wildcards = false;
  bool allows_leading_wildcard = true;
  std::uint32_t phrase_slop = 0;
  FuzzyOptions fuzzy{};  ///< Of `word~`.
  std::optional<float> tie_breaker{};
  std::optional<MinimumShouldMatch> minimum_should_match{};
  std::string type = "best_fields";
  std::string time_zone{};
};

/// A text in a syntax without errors: `+quick | "brown fox"~2 -(lazy dog*)`.
struct SimpleQueryStringQuery {
  /// What of the syntax is meant as such.
  enum Flag : std::uint32_t {
    kAnd = 1,
    kNot = 2,
    kOr = 4,
    kPrefix = 8,
    kPhrase = 16,
    kPrecedence = 32,
    kEscape = 64,
    kWhitespace = 128,
    kFuzzy = 256,
    kNear = 512,
    kSlop = kNear,
    kAll = 1023,
  };
  std::string text;
  std::vector<BoostedField> fields{};
  TextOperator default_operator = TextOperator::kOr;
  std::string analyzer{};
  std::uint32_t flags = kAll;
  std::optional<bool> lenient{};
  bool analyzes_wildcards = false;
  std::optional<MinimumShouldMatch> minimum_should_match{};
  std::string quote_field_suffix{};
  FuzzyOptions fuzzy{};
};

/// Documents whose texts have the most telling terms of other texts.
struct MoreLikeThisQuery {
  std::vector<std::string> fields{};
  std::vector<std::string> like_texts{};
  std::vector<std::string>
      like_ids{};  ///< Documents of this index; they are no matches themselves.
  std::vector<std::string> unlike_texts{};
  std::vector<std::string> unlike_ids{};
  std::size_t max_query_terms = 25;
  std::uint64_t min_term_freq = 2;
  std::uint64_t min_doc_freq = 5;
  std::uint64_t max_doc_freq = 0x7FFF'FFFF;
  std::size_t min_word_length = 0;
  std::size_t max_word_length = 0;  ///< 0: any.
  std::vector<std::string> stop_words{};
  std::optional<MinimumShouldMatch> minimum_should_match{};  ///< None: 30%.
  float boost_terms = 0;                                     ///< Above 0: terms weigh by tf-idf.
  std::string analyzer{};
  bool includes_likes = false;
};

}  // namespace hornbeam::search

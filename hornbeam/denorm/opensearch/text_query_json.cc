#include <fmt/format.h>

#include "hornbeam/denorm/internal/query_json.h"

namespace hornbeam::denorm::internal {

using namespace search;
using base::JsonWriter;

namespace {

/// What several text queries say alike, where it is not said by default.
template <class Text>
void write_analysis(JsonWriter& out, const Text& text) {
  if (!text.analyzer.empty()) out.member("analyzer", text.analyzer);
  if constexpr (requires { text.matches_all_if_empty; }) {
    if (text.matches_all_if_empty) out.member("zero_terms_query", "all");
  }
}

bool is_default(const FuzzyOptions& fuzzy) {
  const FuzzyOptions usual;
  return !fuzzy.fuzziness.edits && fuzzy.fuzziness.low == usual.fuzziness.low &&
         fuzzy.fuzziness.high == usual.fuzziness.high &&
         fuzzy.prefix_length == usual.prefix_length &&
         fuzzy.max_expansions == usual.max_expansions &&
         fuzzy.transpositions == usual.transpositions;
}

/// What both languages of query strings have.
template <class String>
void write_string_options(JsonWriter& out, const String& query) {
  if (query.default_operator == TextOperator::kAnd) out.member("default_operator", "and");
  if (!query.analyzer.empty()) out.member("analyzer", query.analyzer);
  if (query.lenient) out.member("lenient", *query.lenient);
  if (query.analyzes_wildcards) out.member("analyze_wildcard", true);
  if (!query.quote_field_suffix.empty()) {
    out.member("quote_field_suffix", query.quote_field_suffix);
  }
}

void write_likes(JsonWriter& out, std::string_view name, const std::vector<std::string>& texts,
                 const std::vector<std::string>& ids) {
  out.key(name).begin_array();
  for (const std::string& each : texts) out.value(each);
  for (const std::string& each : ids) out.begin_object().member("_id", each).end_object();
  out.end_array();
}

}  // namespace

void QueryWriter::write_fields(const std::vector<BoostedField>& fields) {
  if (fields.empty()) return;
  out_.key("fields").begin_array();
  for (const BoostedField& each : fields) {
    out_.value(each.boost == 1 ? each.name : fmt::format("{}^{}", each.name, each.boost));
  }
  out_.end_array();
}

void QueryWriter::operator()(const MatchQuery& match) {
  begin("match", match.field).member("query", match.text);
  if (match.text_operator == TextOperator::kAnd) out_.member("operator", "and");
  write_minimum(match.minimum_should_match);
  write_analysis(out_, match);
  if (match.lenient) out_.member("lenient", true);
  if (!match.generates_phrases) out_.member("auto_generate_synonyms_phrase_query", false);
  if (match.fuzzy) write_fuzzy(out_, *match.fuzzy, {});
  end(2);
}

void QueryWriter::operator()(const MatchPhraseQuery& phrase) {
  begin("match_phrase", phrase.field).member("query", phrase.text);
  if (phrase.slop > 0) out_.member("slop", phrase.slop);
  write_analysis(out_, phrase);
  end(2);
}

void QueryWriter::operator()(const MatchPhrasePrefixQuery& phrase) {
  begin("match_phrase_prefix", phrase.field).member("query", phrase.text);
  out_.member("slop", phrase.slop).member("max_expansions", phrase.max_expansions);
  write_analysis(out_, phrase);
  end(2);
}

void QueryWriter::operator()(const MatchBoolPrefixQuery& match) {
  begin("match_bool_prefix", match.field).member("query", match.text);
  if (match.text_operator == TextOperator::kAnd) out_.member("operator", "and");
  write_minimum(match.minimum_should_match);
  write_analysis(out_, match);
  if (match.fuzzy) write_fuzzy(out_, *match.fuzzy, {});
  end(2);
}

void QueryWriter::operator()(const MultiMatchQuery& match) {
  constexpr const char* kTypes[] = {"best_fields",  "most_fields",   "phrase",
                                    "cross_fields", "phrase_prefix", "bool_prefix"};
  constexpr std::size_t kUsualExpansions = 50;
  begin("multi_match").member("query", match.text);
  write_fields(match.fields);
  out_.member("type", std::string_view(kTypes[static_cast<int>(match.type)]));
  if (match.text_operator == TextOperator::kAnd) out_.member("operator", "and");
  if (match.tie_breaker) out_.member("tie_breaker", *match.tie_breaker);
  write_minimum(match.minimum_should_match);
  write_analysis(out_, match);
  if (match.slop > 0) out_.member("slop", match.slop);
  if (match.fuzzy) {
    write_fuzzy(out_, *match.fuzzy, {});
  } else if (match.max_expansions != kUsualExpansions) {
    out_.member("max_expansions", match.max_expansions);
  }
  if (match.lenient) out_.member("lenient", *match.lenient);
  end(1);
}

void QueryWriter::operator()(const QueryStringQuery& query) {
  begin("query_string").member("query", query.text);
  write_fields(query.fields);
  write_string_options(out_, query);
  if (!query.quote_analyzer.empty()) out_.member("quote_analyzer", query.quote_analyzer);
  if (!query.allows_leading_wildcard) out_.member("allow_leading_wildcard", false);
  if (query.phrase_slop > 0) out_.member("phrase_slop", query.phrase_slop);
  if (!is_default(query.fuzzy)) {
    write_fuzzy(out_, query.fuzzy,
                {.prefix_length = "fuzzy_prefix_length", .max_expansions = "fuzzy_max_expansions"});
  }
  if (query.tie_breaker) out_.member("tie_breaker", *query.tie_breaker);
  write_minimum(query.minimum_should_match);
  if (query.type != "best_fields") out_.member("type", query.type);
  if (!query.time_zone.empty()) out_.member("time_zone", query.time_zone);
  end(1);
}

void QueryWriter::operator()(const SimpleQueryStringQuery& query) {
  begin("simple_query_string").member("query", query.text);
  write_fields(query.fields);
  write_string_options(out_, query);
  if (query.flags != SimpleQueryStringQuery::kAll) out_.member("flags", query.flags);
  if (!is_default(query.fuzzy)) {
    // Here fuzziness itself cannot be said: the text does, by its '~'.
    out_.member("fuzzy_prefix_length", query.fuzzy.prefix_length)
        .member("fuzzy_max_expansions", query.fuzzy.max_expansions)
        .member("fuzzy_transpositions", query.fuzzy.transpositions);
  }
  write_minimum(query.minimum_should_match);
  end(1);
}

void QueryWriter::operator()(const MoreLikeThisQuery& like) {
  const MoreLikeThisQuery usual;
  begin("more_like_this");
  if (!like.fields.empty()) out_.member("fields", like.fields);
  write_likes(out_, "like", like.like_texts, like.like_ids);
  if (!like.unlike_texts.empty() || !like.unlike_ids.empty()) {
    write_likes(out_, "unlike", like.unlike_texts, like.unlike_ids);
  }
  out_.member("max_query_terms", like.max_query_terms)
      .member("min_term_freq", like.min_term_freq)
      .member("min_doc_freq", like.min_doc_freq);
  if (like.max_doc_freq != usual.max_doc_freq) out_.member("max_doc_freq", like.max_doc_freq);
  if (like.min_word_length > 0) out_.member("min_word_length", like.min_word_length);
  if (like.max_word_length > 0) out_.member("max_word_length", like.max_word_length);
  if (!like.stop_words.empty()) out_.member("stop_words", like.stop_words);
  write_minimum(like.minimum_should_match);
  if (like.boost_terms > 0) out_.member("boost_terms", like.boost_terms);
  if (!like.analyzer.empty()) out_.member("analyzer", like.analyzer);
  if (like.includes_likes) out_.member("include", true);
  end(1);
}

}  // namespace hornbeam::denorm::internal

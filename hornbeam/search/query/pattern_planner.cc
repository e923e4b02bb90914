#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/search/analysis/unicode.h"
#include "hornbeam/search/query/document_sets.h"
#include "hornbeam/search/query/planner_nodes.h"

// Queries that mean many terms. What matches scores the boost, except for terms that are nearly the
// one given: the nearest of them score as terms, the nearer the more.

namespace hornbeam::search {
namespace {

LetterCase letters(bool ignores_case) {
  return ignores_case ? LetterCase::kIgnored : LetterCase::kMatters;
}

/// A pattern for terms that are normalized: what stands behind a backslash stays as it is, as do
/// the signs that mean something.
std::string normalized(const FieldMapping* field, const std::string& pattern,
                       std::string_view signs) {
  if (!field || !field->normalizer) return pattern;
  std::string made;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t sign = std::min(pattern.find_first_of(signs, at), pattern.size());
    if (sign > at) made += field->normalized(std::string_view(pattern).substr(at, sign - at));
    const std::size_t length = sign < pattern.size() && pattern[sign] == '\\' ? 2 : 1;
    made += pattern.substr(std::min(sign, pattern.size()), length);
    at = sign + length;
  }
  return made;
}

}  // namespace

void Planner::check_expensive(std::string_view query, std::string_view advice) const {
  if (context_.settings.allows_expensive_queries) return;
  refuse("exception", fmt::format("[{}] queries cannot be executed when "
                                  "'search.allow_expensive_queries' is set to false.{}",
                                  query, advice));
}

const FieldMapping* Planner::pattern_field(const std::string& name, std::string_view query) const {
  const FieldMapping* const field = context_.mapping.find(name);
  if (!field || field->type == FieldType::kObject) return nullptr;
  if (field->type != FieldType::kText && field->type != FieldType::kKeyword) {
    refuse("query_shard_exception",
           query == "fuzzy"
               ? fmt::format("failed to create query: Can only use fuzzy queries on keyword and "
                             "text fields - not on [{}] which is of type [{}]",
                             name, name_of(field->type))
               : fmt::format("Can only use {} queries on keyword, text and wildcard fields - not "
                             "on [{}] which is of type [{}]",
                             query, name, name_of(field->type)));
  }
  return field;
}

PlanPtr Planner::plan_matching(const std::string& field, TermMatcher matcher, std::string text,
                               float boost) {
  const auto find = [field, matcher](const SegmentView& view) {
    return documents_of_matching(view, field, matcher);
  };
  return plan_constant(
      plan_documents(find,
                     {.text = std::move(text), .field = field, .matcher = std::move(matcher)}),
      boost);
}

PlanPtr Planner::plan_node(const PrefixQuery& query, float boost) {
  check_expensive("prefix",
                  " For optimised prefix queries on text fields please enable [index_prefixes].");
  const bool is_id = query.field == kIdField;
  const FieldMapping* const field = is_id ? nullptr : pattern_field(query.field, "prefix");
  if (!field && !is_id) return plan_none();
  const std::string prefix = field ? field->normalized(query.prefix) : query.prefix;
  return plan_matching(query.field, match_prefix(prefix, letters(query.ignores_case)),
                       fmt::format("{}:{}*", query.field, query.prefix), boost);
}

PlanPtr Planner::plan_node(const WildcardQuery& query, float boost) {
  check_expensive("wildcard");
  const bool is_id = query.field == kIdField;
  const FieldMapping* const field = is_id ? nullptr : pattern_field(query.field, "wildcard");
  if (!field && !is_id) return plan_none();
  const std::string pattern = normalized(field, query.pattern, "*?\\");
  return plan_matching(query.field, match_wildcard(pattern, letters(query.ignores_case)),
                       fmt::format("{}:{}", query.field, query.pattern), boost);
}

void Planner::check_regex_length(const std::string& pattern) const {
  const std::size_t most = context_.settings.max_regex_length;
  // Counted as Java counts: in UTF-16 code units.
  const std::size_t length = utf16_length(pattern);
  if (length > most) {
    refuse("illegal_argument_exception",
           fmt::format("The length of regex [{}] used in the Regexp Query request has exceeded the "
                       "allowed maximum of [{}]. This maximum can be set by changing the "
                       "[index.max_regex_length] index level setting.",
                       length, most));
  }
}

PlanPtr Planner::plan_node(const RegexpQuery& query, float boost) {
  check_regex_length(query.pattern);
  check_expensive("regexp");
  const FieldMapping* const field = pattern_field(query.field, "regexp");
  if (!field) return plan_none();
  const std::string pattern = normalized(field, query.pattern, ".?+*|{}[]()\"\\#@&<>~^-");
  base::Result<TermMatcher> matcher = match_regexp(pattern, letters(query.ignores_case));
  if (!matcher) throw Refusal{matcher.error()};
  return plan_matching(query.field, std::move(*matcher),
                       fmt::format("{}:/{}/", query.field, query.pattern), boost);
}

PlanPtr Planner::plan_node(const FuzzyQuery& query, float boost) {
  check_expensive("fuzzy");
  const FieldMapping* const field = pattern_field(query.field, "fuzzy");
  if (!field) return plan_none();
  return plan_fuzzy(query.field, field->normalized(query.value), query.fuzzy, boost);
}

PlanPtr Planner::plan_fuzzy(const std::string& field, const std::string& value,
                            const FuzzyOptions& options, float boost) {
  const FuzzyMatcher matcher(value, options);
  const std::size_t most = std::min(options.max_expansions, context_.settings.max_clause_count);
  const std::vector<ExpandedTerm> terms = nearest_terms(context_.snapshot, field, matcher, most);
  if (terms.empty()) return plan_none();
  // As Lucene's blended query: all count as common as the most common, so that a rare misspelling
  // is worth no more than the word itself.
  std::uint64_t doc_freq = 0;
  for (const ExpandedTerm& term : terms) doc_freq = std::max(doc_freq, term.doc_freq);
  std::vector<PlanPtr> clauses;
  for (const ExpandedTerm& term : terms) {
    clauses.push_back(plan_term_as(context_.snapshot, field, term.term, doc_freq,
                                   boost * term.boost, context_.bm25));
  }
  if (clauses.size() == 1) return clauses.front();
  return plan_bool({.should = std::move(clauses), .minimum_should_match = 1});
}

}  // namespace hornbeam::search

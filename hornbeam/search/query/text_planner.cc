#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/search/query/document_sets.h"
#include "hornbeam/search/query/planner_nodes.h"

namespace hornbeam::search {
namespace {

std::vector<std::string> terms_of(const std::vector<PlacedToken>& tokens, std::uint32_t position) {
  std::vector<std::string> terms;
  for (const PlacedToken& token : tokens) {
    if (token.position != position) continue;
    if (std::ranges::find(terms, token.term) == terms.end()) terms.push_back(token.term);
  }
  return terms;
}

/// The places of a phrase: tokens at the same position are alternatives.
std::vector<PhrasePlace> places_of(const std::vector<PlacedToken>& tokens) {
  std::vector<PhrasePlace> places;
  for (const PlacedToken& token : tokens) {
    if (places.empty() || places.back().offset != token.position) {
      places.push_back({.terms = terms_of(tokens, token.position), .offset = token.position});
    }
  }
  return places;
}

/// One reading of a text, position by position.
std::vector<PhrasePlace> places_of(const TokenPath& path) {
  std::vector<PhrasePlace> places;
  std::uint32_t offset = 0;
  std::uint32_t end = path.empty() ? 0 : path.front()->position;
  for (const PlacedToken* const token : path) {
    offset += token->position - end;  // A gap, such as that of a stop word.
    places.push_back({.terms = {token->term}, .offset = offset});
    ++offset;
    end = token->position + token->length;
  }
  return places;
}

}  // namespace

const Analyzer& Planner::analyzer(const std::string& named, const FieldMapping& field) const {
  if (named.empty()) return field.search_analyzer ? *field.search_analyzer : *field.analyzer;
  const std::shared_ptr<const Analyzer> found = context_.mapping.analyzers().find(named);
  if (!found) {
    refuse("illegal_argument_exception", fmt::format("[match] analyzer [{}] not found", named));
  }
  return *found;
}

PlanPtr Planner::plan_word(const std::string& field, std::vector<std::string> terms,
                           const std::optional<FuzzyOptions>& fuzzy, float boost) {
  if (!fuzzy) {
    return plan_synonyms(context_.snapshot, field, std::move(terms), boost, context_.bm25);
  }
  check_expensive("fuzzy");
  std::vector<PlanPtr> each;
  for (const std::string& term : terms) each.push_back(plan_fuzzy(field, term, *fuzzy, boost));
  if (each.size() == 1) return each.front();
  return plan_bool({.should = std::move(each), .minimum_should_match = 1});
}

PlanPtr Planner::plan_alternatives(const std::string& field, std::vector<TokenPath> paths,
                                   const MatchQuery& query, float boost) {
  std::vector<PlanPtr> each;
  for (const TokenPath& path : paths) {
    if (path.size() == 1) {
      each.push_back(plan_word(field, {path.front()->term}, query.fuzzy, boost));
    } else if (query.generates_phrases) {
      each.push_back(
          plan_phrase(context_.snapshot, field, places_of(path), 0, boost, context_.bm25));
    } else {
      std::vector<PlanPtr> words;
      for (const PlacedToken* const token : path) {
        words.push_back(plan_word(field, {token->term}, query.fuzzy, boost));
      }
      each.push_back(plan_bool({.must = std::move(words)}));
    }
  }
  if (each.size() == 1) return each.front();
  return plan_bool({.should = std::move(each), .minimum_should_match = 1});
}

std::vector<PlanPtr> Planner::plan_words(const std::string& field, const AnalyzedText& text,
                                         const MatchQuery& query, float boost) {
  std::vector<PlanPtr> words;
  if (text.is_graph()) {
    for (const AnalyzedText::Section& section : text.sections()) {
      words.push_back(plan_alternatives(field, text.paths(section), query, boost));
    }
    return words;
  }
  for (std::size_t i = 0; i < text.tokens.size(); ++i) {
    const std::uint32_t position = text.tokens[i].position;
    if (i > 0 && text.tokens[i - 1].position == position) continue;
    const bool is_alone = i + 1 == text.tokens.size() || text.tokens[i + 1].position != position;
    words.push_back(plan_word(
        field, is_alone ? std::vector{text.tokens[i].term} : terms_of(text.tokens, position),
        query.fuzzy, boost));
  }
  return words;
}

PlanPtr Planner::combine_words(std::vector<PlanPtr> words, TextOperator text_operator,
                               const std::optional<MinimumShouldMatch>& minimum) {
  check_clause_count(words.size());
  if (words.size() == 1) return words.front();
  if (text_operator == TextOperator::kAnd) return plan_bool({.must = std::move(words)});
  const std::size_t needed = std::max<std::size_t>(minimum_of(minimum, words.size(), 1), 1);
  return plan_bool({.should = std::move(words), .minimum_should_match = needed});
}

PlanPtr Planner::plan_node(const MatchQuery& query, float boost) {
  const FieldMapping* const field = context_.mapping.find(query.field);
  if (!field && query.field != kIdField) return plan_none();
  if (!field || field->type != FieldType::kText) {
    if (query.fuzzy && field && field->type == FieldType::kKeyword) {
      return plan_fuzzy(query.field, query.text, *query.fuzzy, boost);
    }
    try {
      return plan_node(TermQuery{.field = query.field, .value = query.text}, boost);
    } catch (const Refusal&) {
      if (!query.lenient) throw;
      return plan_none();
    }
  }
  const AnalyzedText text = AnalyzedText::of(analyzer(query.analyzer, *field), query.text);
  if (text.empty()) {
    return query.matches_all_if_empty ? plan_constant(plan_all(), boost) : plan_none();
  }
  return combine_words(plan_words(query.field, text, query, boost), query.text_operator,
                       query.minimum_should_match);
}

PlanPtr Planner::plan_node(const MatchPhraseQuery& query, float boost) {
  const FieldMapping* const field = context_.mapping.find(query.field);
  if (!field) return plan_none();
  if (field->type != FieldType::kText) {
    return plan_node(TermQuery{.field = query.field, .value = query.text}, boost);
  }
  const AnalyzedText text = AnalyzedText::of(analyzer(query.analyzer, *field), query.text);
  if (text.empty()) {
    return query.matches_all_if_empty ? plan_constant(plan_all(), boost) : plan_none();
  }
  const auto plan_places = [&](std::vector<PhrasePlace> places) {
    if (places.size() == 1) {
      return plan_word(query.field, std::move(places.front().terms), std::nullopt, boost);
    }
    return plan_phrase(context_.snapshot, query.field, std::move(places), query.slop, boost,
                       context_.bm25);
  };
  if (!text.is_graph()) return plan_places(places_of(text.tokens));
  std::vector<PlanPtr> readings;
  for (const TokenPath& path : text.paths()) readings.push_back(plan_places(places_of(path)));
  if (readings.size() == 1) return readings.front();
  return plan_bool({.should = std::move(readings), .minimum_should_match = 1});
}

PlanPtr Planner::plan_node(const MatchPhrasePrefixQuery& query, float boost) {
  const FieldMapping* const field = context_.mapping.find(query.field);
  if (!field) return plan_none();
  if (field->type != FieldType::kText) {
    if (is_number(field->type)) {
      refuse("query_shard_exception",
             fmt::format("Can only use phrase prefix queries on text fields - not on [{}] which is "
                         "of type [{}]",
                         query.field, name_of(field->type)));
    }
    return plan_node(PrefixQuery{.field = query.field, .prefix = query.text}, boost);
  }
  const AnalyzedText text = AnalyzedText::of(analyzer(query.analyzer, *field), query.text);
  if (text.empty()) {
    return query.matches_all_if_empty ? plan_constant(plan_all(), boost) : plan_none();
  }
  std::vector<PhrasePlace> places = places_of(text.tokens);
  std::vector<std::string> last;
  const std::size_t most = std::min(query.max_expansions, context_.settings.max_clause_count);
  for (const std::string& prefix : places.back().terms) {
    const TermMatcher matcher = match_prefix(prefix, LetterCase::kMatters);
    for (ExpandedTerm& term : first_terms(context_.snapshot, query.field, matcher, most)) {
      last.push_back(std::move(term.term));
    }
  }
  if (last.empty()) return plan_none();
  places.back().terms = std::move(last);
  if (places.size() > 1) {
    return plan_phrase(context_.snapshot, query.field, std::move(places), query.slop, boost,
                       context_.bm25);
  }
  std::vector<PlanPtr> terms;
  for (std::string& term : places.front().terms) {
    terms.push_back(
        plan_term(context_.snapshot, query.field, std::move(term), boost, context_.bm25));
  }
  if (terms.size() == 1) return terms.front();
  return plan_bool({.should = std::move(terms), .minimum_should_match = 1});
}

PlanPtr Planner::plan_node(const MatchBoolPrefixQuery& query, float boost) {
  const FieldMapping* const field = context_.mapping.find(query.field);
  if (!field) return plan_none();
  if (field->type != FieldType::kText) {
    return plan_node(PrefixQuery{.field = query.field, .prefix = query.text}, boost);
  }
  AnalyzedText text = AnalyzedText::of(analyzer(query.analyzer, *field), query.text);
  if (text.empty()) return plan_none();
  const std::string last = text.tokens.back().term;
  text.tokens.pop_back();
  std::vector<PlanPtr> words;
  for (const PlacedToken& token : text.tokens) {
    words.push_back(plan_word(query.field, {token.term}, query.fuzzy, boost));
  }
  words.push_back(plan_node(PrefixQuery{.field = query.field, .prefix = last}, boost));
  return combine_words(std::move(words), query.text_operator, query.minimum_should_match);
}

}  // namespace hornbeam::search

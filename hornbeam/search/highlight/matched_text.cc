#include "hornbeam/search/highlight/matched_text.h"

#include <algorithm>

namespace hornbeam::search {

struct WantedTerms::PlacedMatch {
  HighlightMatch match;
  std::int64_t position = 0;
};

void WantedTerms::visit_term(std::string_view field, std::string_view term) {
  terms_.emplace(field, term);
}

void WantedTerms::visit_matcher(std::string_view field, const TermMatcher& matcher) {
  matchers_.push_back({.field = std::string(field), .matcher = matcher});
}

void WantedTerms::visit_phrase(std::string_view field, const std::vector<PhrasePlace>& places,
                               std::uint32_t slop) {
  phrases_.push_back({.field = std::string(field), .places = places, .slop = slop});
}

bool WantedTerms::has(std::string_view field, std::string_view term) const {
  const bool is_term =
      field.empty()
          ? std::ranges::any_of(terms_, [term](const auto& t) { return t.second == term; })
          : terms_.contains({std::string(field), std::string(term)});
  return is_term || std::ranges::any_of(matchers_, [&](const Matcher& one) {
           return (field.empty() || one.field == field) && one.matcher.matches(term) &&
                  term >= one.matcher.lower;
         });
}

std::vector<HighlightMatch> WantedTerms::find(std::string_view field, const Analyzer& analyzer,
                                              std::string_view text, std::uint32_t most) const {
  const auto is_asked = [field](const Phrase& p) { return field.empty() || p.field == field; };
  const auto in_phrase = [&](std::string_view term) {
    return std::ranges::any_of(phrases_, [&](const Phrase& phrase) {
      return is_asked(phrase) && std::ranges::any_of(phrase.places, [&](const PhrasePlace& place) {
               return std::ranges::find(place.terms, term) != place.terms.end();
             });
    });
  };
  std::vector<HighlightMatch> matches;
  std::vector<PlacedMatch> tokens;
  std::int64_t position = -1;
  analyzer.analyze(text, [&](const Token& token) {
    position += token.position_increment;
    if (token.start_offset >= most || token.start_offset == token.end_offset) return;
    const auto made = [&token] {
      return HighlightMatch{
          .start = token.start_offset, .end = token.end_offset, .term = std::string(token.term)};
    };
    if (has(field, token.term)) matches.push_back(made());
    if (in_phrase(token.term)) tokens.push_back({.match = made(), .position = position});
  });
  for (const Phrase& phrase : phrases_) {
    if (is_asked(phrase)) find_phrase(phrase, tokens, matches);
  }
  std::ranges::sort(matches, {}, [](const HighlightMatch& m) { return std::tie(m.start, m.end); });
  const auto repeated = std::ranges::unique(
      matches, [](const auto& a, const auto& b) { return a.start == b.start && a.end == b.end; });
  matches.erase(repeated.begin(), repeated.end());
  return matches;
}

// For every token that may stand at the first place, the other places take the tokens nearest to
// where they belong; that is a match if no two of them are moved apart by more than the slop.
void WantedTerms::find_phrase(const Phrase& phrase, const std::vector<PlacedMatch>& tokens,
                              std::vector<HighlightMatch>& matches) {
  std::vector<std::vector<const PlacedMatch*>> at(phrase.places.size());
  for (const PlacedMatch& token : tokens) {
    for (std::size_t i = 0; i < at.size(); ++i) {
      const std::vector<std::string>& terms = phrase.places[i].terms;
      if (std::ranges::find(terms, token.match.term) != terms.end()) at[i].push_back(&token);
    }
  }
  if (std::ranges::any_of(at, [](const auto& place) { return place.empty(); })) return;
  for (const PlacedMatch* const first : at.front()) {
    const std::int64_t begin = first->position - phrase.places.front().offset;
    std::vector<const PlacedMatch*> chosen = {first};
    std::int64_t low = 0;
    std::int64_t high = 0;
    for (std::size_t i = 1; i < at.size(); ++i) {
      const std::int64_t wanted = begin + phrase.places[i].offset;
      auto behind = std::ranges::lower_bound(at[i], wanted, {}, &PlacedMatch::position);
      if (behind == at[i].end() || (behind != at[i].begin() && wanted - (*(behind - 1))->position <
                                                                   (*behind)->position - wanted)) {
        --behind;
      }
      chosen.push_back(*behind);
      low = std::min(low, (*behind)->position - wanted);
      high = std::max(high, (*behind)->position - wanted);
    }
    if (high - low > std::int64_t{phrase.slop}) continue;
    for (const PlacedMatch* const one : chosen) matches.push_back(one->match);
  }
}

}  // namespace hornbeam::search

#pragma once

// Where a text has what a plan looks for.

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/analysis/analyzer.h"
#include "hornbeam/search/highlight/passages.h"
#include "hornbeam/search/score/matched_terms.h"

namespace hornbeam::search {

/// The terms, patterns and phrases of a plan.
class WantedTerms final : public TermVisitor {
 public:
  void visit_term(std::string_view field, std::string_view term) override;
  void visit_matcher(std::string_view field, const TermMatcher& matcher) override;
  void visit_phrase(std::string_view field, const std::vector<PhrasePlace>& places,
                    std::uint32_t slop) override;

  /// Where `text` has those of `field`, or those of all fields if that is empty; by their starts.
  /// Nothing behind `most` code units is looked at.
  std::vector<HighlightMatch> find(std::string_view field, const Analyzer& analyzer,
                                   std::string_view text, std::uint32_t most) const;
  /// Whether a whole value, such as a keyword, is one of the terms.
  bool has(std::string_view field, std::string_view term) const;

 private:
  struct Matcher {
    std::string field;
    TermMatcher matcher;
  };
  struct Phrase {
    std::string field;
    std::vector<PhrasePlace> places;
    std::uint32_t slop;
  };
  struct PlacedMatch;
  static void find_phrase(const Phrase& phrase, const std::vector<PlacedMatch>& tokens,
                          std::vector<HighlightMatch>& matches);

  std::set<std::pair<std::string, std::string>> terms_;  ///< By field and term.
  std::vector<Matcher> matchers_;
  std::vector<Phrase> phrases_;
};

}  // namespace hornbeam::search

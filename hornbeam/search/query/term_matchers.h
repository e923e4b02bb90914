#pragma once

// Ways to mean many terms at once. Each is a decision about single terms, with bounds that keep it
// to a part of the dictionary.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/base/result.h"
#include "hornbeam/search/query/fuzziness.h"
#include "hornbeam/search/score/matched_terms.h"

namespace hornbeam::search {

/// Whether capital letters count; only those of ASCII are ever taken for small ones.
enum class LetterCase : std::uint8_t { kMatters, kIgnored };

/// The term itself.
TermMatcher match_exactly(std::string term, LetterCase letters);
TermMatcher match_prefix(std::string prefix, LetterCase letters);
/// '*' is any characters, '?' one character, '\' takes the meaning from the next.
TermMatcher match_wildcard(std::string pattern, LetterCase letters);
/// A regular expression in Lucene's syntax (regexp_matcher.cc has it).
base::Result<TermMatcher> match_regexp(std::string_view pattern, LetterCase letters);

/// Terms at most some edits away: characters put in, left out, replaced, or two exchanged.
class FuzzyMatcher {
 public:
  FuzzyMatcher(std::string_view value, const FuzzyOptions& options);

  /// How many edits `term` is away, if it is near enough. Thread: any number at once.
  std::optional<std::uint32_t> distance(std::string_view term) const;
  /// How far away it is, or what no term that is near enough begins with.
  struct Look {
    std::optional<std::uint32_t> distance{};
    std::size_t hopeless_bytes = 0;  ///< Of the term's beginning; 0 if it may still be completed.
  };
  Look look_at(std::string_view term) const;
  /// What a term that far away is worth, from 0 to 1.
  float similarity(std::string_view term, std::uint32_t distance) const;
  /// What every such term begins with.
  const std::string& prefix() const noexcept { return prefix_; }
  TermMatcher matcher() const;

 private:
  std::u32string value_;
  std::string prefix_;
  std::size_t prefix_characters_;
  std::uint32_t edits_;
  bool transpositions_;
};

/// The first text that is behind all that begin with `prefix`; empty if there is none.
std::string behind_prefix(std::string prefix);

}  // namespace hornbeam::search

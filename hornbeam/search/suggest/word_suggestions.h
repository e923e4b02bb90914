#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hornbeam/search/query/search_target.h"
#include "hornbeam/search/suggest/suggest_request.h"

namespace hornbeam::search {

/// A word that another one may have been meant to be.
struct WordSuggestion {
  std::string word;
  float score = 0;  ///< How like it is, from 0 to 1.
  std::uint64_t freq = 0;
};

/// Documents that have a word in a field.
std::uint64_t word_freq(std::span<const SearchTarget> targets, std::string_view field,
                        std::string_view word);
/// Words of a field that are like `word`, the likest first.
std::vector<WordSuggestion> suggest_words(std::span<const SearchTarget> targets,
                                          const std::string& word, const TermSuggest& options);

/// A word of a text, as a field's analyzer sees it.
struct TextWord {
  std::string term;
  std::size_t offset = 0;
  std::size_t length = 0;
  std::size_t start_byte = 0;
  std::size_t end_byte = 0;
};
/// An error if no index has the field.
base::Result<std::vector<TextWord>> words_of(std::span<const SearchTarget> targets,
                                             const std::string& field, const std::string& analyzer,
                                             const std::string& text);

}  // namespace hornbeam::search

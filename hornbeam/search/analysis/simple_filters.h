#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hornbeam/search/analysis/component.h"
#include "hornbeam/search/analysis/word_set.h"

namespace hornbeam::search {

/// Keeps terms of `min` to `max` UTF-16 code units.
std::shared_ptr<const TokenFilter> length_filter(std::uint32_t min, std::uint32_t max);
/// Keeps the first `count` tokens.
std::shared_ptr<const TokenFilter> limit_filter(std::uint32_t count);
/// Keeps the first `length` code points of a term.
std::shared_ptr<const TokenFilter> truncate_filter(std::uint32_t length);
/// Keeps the first of equal terms, of the text or of each position.
std::shared_ptr<const TokenFilter> unique_filter(bool only_on_same_position);
/// Takes white space off both ends.
std::shared_ptr<const TokenFilter> trim_filter();
/// Turns the code points of a term around.
std::shared_ptr<const TokenFilter> reverse_filter();
/// Keeps what is before the first apostrophe.
std::shared_ptr<const TokenFilter> apostrophe_filter();
/// Takes an article and its apostrophe off: l'avion.
std::shared_ptr<const TokenFilter> elision_filter(WordSet articles, bool ignores_case);
/// Keeps stemmers from words.
std::shared_ptr<const TokenFilter> keyword_marker_filter(WordSet words, bool ignores_case);
/// Puts digits of all scripts as 0 to 9.
std::shared_ptr<const TokenFilter> decimal_digit_filter();

/// The pieces of `min` to `max` code points of each term, all at its position; those that begin a
/// term only if `from_start_only`.
struct NgramOptions {
  std::uint32_t min = 1;
  std::uint32_t max = 2;
  bool from_start_only = false;
  bool preserves_original = false;
};
std::shared_ptr<const TokenFilter> ngram_filter(const NgramOptions& options);

}  // namespace hornbeam::search

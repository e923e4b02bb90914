#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hornbeam/search/analysis/component.h"
#include "hornbeam/search/analysis/word_set.h"

namespace hornbeam::search {

/// Keeps the words of a set; those must be in lower case if case is ignored.
std::shared_ptr<const TokenFilter> keep_words_filter(WordSet words, bool ignores_case);
/// Keeps tokens of some types, such as "<NUM>", or all others.
std::shared_ptr<const TokenFilter> keep_types_filter(WordSet types, bool keeps_others);
/// Drops a term that the same position has already.
std::shared_ptr<const TokenFilter> remove_duplicates_filter();
/// Hands each token on twice: once for stemmers, once as it is.
std::shared_ptr<const TokenFilter> keyword_repeat_filter();
/// All different terms of a text, sorted, as one; none if that has more than `longest` characters.
std::shared_ptr<const TokenFilter> fingerprint_filter(std::string separator, std::uint32_t longest);
/// Changes each term as a char filter would.
std::shared_ptr<const TokenFilter> term_rewriting_filter(
    std::shared_ptr<const CharFilter> rewriter);

}  // namespace hornbeam::search

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/analysis/component.h"
#include "hornbeam/search/analysis/word_set.h"

namespace hornbeam::search {

/// Java's lower case of each code point; that is the whole of it: no rules of languages.
std::shared_ptr<const TokenFilter> lowercase_filter();
std::shared_ptr<const TokenFilter> uppercase_filter();

/// Drops the words of a set; the positions of the others stay as they were.
std::shared_ptr<const TokenFilter> stop_filter(WordSet words, bool ignores_case = false);
/// The 33 words that Lucene's English analyzers drop.
const std::vector<std::string_view>& english_stop_words();

/// Takes 's off.
std::shared_ptr<const TokenFilter> english_possessive_filter();
/// The stem of English words by Porter's first algorithm.
std::shared_ptr<const TokenFilter> porter_stem_filter();

/// Snowball's stemmer of that name ("english", "german", "porter", ...), or none.
std::shared_ptr<const TokenFilter> snowball_filter(std::string_view algorithm);

}  // namespace hornbeam::search

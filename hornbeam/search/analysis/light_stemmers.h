#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "hornbeam/search/analysis/component.h"

namespace hornbeam::search {

/// A stemmer: changes a word, which is in lower case.
using LightStemmer = void (*)(std::u32string& word);

// Jacques Savoy's light stemmers, which take plurals and a few endings off, and Lucene's Arabic
// one.
void stem_french_light(std::u32string& word);
void stem_german_light(std::u32string& word);
void stem_italian_light(std::u32string& word);
void stem_portuguese_light(std::u32string& word);
void stem_spanish_light(std::u32string& word);
void stem_arabic(std::u32string& word);

/// The stemmer that Elasticsearch calls "light_french" and so on; null if there is none.
LightStemmer find_light_stemmer(std::string_view name);
std::shared_ptr<const TokenFilter> light_stem_filter(LightStemmer stemmer);

}  // namespace hornbeam::search

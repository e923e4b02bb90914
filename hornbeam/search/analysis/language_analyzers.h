#pragma once

#include <span>
#include <string_view>

#include "hornbeam/search/analysis/analyzer.h"
#include "hornbeam/search/analysis/part_settings.h"

namespace hornbeam::search {

/// The languages that have an analyzer of their own, besides English.
std::span<const std::string_view> analyzer_languages();

/// The parts of a language's analyzer, with the stop words and the words that are not stemmed that
/// the settings name; without a tokenizer if there is no such language.
/// Source: Lucene's analyzers of that name.
AnalyzerParts language_parts(std::string_view language, PartSettings& settings);

/// The stop words the settings name, else those of the language (none if that is empty).
std::vector<std::string> chosen_stop_words(PartSettings& settings, std::string_view language);

}  // namespace hornbeam::search

#pragma once

#include <string>
#include <string_view>

#include "hornbeam/search/analysis/analyzer.h"

namespace hornbeam::search {

/// A part of a word, or a pattern for words, made as an analyzer makes characters: small letters,
/// if it makes small letters. Nothing is cut, stemmed or left out.
std::string normalize(const Analyzer& analyzer, std::string_view text);

}  // namespace hornbeam::search

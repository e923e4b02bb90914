#pragma once

#include <map>
#include <memory>
#include <string>

#include "hornbeam/search/analysis/component.h"

namespace hornbeam::search {

/// Puts "ä", "ae" and "a" alike, and "ß" as "ss".
std::shared_ptr<const TokenFilter> german_normalization_filter();
/// Puts letters that are written in several ways alike, and takes vowel signs off.
std::shared_ptr<const TokenFilter> arabic_normalization_filter();
/// Lower case in which I is ı, and İ is i.
std::shared_ptr<const TokenFilter> turkish_lowercase_filter();
/// Lower case in which "nAthair" is "n-athair".
std::shared_ptr<const TokenFilter> irish_lowercase_filter();
/// Puts another word in the place of some, which stemmers leave as it is then.
std::shared_ptr<const TokenFilter> stemmer_override_filter(
    std::map<std::string, std::string, std::less<>> stems);

}  // namespace hornbeam::search

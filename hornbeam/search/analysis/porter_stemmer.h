#pragma once

#include <cstddef>
#include <span>

namespace hornbeam::search {

/// Stems an English word in its place and gives the stem's length, as Lucene's PorterStemmer does.
/// Requires: lower case. A word that is not ASCII comes in UTF-16, since Lucene counts those units.
std::size_t porter_stem(std::span<char> word) noexcept;
std::size_t porter_stem(std::span<char16_t> word) noexcept;

}  // namespace hornbeam::search

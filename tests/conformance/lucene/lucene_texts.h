// Texts to compare analyzers on: real ones from this machine, and random ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hornbeam::tests {

/// Up to `bytes` of licences, manual pages of many languages, and the documents of the relevance
/// collections where they are here.
std::vector<std::string> real_texts(std::size_t bytes);

/// Texts that each kind of code point of Unicode occurs in, between letters and alone.
std::vector<std::string> texts_of_each_code_point();

/// Texts of characters whose classes meet in the rules of words: the same for the same seed.
std::vector<std::string> random_texts(std::size_t count, std::uint64_t seed);

}  // namespace hornbeam::tests

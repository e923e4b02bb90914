#pragma once

// The one loop of scoring that most time goes into, in two forms that give the same bits: one for
// every processor, one for those that work on eight floats at once. Which one is used is decided
// when the program runs.

#include <cstddef>
#include <cstdint>

namespace hornbeam::search::bm25_lanes {

/// What scores are made of: weight - weight / (1 + freq * inverse[norms[doc]]).
struct Factors {
  float weight = 0;
  const float* inverse = nullptr;  ///< By norm.
  const std::uint8_t* norms = nullptr;
};

/// Scores `count` documents. Requires: frequencies are below 2^31.
using Score = void (*)(const Factors& factors, const std::uint32_t* docs,
                       const std::uint32_t* freqs, std::size_t count, float* scores);

void score_one_by_one(const Factors& factors, const std::uint32_t* docs, const std::uint32_t* freqs,
                      std::size_t count, float* scores);
/// With AVX2; null if this processor, or the one that this was built for, does not have it.
Score eight_at_once();
/// The better of them.
Score fastest();

}  // namespace hornbeam::search::bm25_lanes

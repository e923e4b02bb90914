#include "hornbeam/search/score/bm25_lanes.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace hornbeam::search::bm25_lanes {

void score_one_by_one(const Factors& factors, const std::uint32_t* docs, const std::uint32_t* freqs,
                      std::size_t count, float* scores) {
  for (std::size_t i = 0; i < count; ++i) {
    const float inverse = factors.inverse[factors.norms[docs[i]]];
    scores[i] = factors.weight - factors.weight / (1.0F + static_cast<float>(freqs[i]) * inverse);
  }
}

#ifdef __x86_64__

namespace {

// Without fused multiplication, which would round once less than the other form does.
__attribute__((target("avx2"))) void score_eight(const Factors& factors, const std::uint32_t* docs,
                                                 const std::uint32_t* freqs, std::size_t count,
                                                 float* scores) {
  const __m256 weight = _mm256_set1_ps(factors.weight);
  const __m256 one = _mm256_set1_ps(1.0F);
  const auto norm_of = [&](std::size_t i) { return int{factors.norms[docs[i]]}; };
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m256i norms =
        _mm256_setr_epi32(norm_of(i), norm_of(i + 1), norm_of(i + 2), norm_of(i + 3),
                          norm_of(i + 4), norm_of(i + 5), norm_of(i + 6), norm_of(i + 7));
    const __m256 inverse = _mm256_i32gather_ps(factors.inverse, norms, sizeof(float));
    const __m256 freq =
        _mm256_cvtepi32_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(freqs + i)));
    const __m256 parts = _mm256_add_ps(one, _mm256_mul_ps(freq, inverse));
    _mm256_storeu_ps(scores + i, _mm256_sub_ps(weight, _mm256_div_ps(weight, parts)));
  }
  score_one_by_one(factors, docs + i, freqs + i, count - i, scores + i);
}

}  // namespace

Score eight_at_once() {
  return __builtin_cpu_supports("avx2") ? &score_eight : nullptr;
}

#else

Score eight_at_once() {
  return nullptr;
}

#endif

Score fastest() {
  const Score eight = eight_at_once();
  return eight ? eight : &score_one_by_one;
}

}  // namespace hornbeam::search::bm25_lanes

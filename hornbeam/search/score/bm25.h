#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace hornbeam::search {

struct Explanation;

/// The two constants of BM25.
struct Bm25Options {
  float k1 = 1.2F;  ///< How soon more occurrences count less.
  float b = 0.75F;  ///< How much the length of the field matters, 0 to 1.
};

/// What is counted over the whole index, deleted documents included, as in Lucene.
struct FieldStatistics {
  std::uint64_t doc_count = 0;            ///< Documents with the field.
  std::uint64_t sum_total_term_freq = 0;  ///< Tokens in it.
};

/// BM25 of one term or phrase in one field, in the float arithmetic of Lucene 8, which leaves out
/// the constant factor k1 + 1.
class Bm25 {
 public:
  /// `doc_freqs` has the document frequency of each term; a phrase adds up what they tell.
  Bm25(const FieldStatistics& field, std::span<const std::uint64_t> doc_freqs, float boost,
       const Bm25Options& options);

  float score(float freq, std::uint8_t norm) const noexcept {
    // freq / (freq + x) in this form rises with the frequency in floats too.
    return weight_ - weight_ / (1.0F + freq * inverse_[norm]);
  }
  /// The scores of `count` documents. Requires: their norms are `norms[doc]`; frequencies are below
  /// 2^31.
  void score_all(const std::uint32_t* docs, const std::uint32_t* freqs, std::size_t count,
                 std::span<const std::uint8_t> norms, float* scores) const;
  /// What no document can reach.
  float limit() const noexcept { return weight_; }
  /// The parts of `score`. `freq_text` says what the frequency is.
  Explanation explain(float freq, std::string_view freq_text, std::uint8_t norm) const;

 private:
  Explanation explain_idf() const;

  float weight_;
  float boost_;
  float average_;
  std::uint64_t doc_count_;
  std::vector<std::uint64_t> doc_freqs_;
  Bm25Options options_;
  std::array<float, 256> inverse_;
};

}  // namespace hornbeam::search

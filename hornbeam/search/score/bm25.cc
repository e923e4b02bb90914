#include "hornbeam/search/score/bm25.h"

#include <cmath>

#include "hornbeam/search/codec/small_float.h"

namespace hornbeam::search {
namespace {

float idf(std::uint64_t doc_freq, std::uint64_t doc_count) {
  const auto with = static_cast<double>(doc_freq);
  const auto all = static_cast<double>(doc_count);
  return static_cast<float>(std::log(1 + (all - with + 0.5) / (with + 0.5)));
}

}  // namespace

Bm25::Bm25(const FieldStatistics& field, std::span<const std::uint64_t> doc_freqs, float boost,
           const Bm25Options& options) {
  double sum = 0;
  for (const std::uint64_t doc_freq : doc_freqs) sum += idf(doc_freq, field.doc_count);
  weight_ = boost * static_cast<float>(sum);
  const float average = field.doc_count == 0
                            ? 1.0F
                            : static_cast<float>(static_cast<double>(field.sum_total_term_freq) /
                                                 static_cast<double>(field.doc_count));
  for (std::size_t norm = 0; norm < inverse_.size(); ++norm) {
    const auto length = static_cast<float>(kByte4ToInt[norm]);
    inverse_[norm] = 1.0F / (options.k1 * ((1.0F - options.b) + options.b * length / average));
  }
}

}  // namespace hornbeam::search

#include "hornbeam/search/score/bm25.h"

#include <cmath>

#include <fmt/format.h>

#include "hornbeam/search/codec/small_float.h"
#include "hornbeam/search/score/bm25_lanes.h"
#include "hornbeam/search/score/explanation.h"

namespace hornbeam::search {
namespace {

float idf(std::uint64_t doc_freq, std::uint64_t doc_count) {
  const auto with = static_cast<double>(doc_freq);
  const auto all = static_cast<double>(doc_count);
  return static_cast<float>(std::log(1 + (all - with + 0.5) / (with + 0.5)));
}

}  // namespace

Bm25::Bm25(const FieldStatistics& field, std::span<const std::uint64_t> doc_freqs, float boost,
           const Bm25Options& options)
    : boost_(boost),
      doc_count_(field.doc_count),
      doc_freqs_(doc_freqs.begin(), doc_freqs.end()),
      options_(options) {
  double sum = 0;
  for (const std::uint64_t doc_freq : doc_freqs) sum += idf(doc_freq, field.doc_count);
  weight_ = boost * static_cast<float>(sum);
  average_ = field.doc_count == 0
                 ? 1.0F
                 : static_cast<float>(static_cast<double>(field.sum_total_term_freq) /
                                      static_cast<double>(field.doc_count));
  for (std::size_t norm = 0; norm < inverse_.size(); ++norm) {
    const auto length = static_cast<float>(kByte4ToInt[norm]);
    inverse_[norm] = 1.0F / (options.k1 * ((1.0F - options.b) + options.b * length / average_));
  }
}

void Bm25::score_all(const std::uint32_t* docs, const std::uint32_t* freqs, std::size_t count,
                     std::span<const std::uint8_t> norms, float* scores) const {
  if (norms.empty()) {
    for (std::size_t i = 0; i < count; ++i) scores[i] = score(static_cast<float>(freqs[i]), 1);
    return;
  }
  static const bm25_lanes::Score score_lanes = bm25_lanes::fastest();
  score_lanes({.weight = weight_, .inverse = inverse_.data(), .norms = norms.data()}, docs, freqs,
              count, scores);
}

Explanation Bm25::explain_idf() const {
  std::vector<Explanation> each;
  double sum = 0;
  for (const std::uint64_t doc_freq : doc_freqs_) {
    const float value = idf(doc_freq, doc_count_);
    sum += value;
    each.push_back({.value = value,
                    .description = "idf, computed as log(1 + (N - n + 0.5) / (n + 0.5)) from:",
                    .details = {{.value = static_cast<float>(doc_freq),
                                 .description = "n, number of documents containing term"},
                                {.value = static_cast<float>(doc_count_),
                                 .description = "N, total number of documents with field"}}});
  }
  if (each.size() == 1) return std::move(each.front());
  return {
      .value = static_cast<float>(sum), .description = "idf, sum of:", .details = std::move(each)};
}

Explanation Bm25::explain(float freq, std::string_view freq_text, std::uint8_t norm) const {
  const auto length = static_cast<float>(kByte4ToInt[norm]);
  const float tf = 1.0F - 1.0F / (1.0F + freq * inverse_[norm]);
  Explanation frequency{
      .value = tf,
      .description = "tf, computed as freq / (freq + k1 * (1 - b + b * dl / avgdl)) from:",
      .details = {{.value = freq, .description = std::string(freq_text)},
                  {.value = options_.k1, .description = "k1, term saturation parameter"},
                  {.value = options_.b, .description = "b, length normalization parameter"},
                  {.value = length, .description = "dl, length of field"},
                  {.value = average_, .description = "avgdl, average length of field"}}};
  Explanation all{.value = score(freq, norm),
                  .description = fmt::format("score(freq={}), computed as boost * idf * tf from:",
                                             java_float(freq))};
  if (boost_ != 1) all.details.push_back({.value = boost_, .description = "boost"});
  all.details.push_back(explain_idf());
  all.details.push_back(std::move(frequency));
  return all;
}

}  // namespace hornbeam::search

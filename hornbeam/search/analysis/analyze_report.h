#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/search/analysis/analyzer.h"

namespace hornbeam::search {

/// A token as the answer of `_analyze` shows it.
struct AnalyzedToken {
  std::string token;
  std::uint32_t start_offset = 0;
  std::uint32_t end_offset = 0;
  std::string type;
  std::uint32_t position = 0;
  std::uint32_t position_length = 1;

  friend bool operator==(const AnalyzedToken&, const AnalyzedToken&) = default;
};

/// What came out of one part of an analyzer.
struct AnalyzedStage {
  std::string name;
  std::vector<std::string> filtered_text{};  ///< Of a char filter, for each value.
  std::vector<AnalyzedToken> tokens{};       ///< Of the others.
};

/// The `detail` of an answer with `explain`: of a built-in analyzer, `analyzer`; of one put
/// together by settings, the other three.
struct AnalysisDetail {
  bool custom_analyzer = false;
  AnalyzedStage analyzer{};
  std::vector<AnalyzedStage> charfilters{};
  AnalyzedStage tokenizer{};
  std::vector<AnalyzedStage> tokenfilters{};
};

/// How many tokens `_analyze` shows if an index does not say otherwise.
inline constexpr std::size_t kMaxTokenCount = 10'000;

/// The tokens of the values of one field, as `_analyze` shows them. An error with more than
/// `max_token_count` of them.
base::Result<std::vector<AnalyzedToken>> analyze_values(
    const Analyzer& analyzer, std::span<const std::string> values,
    std::size_t max_token_count = kMaxTokenCount);

/// The same with what each part makes of them.
base::Result<AnalysisDetail> explain_values(const Analyzer& analyzer,
                                            std::span<const std::string> values,
                                            std::size_t max_token_count = kMaxTokenCount);

}  // namespace hornbeam::search

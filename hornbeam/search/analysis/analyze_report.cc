#include "hornbeam/search/analysis/analyze_report.h"

#include <utility>

#include <fmt/format.h>

#include "hornbeam/search/analysis/component.h"

namespace hornbeam::search {
namespace {

/// Collects the tokens of one value after the other: places go on, with a gap between two values.
class Collector final : public TokenSink {
 public:
  explicit Collector(std::size_t max_token_count) : max_token_count_(max_token_count) {}

  void accept(const Token& token) override {
    position_ += token.position_increment;
    if (tokens_.size() > max_token_count_) return;
    tokens_.push_back({.token = std::string(token.term),
                       .start_offset = offset_ + token.start_offset,
                       .end_offset = offset_ + token.end_offset,
                       .type = std::string(token.type),
                       .position = position_ - 1,
                       .position_length = token.position_length});
  }

  void end_value(const StreamEnd& end, std::uint32_t gap) {
    position_ += end.position_increment + gap;
    offset_ += end.end_offset + 1;
  }

  bool has_too_many() const { return tokens_.size() > max_token_count_; }
  std::vector<AnalyzedToken> take() { return std::move(tokens_); }

 private:
  std::size_t max_token_count_;
  std::vector<AnalyzedToken> tokens_;
  std::uint32_t position_ = 0;  // One past that of the last token.
  std::uint32_t offset_ = 0;
};

/// The text of each value behind the first `count` char filters.
std::vector<std::string> filtered_texts(const AnalyzerParts& parts, std::size_t count,
                                        std::span<const std::string> values) {
  std::vector<std::string> texts;
  for (std::string text : values) {
    for (std::size_t i = 0; i < count; ++i) {
      std::string changed;
      OffsetMap offsets;
      parts.char_filters[i]->filter(text, changed, offsets);
      text = std::move(changed);
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace

base::Result<std::vector<AnalyzedToken>> analyze_values(const Analyzer& analyzer,
                                                        std::span<const std::string> values,
                                                        std::size_t max_token_count) {
  Collector collector(max_token_count);
  for (const std::string& value : values) {
    const StreamEnd end = analyzer.analyze(value, static_cast<TokenSink&>(collector));
    collector.end_value(end, analyzer.position_increment_gap());
    if (!collector.has_too_many()) continue;
    return base::error(
        "illegal_state_exception",
        fmt::format("The number of tokens produced by calling _analyze has exceeded the allowed "
                    "maximum of [{}]. This limit can be set by changing the "
                    "[index.analyze.max_token_count] index level setting.",
                    max_token_count));
  }
  return collector.take();
}

base::Result<AnalysisDetail> explain_values(const Analyzer& analyzer,
                                            std::span<const std::string> values,
                                            std::size_t max_token_count) {
  AnalysisDetail detail;
  const AnalyzerParts& parts = analyzer.parts();
  detail.custom_analyzer = !parts.names.tokenizer.empty();
  if (!detail.custom_analyzer) {
    auto tokens = analyze_values(analyzer, values, max_token_count);
    if (!tokens) return std::unexpected(std::move(tokens.error()));
    detail.analyzer = {.name = analyzer.name(), .tokens = std::move(*tokens)};
    return detail;
  }
  for (std::size_t i = 0; i < parts.char_filters.size(); ++i) {
    detail.charfilters.push_back({.name = parts.names.char_filters[i],
                                  .filtered_text = filtered_texts(parts, i + 1, values)});
  }
  // Each stage is what an analyzer without the later ones gives.
  for (std::size_t count = 0; count <= parts.filters.size(); ++count) {
    AnalyzerParts first = parts;
    first.filters.resize(count);
    auto tokens = analyze_values(Analyzer("stage", std::move(first)), values, max_token_count);
    if (!tokens) return std::unexpected(std::move(tokens.error()));
    const std::string& name = count == 0 ? parts.names.tokenizer : parts.names.filters[count - 1];
    AnalyzedStage stage{.name = name, .tokens = std::move(*tokens)};
    if (count == 0) {
      detail.tokenizer = std::move(stage);
    } else {
      detail.tokenfilters.push_back(std::move(stage));
    }
  }
  return detail;
}

}  // namespace hornbeam::search

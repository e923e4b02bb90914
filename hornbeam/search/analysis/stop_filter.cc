#include "hornbeam/search/analysis/filters.h"
#include "hornbeam/search/analysis/java_character.h"
#include "hornbeam/search/analysis/rewriting_stage.h"
#include "hornbeam/search/analysis/skipping_stage.h"

namespace hornbeam::search {
namespace {

struct StopSettings {
  WordSet words;
  bool ignores_case = false;
};

class StopStage final : public SkippingStage {
 public:
  StopStage(const StopSettings& settings, TokenStage& next)
      : SkippingStage(next), settings_(settings) {}

 private:
  bool keeps(const Token& token) override {
    if (!settings_.ignores_case) return !settings_.words.contains(token.term);
    lower_.clear();
    append_java_lower(lower_, token.term);
    return !settings_.words.contains(lower_);
  }

  const StopSettings& settings_;
  std::string lower_;
};

}  // namespace

std::shared_ptr<const TokenFilter> stop_filter(WordSet words, bool ignores_case) {
  return make_filter<StopStage>(
      StopSettings{.words = std::move(words), .ignores_case = ignores_case});
}

const std::vector<std::string_view>& english_stop_words() {
  static const std::vector<std::string_view> words = {
      "a",   "an",    "and",  "are",   "as",    "at",   "be",   "but", "by",  "for",  "if",
      "in",  "into",  "is",   "it",    "no",    "not",  "of",   "on",  "or",  "such", "that",
      "the", "their", "then", "there", "these", "they", "this", "to",  "was", "will", "with"};
  return words;
}

}  // namespace hornbeam::search

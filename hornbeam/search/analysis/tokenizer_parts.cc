#include <fmt/format.h>

#include "hornbeam/search/analysis/filters.h"
#include "hornbeam/search/analysis/parts.h"
#include "hornbeam/search/analysis/tokenizers.h"
#include "hornbeam/search/analysis/unicode.h"

namespace hornbeam::search {
namespace {

using TokenizerPointer = std::shared_ptr<const Tokenizer>;

constexpr std::uint32_t kLongestToken = 255;
constexpr std::uint32_t kLargestNgramDifference = 1;

std::uint32_t max_token_length(PartSettings& settings) {
  return settings.count("max_token_length", kLongestToken, 1);
}

GramCharacters gram_characters(PartSettings& settings) {
  GramCharacters characters;
  for (const std::string& name : settings.list("token_chars")) {
    if (name == "letter") {
      characters.letters = true;
    } else if (name == "digit") {
      characters.digits = true;
    } else if (name == "whitespace") {
      characters.whitespace = true;
    } else if (name == "punctuation") {
      characters.punctuation = true;
    } else if (name == "symbol") {
      characters.symbols = true;
    } else if (name == "custom") {
      const std::string custom = settings.text("custom_token_chars");
      for (std::size_t at = 0; at < custom.size();) {
        const CodePoint code_point = decode(custom, at);
        at += code_point.bytes;
        characters.custom.push_back(code_point.value);
      }
    } else {
      settings.fail(
          fmt::format("Unknown token type: '{}', must be one of [letter, digit, "
                      "whitespace, punctuation, symbol, custom]",
                      name));
    }
  }
  return characters;
}

TokenizerPointer make_ngram(PartSettings& settings, bool from_start_only) {
  NgramTokenizerOptions options{.from_start_only = from_start_only};
  options.min = settings.count("min_gram", 1, 1);
  options.max = settings.count("max_gram", 2, 1);
  options.characters = gram_characters(settings);
  if (options.min > options.max) {
    settings.fail("minGram must not be greater than maxGram");
  } else if (!from_start_only && options.max - options.min > kLargestNgramDifference) {
    settings.fail(fmt::format(
        "The difference between max_gram and min_gram in NGram Tokenizer must be less than or "
        "equal to: [{}] but was [{}]. This limit can be set by changing the "
        "[index.max_ngram_diff] index level setting.",
        kLargestNgramDifference, options.max - options.min));
  }
  return ngram_tokenizer(std::move(options));
}

TokenizerPointer make_pattern(PartSettings& settings) {
  const std::string pattern = settings.text("pattern", "\\W+");
  std::string failure;
  auto tokenizer =
      pattern_tokenizer(pattern, static_cast<int>(settings.integer("group", -1)), failure);
  if (!tokenizer) {
    settings.fail(fmt::format("invalid pattern [{}] of tokenizer [{}]: {}", pattern,
                              settings.name(), failure));
  }
  return tokenizer;
}

char32_t one_character(PartSettings& settings, std::string_view key, std::string_view otherwise) {
  const std::string text = settings.text(key, otherwise);
  if (base::utf8_length(text) == 1) return decode(text, 0).value;
  settings.fail(fmt::format("{} must be a one char value", key));
  return U'/';
}

TokenizerPointer make_path(PartSettings& settings) {
  PathOptions options;
  options.delimiter = one_character(settings, "delimiter", "/");
  std::string delimiter;
  base::append_utf8(delimiter, options.delimiter);
  options.replacement = one_character(settings, "replacement", delimiter);
  options.skip = settings.count("skip", 0);
  if (settings.boolean("reverse", false)) {
    settings.fail("[reverse] of the path_hierarchy tokenizer is not supported; mend: leave it out");
  }
  return path_hierarchy_tokenizer(options);
}

}  // namespace

std::shared_ptr<const Tokenizer> make_tokenizer(std::string_view type, PartSettings& settings) {
  if (type == "standard") return standard_tokenizer(max_token_length(settings));
  if (type == "letter") return letter_tokenizer();
  if (type == "whitespace") return whitespace_tokenizer(max_token_length(settings));
  if (type == "keyword") return keyword_tokenizer();
  if (type == "ngram" || type == "nGram") return make_ngram(settings, false);
  if (type == "edge_ngram" || type == "edgeNGram") return make_ngram(settings, true);
  if (type == "pattern") return make_pattern(settings);
  if (type == "path_hierarchy" || type == "PathHierarchy") return make_path(settings);
  return nullptr;
}

}  // namespace hornbeam::search

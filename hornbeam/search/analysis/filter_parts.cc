#include <functional>
#include <map>

#include <fmt/format.h>

#include "hornbeam/search/analysis/ascii_folding.h"
#include "hornbeam/search/analysis/char_filters.h"
#include "hornbeam/search/analysis/filters.h"
#include "hornbeam/search/analysis/icu_filters.h"
#include "hornbeam/search/analysis/java_character.h"
#include "hornbeam/search/analysis/language_filters.h"
#include "hornbeam/search/analysis/light_stemmers.h"
#include "hornbeam/search/analysis/more_filters.h"
#include "hornbeam/search/analysis/parts.h"
#include "hornbeam/search/analysis/shingle_filter.h"
#include "hornbeam/search/analysis/simple_filters.h"
#include "hornbeam/search/analysis/stop_word_lists.h"
#include "hornbeam/search/analysis/synonym_filter.h"
#include "hornbeam/search/analysis/word_delimiter.h"

namespace hornbeam::search {
namespace {

using FilterPointer = std::shared_ptr<const TokenFilter>;

/// The words in lower case if they are compared so.
WordSet word_set(std::vector<std::string> words, bool ignores_case) {
  for (std::string& word : words) {
    if (!ignores_case) break;
    std::string lower;
    append_java_lower(lower, word);
    word = std::move(lower);
  }
  return WordSet(words);
}

FilterPointer make_lowercase(PartSettings& settings) {
  const std::string language = settings.text("language");
  if (language == "turkish") return turkish_lowercase_filter();
  if (language == "irish") return irish_lowercase_filter();
  if (!language.empty()) {
    settings.fail(fmt::format("language [{}] not support for lower case", language));
  }
  return lowercase_filter();
}

FilterPointer make_stop(PartSettings& settings) {
  const bool ignores_case = settings.boolean("ignore_case", false);
  std::vector<std::string> words;
  if (!settings.has("stopwords")) {
    words.assign(english_stop_words().begin(), english_stop_words().end());
  }
  for (const std::string& word : settings.list("stopwords")) {
    const bool is_list = word.size() > 2 && word.starts_with('_') && word.ends_with('_');
    if (const auto* named = is_list ? find_stop_words(word.substr(1, word.size() - 2)) : nullptr) {
      words.insert(words.end(), named->begin(), named->end());
    } else if (is_list && word != "_none_") {
      settings.fail(
          fmt::format("the stop words [{}] are not here; mend: give them as a list", word));
    } else if (!is_list) {
      words.push_back(word);
    }
  }
  if (!settings.boolean("remove_trailing", true)) {
    settings.fail("[remove_trailing] must be true: all stop words are dropped here");
  }
  return stop_filter(word_set(std::move(words), ignores_case), ignores_case);
}

/// Snowball's algorithm for what Elasticsearch calls a stemmer; "" if there is none.
std::string snowball_algorithm(std::string_view language) {
  static const std::map<std::string_view, std::string_view> kAlgorithms = {
      {"porter2", "english"},       {"lovins", "lovins"},       {"dutch_kp", "kraaij_pohlmann"},
      {"german", "german"},         {"arabic", "arabic"},       {"armenian", "armenian"},
      {"basque", "basque"},         {"catalan", "catalan"},     {"danish", "danish"},
      {"dutch", "dutch"},           {"finnish", "finnish"},     {"french", "french"},
      {"hungarian", "hungarian"},   {"irish", "irish"},         {"italian", "italian"},
      {"lithuanian", "lithuanian"}, {"norwegian", "norwegian"}, {"portuguese", "portuguese"},
      {"romanian", "romanian"},     {"russian", "russian"},     {"spanish", "spanish"},
      {"swedish", "swedish"},       {"turkish", "turkish"}};
  const auto found = kAlgorithms.find(language);
  return found == kAlgorithms.end() ? "" : std::string(found->second);
}

FilterPointer make_stemmer(PartSettings& settings) {
  const std::string language = settings.text("language", settings.text("name", "porter"));
  if (language == "porter" || language == "english") return porter_stem_filter();
  if (language == "possessive_english") return english_possessive_filter();
  if (const LightStemmer light = find_light_stemmer(language)) return light_stem_filter(light);
  const std::string algorithm = snowball_algorithm(language);
  auto filter = algorithm.empty() ? nullptr : snowball_filter(algorithm);
  if (!filter) settings.fail(fmt::format("Invalid stemmer class specified: {}", language));
  return filter;
}

FilterPointer make_snowball(PartSettings& settings) {
  std::string language = settings.text("language", settings.text("name", "English"));
  const std::string given = language;
  if (!language.empty()) language[0] = static_cast<char>(to_java_lower(language[0] & 0x7F));
  auto filter = snowball_filter(language == "german2" ? "german" : language);
  if (!filter) settings.fail(fmt::format("Invalid stemmer class specified: {}", given));
  return filter;
}

FilterPointer make_keyword_marker(PartSettings& settings) {
  const bool ignores_case = settings.boolean("ignore_case", false);
  if (!settings.has("keywords")) {
    settings.fail(
        "keyword filter requires either `keywords`, `keywords_path`, or `keywords_pattern` to be "
        "configured");
  }
  return keyword_marker_filter(word_set(settings.list("keywords"), ignores_case), ignores_case);
}

FilterPointer make_elision(PartSettings& settings) {
  const bool ignores_case = settings.boolean("articles_case", false);
  if (!settings.has("articles")) {
    settings.fail("elision filter requires [articles] or [articles_path] setting");
  }
  return elision_filter(word_set(settings.list("articles"), ignores_case), ignores_case);
}

FilterPointer make_keep(PartSettings& settings) {
  const bool ignores_case = settings.boolean("keep_words_case", false);
  if (!settings.has("keep_words")) {
    settings.fail("keep requires either `keep_words` or `keep_words_path` to be configured");
  }
  return keep_words_filter(word_set(settings.list("keep_words"), ignores_case), ignores_case);
}

FilterPointer make_keep_types(PartSettings& settings) {
  if (!settings.has("types")) settings.fail("keep_types requires `types` to be configured");
  const std::string mode = settings.text("mode", "include");
  if (mode != "include" && mode != "exclude") {
    settings.fail(fmt::format(
        "`keep_types` tokenfilter mode can only be [include] or [exclude] but was [{}].", mode));
  }
  return keep_types_filter(WordSet(settings.list("types")), mode == "exclude");
}

FilterPointer make_pattern_replace(PartSettings& settings) {
  if (!settings.has("pattern")) {
    settings.fail(fmt::format("pattern is missing for [{}] token filter of type 'pattern_replace'",
                              settings.name()));
    return nullptr;
  }
  if (!settings.boolean("all", true)) {
    settings.fail("[all] of pattern_replace must be true: every match is replaced here");
  }
  std::string failure;
  auto rewriter =
      pattern_replace_char_filter(settings.text("pattern"), settings.text("replacement"), failure);
  if (rewriter) return term_rewriting_filter(std::move(rewriter));
  settings.fail(fmt::format("invalid pattern [{}] of filter [{}]: {}", settings.text("pattern"),
                            settings.name(), failure));
  return nullptr;
}

FilterPointer make_length(PartSettings& settings) {
  const std::uint32_t min = settings.count("min", 0);
  const std::uint32_t max = settings.count("max", INT32_MAX);
  if (min > max) settings.fail("maximum length must not be greater than minimum length");
  return length_filter(min, max);
}

FilterPointer make_ngram(PartSettings& settings, bool from_start_only) {
  NgramOptions options{.from_start_only = from_start_only};
  options.min = settings.count("min_gram", 1, 1);
  options.max = settings.count("max_gram", 2, 1);
  options.preserves_original = settings.boolean("preserve_original", false);
  if (options.min > options.max) {
    settings.fail("minGram must not be greater than maxGram");
  } else if (!from_start_only && options.max - options.min > 1) {
    settings.fail(fmt::format(
        "The difference between max_gram and min_gram in NGram Tokenizer must be less than or "
        "equal to: [1] but was [{}]. This limit can be set by changing the "
        "[index.max_ngram_diff] index level setting.",
        options.max - options.min));
  }
  return ngram_filter(options);
}

FilterPointer make_synonym(PartSettings& settings, bool is_graph) {
  if (!settings.has("synonyms")) {
    settings.fail("synonym requires either `synonyms` or `synonyms_path` to be configured");
  }
  if (settings.text("format", "solr") != "solr") {
    settings.fail("only the [format] solr of synonyms is supported; mend: write a, b => c");
  }
  return synonym_filter({.rules = settings.lines("synonyms"),
                         .expands = settings.boolean("expand", true),
                         .is_lenient = settings.boolean("lenient", false),
                         .is_graph = is_graph});
}

FilterPointer make_stemmer_override(PartSettings& settings) {
  const auto trimmed = [](std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
    return std::string(text.substr(begin, text.find_last_not_of(' ') + 1 - begin));
  };
  std::map<std::string, std::string, std::less<>> stems;
  for (const std::string& rule : settings.lines("rules")) {
    const std::string_view text = rule;
    const std::size_t arrow = text.find("=>");
    if (arrow == std::string_view::npos) {
      settings.fail(fmt::format("Invalid Keyword override Rule:{}", rule));
      break;
    }
    const std::string stem = trimmed(text.substr(arrow + 2));
    for (std::string_view words = text.substr(0, arrow); !words.empty();) {
      const std::size_t comma = words.find(',');
      stems.insert_or_assign(trimmed(words.substr(0, comma)), stem);
      words.remove_prefix(comma == std::string_view::npos ? words.size() : comma + 1);
    }
  }
  return stemmer_override_filter(std::move(stems));
}

FilterPointer make_shingle(PartSettings& settings) {
  constexpr std::uint32_t kLargestDifference = 3;
  ShingleOptions options;
  options.min = settings.count("min_shingle_size", 2, 2);
  options.max = settings.count("max_shingle_size", 2, 2);
  options.keeps_words = settings.boolean("output_unigrams", true);
  options.keeps_words_without_any = settings.boolean("output_unigrams_if_no_shingles", false);
  options.separator = settings.text("token_separator", " ");
  options.filler = settings.text("filler_token", "_");
  if (options.min > options.max) {
    settings.fail("Min shingle size must be less than or equal to max shingle size");
    return nullptr;
  }
  const std::uint32_t difference = options.max - options.min + (options.keeps_words ? 1 : 0);
  if (difference > kLargestDifference) {
    settings.fail(fmt::format(
        "In Shingle TokenFilter the difference between max_shingle_size and min_shingle_size (and "
        "+1 if outputting unigrams) must be less than or equal to: [{}] but was [{}]. This limit "
        "can be set by changing the [index.max_shingle_diff] index level setting.",
        kLargestDifference, difference));
  }
  return shingle_filter(std::move(options));
}

FilterPointer make_word_delimiter(PartSettings& settings) {
  if (settings.has("type_table") || settings.has("protected_words_path")) {
    settings.fail(
        "[type_table] and [protected_words_path] of word_delimiter_graph are not "
        "supported");
  }
  return word_delimiter_graph_filter(
      {.generates_words = settings.boolean("generate_word_parts", true),
       .generates_numbers = settings.boolean("generate_number_parts", true),
       .catenates_words = settings.boolean("catenate_words", false),
       .catenates_numbers = settings.boolean("catenate_numbers", false),
       .catenates_all = settings.boolean("catenate_all", false),
       .preserves_original = settings.boolean("preserve_original", false),
       .splits_on_case = settings.boolean("split_on_case_change", true),
       .splits_on_numerics = settings.boolean("split_on_numerics", true),
       .drops_possessives = settings.boolean("stem_english_possessive", true),
       .protected_words = WordSet(settings.list("protected_words"))});
}

FilterPointer make_icu_normalizer(PartSettings& settings) {
  const std::string name = settings.text("name", "nfkc_cf");
  auto filter = icu_normalizer_filter(name, settings.text("mode", "compose") == "compose");
  if (!filter) settings.fail(fmt::format("Unknown normalization form [{}]", name));
  return filter;
}

using Maker = FilterPointer (*)(PartSettings&);

const std::map<std::string_view, Maker>& makers() {
  static const std::map<std::string_view, Maker> kMakers = {
      {"lowercase", make_lowercase},
      {"uppercase", [](PartSettings&) { return uppercase_filter(); }},
      {"stop", make_stop},
      {"stemmer", make_stemmer},
      {"snowball", make_snowball},
      {"porter_stem", [](PartSettings&) { return porter_stem_filter(); }},
      {"keyword_marker", make_keyword_marker},
      {"asciifolding",
       [](PartSettings& settings) {
         return ascii_folding_filter(settings.boolean("preserve_original", false));
       }},
      {"shingle", make_shingle},
      {"keep", make_keep},
      {"keep_types", make_keep_types},
      {"pattern_replace", make_pattern_replace},
      {"remove_duplicates", [](PartSettings&) { return remove_duplicates_filter(); }},
      {"keyword_repeat", [](PartSettings&) { return keyword_repeat_filter(); }},
      {"fingerprint",
       [](PartSettings& settings) {
         return fingerprint_filter(settings.text("separator", " "),
                                   settings.count("max_output_size", 255));
       }},
      {"stemmer_override", make_stemmer_override},
      {"german_normalization", [](PartSettings&) { return german_normalization_filter(); }},
      {"arabic_normalization", [](PartSettings&) { return arabic_normalization_filter(); }},
      {"arabic_stem", [](PartSettings&) { return light_stem_filter(&stem_arabic); }},
      {"word_delimiter_graph", make_word_delimiter},
      {"icu_normalizer", make_icu_normalizer},
      {"icu_folding", [](PartSettings&) { return icu_folding_filter(); }},
      {"length", make_length},
      {"limit",
       [](PartSettings& settings) { return limit_filter(settings.count("max_token_count", 1)); }},
      {"truncate",
       [](PartSettings& settings) { return truncate_filter(settings.count("length", 10, 1)); }},
      {"unique",
       [](PartSettings& settings) {
         return unique_filter(settings.boolean("only_on_same_position", false));
       }},
      {"trim", [](PartSettings&) { return trim_filter(); }},
      {"reverse", [](PartSettings&) { return reverse_filter(); }},
      {"apostrophe", [](PartSettings&) { return apostrophe_filter(); }},
      {"decimal_digit", [](PartSettings&) { return decimal_digit_filter(); }},
      {"elision", make_elision},
      {"synonym", [](PartSettings& settings) { return make_synonym(settings, false); }},
      {"synonym_graph", [](PartSettings& settings) { return make_synonym(settings, true); }},
      {"ngram", [](PartSettings& settings) { return make_ngram(settings, false); }},
      {"nGram", [](PartSettings& settings) { return make_ngram(settings, false); }},
      {"edge_ngram", [](PartSettings& settings) { return make_ngram(settings, true); }},
      {"edgeNGram", [](PartSettings& settings) { return make_ngram(settings, true); }},
  };
  return kMakers;
}

}  // namespace

std::shared_ptr<const TokenFilter> make_token_filter(std::string_view type,
                                                     PartSettings& settings) {
  const auto found = makers().find(type);
  return found == makers().end() ? nullptr : found->second(settings);
}

}  // namespace hornbeam::search

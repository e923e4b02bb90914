#include <functional>
#include <map>

#include <fmt/format.h>

#include "hornbeam/search/analysis/filters.h"
#include "hornbeam/search/analysis/java_character.h"
#include "hornbeam/search/analysis/parts.h"
#include "hornbeam/search/analysis/simple_filters.h"
#include "hornbeam/search/analysis/synonym_filter.h"

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
  if (settings.has("language")) {
    settings.fail(
        fmt::format("language [{}] not support for lower case", settings.text("language")));
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
    if (word == "_english_") {
      words.insert(words.end(), english_stop_words().begin(), english_stop_words().end());
    } else if (word.size() > 2 && word.starts_with('_') && word.ends_with('_')) {
      if (word != "_none_") {
        settings.fail(
            fmt::format("the stop words [{}] are not here; mend: give them as a list", word));
      }
    } else {
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
  // Lucene's own for it is not Snowball's.
  const std::string algorithm = language == "arabic" ? "" : snowball_algorithm(language);
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

// Nearly all are the same chain: words, lower case, stop words, a stemmer. What a language needs
// besides stands in its row.

#include "hornbeam/search/analysis/language_analyzers.h"

#include <algorithm>
#include <array>
#include <ranges>

#include "hornbeam/search/analysis/filters.h"
#include "hornbeam/search/analysis/language_filters.h"
#include "hornbeam/search/analysis/light_stemmers.h"
#include "hornbeam/search/analysis/simple_filters.h"
#include "hornbeam/search/analysis/stop_word_lists.h"
#include "hornbeam/search/analysis/tokenizers.h"

namespace hornbeam::search {
namespace {

using FilterPointer = std::shared_ptr<const TokenFilter>;

/// One language.
struct Language {
  std::string_view name;
  std::string_view articles{};  ///< Are taken off together with their apostrophe.
  FilterPointer (*lower)() = &lowercase_filter;
  FilterPointer (*before_stop)() = nullptr;  ///< Behind the lower case.
  FilterPointer (*before_stem)() = nullptr;  ///< Behind the stop words.
  std::string_view snowball{};               ///< Else the light stemmer.
  LightStemmer light = nullptr;
};

FilterPointer dutch_overrides() {
  return stemmer_override_filter(
      {{"fiets", "fiets"}, {"bromfiets", "bromfiets"}, {"ei", "eier"}, {"kind", "kinder"}});
}

constexpr std::string_view kFrenchArticles = "l m t qu n s j d c jusqu quoiqu lorsqu puisqu";
constexpr std::string_view kItalianArticles =
    "c l all dall dell nell sull coll pell gl agl dagl degl negl sugl un m t s v d";

const std::vector<Language>& languages() {
  static const std::vector<Language> kAll = {
      {.name = "arabic",
       .before_stop = &decimal_digit_filter,
       .before_stem = &arabic_normalization_filter,
       .light = &stem_arabic},
      {.name = "armenian", .snowball = "armenian"},
      {.name = "basque", .snowball = "basque"},
      {.name = "catalan", .articles = "d l m n s t", .snowball = "catalan"},
      {.name = "danish", .snowball = "danish"},
      {.name = "dutch", .before_stem = &dutch_overrides, .snowball = "dutch"},
      {.name = "estonian", .snowball = "estonian"},
      {.name = "finnish", .snowball = "finnish"},
      {.name = "french", .articles = kFrenchArticles, .light = &stem_french_light},
      {.name = "german", .before_stem = &german_normalization_filter, .light = &stem_german_light},
      {.name = "hungarian", .snowball = "hungarian"},
      {.name = "irish", .articles = "d m b", .lower = &irish_lowercase_filter, .snowball = "irish"},
      {.name = "italian", .articles = kItalianArticles, .light = &stem_italian_light},
      {.name = "lithuanian", .snowball = "lithuanian"},
      {.name = "norwegian", .snowball = "norwegian"},
      {.name = "portuguese", .light = &stem_portuguese_light},
      {.name = "romanian", .snowball = "romanian"},
      {.name = "russian", .snowball = "russian"},
      {.name = "spanish", .light = &stem_spanish_light},
      {.name = "swedish", .snowball = "swedish"},
      {.name = "turkish", .lower = &turkish_lowercase_filter, .snowball = "turkish"},
  };
  return kAll;
}

std::vector<std::string> split_words(std::string_view words) {
  std::vector<std::string> all;
  for (const auto word : words | std::views::split(' ')) all.emplace_back(word.begin(), word.end());
  return all;
}

}  // namespace

std::span<const std::string_view> analyzer_languages() {
  static const std::vector<std::string_view> kNames = [] {
    std::vector<std::string_view> names;
    for (const Language& language : languages()) names.push_back(language.name);
    return names;
  }();
  return kNames;
}

std::vector<std::string> chosen_stop_words(PartSettings& settings, std::string_view language) {
  std::vector<std::string> words;
  const auto add = [&words](const std::vector<std::string_view>* named) {
    if (named) words.insert(words.end(), named->begin(), named->end());
  };
  if (!settings.has("stopwords")) add(find_stop_words(language));
  for (const std::string& word : settings.list("stopwords")) {
    const bool is_list = word.size() > 2 && word.starts_with('_') && word.ends_with('_');
    if (is_list) {
      add(find_stop_words(std::string_view(word).substr(1, word.size() - 2)));
    } else {
      words.push_back(word);
    }
  }
  return words;
}

AnalyzerParts language_parts(std::string_view name, PartSettings& settings) {
  const auto language = std::ranges::find(languages(), name, &Language::name);
  if (language == languages().end()) return {};
  AnalyzerParts parts{.tokenizer = standard_tokenizer()};
  // What an h, an n or a t with a hyphen leaves behind is no word of Irish.
  if (name == "irish") {
    parts.filters.push_back(stop_filter(WordSet(split_words("h n t")), true));
  }
  if (name == "turkish") parts.filters.push_back(apostrophe_filter());
  if (!language->articles.empty()) {
    parts.filters.push_back(elision_filter(WordSet(split_words(language->articles)), true));
  }
  parts.filters.push_back(language->lower());
  if (language->before_stop) parts.filters.push_back(language->before_stop());
  WordSet words(chosen_stop_words(settings, name));
  if (!words.empty()) parts.filters.push_back(stop_filter(std::move(words)));
  const std::vector<std::string> excluded = settings.list("stem_exclusion");
  if (!excluded.empty()) {
    parts.filters.push_back(keyword_marker_filter(WordSet(excluded), false));
  }
  if (language->before_stem) parts.filters.push_back(language->before_stem());
  parts.filters.push_back(language->light ? light_stem_filter(language->light)
                                          : snowball_filter(language->snowball));
  return parts;
}

}  // namespace hornbeam::search

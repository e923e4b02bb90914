#include <algorithm>
#include <cmath>

#include "hornbeam/search/analysis/unicode.h"
#include "hornbeam/search/suggest/suggester.h"
#include "hornbeam/search/suggest/word_suggestions.h"

// Each word of the text may be itself or one that is like it. A reading of the text is as likely as
// its words are common in the field, times how likely it is that they were written as they were: a
// word that the index has is right unless said otherwise (`real_word_error_likelihood`).

namespace hornbeam::search {
namespace {

/// What a word of the text may have been meant to be.
struct Candidate {
  std::string word;
  double score = 0;  ///< The logarithm of how likely it is.
  bool is_changed = false;
};

/// A reading of the first words of the text.
struct Reading {
  std::vector<const Candidate*> words{};
  double score = 0;
  std::size_t errors = 0;
};

/// Readings that are followed from word to word; the others are too unlikely.
constexpr std::size_t kMostReadings = 200;
/// Longer texts are left as they are (`token_limit`): each word is a search of its own.
constexpr std::size_t kMostWords = 10;

double likelihood(std::span<const SearchTarget> targets, const std::string& field,
                  std::uint64_t freq) {
  // Add-one smoothing over the documents that there are.
  double docs = 0;
  for (const SearchTarget& target : targets) {
    docs += static_cast<double>(term_statistics(*target.snapshot, field, "").field.doc_count);
  }
  return (static_cast<double>(freq) + 0.5) / (docs + 1);
}

std::vector<Candidate> candidates(std::span<const SearchTarget> targets, const TextWord& word,
                                  const PhraseSuggest& options) {
  const std::uint64_t own = word_freq(targets, options.field, word.term);
  const double is_right = own > 0 ? double{options.real_word_error_likelihood} : 0.5;
  std::vector<Candidate> all = {
      {.word = word.term, .score = std::log(likelihood(targets, options.field, own) * is_right)}};
  for (WordSuggestion& found : suggest_words(targets, word.term, options.generator)) {
    const double written = double{found.score} * (1 - is_right + 0.05);
    all.push_back({.word = std::move(found.word),
                   .score = std::log(likelihood(targets, options.field, found.freq) * written),
                   .is_changed = true});
  }
  return all;
}

void keep_best(std::vector<Reading>& readings) {
  std::ranges::sort(readings, [](const Reading& a, const Reading& b) {
    return a.score != b.score ? a.score > b.score : a.errors < b.errors;
  });
  if (readings.size() > kMostReadings) readings.resize(kMostReadings);
}

SuggestOption option_of(const Reading& reading, const PhraseSuggest& options) {
  SuggestOption option{.text = {},
                       .score = static_cast<float>(
                           std::exp(reading.score / static_cast<double>(reading.words.size())))};
  bool is_open = false;
  for (const Candidate* const word : reading.words) {
    // Words that changed side by side share their tags.
    if (is_open && !word->is_changed) option.highlighted += options.post_tag;
    if (!option.text.empty()) {
      option.text += ' ';
      option.highlighted += ' ';
    }
    if (!is_open && word->is_changed) option.highlighted += options.pre_tag;
    is_open = word->is_changed;
    option.text += word->word;
    option.highlighted += word->word;
  }
  if (is_open) option.highlighted += options.post_tag;
  if (options.pre_tag.empty() && options.post_tag.empty()) option.highlighted.clear();
  return option;
}

}  // namespace

base::Result<std::vector<SuggestEntry>> suggest_phrases(std::span<const SearchTarget> targets,
                                                        const std::string& text,
                                                        const PhraseSuggest& options) {
  const base::Result<std::vector<TextWord>> words =
      words_of(targets, options.field, options.analyzer, text);
  if (!words) return std::unexpected(words.error());
  SuggestEntry entry{.text = text, .length = utf16_length(text)};
  const double most =
      options.max_errors < 1
          ? std::floor(double{options.max_errors} * static_cast<double>(words->size()))
          : double{options.max_errors};
  if (words->size() > kMostWords) return std::vector{std::move(entry)};
  std::vector<std::vector<Candidate>> all;
  for (const TextWord& word : *words) all.push_back(candidates(targets, word, options));
  std::vector<Reading> readings(1);
  double own = 0;
  for (const std::vector<Candidate>& choices : all) {
    own += choices.front().score;
    std::vector<Reading> longer;
    for (const Reading& reading : readings) {
      for (const Candidate& choice : choices) {
        const std::size_t errors = reading.errors + (choice.is_changed ? 1 : 0);
        if (static_cast<double>(errors) > std::max(most, 1.0)) continue;
        Reading next{
            .words = reading.words, .score = reading.score + choice.score, .errors = errors};
        next.words.push_back(&choice);
        longer.push_back(std::move(next));
      }
    }
    keep_best(longer);
    readings = std::move(longer);
  }
  const double bar = own + std::log(std::max(double{options.confidence}, 1e-300));
  for (const Reading& reading : readings) {
    if (entry.options.size() == options.size) break;
    const bool is_worth = options.confidence == 0 || reading.score > bar;
    if (reading.errors > 0 && is_worth) entry.options.push_back(option_of(reading, options));
  }
  return std::vector{std::move(entry)};
}

}  // namespace hornbeam::search

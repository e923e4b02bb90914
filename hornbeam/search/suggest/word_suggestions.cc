#include "hornbeam/search/suggest/word_suggestions.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "hornbeam/search/analysis/unicode.h"
#include "hornbeam/search/query/document_sets.h"

// As Lucene's DirectSpellChecker: words at most two edits away, found in the dictionary itself.

namespace hornbeam::search {
namespace {

/// A threshold below 1 is a part of all documents.
double threshold(float value, std::uint64_t docs) {
  return value >= 1 ? double{value} : double{value} * static_cast<double>(docs);
}

}  // namespace

std::uint64_t word_freq(std::span<const SearchTarget> targets, std::string_view field,
                        std::string_view word) {
  std::uint64_t freq = 0;
  for (const SearchTarget& target : targets) {
    freq += term_statistics(*target.snapshot, field, word).doc_freq;
  }
  return freq;
}

std::vector<WordSuggestion> suggest_words(std::span<const SearchTarget> targets,
                                          const std::string& word, const TermSuggest& options) {
  const std::size_t length = static_cast<std::size_t>(
      std::ranges::count_if(word, [](char byte) { return (byte & 0xC0) != 0x80; }));
  if (length < options.min_word_length) return {};
  std::uint64_t docs = 0;
  for (const SearchTarget& target : targets) docs += target.snapshot->live_count();
  const std::uint64_t own = word_freq(targets, options.field, word);
  if (options.mode == TermSuggest::Mode::kMissing && own > 0) return {};
  const bool is_common = static_cast<double>(own) > threshold(options.max_term_freq, docs);
  if (options.mode != TermSuggest::Mode::kAlways && own > 0 && is_common) return {};
  const FuzzyMatcher matcher(
      word, {.fuzziness = {.edits = options.max_edits}, .prefix_length = options.prefix_length});
  std::map<std::string, WordSuggestion> found;
  for (const SearchTarget& target : targets) {
    for (const ExpandedTerm& term : nearest_terms(*target.snapshot, options.field, matcher,
                                                  std::max<std::size_t>(options.size * 10, 50))) {
      if (term.term == word) continue;
      WordSuggestion& one = found[term.term];
      one.word = term.term;
      one.score = term.boost;
      one.freq += term.doc_freq;
    }
  }
  std::vector<WordSuggestion> words;
  constexpr float kAccuracy = 0.5F;
  for (auto& [term, one] : found) {
    const bool is_rare = options.mode == TermSuggest::Mode::kPopular && one.freq <= own;
    const bool is_below = static_cast<double>(one.freq) < threshold(options.min_doc_freq, docs);
    if (one.score >= kAccuracy && !is_rare && !is_below) words.push_back(std::move(one));
  }
  std::ranges::sort(words, [&](const WordSuggestion& a, const WordSuggestion& b) {
    if (options.is_by_frequency && a.freq != b.freq) return a.freq > b.freq;
    if (a.score != b.score) return a.score > b.score;
    if (a.freq != b.freq) return a.freq > b.freq;
    return a.word < b.word;
  });
  if (words.size() > options.size) words.resize(options.size);
  return words;
}

base::Result<std::vector<TextWord>> words_of(std::span<const SearchTarget> targets,
                                             const std::string& field, const std::string& analyzer,
                                             const std::string& text) {
  for (const SearchTarget& target : targets) {
    const FieldMapping* const found = target.mapping->find(field);
    if (!found) continue;
    std::vector<TextWord> words;
    std::shared_ptr<const Analyzer> chosen =
        analyzer.empty() ? found->analyzer : target.mapping->analyzers().find(analyzer);
    if (!chosen && !analyzer.empty()) {
      return base::error("illegal_argument_exception",
                         fmt::format("analyzer [{}] doesn't exists", analyzer));
    }
    // A keyword is one word.
    if (!chosen) {
      const std::size_t length = utf16_length(text);
      words.push_back({.term = text, .length = length, .end_byte = text.size()});
      return words;
    }
    chosen->analyze(text, [&](const Token& token) {
      words.push_back({.term = std::string(token.term),
                       .offset = token.start_offset,
                       .length = token.end_offset - token.start_offset,
                       .start_byte = token.start_byte,
                       .end_byte = token.end_byte});
    });
    return words;
  }
  return base::error("illegal_argument_exception",
                     fmt::format("no mapping found for field [{}]", field));
}

}  // namespace hornbeam::search

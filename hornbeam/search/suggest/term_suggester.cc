#include "hornbeam/search/suggest/suggester.h"
#include "hornbeam/search/suggest/word_suggestions.h"

namespace hornbeam::search {

base::Result<std::vector<SuggestEntry>> suggest_terms(std::span<const SearchTarget> targets,
                                                      const std::string& text,
                                                      const TermSuggest& options) {
  const base::Result<std::vector<TextWord>> words =
      words_of(targets, options.field, options.analyzer, text);
  if (!words) return std::unexpected(words.error());
  std::vector<SuggestEntry> entries;
  for (const TextWord& word : *words) {
    SuggestEntry entry{.text = word.term, .offset = word.offset, .length = word.length};
    for (WordSuggestion& found : suggest_words(targets, word.term, options)) {
      entry.options.push_back(
          {.text = std::move(found.word), .score = found.score, .freq = found.freq});
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace hornbeam::search

#include "hornbeam/search/suggest/suggester.h"

namespace hornbeam::search {
namespace {

base::Result<std::vector<SuggestEntry>> suggest_entry(std::span<const SearchTarget> targets,
                                                      const SuggestRequest::Entry& entry) {
  if (const auto* term = std::get_if<TermSuggest>(&entry.suggester)) {
    return suggest_terms(targets, entry.text, *term);
  }
  if (const auto* phrase = std::get_if<PhraseSuggest>(&entry.suggester)) {
    return suggest_phrases(targets, entry.text, *phrase);
  }
  return suggest_completions(targets, entry.text, std::get<CompletionSuggest>(entry.suggester));
}

}  // namespace

base::Result<std::vector<Suggestion>> suggest(std::span<const SearchTarget> targets,
                                              const SuggestRequest& request) {
  constexpr std::string_view kTypes[] = {"term", "phrase", "completion"};
  std::vector<Suggestion> suggestions;
  for (const SuggestRequest::Entry& entry : request.entries) {
    base::Result<std::vector<SuggestEntry>> entries = suggest_entry(targets, entry);
    if (!entries) return std::unexpected(entries.error());
    suggestions.push_back({.name = entry.name,
                           .type = std::string(kTypes[entry.suggester.index()]),
                           .entries = std::move(*entries)});
  }
  return suggestions;
}

}  // namespace hornbeam::search

#pragma once

#include <span>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/search/query/search_target.h"
#include "hornbeam/search/suggest/suggest_request.h"

namespace hornbeam::search {

/// What some indices suggest.
base::Result<std::vector<Suggestion>> suggest(std::span<const SearchTarget> targets,
                                              const SuggestRequest& request);

/// One suggester each: the entries of its suggestion.
base::Result<std::vector<SuggestEntry>> suggest_terms(std::span<const SearchTarget> targets,
                                                      const std::string& text,
                                                      const TermSuggest& options);
base::Result<std::vector<SuggestEntry>> suggest_phrases(std::span<const SearchTarget> targets,
                                                        const std::string& text,
                                                        const PhraseSuggest& options);
base::Result<std::vector<SuggestEntry>> suggest_completions(std::span<const SearchTarget> targets,
                                                            const std::string& text,
                                                            const CompletionSuggest& options);

}  // namespace hornbeam::search

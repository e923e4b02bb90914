#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hornbeam/search/analysis/component.h"

namespace hornbeam::search {

/// Puts, where several fit, the longest of texts as another one.
std::shared_ptr<const CharFilter> mapping_char_filter(
    const std::vector<std::pair<std::string, std::string>>& mappings);

/// Puts each match of `pattern` (RE2) as `replacement`, in which $1 is a group. Nothing if either
/// is none; `failure` says why then.
std::shared_ptr<const CharFilter> pattern_replace_char_filter(const std::string& pattern,
                                                              std::string_view replacement,
                                                              std::string& failure);

/// Takes HTML off: tags, comments and what is in scripts and styles go, tags of all but
/// inline elements leave a line break, and entities become what they stand for.
std::shared_ptr<const CharFilter> html_strip_char_filter(std::vector<std::string> escaped_tags);

}  // namespace hornbeam::search

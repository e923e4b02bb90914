#pragma once

#include <memory>

#include "hornbeam/search/analysis/component.h"
#include "hornbeam/search/analysis/part_settings.h"

namespace hornbeam::search {

/// The part that `settings` describe with their `type`, or nothing: `settings` then say what is
/// wrong. A name of a built-in part is its type where the settings name none.
std::shared_ptr<const Tokenizer> make_tokenizer(std::string_view type, PartSettings& settings);
std::shared_ptr<const TokenFilter> make_token_filter(std::string_view type, PartSettings& settings);
std::shared_ptr<const CharFilter> make_char_filter(std::string_view type, PartSettings& settings);

}  // namespace hornbeam::search

#pragma once

#include <memory>
#include <string_view>

#include "hornbeam/search/analysis/component.h"

namespace hornbeam::search {

/// Unicode's normal form of that name ("nfc", "nfkc" or "nfkc_cf", which folds case too), composed
/// or decomposed; none if there is no such form.
std::shared_ptr<const TokenFilter> icu_normalizer_filter(std::string_view name, bool composes);

/// Folds case, takes accents and other marks off, and puts digits of all scripts as 0 to 9, so that
/// what people hold for the same letters is the same.
std::shared_ptr<const TokenFilter> icu_folding_filter();

}  // namespace hornbeam::search

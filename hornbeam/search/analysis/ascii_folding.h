#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "hornbeam/search/analysis/component.h"

namespace hornbeam::search {

/// Characters that are written as the same ASCII letters.
struct AsciiFolding {
  std::string_view ascii;
  std::string_view characters;  ///< In UTF-8, one behind the other.
};

const std::vector<AsciiFolding>& ascii_foldings();

/// Puts letters, digits and signs of other scripts as the ASCII that is nearest: "é" as "e", "æ" as
/// "ae". With `keeps_original` the term as it was stands beside a changed one.
std::shared_ptr<const TokenFilter> ascii_folding_filter(bool keeps_original);

}  // namespace hornbeam::search

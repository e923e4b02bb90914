#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "hornbeam/search/analysis/component.h"

namespace hornbeam::search {

/// How neighbouring words are put together.
struct ShingleOptions {
  std::uint32_t min = 2;
  std::uint32_t max = 2;
  bool keeps_words = true;               ///< Words alone are handed on, too.
  bool keeps_words_without_any = false;  ///< Or if there are too few for even one shingle.
  std::string separator = " ";
  std::string filler = "_";  ///< Stands for a word that was dropped.
};

/// "please divide this" to "please", "please divide", "divide", "divide this", "this".
/// Requires: 2 <= `min` <= `max`.
std::shared_ptr<const TokenFilter> shingle_filter(ShingleOptions options);

}  // namespace hornbeam::search

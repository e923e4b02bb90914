#pragma once

#include <memory>

#include "hornbeam/search/analysis/component.h"
#include "hornbeam/search/analysis/word_set.h"

namespace hornbeam::search {

/// How a word such as "PowerShot500-42's" is taken apart.
struct WordDelimiterOptions {
  bool generates_words = true;     ///< "Power", "Shot".
  bool generates_numbers = true;   ///< "500", "42".
  bool catenates_words = false;    ///< "PowerShot".
  bool catenates_numbers = false;  ///< "50042".
  bool catenates_all = false;
  bool preserves_original = false;
  bool splits_on_case = true;
  bool splits_on_numerics = true;
  bool drops_possessives = true;  ///< Leaves an 's out.
  WordSet protected_words{};      ///< Are left whole.
};

/// Lucene's WordDelimiterGraphFilter: parts and what is put together of them are paths of a graph.
std::shared_ptr<const TokenFilter> word_delimiter_graph_filter(WordDelimiterOptions options);

}  // namespace hornbeam::search

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hornbeam/search/analysis/component.h"

namespace hornbeam::search {

/// Rules of synonyms, as Solr writes them, and how they are meant.
struct SynonymOptions {
  std::vector<std::string> rules{};
  bool expands = true;      ///< Equals become each other, not the first of them.
  bool is_lenient = false;  ///< A phrase without terms is no error.
  bool is_graph = true;     ///< Phrases of several words may be meant.
};

/// Adds to each longest phrase of the rules what it may be called, as Lucene's SynonymGraphFilter
/// does. The parts before the filter make terms of the phrases, so it must be bound to them.
std::shared_ptr<const TokenFilter> synonym_filter(SynonymOptions options);

}  // namespace hornbeam::search

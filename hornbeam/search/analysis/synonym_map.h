#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/search/analysis/analyzer.h"

namespace hornbeam::search {

/// Phrases of terms, and what else they may be called.
class SynonymMap {
 public:
  using Phrase = std::vector<std::string>;
  struct Entry {
    std::vector<Phrase> outputs{};
    bool keeps_original = false;
  };

  /// Reads rules as Solr writes them: "tv, television" names equals, "i-pod => ipod" replaces.
  /// `analyzer` makes terms of the phrases. Unless it `expands`, equals become the first of them;
  /// if it `is_lenient`, phrases without terms are left out rather than refused.
  static base::Result<SynonymMap> parse(const std::vector<std::string>& rules,
                                        const Analyzer& analyzer, bool expands, bool is_lenient);

  const Entry* find(const Phrase& phrase) const;
  /// Of the phrases that are looked for, and of all.
  std::size_t longest_input() const noexcept { return longest_input_; }
  std::size_t longest() const noexcept { return longest_; }

  /// Says that `input` is called `output`.
  void add(const Phrase& input, const Phrase& output, bool keeps_original);

 private:
  std::map<Phrase, Entry> entries_;
  std::size_t longest_input_ = 0;
  std::size_t longest_ = 0;
};

}  // namespace hornbeam::search

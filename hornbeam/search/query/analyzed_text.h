#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/analysis/analyzer.h"

namespace hornbeam::search {

/// A token and where it stands among the others.
struct PlacedToken {
  std::string term;
  std::uint32_t position = 0;  ///< The first token's is 0.
  std::uint32_t length = 1;    ///< Positions that it spans, where synonyms have several words.
};

/// Tokens that follow each other from one place of a text to another.
using TokenPath = std::vector<const PlacedToken*>;

/// The tokens of a query's text.
struct AnalyzedText {
  std::vector<PlacedToken> tokens;

  static AnalyzedText of(const Analyzer& analyzer, std::string_view text);

  bool empty() const noexcept { return tokens.empty(); }
  /// Whether there are synonyms of several words.
  bool is_graph() const noexcept;

  /// A part of the text between two places that every reading of it comes by.
  struct Section {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  std::vector<Section> sections() const;
  /// The readings of a section, at most `kMostPaths`.
  std::vector<TokenPath> paths(const Section& section) const;
  /// Those of the whole text.
  std::vector<TokenPath> paths() const;

  static constexpr std::size_t kMostPaths = 64;
};

}  // namespace hornbeam::search

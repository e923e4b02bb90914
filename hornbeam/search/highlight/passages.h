#pragma once

// Which parts of a text are shown: as Lucene's unified highlighter, passages of one or more
// sentences, as long as asked for, each scored as if it were a document of its own.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hornbeam::search {

/// A match in a text, in UTF-16 code units.
struct HighlightMatch {
  std::uint32_t start = 0;
  std::uint32_t end = 0;
  std::string term;
};

struct PassageOptions {
  std::int64_t size = 100;   ///< 0 or less: of any length.
  std::size_t count = 5;     ///< 0: the whole text.
  bool is_by_word = false;   ///< Passages may begin with any word, not with sentences only.
  bool is_by_score = false;  ///< The best first, not the first first.
};

/// A part of one value, with its matches, in UTF-16 code units of the value.
struct Passage {
  std::size_t value = 0;
  std::uint32_t start = 0;
  std::uint32_t end = 0;
  float score = 0;
  std::vector<HighlightMatch> matches{};
};

/// The passages to show of the values of a field; `matches` has those of each, by their starts.
std::vector<Passage> find_passages(const std::vector<std::u16string>& values,
                                   const std::vector<std::vector<HighlightMatch>>& matches,
                                   const PassageOptions& options);
/// The beginning of a text, to the end of the word that `size` is in.
std::size_t beginning(std::u16string_view text, std::size_t size);

}  // namespace hornbeam::search

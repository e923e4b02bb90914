#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "hornbeam/search/analysis/offset_map.h"
#include "hornbeam/search/analysis/word_class.h"

namespace hornbeam::search {

/// What kind of word a rule found; of equally long matches the earlier kind counts.
enum class WordKind : std::uint8_t {
  kEmoji,
  kNumber,
  kHangul,
  kKatakana,
  kWord,
  kSoutheastAsian,
  kIdeograph,
  kHiragana,
};

struct WordMatch {
  WordKind kind = WordKind::kWord;
  TextPlace length;  ///< Nothing matched if 0.
};

/// The longest token that begins at `text[start]` and has at most `limit` UTF-16 code units.
/// Requires: `text` is UTF-8, and a code point begins at `start`.
WordMatch match_word(std::string_view text, std::size_t start, std::uint32_t limit,
                     const WordClasses& classes) noexcept;

}  // namespace hornbeam::search

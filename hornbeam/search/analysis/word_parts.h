#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "hornbeam/search/analysis/word_delimiter.h"

namespace hornbeam::search {

/// What a character is to one who takes words apart. Letters whose case is unknown are both.
enum WordCharacter : std::uint8_t {
  kLower = 1,
  kUpper = 2,
  kLetter = kLower | kUpper,
  kDigit = 4,
  kDelimiter = 8,
};

std::uint8_t word_character(char32_t character) noexcept;

/// A part of a word: a run of letters or of digits.
struct WordPart {
  std::size_t begin = 0;  ///< Bytes of the word.
  std::size_t end = 0;
  std::uint8_t type = 0;  ///< kLetter, kDigit or both.
};

/// The parts of a word.
struct WordParts {
  std::vector<WordPart> parts{};
  bool is_whole = false;  ///< The word is one part, and nothing of it is left out.
};

WordParts parts_of(std::string_view word, const WordDelimiterOptions& options);

}  // namespace hornbeam::search

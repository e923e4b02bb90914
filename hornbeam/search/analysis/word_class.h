#pragma once

#include <array>
#include <cstdint>

namespace hornbeam::search {

/// The Word_Break classes that UAX #29's rules tell apart within words.
enum class WordBreak : std::uint8_t {
  kOther,
  kLetter,  ///< ALetter.
  kHebrewLetter,
  kNumeric,
  kKatakana,
  kExtendNumLet,  ///< The low line and its like.
  kMidLetter,
  kMidNum,
  kMidNumLet,
  kSingleQuote,
  kDoubleQuote,
  kExtend,  ///< Extend, Format and ZWJ: they belong to the character before them (WB4).
  kRegionalIndicator,
};

/// What the standard tokenizer must know of a code point.
struct WordClass {
  WordBreak word_break : 4 = WordBreak::kOther;
  bool is_hangul : 1 = false;
  bool is_southeast_asian : 1 = false;  ///< Line_Break is Complex_Context.
  bool is_han : 1 = false;
  bool is_hiragana : 1 = false;
  bool is_emoji : 1 = false;  ///< Stands as an emoji without a selector or a modifier.
  bool is_emoji_modifier : 1 = false;
  bool is_emoji_modifier_base : 1 = false;

  /// Whether some token can begin here.
  bool can_begin() const noexcept {
    return (word_break != WordBreak::kOther && word_break != WordBreak::kExtend) ||
           is_southeast_asian || is_han || is_hiragana || is_emoji || is_emoji_modifier;
  }
};

/// Asks ICU, restricted to the Unicode version of Lucene 8's grammar (9.0; emoji as of 11.0).
WordClass find_word_class(char32_t code_point) noexcept;

/// The classes of the Basic Multilingual Plane, asked once.
class WordClasses {
 public:
  WordClasses() noexcept;
  WordClass of(char32_t code_point) const noexcept {
    return code_point < classes_.size() ? classes_[code_point] : find_word_class(code_point);
  }

 private:
  std::array<WordClass, 0x10000> classes_;
};

}  // namespace hornbeam::search

#include "hornbeam/search/analysis/word_class.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

namespace hornbeam::search {
namespace {

constexpr int kGrammarVersion = 9;

bool is_in_grammar(UChar32 code_point) {
  UVersionInfo age;
  u_charAge(code_point, age);
  return age[0] != 0 && age[0] <= kGrammarVersion;
}

WordBreak present_word_break(UChar32 code_point) {
  switch (u_getIntPropertyValue(code_point, UCHAR_WORD_BREAK)) {
    case U_WB_ALETTER:
      return WordBreak::kLetter;
    case U_WB_HEBREW_LETTER:
      return WordBreak::kHebrewLetter;
    case U_WB_NUMERIC:
      return WordBreak::kNumeric;
    case U_WB_KATAKANA:
      return WordBreak::kKatakana;
    case U_WB_EXTENDNUMLET:
      return WordBreak::kExtendNumLet;
    case U_WB_MIDLETTER:
      return WordBreak::kMidLetter;
    case U_WB_MIDNUM:
      return WordBreak::kMidNum;
    case U_WB_MIDNUMLET:
      return WordBreak::kMidNumLet;
    case U_WB_SINGLE_QUOTE:
      return WordBreak::kSingleQuote;
    case U_WB_DOUBLE_QUOTE:
      return WordBreak::kDoubleQuote;
    case U_WB_EXTEND:
    case U_WB_FORMAT:
    case U_WB_ZWJ:
      return WordBreak::kExtend;
    case U_WB_REGIONAL_INDICATOR:
      return WordBreak::kRegionalIndicator;
    default:
      return WordBreak::kOther;
  }
}

/// The class in Unicode 9. Since then signs that are not alphabetic have become letters (Unicode
/// 11), and four code points have changed otherwise.
WordBreak word_break_of(UChar32 code_point) {
  constexpr UChar32 kModifierMinus = 0x2D7;
  constexpr UChar32 kArmenianAbbreviation = 0x55F;
  constexpr UChar32 kHebrewGeresh = 0x5F3;
  constexpr UChar32 kArdhavisarga = 0x1CF2;
  constexpr UChar32 kSharadaSandhi = 0x111C9;
  if (code_point == kModifierMinus) return WordBreak::kMidLetter;
  if (code_point == kArmenianAbbreviation || code_point == kSharadaSandhi) return WordBreak::kOther;
  if (code_point == kArdhavisarga || code_point == kArdhavisarga + 1) return WordBreak::kExtend;
  const WordBreak present = present_word_break(code_point);
  const bool is_new = present == WordBreak::kLetter && u_isUAlphabetic(code_point) == 0 &&
                      code_point != kHebrewGeresh;
  return is_new ? WordBreak::kOther : present;
}

/// Emoji that need nothing beside them: all but digits, signs such as (c), flags' letters and
/// skins.
bool is_plain_emoji(UChar32 code_point) {
  // Reserved for pictographs until Unicode 13 put others there.
  if (code_point >= 0x1FB00 && code_point <= 0x1FBFF) return true;
  if (u_hasBinaryProperty(code_point, UCHAR_EXTENDED_PICTOGRAPHIC) != 0) return true;
  return u_hasBinaryProperty(code_point, UCHAR_EMOJI) != 0 && code_point > 0x7F &&
         u_hasBinaryProperty(code_point, UCHAR_REGIONAL_INDICATOR) == 0 &&
         u_hasBinaryProperty(code_point, UCHAR_EMOJI_MODIFIER) == 0;
}

}  // namespace

WordClass find_word_class(char32_t value) noexcept {
  const auto code_point = static_cast<UChar32>(value);
  WordClass result;
  result.is_emoji = is_plain_emoji(code_point);
  result.is_emoji_modifier = u_hasBinaryProperty(code_point, UCHAR_EMOJI_MODIFIER) != 0;
  result.is_emoji_modifier_base = u_hasBinaryProperty(code_point, UCHAR_EMOJI_MODIFIER_BASE) != 0;
  if (!is_in_grammar(code_point)) return result;
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(code_point, &status);
  result.word_break = word_break_of(code_point);
  const bool is_half_or_full = ublock_getCode(code_point) == UBLOCK_HALFWIDTH_AND_FULLWIDTH_FORMS;
  if (is_half_or_full && u_isdigit(code_point) != 0) result.word_break = WordBreak::kNumeric;
  // They have extended what is before them since Unicode 11 only.
  if (result.is_emoji_modifier) result.word_break = WordBreak::kOther;
  result.is_hangul = script == USCRIPT_HANGUL && result.word_break == WordBreak::kLetter;
  result.is_han = script == USCRIPT_HAN;
  result.is_hiragana = script == USCRIPT_HIRAGANA;
  result.is_southeast_asian =
      u_getIntPropertyValue(code_point, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT;
  return result;
}

WordClasses::WordClasses() noexcept {
  for (char32_t i = 0; i < classes_.size(); ++i) classes_[i] = find_word_class(i);
}

}  // namespace hornbeam::search

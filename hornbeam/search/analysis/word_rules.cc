#include "hornbeam/search/analysis/word_rules.h"

#include "hornbeam/search/analysis/unicode.h"

namespace hornbeam::search {
namespace {

constexpr char32_t kZeroWidthJoiner = 0x200D;
constexpr char32_t kTextSelector = 0xFE0E;
constexpr char32_t kEmojiSelector = 0xFE0F;
constexpr char32_t kKeycap = 0x20E3;

/// Walks over the code points of a window of the text.
class Cursor {
 public:
  Cursor(std::string_view text, std::size_t start, std::uint32_t limit, const WordClasses& classes)
      : text_(text), classes_(&classes), start_(start), at_(start), limit_(limit) {
    read();
  }

  bool is_at_end() const { return current_.bytes == 0; }
  char32_t value() const { return current_.value; }
  WordClass word_class() const { return class_; }
  /// The code point behind which it stands; 0 at the start.
  char32_t previous() const { return previous_; }
  /// How far it has come.
  TextPlace length() const { return {units_, static_cast<std::uint32_t>(at_ - start_)}; }

  void next() {
    at_ += current_.bytes;
    units_ += current_.units();
    previous_ = current_.value;
    read();
  }

  /// Goes past what extends the character before (WB4).
  void skip_extenders() {
    while (!is_at_end() && class_.word_break == WordBreak::kExtend) next();
  }
  /// The same without the selectors, which mean something among emoji.
  void skip_plain_extenders() {
    while (!is_at_end() && class_.word_break == WordBreak::kExtend && value() != kTextSelector &&
           value() != kEmojiSelector) {
      next();
    }
  }

 private:
  void read() {
    current_.bytes = 0;
    class_ = {};
    if (at_ >= text_.size()) return;
    const CodePoint code_point = decode(text_, at_);
    if (units_ + code_point.units() > limit_) return;
    current_ = code_point;
    class_ = classes_->of(code_point.value);
  }

  std::string_view text_;
  const WordClasses* classes_;
  std::size_t start_;
  std::size_t at_;
  std::uint32_t limit_;
  std::uint32_t units_ = 0;
  CodePoint current_{};
  char32_t previous_ = 0;
  WordClass class_;
};

/// Keeps the longest match; of equally long ones the first kind.
void prefer(WordMatch& best, WordKind kind, TextPlace length) {
  if (length.byte > best.length.byte ||
      (length.byte == best.length.byte && length.byte > 0 && kind < best.kind)) {
    best = {kind, length};
  }
}

/// Where the rules of words and numbers are: after which class, and what is still needed.
enum class State : std::uint8_t {
  kStart,  // Nothing, or low lines only.
  kKatakana,
  kLetter,
  kHebrew,
  kHebrewQuote,   // WB7a: a single quote belongs to the Hebrew letter before it.
  kHebrewDouble,  // WB7b: a double quote needs a Hebrew letter behind it.
  kHebrewPair,    // The letter behind that quote.
  kNumber,
  kLowLine,
  kLetterMid,  // WB6: needs a letter.
  kNumberMid,  // WB12: needs a number.
  kStop,
};

bool is_complete(State state) {
  switch (state) {
    case State::kStart:
    case State::kHebrewDouble:
    case State::kLetterMid:
    case State::kNumberMid:
    case State::kStop:
      return false;
    default:
      return true;
  }
}

bool joins_numbers(WordBreak word_break) {
  return word_break == WordBreak::kMidNum || word_break == WordBreak::kMidNumLet ||
         word_break == WordBreak::kSingleQuote;
}

bool joins_letters(WordBreak word_break) {
  return word_break == WordBreak::kMidLetter || word_break == WordBreak::kMidNumLet ||
         word_break == WordBreak::kSingleQuote;
}

State after_joiner(State state, WordBreak next) {
  switch (state) {
    case State::kHebrew:
      if (next == WordBreak::kSingleQuote) return State::kHebrewQuote;
      if (next == WordBreak::kDoubleQuote) return State::kHebrewDouble;
      return joins_letters(next) ? State::kLetterMid : State::kStop;
    case State::kLetter:
      return joins_letters(next) ? State::kLetterMid : State::kStop;
    case State::kNumber:
      return joins_numbers(next) ? State::kNumberMid : State::kStop;
    default:
      return State::kStop;
  }
}

State after(State state, WordBreak next) {
  const bool needs_hebrew = state == State::kHebrewDouble;
  const bool needs_letter = state == State::kLetterMid || needs_hebrew;
  const bool needs_number = state == State::kNumberMid;
  switch (next) {
    case WordBreak::kLetter:
      return needs_number || needs_hebrew || state == State::kKatakana ? State::kStop
                                                                       : State::kLetter;
    case WordBreak::kHebrewLetter:
      if (needs_hebrew) return State::kHebrewPair;
      return needs_number || state == State::kKatakana ? State::kStop : State::kHebrew;
    case WordBreak::kNumeric:
      return needs_letter || state == State::kKatakana ? State::kStop : State::kNumber;
    case WordBreak::kKatakana:
      return state == State::kStart || state == State::kKatakana || state == State::kLowLine
                 ? State::kKatakana
                 : State::kStop;
    case WordBreak::kExtendNumLet:
      if (needs_letter || needs_number) return State::kStop;
      return state == State::kStart ? State::kStart : State::kLowLine;
    default:
      return after_joiner(state, next);
  }
}

/// WB5 to WB13b: words, numbers, and runs of Hangul and katakana, which are words of their own
/// type.
void match_words(Cursor cursor, WordMatch& best) {
  State state = State::kStart;
  bool is_number = true;
  bool is_hangul = true;
  bool is_katakana = true;
  while (!cursor.is_at_end()) {
    const WordClass next = cursor.word_class();
    state = after(state, next.word_break);
    if (state == State::kStop) return;
    is_number = is_number &&
                (next.word_break == WordBreak::kNumeric ||
                 next.word_break == WordBreak::kExtendNumLet || joins_numbers(next.word_break));
    is_hangul = is_hangul && next.is_hangul;
    is_katakana = is_katakana && next.word_break == WordBreak::kKatakana;
    cursor.next();
    cursor.skip_extenders();
    if (!is_complete(state)) continue;
    const WordKind kind = is_number     ? WordKind::kNumber
                          : is_hangul   ? WordKind::kHangul
                          : is_katakana ? WordKind::kKatakana
                                        : WordKind::kWord;
    prefer(best, kind, cursor.length());
  }
}

/// An emoji with its selector, or a skin tone, with or without what it colours.
bool match_emoji_element(Cursor& cursor) {
  Cursor plain = cursor;
  while (!plain.is_at_end() && plain.value() == kZeroWidthJoiner) plain.next();
  if (plain.is_at_end()) return false;
  if (plain.word_class().is_emoji_modifier_base) {
    Cursor coloured = plain;
    coloured.next();
    coloured.skip_plain_extenders();
    if (!coloured.is_at_end() && coloured.word_class().is_emoji_modifier) {
      coloured.next();
      coloured.skip_plain_extenders();
      cursor = coloured;
      return true;
    }
  }
  if (plain.word_class().is_emoji) {
    plain.next();
    plain.skip_plain_extenders();
    if (!plain.is_at_end() && plain.value() == kEmojiSelector) plain.next();
    cursor = plain;
    return true;
  }
  if (!cursor.word_class().is_emoji_modifier) return false;
  cursor.next();
  cursor.skip_plain_extenders();
  return true;
}

/// The tags that tell the flags of regions: some, then their end.
void match_emoji_tags(Cursor cursor, WordMatch& best) {
  bool has_tags = false;
  while (!cursor.is_at_end() && cursor.value() >= 0xE0020 && cursor.value() <= 0xE007E) {
    cursor.next();
    has_tags = true;
  }
  if (!has_tags || cursor.is_at_end() || cursor.value() != 0xE007F) return;
  cursor.next();
  prefer(best, WordKind::kEmoji, cursor.length());
}

void match_emoji(Cursor cursor, WordMatch& best) {
  if (!match_emoji_element(cursor)) return;
  prefer(best, WordKind::kEmoji, cursor.length());
  match_emoji_tags(cursor, best);
  while (!cursor.is_at_end()) {
    // The joiner may have been taken as what extends the element before it.
    if (cursor.value() == kZeroWidthJoiner) cursor.next();
    if (cursor.previous() != kZeroWidthJoiner || !match_emoji_element(cursor)) return;
    prefer(best, WordKind::kEmoji, cursor.length());
  }
}

void match_keycap(Cursor cursor, WordMatch& best) {
  const char32_t base = cursor.value();
  if (base != U'#' && base != U'*' && (base < U'0' || base > U'9')) return;
  bool has_selector = false;
  bool has_keycap = false;
  for (cursor.next(); !cursor.is_at_end(); cursor.next()) {
    const char32_t value = cursor.value();
    if (cursor.word_class().word_break != WordBreak::kExtend || value == kTextSelector) break;
    if (value == kEmojiSelector && (has_selector || has_keycap)) break;
    if (has_selector && !has_keycap && value != kKeycap) break;
    has_selector = has_selector || value == kEmojiSelector;
    has_keycap = has_keycap || value == kKeycap;
  }
  if (has_keycap) prefer(best, WordKind::kEmoji, cursor.length());
}

/// WB15 and WB16: two regional indicators are a flag.
void match_flag(Cursor cursor, WordMatch& best) {
  for (int i = 0; i < 2; ++i) {
    if (cursor.is_at_end() || cursor.word_class().word_break != WordBreak::kRegionalIndicator) {
      return;
    }
    cursor.next();
    cursor.skip_extenders();
  }
  prefer(best, WordKind::kEmoji, cursor.length());
}

void match_southeast_asian(Cursor cursor, WordMatch& best) {
  while (!cursor.is_at_end() && cursor.word_class().is_southeast_asian) {
    cursor.next();
    cursor.skip_extenders();
    prefer(best, WordKind::kSoutheastAsian, cursor.length());
  }
}

void match_single(Cursor cursor, WordMatch& best) {
  const WordClass first = cursor.word_class();
  if (!first.is_han && !first.is_hiragana) return;
  cursor.next();
  cursor.skip_extenders();
  prefer(best, first.is_han ? WordKind::kIdeograph : WordKind::kHiragana, cursor.length());
}

}  // namespace

WordMatch match_word(std::string_view text, std::size_t start, std::uint32_t limit,
                     const WordClasses& classes) noexcept {
  WordMatch best;
  const Cursor cursor(text, start, limit, classes);
  if (cursor.is_at_end()) return best;
  match_words(cursor, best);
  match_emoji(cursor, best);
  match_keycap(cursor, best);
  match_flag(cursor, best);
  match_southeast_asian(cursor, best);
  match_single(cursor, best);
  return best;
}

}  // namespace hornbeam::search

// Words as Lucene 8's StandardTokenizer cuts them: the rules of UAX #29, with emoji sequences as of
// UTS #51, South-East Asian runs kept whole, and ideographs and hiragana one by one. Its grammar
// takes the longest match of several rules, and of equally long ones the first:
//
//   an emoji sequence, a number, a run of Hangul, a run of katakana, a word,
//   a South-East Asian run, an ideograph, a hiragana
//
// and looks no further than `max_token_length` code units. Most text is ASCII, and of that most
// words end at a space: those are cut here by one table look-up for each byte.

#include <algorithm>
#include <array>

#include "hornbeam/search/analysis/token_between.h"
#include "hornbeam/search/analysis/tokenizers.h"
#include "hornbeam/search/analysis/unicode.h"
#include "hornbeam/search/analysis/word_class.h"
#include "hornbeam/search/analysis/word_rules.h"

namespace hornbeam::search {
namespace {

constexpr std::string_view kTypes[] = {"<EMOJI>",       "<NUM>",      "<HANGUL>",
                                       "<KATAKANA>",    "<ALPHANUM>", "<SOUTHEAST_ASIAN>",
                                       "<IDEOGRAPHIC>", "<HIRAGANA>"};

/// What the fast path must know of a byte.
enum AsciiBits : std::uint8_t {
  kAsciiLetter = 1,
  kAsciiDigit = 2,
  kAsciiLowLine = 4,
  kAsciiMid = 8,  // It may join what is on both sides.
  kBeyond = 16,   // No ASCII.
};
constexpr std::uint8_t kAsciiWord = kAsciiLetter | kAsciiDigit | kAsciiLowLine;

constexpr std::array<std::uint8_t, 256> kAsciiBits = [] {
  std::array<std::uint8_t, 256> bits{};
  for (int i = 0; i < 26; ++i) bits['a' + i] = bits['A' + i] = kAsciiLetter;
  for (int i = '0'; i <= '9'; ++i) bits[i] = kAsciiDigit;
  bits['_'] = kAsciiLowLine;
  for (const char mid : {'.', ',', ':', ';', '\'', '"'}) bits[static_cast<int>(mid)] = kAsciiMid;
  for (int i = 0x80; i < 256; ++i) bits[i] = kBeyond;
  return bits;
}();

std::uint8_t ascii_bits(char byte) {
  return kAsciiBits[static_cast<unsigned char>(byte)];
}

class StandardTokenizer final : public Tokenizer {
 public:
  explicit StandardTokenizer(std::uint32_t max_token_length) : limit_(max_token_length) {}

  void tokenize(std::string_view text, TokenStage& sink) const override {
    static const WordClasses classes;
    TextPlace at;
    while (at.byte < text.size()) {
      const std::uint8_t first = ascii_bits(text[at.byte]);
      if ((first & (kAsciiWord | kBeyond)) == 0) {
        // A digit's keycap may follow # and *, which are no words alone.
        if (text[at.byte] != '#' && text[at.byte] != '*') {
          step(at);
          continue;
        }
      } else if ((first & kBeyond) == 0 && cut_ascii_word(text, at, sink)) {
        continue;
      }
      cut_by_rules(text, at, classes, sink);
    }
    sink.finish({.end_offset = at.offset, .end_byte = at.byte});
  }

 private:
  static void step(TextPlace& at) {
    ++at.byte;
    ++at.offset;
  }

  /// Cuts a word that is ASCII and ends before something that cannot go on with it.
  bool cut_ascii_word(std::string_view text, TextPlace& at, TokenStage& sink) const {
    std::uint8_t seen = 0;
    std::size_t end = at.byte;
    while (end < text.size() && (ascii_bits(text[end]) & kAsciiWord) != 0) {
      seen |= ascii_bits(text[end++]);
    }
    const std::size_t length = end - at.byte;
    if (length > limit_) return false;
    if (end < text.size()) {
      const std::uint8_t next = ascii_bits(text[end]);
      if ((next & kBeyond) != 0) return false;
      if ((next & kAsciiMid) != 0 && end + 1 < text.size() &&
          (ascii_bits(text[end + 1]) & (kAsciiLetter | kAsciiDigit | kBeyond)) != 0) {
        return false;
      }
    }
    const WordMatch match{
        .kind = (seen & kAsciiLetter) != 0 ? WordKind::kWord : WordKind::kNumber,
        .length = {static_cast<std::uint32_t>(length), static_cast<std::uint32_t>(length)}};
    if ((seen & (kAsciiLetter | kAsciiDigit)) != 0) {
      emit(text, at, match, sink);
    } else {
      at.byte += match.length.byte;
      at.offset += match.length.offset;
    }
    return true;
  }

  void cut_by_rules(std::string_view text, TextPlace& at, const WordClasses& classes,
                    TokenStage& sink) const {
    const WordMatch match = match_word(text, at.byte, limit_, classes);
    if (match.length.byte > 0) return emit(text, at, match, sink);
    const CodePoint skipped = decode(text, at.byte);
    at.byte += skipped.bytes;
    at.offset += skipped.units();
  }

  static void emit(std::string_view text, TextPlace& at, const WordMatch& match, TokenStage& sink) {
    const TextPlace start = at;
    at.byte += match.length.byte;
    at.offset += match.length.offset;
    Token token = token_between(text, start, at);
    token.type = kTypes[static_cast<std::size_t>(match.kind)];
    sink.accept(token);
  }

  std::uint32_t limit_;
};

}  // namespace

std::shared_ptr<const Tokenizer> standard_tokenizer(std::uint32_t max_token_length) {
  return std::make_shared<StandardTokenizer>(max_token_length);
}

}  // namespace hornbeam::search

#include "hornbeam/search/analysis/language_filters.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <unicode/uchar.h>

#include "hornbeam/search/analysis/java_character.h"
#include "hornbeam/search/analysis/rewriting_stage.h"

namespace hornbeam::search {
namespace {

using Word = std::u32string;

/// Hands on what `change` makes of each word: it reads the first and appends to the second.
template <void change(const Word&, Word&)>
class WordStage final : public RewritingStage {
 public:
  WordStage(NoSettings, TokenStage& next) : RewritingStage(next) {}

  void accept(const Token& token) override {
    word_.clear();
    changed_.clear();
    for (std::size_t at = 0; at < token.term.size();) {
      const CodePoint point = decode(token.term, at);
      at += point.bytes;
      word_ += point.value;
    }
    change(word_, changed_);
    buffer().clear();
    for (const char32_t letter : changed_) base::append_utf8(buffer(), letter);
    emit_buffer(token);
  }

 private:
  Word word_;
  Word changed_;
};

/// An e is left out behind a, o and u, except behind another vowel and in "que".
void normalize_german(const Word& word, Word& out) {
  bool may_be_umlaut = false;
  bool is_behind_vowel = false;
  for (const char32_t letter : word) {
    const bool was_behind_vowel = std::exchange(is_behind_vowel, false);
    const bool was_umlaut = std::exchange(may_be_umlaut, false);
    switch (letter) {
      case U'a':
      case U'o':
        may_be_umlaut = true;
        out += letter;
        break;
      case U'u':
        may_be_umlaut = !was_behind_vowel && !was_umlaut;
        is_behind_vowel = !may_be_umlaut;
        out += letter;
        break;
      case U'e':
        is_behind_vowel = true;
        if (!was_umlaut) out += letter;
        break;
      case U'ä':
      case U'ö':
      case U'ü':
        is_behind_vowel = true;
        out += letter == U'ä' ? U'a' : letter == U'ö' ? U'o' : U'u';
        break;
      case U'ß':
        out += U"ss";
        break;
      default:
        is_behind_vowel = letter == U'i' || letter == U'q' || letter == U'y';
        out += letter;
    }
  }
}

void normalize_arabic(const Word& word, Word& out) {
  for (const char32_t letter : word) {
    switch (letter) {
      case U'\u0622':  // Alef with madda, with hamza above and below.
      case U'\u0623':
      case U'\u0625':
        out += U'\u0627';
        break;
      case U'\u0649':  // Dotless yeh.
        out += U'\u064A';
        break;
      case U'\u0629':  // Teh marbuta.
        out += U'\u0647';
        break;
      default:
        // The vowel signs, and the line that makes words longer.
        if (letter != U'\u0640' && (letter < U'\u064B' || letter > U'\u0652')) out += letter;
    }
  }
}

constexpr char32_t kDotAbove = U'\u0307';

bool is_mark(char32_t letter) {
  return u_charType(static_cast<UChar32>(letter)) == U_NON_SPACING_MARK;
}

/// Whether a dot belongs to the letter before `at`, maybe behind other marks.
bool has_dot(const Word& word, std::size_t at) {
  for (; at < word.size() && is_mark(word[at]); ++at) {
    if (word[at] == kDotAbove) return true;
  }
  return false;
}

void lower_turkish(const Word& word, Word& out) {
  bool is_behind_i = false;
  for (std::size_t at = 0; at < word.size(); ++at) {
    const char32_t letter = word[at];
    is_behind_i = is_behind_i && is_mark(letter);
    if (is_behind_i && letter == kDotAbove) continue;
    if (!is_behind_i && letter == U'I') {
      is_behind_i = true;
      out += has_dot(word, at + 1) ? U'i' : U'ı';
      continue;
    }
    out += to_java_lower(letter);
  }
}

void lower_irish(const Word& word, Word& out) {
  const bool has_prefix = word.size() > 1 && (word[0] == U'n' || word[0] == U't') &&
                          std::u32string_view(U"AEIOUÁÉÍÓÚ").contains(word[1]);
  for (std::size_t at = 0; at < word.size(); ++at) {
    if (at == 1 && has_prefix) out += U'-';
    out += to_java_lower(word[at]);
  }
}

using Stems = std::map<std::string, std::string, std::less<>>;

class OverrideStage final : public ForwardingStage {
 public:
  OverrideStage(const Stems& stems, TokenStage& next) : ForwardingStage(next), stems_(stems) {}

  void accept(const Token& token) override {
    const auto found = token.is_keyword ? stems_.end() : stems_.find(token.term);
    if (found == stems_.end()) return next().accept(token);
    Token changed = token;
    changed.term = found->second;
    changed.is_keyword = true;
    next().accept(changed);
  }

 private:
  const Stems& stems_;
};

}  // namespace

std::shared_ptr<const TokenFilter> german_normalization_filter() {
  return make_filter<WordStage<normalize_german>>();
}
std::shared_ptr<const TokenFilter> arabic_normalization_filter() {
  return make_filter<WordStage<normalize_arabic>>();
}
std::shared_ptr<const TokenFilter> turkish_lowercase_filter() {
  return make_filter<WordStage<lower_turkish>>();
}
std::shared_ptr<const TokenFilter> irish_lowercase_filter() {
  return make_filter<WordStage<lower_irish>>();
}
std::shared_ptr<const TokenFilter> stemmer_override_filter(Stems stems) {
  return make_filter<OverrideStage>(std::move(stems));
}

}  // namespace hornbeam::search

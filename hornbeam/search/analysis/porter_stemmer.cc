// M. F. Porter, "An algorithm for suffix stripping", Program 14 (1980), with the two rules that its
// author added later and Lucene has (-bli and -logi), and words of up to two letters left alone.
//
// A word is [C](VC)^m[V] with runs of consonants C and of vowels V; m is called its measure. A rule
// takes a suffix off, or replaces it, if the measure of what is before it is large enough.

#include "hornbeam/search/analysis/porter_stemmer.h"

#include <array>
#include <string_view>

namespace hornbeam::search {
namespace {

struct Rule {
  std::string_view suffix;
  std::string_view replacement;
};

constexpr Rule kStep2[] = {
    {"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"},
    {"bli", "ble"},     {"alli", "al"},     {"entli", "ent"}, {"eli", "e"},     {"ousli", "ous"},
    {"ization", "ize"}, {"ation", "ate"},   {"ator", "ate"},  {"alism", "al"},  {"iveness", "ive"},
    {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"},  {"iviti", "ive"}, {"biliti", "ble"},
    {"logi", "log"}};
constexpr Rule kStep3[] = {{"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"},
                           {"ical", "ic"},  {"ful", ""},   {"ness", ""}};
constexpr Rule kStep4[] = {{"al", ""},   {"ance", ""}, {"ence", ""}, {"er", ""},    {"ic", ""},
                           {"able", ""}, {"ible", ""}, {"ant", ""},  {"ement", ""}, {"ment", ""},
                           {"ent", ""},  {"ion", ""},  {"ou", ""},   {"ism", ""},   {"ate", ""},
                           {"iti", ""},  {"ous", ""},  {"ive", ""},  {"ize", ""}};

template <class Char>
class Stemmer {
 public:
  explicit Stemmer(std::span<Char> word) : word_(word), size_(word.size()) {}

  std::size_t stem() {
    if (size_ <= 2) return size_;
    strip_plural();
    strip_past();
    if (ends_with("y") && has_vowel()) word_[size_ - 1] = 'i';
    replace(kStep2);
    replace(kStep3);
    strip_last();
    strip_e();
    return size_;
  }

 private:
  /// Whether the word ends so; `stem_` is then what is before it.
  bool ends_with(std::string_view suffix) {
    if (suffix.size() > size_) return false;
    const std::size_t start = size_ - suffix.size();
    for (std::size_t i = 0; i < suffix.size(); ++i) {
      if (word_[start + i] != static_cast<Char>(suffix[i])) return false;
    }
    stem_ = start;
    return true;
  }

  void set_end(std::string_view suffix) {
    for (std::size_t i = 0; i < suffix.size(); ++i) {
      word_[stem_ + i] = static_cast<Char>(suffix[i]);
    }
    size_ = stem_ + suffix.size();
  }

  bool is_consonant(std::size_t at) const {
    switch (word_[at]) {
      case 'a':
      case 'e':
      case 'i':
      case 'o':
      case 'u':
        return false;
      case 'y':
        return at == 0 || !is_consonant(at - 1);
      default:
        return true;
    }
  }

  /// Of the stem: how often a vowel is followed by a consonant.
  std::size_t measure() const {
    std::size_t count = 0;
    bool was_vowel = false;
    for (std::size_t i = 0; i < stem_; ++i) {
      // A y is a consonant at the start and behind a vowel.
      const bool is_vowel = word_[i] == 'y' ? i > 0 && !was_vowel : !is_consonant(i);
      count += was_vowel && !is_vowel;
      was_vowel = is_vowel;
    }
    return count;
  }

  bool has_vowel() const {
    for (std::size_t i = 0; i < stem_; ++i) {
      if (!is_consonant(i)) return true;
    }
    return false;
  }

  bool ends_in_double_consonant() const {
    return size_ >= 2 && word_[size_ - 1] == word_[size_ - 2] && is_consonant(size_ - 1);
  }

  /// Consonant, vowel, consonant up to `end`, the last one not w, x or y: a short syllable, which
  /// has lost an e if it lost something (hop-ing).
  bool is_short(std::size_t end) const {
    if (end < 3 || !is_consonant(end - 1) || is_consonant(end - 2) || !is_consonant(end - 3)) {
      return false;
    }
    const Char last = word_[end - 1];
    return last != 'w' && last != 'x' && last != 'y';
  }

  void strip_plural() {
    if (word_[size_ - 1] != 's') return;
    if (ends_with("sses")) {
      size_ -= 2;
    } else if (ends_with("ies")) {
      set_end("i");
    } else if (word_[size_ - 2] != 's') {
      --size_;
    }
  }

  void strip_past() {
    if (ends_with("eed")) {
      if (measure() > 0) --size_;
      return;
    }
    if (!((ends_with("ed") || ends_with("ing")) && has_vowel())) return;
    size_ = stem_;
    if (ends_with("at") || ends_with("bl") || ends_with("iz")) {
      stem_ = size_;
      set_end("e");
    } else if (ends_in_double_consonant()) {
      const Char last = word_[size_ - 1];
      if (last != 'l' && last != 's' && last != 'z') --size_;
    } else {
      stem_ = size_;
      if (measure() == 1 && is_short(size_)) set_end("e");
    }
  }

  template <std::size_t size>
  void replace(const Rule (&rules)[size]) {
    for (const Rule& rule : rules) {
      if (!ends_with(rule.suffix)) continue;
      if (measure() > 0) set_end(rule.replacement);
      return;
    }
  }

  void strip_last() {
    for (const Rule& rule : kStep4) {
      if (!ends_with(rule.suffix)) continue;
      if (rule.suffix == "ion" &&
          (stem_ == 0 || (word_[stem_ - 1] != 's' && word_[stem_ - 1] != 't'))) {
        continue;
      }
      if (measure() > 1) size_ = stem_;
      return;
    }
  }

  void strip_e() {
    stem_ = size_;
    if (word_[size_ - 1] == 'e') {
      const std::size_t count = measure();
      if (count > 1 || (count == 1 && !is_short(size_ - 1))) --size_;
    }
    if (word_[size_ - 1] == 'l' && ends_in_double_consonant() && measure() > 1) --size_;
  }

  std::span<Char> word_;
  std::size_t size_;
  std::size_t stem_ = 0;
};

}  // namespace

std::size_t porter_stem(std::span<char> word) noexcept {
  return Stemmer<char>(word).stem();
}
std::size_t porter_stem(std::span<char16_t> word) noexcept {
  return Stemmer<char16_t>(word).stem();
}

}  // namespace hornbeam::search

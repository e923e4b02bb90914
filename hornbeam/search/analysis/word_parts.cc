#include "hornbeam/search/analysis/word_parts.h"

#include <unicode/uchar.h>

#include "hornbeam/search/analysis/java_character.h"
#include "hornbeam/search/analysis/unicode.h"

namespace hornbeam::search {
namespace {

/// A character of a word.
struct Place {
  std::size_t byte;
  std::uint8_t type;
  char32_t value;
};

bool is_letter(std::uint8_t type) {
  return (type & kLetter) != 0;
}
bool is_digit(std::uint8_t type) {
  return (type & kDigit) != 0;
}
bool is_delimiter(std::uint8_t type) {
  return (type & kDelimiter) != 0;
}

/// The characters of a word, its ends and what was found so far.
/// Source: Lucene's WordDelimiterIterator.
class Splitter {
 public:
  Splitter(std::string_view word, const WordDelimiterOptions& options) : options_(options) {
    for (std::size_t at = 0; at < word.size();) {
      const CodePoint point = decode(word, at);
      places_.push_back({at, word_character(point.value), point.value});
      at += point.bytes;
    }
    size_ = word.size();
    end_ = places_.size();
    while (begin_ < end_ && is_delimiter(places_[begin_].type)) ++begin_;
    while (end_ > begin_ && is_delimiter(places_[end_ - 1].type)) --end_;
    if (ends_possessively(end_)) end_ -= 2;
  }

  WordParts split() const {
    WordParts found;
    for (std::size_t at = begin_; at < end_;) {
      if (is_delimiter(places_[at].type)) {
        ++at;
        continue;
      }
      const std::size_t end = end_of_part(at);
      const std::uint8_t type = places_[at].type;
      found.parts.push_back(
          {.begin = places_[at].byte,
           .end = byte_at(end),
           .type = type == kLower || type == kUpper ? std::uint8_t{kLetter} : type});
      at = end;
      if (end + 1 < end_ && ends_possessively(end + 2)) at += 2;
    }
    found.is_whole =
        found.parts.size() == 1 && found.parts[0].begin == 0 && found.parts[0].end == size_;
    return found;
  }

 private:
  std::size_t byte_at(std::size_t place) const {
    return place == places_.size() ? size_ : places_[place].byte;
  }

  std::size_t end_of_part(std::size_t at) const {
    std::uint8_t last = places_[at].type;
    for (++at; at < end_ && !is_break(last, places_[at].type); ++at) last = places_[at].type;
    return at;
  }

  bool is_break(std::uint8_t last, std::uint8_t type) const {
    if ((type & last) != 0) return false;
    if (!options_.splits_on_case && is_letter(last) && is_letter(type)) return false;
    // "Shot" is one part: only a capital behind a small letter begins another one.
    if (last == kUpper && is_letter(type)) return false;
    const bool is_mixed =
        (is_letter(last) && is_digit(type)) || (is_digit(last) && is_letter(type));
    return options_.splits_on_numerics || !is_mixed;
  }

  /// Whether 's ends before `at`, behind a letter and at the end or before a delimiter.
  bool ends_possessively(std::size_t at) const {
    if (!options_.drops_possessives || at <= 2 || at > places_.size()) return false;
    const char32_t last = places_[at - 1].value;
    return places_[at - 2].value == U'\'' && (last == U's' || last == U'S') &&
           is_letter(places_[at - 3].type) && (at == end_ || is_delimiter(places_[at].type));
  }

  const WordDelimiterOptions& options_;
  std::vector<Place> places_;
  std::size_t size_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace

std::uint8_t word_character(char32_t character) noexcept {
  if (character > 0xFFFF) return kLetter | kDigit;
  const auto code = static_cast<UChar32>(character);
  if (character < 0x100) {
    if (u_isULowercase(code) != 0) return kLower;
    if (u_isUUppercase(code) != 0) return kUpper;
    return u_isdigit(code) != 0 ? kDigit : kDelimiter;
  }
  switch (u_charType(code)) {
    case U_UPPERCASE_LETTER:
      return kUpper;
    case U_LOWERCASE_LETTER:
      return kLower;
    case U_TITLECASE_LETTER:
    case U_MODIFIER_LETTER:
    case U_OTHER_LETTER:
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_COMBINING_SPACING_MARK:
      return kLetter;
    case U_DECIMAL_DIGIT_NUMBER:
    case U_LETTER_NUMBER:
    case U_OTHER_NUMBER:
      return kDigit;
    default:
      return kDelimiter;
  }
}

WordParts parts_of(std::string_view word, const WordDelimiterOptions& options) {
  return Splitter(word, options).split();
}

}  // namespace hornbeam::search

#include "hornbeam/search/query/term_matchers.h"

#include <algorithm>
#include <memory>

namespace hornbeam::search {
namespace {

char folded(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte | 0x20) : byte;
}

bool equal(std::string_view a, std::string_view b, LetterCase letters) {
  if (letters == LetterCase::kMatters) return a == b;
  return std::ranges::equal(a, b, {}, folded, folded);
}

/// What all terms begin with that equal the beginning of `text`: nothing if a letter of it may be
/// written in two ways.
std::string fixed_prefix(std::string_view text, LetterCase letters) {
  if (letters == LetterCase::kMatters) return std::string(text);
  const auto letter = std::ranges::find_if(
      text, [](char byte) { return folded(byte) >= 'a' && folded(byte) <= 'z'; });
  return std::string(text.begin(), letter);
}

std::size_t character_end(std::string_view text, std::size_t at) {
  ++at;
  while (at < text.size() && (text[at] & 0xC0) == 0x80) ++at;
  return at;
}

/// A pattern taken apart, so that escapes are looked at once.
struct Wildcard {
  enum class Kind : std::uint8_t { kByte, kOne, kAny };
  struct Part {
    Kind kind;
    char byte = 0;
  };
  std::vector<Part> parts;

  explicit Wildcard(std::string_view pattern) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] == '\\' && i + 1 < pattern.size()) {
        parts.push_back({.kind = Kind::kByte, .byte = pattern[++i]});
      } else if (pattern[i] == '*') {
        if (parts.empty() || parts.back().kind != Kind::kAny) parts.push_back({.kind = Kind::kAny});
      } else if (pattern[i] == '?') {
        parts.push_back({.kind = Kind::kOne});
      } else {
        parts.push_back({.kind = Kind::kByte, .byte = pattern[i]});
      }
    }
  }

  std::string literal_prefix() const {
    std::string prefix;
    for (const Part& part : parts) {
      if (part.kind != Kind::kByte) break;
      prefix += part.byte;
    }
    return prefix;
  }

  // After a mismatch only the last '*' takes one more byte, so the steps are at most the product
  // of both lengths.
  bool matches(std::string_view text, LetterCase letters) const {
    std::size_t at = 0;
    std::size_t part = 0;
    std::size_t star = parts.size();
    std::size_t star_at = 0;
    while (at < text.size()) {
      const bool has_part = part < parts.size();
      if (has_part && parts[part].kind == Kind::kAny) {
        star = part++;
        star_at = at;
      } else if (has_part && parts[part].kind == Kind::kOne && (text[at] & 0xC0) != 0x80) {
        at = character_end(text, at);
        ++part;
      } else if (has_part && parts[part].kind == Kind::kByte &&
                 equal({&parts[part].byte, 1}, text.substr(at, 1), letters)) {
        ++at;
        ++part;
      } else if (star < parts.size()) {
        part = star + 1;
        at = ++star_at;
      } else {
        return false;
      }
    }
    while (part < parts.size() && parts[part].kind == Kind::kAny) ++part;
    return part == parts.size();
  }
};

}  // namespace

std::string behind_prefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xFF') prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

TermMatcher match_exactly(std::string term, LetterCase letters) {
  std::string prefix = fixed_prefix(term, letters);
  return {.lower = prefix,
          .upper = behind_prefix(prefix),
          .matches = [term = std::move(term), letters](std::string_view other) {
            return equal(term, other, letters);
          }};
}

TermMatcher match_prefix(std::string prefix, LetterCase letters) {
  std::string fixed = fixed_prefix(prefix, letters);
  return {.lower = fixed,
          .upper = behind_prefix(fixed),
          .matches = [prefix = std::move(prefix), letters](std::string_view term) {
            return equal(prefix, term.substr(0, prefix.size()), letters);
          }};
}

TermMatcher match_wildcard(std::string pattern, LetterCase letters) {
  auto wildcard = std::make_shared<const Wildcard>(pattern);
  std::string prefix = fixed_prefix(wildcard->literal_prefix(), letters);
  return {.lower = prefix,
          .upper = behind_prefix(prefix),
          .matches = [wildcard = std::move(wildcard), letters](std::string_view term) {
            return wildcard->matches(term, letters);
          }};
}

}  // namespace hornbeam::search

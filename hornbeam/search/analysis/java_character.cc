#include "hornbeam/search/analysis/java_character.h"

#include <unicode/uchar.h>

namespace hornbeam::search {
namespace {

/// The Unicode version JDK 17 knows: a code point that came later is unassigned to it.
constexpr int kMajorVersion = 13;

bool is_known(char32_t code_point) {
  UVersionInfo age;
  u_charAge(static_cast<UChar32>(code_point), age);
  return age[0] != 0 && age[0] <= kMajorVersion;
}

}  // namespace

bool is_java_letter(char32_t code_point) noexcept {
  return u_isalpha(static_cast<UChar32>(code_point)) != 0 && is_known(code_point);
}

bool is_java_digit(char32_t code_point) noexcept {
  return u_isdigit(static_cast<UChar32>(code_point)) != 0 && is_known(code_point);
}

int java_digit_value(char32_t code_point) noexcept {
  return is_known(code_point) ? u_charDigitValue(static_cast<UChar32>(code_point)) : -1;
}

void append_java_lower(std::string& lower, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint code_point = decode(text, at);
    at += code_point.bytes;
    base::append_utf8(lower, to_java_lower(code_point.value));
  }
}

bool is_java_whitespace(char32_t code_point) noexcept {
  return u_isWhitespace(static_cast<UChar32>(code_point)) != 0;
}

char32_t to_java_lower(char32_t code_point) noexcept {
  if (code_point < 0x80) return code_point - U'A' < 26 ? code_point + 32 : code_point;
  const auto lower = static_cast<char32_t>(u_tolower(static_cast<UChar32>(code_point)));
  return lower != code_point && is_known(code_point) ? lower : code_point;
}

char32_t to_java_upper(char32_t code_point) noexcept {
  if (code_point < 0x80) return code_point - U'a' < 26 ? code_point - 32 : code_point;
  const auto upper = static_cast<char32_t>(u_toupper(static_cast<UChar32>(code_point)));
  return upper != code_point && is_known(code_point) ? upper : code_point;
}

}  // namespace hornbeam::search

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "hornbeam/base/encoding.h"
#include "hornbeam/search/analysis/offset_map.h"

namespace hornbeam::search {

inline constexpr char32_t kReplacementCharacter = U'\uFFFD';

inline bool is_ascii(char byte) {
  return static_cast<unsigned char>(byte) < 0x80;
}
inline bool is_ascii(std::string_view text) noexcept {
  return base::ascii_prefix(text) == text.size();
}

/// A code point and how many bytes it takes.
struct CodePoint {
  char32_t value = 0;
  std::uint32_t bytes = 1;

  std::uint32_t units() const noexcept { return value > 0xFFFF ? 2 : 1; }
};

/// The code point that starts at `text[at]`.
/// Requires: `text` is UTF-8, and a code point starts there.
inline CodePoint decode(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const auto tail = [&](std::size_t i) { return static_cast<char32_t>(byte(i) & 0x3F); };
  if (byte(0) < 0x80) return {byte(0), 1};
  if (byte(0) < 0xE0) return {(byte(0) & 0x1Fu) << 6 | tail(1), 2};
  if (byte(0) < 0xF0) return {(byte(0) & 0x0Fu) << 12 | tail(1) << 6 | tail(2), 3};
  return {(byte(0) & 0x07u) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4};
}

/// The same of text that may be cut off anywhere, as a term of a damaged index may be: what is left
/// of a character is U+FFFD, byte by byte. Requires: `at` is in the text.
inline CodePoint decode_any(std::string_view text, std::size_t at) noexcept {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (bytes > text.size() - at) return {0xFFFD, 1};
  return decode(text, at);
}

/// How many UTF-16 code units the text has. Requires: UTF-8.
std::uint32_t utf16_length(std::string_view text) noexcept;

/// Appends `text` with each byte sequence that is no UTF-8 replaced by U+FFFD, one for each maximal
/// part of a character as Unicode recommends; `offsets` says where the places were.
void replace_invalid_utf8(std::string_view text, std::string& valid, OffsetMap& offsets);

}  // namespace hornbeam::search

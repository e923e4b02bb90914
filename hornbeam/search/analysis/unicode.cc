#include "hornbeam/search/analysis/unicode.h"

#include <cstring>

namespace hornbeam::search {
namespace {

struct Sequence {
  std::uint32_t bytes = 1;
  bool is_valid = false;
};

/// Reads one character, or the longest start of one (Unicode 15, table 3-7).
Sequence read_sequence(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return {1, true};
  if (lead < 0xC2 || lead > 0xF4) return {1, false};
  const std::uint32_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  unsigned char lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  unsigned char highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  for (std::uint32_t i = 1; i < length; ++i) {
    if (at + i >= text.size()) return {i, false};
    const auto byte = static_cast<unsigned char>(text[at + i]);
    if (byte < lowest || byte > highest) return {i, false};
    lowest = 0x80;
    highest = 0xBF;
  }
  return {length, true};
}

std::size_t ascii_prefix(std::string_view text) {
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    if ((word & 0x8080808080808080u) != 0) break;
  }
  while (at < text.size() && is_ascii(text[at])) ++at;
  return at;
}

}  // namespace

bool is_ascii(std::string_view text) noexcept {
  return ascii_prefix(text) == text.size();
}

void append_utf8(std::string& text, char32_t code_point) {
  const auto push = [&](char32_t byte) { text.push_back(static_cast<char>(byte)); };
  const auto tail = [&](int shift) { push(0x80 | (code_point >> shift & 0x3F)); };
  if (code_point < 0x80) {
    push(code_point);
  } else if (code_point < 0x800) {
    push(0xC0 | code_point >> 6);
    tail(0);
  } else if (code_point < 0x10000) {
    push(0xE0 | code_point >> 12);
    tail(6);
    tail(0);
  } else {
    push(0xF0 | code_point >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

std::uint32_t utf16_length(std::string_view text) noexcept {
  std::uint32_t units = 0;
  for (const char byte : text) {
    const auto lead = static_cast<unsigned char>(byte);
    units += static_cast<std::uint32_t>((lead & 0xC0) != 0x80) + (lead >= 0xF0 ? 1u : 0u);
  }
  return units;
}

std::size_t count_code_points(std::string_view text) noexcept {
  std::size_t count = 0;
  for (const char byte : text) count += (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  return count;
}

bool is_utf8(std::string_view text) noexcept {
  for (std::size_t at = ascii_prefix(text); at < text.size();) {
    if (is_ascii(text[at])) {
      at += ascii_prefix(text.substr(at));
      continue;
    }
    const Sequence sequence = read_sequence(text, at);
    if (!sequence.is_valid) return false;
    at += sequence.bytes;
  }
  return true;
}

void replace_invalid_utf8(std::string_view text, std::string& valid, OffsetMap& offsets) {
  std::uint32_t units = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Sequence sequence = read_sequence(text, at);
    if (sequence.is_valid) {
      valid.append(text.substr(at, sequence.bytes));
      units += sequence.bytes == 4 ? 2 : 1;
    } else {
      append_utf8(valid, kReplacementCharacter);
      ++units;
    }
    at += sequence.bytes;
    if (sequence.is_valid) continue;
    offsets.add({units, static_cast<std::uint32_t>(valid.size())},
                {units, static_cast<std::uint32_t>(at)});
  }
}

}  // namespace hornbeam::search

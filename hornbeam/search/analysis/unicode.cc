#include "hornbeam/search/analysis/unicode.h"

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

}  // namespace

std::uint32_t utf16_length(std::string_view text) noexcept {
  std::uint32_t units = 0;
  for (const char byte : text) {
    const auto lead = static_cast<unsigned char>(byte);
    units += static_cast<std::uint32_t>((lead & 0xC0) != 0x80) + (lead >= 0xF0 ? 1u : 0u);
  }
  return units;
}

void replace_invalid_utf8(std::string_view text, std::string& valid, OffsetMap& offsets) {
  std::uint32_t units = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Sequence sequence = read_sequence(text, at);
    if (sequence.is_valid) {
      valid.append(text.substr(at, sequence.bytes));
      units += sequence.bytes == 4 ? 2 : 1;
    } else {
      base::append_utf8(valid, kReplacementCharacter);
      ++units;
    }
    at += sequence.bytes;
    if (sequence.is_valid) continue;
    offsets.add({units, static_cast<std::uint32_t>(valid.size())},
                {units, static_cast<std::uint32_t>(at)});
  }
}

}  // namespace hornbeam::search

#pragma once

// Masking: the XOR with four repeated bytes that every frame from a client carries. Inline, because
// for a short message the call would cost as much as the work.
//
// RFC 6455 section 5.3: "transformed-octet-i = original-octet-i XOR masking-key-octet-j", with j =
// i MOD 4.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace hornbeam::http {

namespace detail {

// Sixteen bytes as one value: SSE2 or NEON where there is such a register, and plain words where
// there is none.
using Block [[gnu::vector_size(16)]] = std::uint64_t;

template <class Word>
Word load(const char* at) noexcept {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

template <class Word>
void store(char* at, Word word) noexcept {
  std::memcpy(at, &word, sizeof word);
}

inline bool is_ascii(std::uint64_t seen) noexcept {
  return (seen & 0x8080808080808080) == 0;
}

// For four to sixteen bytes: the first word and the last, which overlap in the middle. Both are
// read before either is written, so the bytes they share come out the same from each.
template <class Word>
bool mask_with_two(char* bytes, std::size_t size, Word key, Word turned_key) noexcept {
  const Word first = load<Word>(bytes) ^ key;
  const Word last = load<Word>(bytes + size - sizeof(Word)) ^ turned_key;
  store(bytes, first);
  store(bytes + size - sizeof(Word), last);
  return is_ascii(first | last);
}

inline bool mask_up_to_three(char* bytes, std::size_t size, std::uint32_t key) noexcept {
  const auto octets = std::bit_cast<std::array<std::uint8_t, 4>>(key);
  std::uint8_t seen = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const auto octet = static_cast<std::uint8_t>(static_cast<std::uint8_t>(bytes[i]) ^ octets[i]);
    bytes[i] = static_cast<char>(octet);
    seen |= octet;
  }
  return seen < 0x80;
}

inline std::uint64_t twice(std::uint32_t key) noexcept {
  return (std::uint64_t{key} << 32) | key;
}

}  // namespace detail

/// The mask as the next byte meets it, once `taken` bytes have been masked with `key`.
inline std::uint32_t turn_mask(std::uint32_t key, std::size_t taken) noexcept {
  const int bits = static_cast<int>(taken % 4) * 8;
  return std::endian::native == std::endian::little ? std::rotr(key, bits) : std::rotl(key, bits);
}

/// Applies (or removes: it is its own inverse) the mask `key`, whose first byte meets the first
/// byte of `bytes`. Returns true if every byte of the result is ASCII, which saves most text
/// messages a second look.
inline bool apply_mask(char* bytes, std::size_t size, std::uint32_t key) noexcept {
  if (size < 4) return detail::mask_up_to_three(bytes, size, key);
  const std::uint32_t turned =
      turn_mask(key, size);  // how the key meets the last word's first byte
  if (size < 8) return detail::mask_with_two(bytes, size, key, turned);
  if (size < 16)
    return detail::mask_with_two(bytes, size, detail::twice(key), detail::twice(turned));
  // As above with blocks: the last one is read first and written last.
  const detail::Block block = {detail::twice(key), detail::twice(key)};
  const detail::Block last = detail::load<detail::Block>(bytes + size - 16) ^
                             detail::Block{detail::twice(turned), detail::twice(turned)};
  detail::Block seen = last;
  char* const end = bytes + size - 16;
  for (; end - bytes >= 48; bytes += 64) {
    const detail::Block words[] = {detail::load<detail::Block>(bytes) ^ block,
                                   detail::load<detail::Block>(bytes + 16) ^ block,
                                   detail::load<detail::Block>(bytes + 32) ^ block,
                                   detail::load<detail::Block>(bytes + 48) ^ block};
    seen |= words[0] | words[1] | words[2] | words[3];
    detail::store(bytes, words[0]);
    detail::store(bytes + 16, words[1]);
    detail::store(bytes + 32, words[2]);
    detail::store(bytes + 48, words[3]);
  }
  for (; bytes < end; bytes += 16) {
    const detail::Block word = detail::load<detail::Block>(bytes) ^ block;
    seen |= word;
    detail::store(bytes, word);
  }
  detail::store(end, last);
  return detail::is_ascii(seen[0] | seen[1]);
}

}  // namespace hornbeam::http

#include "hornbeam/search/codec/small_float.h"

#include <bit>

namespace hornbeam::search {
namespace {

/// Four significant bits and a shift, in the order of the values.
constexpr std::uint32_t long_to_int4(std::uint64_t value) {
  const auto bits = static_cast<int>(std::bit_width(value));
  if (bits < 4) return static_cast<std::uint32_t>(value);
  const int shift = bits - 4;
  // The highest bit is implied by the shift, which is stored one higher.
  const auto significant = static_cast<std::uint32_t>(value >> shift) & 0x07;
  return significant | static_cast<std::uint32_t>(shift + 1) << 3;
}

constexpr std::uint64_t int4_to_long(std::uint32_t coded) {
  const std::uint64_t significant = coded & 0x07;
  const int shift = static_cast<int>(coded >> 3) - 1;
  return shift == -1 ? significant : (significant | 0x08) << shift;
}

/// Bytes that the largest int leaves over stand for small values, exactly.
constexpr std::uint32_t kFree = 255 - long_to_int4(0x7FFFFFFF);
static_assert(kFree == 24);

}  // namespace

std::uint8_t int_to_byte4(std::uint32_t value) noexcept {
  if (value < kFree) return static_cast<std::uint8_t>(value);
  return static_cast<std::uint8_t>(kFree + long_to_int4(value - kFree));
}

constexpr std::array<std::uint32_t, 256> kByte4ToInt = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    table[i] = i < kFree ? i : kFree + static_cast<std::uint32_t>(int4_to_long(i - kFree));
  }
  return table;
}();

}  // namespace hornbeam::search

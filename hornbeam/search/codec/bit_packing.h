#pragma once

// 128 numbers of the same width, packed in four interleaved lanes: number 4r+l is the r-th of lane
// l, so that one 128-bit instruction works on four of them ("vertical" layout of Lemire and
// Boytsov, "Decoding billions of integers per second through vectorization", 2015).

#include <cstddef>
#include <cstdint>
#include <string>

namespace hornbeam::search {

/// How many numbers a block has.
inline constexpr std::size_t kBlockSize = 128;

/// Bits that the largest of `count` numbers needs.
unsigned width_of(const std::uint32_t* numbers, std::size_t count) noexcept;

/// The bytes that a block of that width takes.
constexpr std::size_t packed_size(unsigned width) noexcept {
  return 16 * std::size_t{width};
}

/// Appends a block. Requires: every number fits `width` bits.
void pack_block(const std::uint32_t* numbers, unsigned width, std::string& out);

/// Makes the distances of a block numbers: each becomes `base` and all up to it, added up.
void add_up(std::uint32_t* block, std::uint32_t base) noexcept;

/// Reads a block. Requires: `packed_size(width)` bytes at `packed`; `width` <= 32.
void unpack_block(const char* packed, unsigned width, std::uint32_t* numbers) noexcept;

}  // namespace hornbeam::search

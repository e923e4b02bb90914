#include "hornbeam/search/codec/patched_block.h"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>

#include "hornbeam/search/codec/bit_packing.h"
#include "hornbeam/search/store/byte_writer.h"

namespace hornbeam::search {
namespace {

/// The width for which packed numbers and exceptions together are shortest.
unsigned best_width(const std::uint32_t* numbers) {
  std::array<std::size_t, 33> having_width{};
  for (std::size_t i = 0; i < kBlockSize; ++i) {
    ++having_width[static_cast<std::size_t>(std::bit_width(numbers[i]))];
  }
  unsigned best = 32;
  std::size_t best_size = packed_size(32);
  std::size_t exceptions = 0;
  for (unsigned width = 32; width-- > 0;) {
    exceptions += having_width[width + 1];
    // An exception takes its place in the block and, most often, one byte of what is cut off.
    const std::size_t size = packed_size(width) + exceptions * 3;
    if (size < best_size) {
      best = width;
      best_size = size;
    }
  }
  return best;
}

}  // namespace

void write_patched_block(const std::uint32_t* numbers, std::string& out) {
  const unsigned width = best_width(numbers);
  std::array<std::uint32_t, kBlockSize> kept{};
  ByteWriter exceptions;
  std::uint8_t count = 0;
  for (std::size_t i = 0; i < kBlockSize; ++i) {
    const std::uint64_t number = numbers[i];
    kept[i] = static_cast<std::uint32_t>(number & ((std::uint64_t{1} << width) - 1));
    if (number >> width == 0) continue;
    exceptions.u8(static_cast<std::uint8_t>(i));
    exceptions.varint(number >> width);
    ++count;
  }
  out.push_back(static_cast<char>(width));
  out.push_back(static_cast<char>(count));
  pack_block(kept.data(), width, out);
  out.append(exceptions.view());
}

void read_patched_block(ByteReader& in, std::uint32_t* numbers) {
  const unsigned width = in.u8();
  const std::size_t count = in.u8();
  if (width > 32) throw std::out_of_range("a number is wider than 32 bits");
  unpack_block(in.raw(packed_size(width)).data(), width, numbers);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = in.u8() % kBlockSize;
    const std::uint64_t cut_off = in.varint();
    numbers[at] |= static_cast<std::uint32_t>(cut_off << width);
  }
}

void skip_patched_block(ByteReader& in) {
  const unsigned width = in.u8();
  const std::size_t count = in.u8();
  if (width > 32) throw std::out_of_range("a number is wider than 32 bits");
  in.raw(packed_size(width));
  for (std::size_t i = 0; i < count; ++i) {
    in.u8();
    in.varint();
  }
}

}  // namespace hornbeam::search

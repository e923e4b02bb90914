#include "hornbeam/search/codec/bit_packing.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

namespace hornbeam::search {
namespace {

using Lanes = std::uint32_t __attribute__((vector_size(16)));

Lanes load(const char* packed, std::size_t word) noexcept {
  Lanes lanes;
  std::memcpy(&lanes, packed + 16 * word, sizeof lanes);
  return lanes;
}

template <unsigned Width, std::size_t Row>
void unpack_row(const char* packed, std::uint32_t* numbers) noexcept {
  constexpr std::size_t kBit = Row * Width;
  constexpr unsigned kShift = kBit % 32;
  Lanes lanes = load(packed, kBit / 32) >> kShift;
  if constexpr (kShift + Width > 32) lanes |= load(packed, kBit / 32 + 1) << (32 - kShift);
  if constexpr (Width < 32) lanes &= (std::uint32_t{1} << Width) - 1;
  std::memcpy(numbers + 4 * Row, &lanes, sizeof lanes);
}

template <unsigned Width>
void unpack(const char* packed, std::uint32_t* numbers) noexcept {
  if constexpr (Width == 0) {
    std::fill_n(numbers, kBlockSize, 0);
  } else {
    [&]<std::size_t... Row>(std::index_sequence<Row...>) {
      (unpack_row<Width, Row>(packed, numbers), ...);
    }(std::make_index_sequence<kBlockSize / 4>());
  }
}

using Unpack = void (*)(const char*, std::uint32_t*) noexcept;

constexpr auto kUnpack = []<unsigned... Width>(std::integer_sequence<unsigned, Width...>) {
  return std::array<Unpack, sizeof...(Width)>{&unpack<Width>...};
}(std::make_integer_sequence<unsigned, 33>());

}  // namespace

unsigned width_of(const std::uint32_t* numbers, std::size_t count) noexcept {
  std::uint32_t all = 0;
  for (std::size_t i = 0; i < count; ++i) all |= numbers[i];
  return static_cast<unsigned>(std::bit_width(all));
}

void pack_block(const std::uint32_t* numbers, unsigned width, std::string& out) {
  std::array<std::uint32_t, 4 * 32> words{};
  for (std::size_t i = 0; i < kBlockSize && width != 0; ++i) {
    const std::size_t bit = i / 4 * width;
    const std::size_t word = bit / 32 * 4 + i % 4;
    const unsigned shift = bit % 32;
    words[word] |= numbers[i] << shift;
    if (shift + width > 32) words[word + 4] |= numbers[i] >> (32 - shift);
  }
  out.append(reinterpret_cast<const char*>(words.data()), packed_size(width));
}

void add_up(std::uint32_t* block, std::uint32_t base) noexcept {
  // Four at a time: the sums inside of four, then what came before them.
  constexpr Lanes kZero = {};
  Lanes before = kZero + base;
  for (std::size_t i = 0; i < kBlockSize; i += 4) {
    Lanes sums;
    std::memcpy(&sums, block + i, sizeof sums);
    sums += __builtin_shufflevector(kZero, sums, 0, 4, 5, 6);
    sums += __builtin_shufflevector(kZero, sums, 0, 1, 4, 5);
    sums += before;
    before = __builtin_shufflevector(sums, sums, 3, 3, 3, 3);
    std::memcpy(block + i, &sums, sizeof sums);
  }
}

void unpack_block(const char* packed, unsigned width, std::uint32_t* numbers) noexcept {
  kUnpack[width](packed, numbers);
}

}  // namespace hornbeam::search

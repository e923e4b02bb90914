#include "hornbeam/search/codec/packed_array.h"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <vector>

namespace hornbeam::search {
namespace {

/// Wider numbers would not lie in eight bytes wherever they begin, except those of 64 bits.
constexpr unsigned kWidestPacked = 56;

/// Documents, and with them their values, are numbered in 32 bits.
constexpr std::uint64_t kMostNumbers = std::uint64_t{1} << 33;

/// A reader takes eight bytes at once, also at the last number.
constexpr std::size_t kPadding = 8;

std::size_t bytes_of(std::size_t size, unsigned width) {
  return (size * width + 7) / 8 + kPadding;
}

}  // namespace

void PackedArray::write(std::span<const std::uint64_t> numbers, ByteWriter& out) {
  std::uint64_t all = 0;
  for (const std::uint64_t number : numbers) all |= number;
  unsigned width = static_cast<unsigned>(std::bit_width(all));
  if (width > kWidestPacked) width = 64;
  out.varint(numbers.size());
  out.u8(static_cast<std::uint8_t>(width));
  std::vector<char> bytes(bytes_of(numbers.size(), width));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::size_t bit = i * width;
    std::uint64_t word;
    std::memcpy(&word, &bytes[bit / 8], sizeof word);
    word |= numbers[i] << (bit % 8);
    std::memcpy(&bytes[bit / 8], &word, sizeof word);
  }
  out.raw(bytes.data(), bytes.size());
}

PackedArray::PackedArray(ByteReader& in) : size_(in.varint()), width_(in.u8()) {
  if (width_ > kWidestPacked && width_ != 64) throw std::out_of_range("a width is impossible");
  // Before their product is formed, which might be too large for a number.
  if (size_ > kMostNumbers) throw std::out_of_range("a size is impossible");
  mask_ = width_ == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width_) - 1;
  bytes_ = in.raw(bytes_of(size_, width_)).data();
}

void PackedArray::check_rising(std::uint64_t most) const {
  std::uint64_t last = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    const std::uint64_t number = (*this)[i];
    if (number < last) throw std::out_of_range("numbers fall that rise");
    last = number;
  }
  if (last > most) throw std::out_of_range("a number points behind the end");
}

}  // namespace hornbeam::search

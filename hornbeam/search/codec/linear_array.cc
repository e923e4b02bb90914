#include "hornbeam/search/codec/linear_array.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <stdexcept>
#include <vector>

#include "hornbeam/base/check.h"

namespace hornbeam::search {
namespace {

/// Wider distances would not lie in eight bytes wherever they begin, except those of 64 bits.
constexpr unsigned kWidest = 56;

/// Documents, and with them their values, are numbered in 32 bits.
constexpr std::uint64_t kMostNumbers = std::uint64_t{1} << 33;

/// A reader takes eight bytes at once, also at the last number.
constexpr std::size_t kPadding = 8;

}  // namespace

LinearArray::Line LinearArray::fit(std::span<const std::uint64_t> numbers) {
  Line line;
  if (numbers.size() > 1 && numbers.back() > numbers.front()) {
    const std::uint64_t rise = (numbers.back() - numbers.front()) / (numbers.size() - 1);
    const std::uint64_t rest = (numbers.back() - numbers.front()) % (numbers.size() - 1);
    constexpr std::uint64_t kSteepest = std::numeric_limits<std::uint32_t>::max();
    line.slope = rise > kSteepest >> kSlopeBits
                     ? kSteepest
                     : (rise << kSlopeBits) + (rest << kSlopeBits) / (numbers.size() - 1);
  }
  auto least = std::numeric_limits<std::int64_t>::max();
  auto most = std::numeric_limits<std::int64_t>::min();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto distance = static_cast<std::int64_t>(numbers[i] - (line.slope * i >> kSlopeBits));
    least = std::min(least, distance);
    most = std::max(most, distance);
  }
  line.base = static_cast<std::uint64_t>(least);
  const auto width = static_cast<unsigned>(
      std::bit_width(static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least)));
  line.width = static_cast<std::uint8_t>(width > kWidest ? 64 : width);
  return line;
}

void LinearArray::write(std::span<const std::uint64_t> numbers, ByteWriter& out) {
  std::vector<char> packed;
  out.varint(numbers.size());
  for (std::size_t begin = 0; begin < numbers.size(); begin += kBlock) {
    const auto block = numbers.subspan(begin, std::min(kBlock, numbers.size() - begin));
    Line line = fit(block);
    const std::size_t start = packed.size();
    base::check(start / kUnit <= std::numeric_limits<std::uint32_t>::max(),
                "a segment is not as large as that");
    line.begin = static_cast<std::uint32_t>(start / kUnit);
    packed.resize(start + kUnit * line.width + kPadding);
    for (std::size_t i = 0; i < block.size(); ++i) {
      base::check(block[i] >> 63 == 0, "numbers have 63 bits");
      const std::size_t bit = i * line.width;
      std::uint64_t word;
      std::memcpy(&word, &packed[start + bit / 8], sizeof word);
      word |= (block[i] - (line.slope * i >> kSlopeBits) - line.base) << (bit % 8);
      std::memcpy(&packed[start + bit / 8], &word, sizeof word);
    }
    packed.resize(start + kUnit * line.width);
    out.u64(line.base);
    out.u32(static_cast<std::uint32_t>(line.slope));
    out.u32(line.begin);
    out.u8(line.width);
  }
  packed.resize(packed.size() + kPadding);
  out.varint(packed.size());
  out.raw(packed.data(), packed.size());
}

LinearArray::LinearArray(ByteReader& in) : size_(in.varint()) {
  if (size_ > kMostNumbers) throw std::out_of_range("a size is impossible");
  const std::size_t blocks = (size_ + kBlock - 1) / kBlock;
  lines_ = in.raw(blocks * kLineBytes).data();
  const std::string_view numbers = in.raw(in.varint());
  numbers_ = numbers.data();
  for (std::size_t i = 0; i < blocks; ++i) {
    const Line line = line_of(i);
    if (line.width > kWidest && line.width != 64) throw std::out_of_range("a width is impossible");
    const std::size_t end = (std::size_t{line.begin} + line.width) * kUnit;
    if (end + kPadding > numbers.size()) throw std::out_of_range("a block of numbers is missing");
  }
}

void LinearArray::check_rising(std::uint64_t most) const {
  std::uint64_t last = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    const std::uint64_t number = (*this)[i];
    if (number < last) throw std::out_of_range("numbers fall that rise");
    last = number;
  }
  if (last > most) throw std::out_of_range("a number points behind the end");
}

}  // namespace hornbeam::search

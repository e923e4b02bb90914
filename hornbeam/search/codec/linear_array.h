#pragma once

#include <cstdint>
#include <cstring>
#include <span>

#include "hornbeam/search/store/byte_reader.h"
#include "hornbeam/search/store/byte_writer.h"

namespace hornbeam::search {

/// Numbers that grow about evenly with their index, each reachable alone: every 128 of them are
/// kept as their distances from a line (what Lucene calls DirectMonotonic).
/// Lifetime: looks at the mapped segment.
class LinearArray {
 public:
  LinearArray() = default;
  /// Reads what `write` wrote. Throws std::out_of_range if that is not there.
  explicit LinearArray(ByteReader& in);

  /// Requires: numbers below 2^63. They need not rise.
  static void write(std::span<const std::uint64_t> numbers, ByteWriter& out);

  std::size_t size() const noexcept { return size_; }
  /// Throws std::out_of_range if the numbers fall, or the last of them is above `most`.
  void check_rising(std::uint64_t most) const;

  /// Requires: `index` below `size()`.
  std::uint64_t operator[](std::size_t index) const noexcept {
    const Line line = line_of(index / kBlock);
    const std::size_t place = index % kBlock;
    const std::size_t bit = place * line.width;
    std::uint64_t word;
    std::memcpy(&word, numbers_ + std::size_t{line.begin} * kUnit + bit / 8, sizeof word);
    const std::uint64_t mask =
        line.width == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << line.width) - 1;
    return line.base + (line.slope * place >> kSlopeBits) + ((word >> (bit % 8)) & mask);
  }

 private:
  static constexpr std::size_t kBlock = 128;
  /// A full block of any width is a multiple of so many bytes.
  static constexpr std::size_t kUnit = 16;
  static constexpr unsigned kSlopeBits = 8;
  static constexpr std::size_t kLineBytes = 17;

  struct Line {
    std::uint64_t base = 0;   ///< Where the line begins; wraps around below 0.
    std::uint64_t slope = 0;  ///< In 1/256 a number.
    std::uint32_t begin = 0;  ///< Of the distances, in units.
    std::uint8_t width = 0;   ///< Of each distance, in bits.
  };
  Line line_of(std::size_t block) const noexcept {
    const char* const at = lines_ + block * kLineBytes;
    Line line;
    std::uint32_t slope;
    std::memcpy(&line.base, at, sizeof line.base);
    std::memcpy(&slope, at + 8, sizeof slope);
    std::memcpy(&line.begin, at + 12, sizeof line.begin);
    std::memcpy(&line.width, at + 16, sizeof line.width);
    line.slope = slope;
    return line;
  }
  static Line fit(std::span<const std::uint64_t> numbers);

  std::size_t size_ = 0;
  const char* lines_ = nullptr;
  const char* numbers_ = nullptr;
};

}  // namespace hornbeam::search

#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "hornbeam/search/store/byte_reader.h"
#include "hornbeam/search/store/byte_writer.h"

namespace hornbeam::search {

/// Numbers of one width, each reachable alone.
/// Lifetime: looks at the mapped segment.
class PackedArray {
 public:
  PackedArray() = default;
  /// Reads what `write` wrote.
  explicit PackedArray(ByteReader& in);

  static void write(std::span<const std::uint64_t> numbers, ByteWriter& out);

  std::size_t size() const noexcept { return size_; }
  /// Throws std::out_of_range if the numbers fall, or the last of them is above `most`.
  void check_rising(std::uint64_t most) const;

  /// What no number is above.
  std::uint64_t bound() const noexcept { return mask_; }
  /// Requires: `index` below `size()`.
  std::uint64_t operator[](std::size_t index) const noexcept {
    const std::size_t bit = index * width_;
    std::uint64_t word;
    std::memcpy(&word, bytes_ + bit / 8, sizeof word);
    return (word >> (bit % 8)) & mask_;
  }
  /// Asks the memory for a number that is about to be read.
  void prefetch(std::size_t index) const noexcept {
    __builtin_prefetch(bytes_ + index * width_ / 8);
  }

 private:
  std::size_t size_ = 0;
  unsigned width_ = 0;
  std::uint64_t mask_ = 0;
  const char* bytes_ = nullptr;
};

}  // namespace hornbeam::search

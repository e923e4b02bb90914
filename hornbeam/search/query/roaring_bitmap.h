#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hornbeam::search {

/// A set of numbers in the portable format of Roaring bitmaps, as intervals: what is written in a
/// few bytes stays small, however many numbers it stands for.
/// Source: https://github.com/RoaringBitmap/RoaringFormatSpec
class RoaringBitmap {
 public:
  /// Of 32-bit numbers, or of 64-bit ones; nothing if the bytes are no such bitmap.
  static std::optional<RoaringBitmap> read(std::string_view bytes, bool is_wide);

  bool contains(std::uint64_t number) const noexcept;

 private:
  struct Interval {
    std::uint64_t first;
    std::uint64_t last;
  };
  class Reader;

  void add(std::uint64_t first, std::uint64_t last);

  std::vector<Interval> intervals_;  ///< Rising.
};

}  // namespace hornbeam::search

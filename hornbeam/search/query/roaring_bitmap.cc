#include "hornbeam/search/query/roaring_bitmap.h"

#include <algorithm>

// Both kinds of containers that are not runs are turned into intervals of neighbours:
//
//   cookie, descriptions (key and size less one of each container), offsets, containers
//
// where the cookie tells whether some containers are runs, and a container holds the low 16 bits of
// numbers as an array, a bit set of 8192 bytes if they are more than 4096, or as runs.

namespace hornbeam::search {

class RoaringBitmap::Reader {
 public:
  Reader(std::string_view bytes, RoaringBitmap& bitmap) : in_(bytes), bitmap_(bitmap) {}

  bool is_at_end() const { return in_.empty(); }
  bool has_failed() const { return has_failed_; }

  std::uint64_t number(std::size_t bytes) {
    if (in_.size() < bytes) {
      has_failed_ = true;
      in_ = {};
      return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = bytes; i-- > 0;) value = value << 8 | static_cast<unsigned char>(in_[i]);
    in_.remove_prefix(bytes);
    return value;
  }

  /// Reads a bitmap of 32-bit numbers, to which `base` is added.
  void bitmap(std::uint64_t base) {
    constexpr std::uint64_t kPlain = 12346;
    constexpr std::uint64_t kWithRuns = 12347;
    constexpr std::uint64_t kFewestWithOffsets = 4;
    const std::uint64_t cookie = number(4);
    const bool has_runs = (cookie & 0xFFFF) == kWithRuns;
    if (!has_runs && cookie != kPlain) has_failed_ = true;
    const std::uint64_t count = has_runs ? (cookie >> 16) + 1 : number(4);
    if (count > 65'536 || count * 4 > in_.size()) has_failed_ = true;
    if (has_failed_) return;
    std::vector<bool> is_run(count);
    for (std::uint64_t i = 0; has_runs && i < count; i += 8) {
      const std::uint64_t flags = number(1);
      for (std::uint64_t k = i; k < std::min(i + 8, count); ++k) {
        is_run[k] = (flags >> (k - i) & 1) != 0;
      }
    }
    struct Description {
      std::uint64_t key;
      std::uint64_t size;
    };
    std::vector<Description> containers(count);
    for (Description& one : containers) one = {.key = number(2), .size = number(2) + 1};
    if (!has_runs || count >= kFewestWithOffsets) {
      for (std::uint64_t i = 0; i < count; ++i) number(4);
    }
    for (std::uint64_t i = 0; i < count && !has_failed_; ++i) {
      container(base + (containers[i].key << 16), containers[i].size, is_run[i]);
    }
  }

 private:
  void container(std::uint64_t base, std::uint64_t size, bool is_run) {
    constexpr std::uint64_t kMostInArray = 4096;
    if (is_run) {
      for (std::uint64_t runs = number(2); runs > 0 && !has_failed_; --runs) {
        const std::uint64_t first = base + number(2);
        bitmap_.add(first, first + number(2));
      }
    } else if (size <= kMostInArray) {
      for (std::uint64_t i = 0; i < size && !has_failed_; ++i) {
        const std::uint64_t value = base + number(2);
        bitmap_.add(value, value);
      }
    } else {
      for (std::uint64_t word = 0; word < 1024 && !has_failed_; ++word) {
        const std::uint64_t bits = number(8);
        for (std::uint64_t bit = 0; bit < 64; ++bit) {
          if ((bits >> bit & 1) != 0) bitmap_.add(base + word * 64 + bit, base + word * 64 + bit);
        }
      }
    }
  }

  std::string_view in_;
  RoaringBitmap& bitmap_;
  bool has_failed_ = false;
};

std::optional<RoaringBitmap> RoaringBitmap::read(std::string_view bytes, bool is_wide) {
  RoaringBitmap bitmap;
  Reader reader(bytes, bitmap);
  if (!is_wide) {
    reader.bitmap(0);
  } else {
    for (std::uint64_t count = reader.number(8); count > 0 && !reader.has_failed(); --count) {
      const std::uint64_t high = reader.number(4);
      reader.bitmap(high << 32);
    }
  }
  if (reader.has_failed() || !reader.is_at_end()) return std::nullopt;
  return bitmap;
}

void RoaringBitmap::add(std::uint64_t first, std::uint64_t last) {
  if (!intervals_.empty() && intervals_.back().last + 1 == first) {
    intervals_.back().last = last;
  } else {
    intervals_.push_back({.first = first, .last = last});
  }
}

bool RoaringBitmap::contains(std::uint64_t number) const noexcept {
  const auto behind = std::ranges::upper_bound(intervals_, number, {}, &Interval::first);
  return behind != intervals_.begin() && (behind - 1)->last >= number;
}

}  // namespace hornbeam::search

#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace hornbeam::bench {

/// Counts of values in buckets that are at most 1/32 of their value wide, so that recording
/// costs two shifts and an increment and a percentile is right to about 3 %.
class Histogram {
 public:
  void record(std::uint64_t value) {
    ++buckets_[bucket_of(value)];
    ++count_;
    if (value > largest_) largest_ = value;
  }

  /// Records a time in nanoseconds; a clock that went backwards counts as none.
  void record(std::chrono::nanoseconds time) {
    record(static_cast<std::uint64_t>(time.count() < 0 ? 0 : time.count()));
  }

  void add(const Histogram& other) {
    for (std::size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
    count_ += other.count_;
    if (other.largest_ > largest_) largest_ = other.largest_;
  }

  /// The value that `share` (0 to 1) of those recorded do not exceed; zero when there are none.
  std::uint64_t percentile(double share) const {
    auto rank = static_cast<std::uint64_t>(share * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      seen += buckets_[i];
      if (seen > rank) return lower_bound_of(i);
    }
    return largest();
  }

  std::uint64_t largest() const { return largest_; }
  std::uint64_t count() const { return count_; }

 private:
  static constexpr unsigned kBits = 5;
  static constexpr std::uint64_t kSteps = 1U << kBits;

  static std::size_t bucket_of(std::uint64_t value) {
    if (value < kSteps) return value;
    auto shift = static_cast<unsigned>(std::bit_width(value)) - kBits - 1;
    return (shift << kBits) + (value >> shift);
  }
  static std::uint64_t lower_bound_of(std::size_t bucket) {
    if (bucket < 2 * kSteps) return bucket;
    auto shift = static_cast<unsigned>(bucket >> kBits) - 1;
    return (bucket - (std::uint64_t{shift} << kBits)) << shift;
  }

  std::array<std::uint32_t, (64 - kBits + 1) * kSteps> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t largest_ = 0;
};

}  // namespace hornbeam::bench

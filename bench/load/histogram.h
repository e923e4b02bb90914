#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace hornbeam::bench {

/// Counts of durations in buckets that are at most 1/32 of their value wide, so that recording
/// costs two shifts and an increment and a percentile is right to about 3 %.
class Histogram {
 public:
  void record(std::chrono::nanoseconds duration) {
    auto value = static_cast<std::uint64_t>(duration.count() < 0 ? 0 : duration.count());
    ++buckets_[bucket_of(value)];
    ++count_;
    if (value > longest_) longest_ = value;
  }

  void add(const Histogram& other) {
    for (std::size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
    count_ += other.count_;
    if (other.longest_ > longest_) longest_ = other.longest_;
  }

  /// The duration that `share` (0 to 1) of those recorded do not exceed; zero when there are none.
  std::chrono::nanoseconds percentile(double share) const {
    auto rank = static_cast<std::uint64_t>(share * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      seen += buckets_[i];
      if (seen > rank) return std::chrono::nanoseconds(lower_bound_of(i));
    }
    return longest();
  }

  std::chrono::nanoseconds longest() const { return std::chrono::nanoseconds(longest_); }
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
  std::uint64_t longest_ = 0;
};

}  // namespace hornbeam::bench

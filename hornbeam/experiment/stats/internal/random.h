#pragma once

#include <cstdint>

namespace hornbeam::experiment::stats::internal {

/// Random numbers that are the same on every machine and for every standard library: splitmix64 (G.
/// L. Steele, D. Lea, C. H. Flood, OOPSLA 2014). Streams of other numbers are independent.
class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t stream) : state_(mix(seed + kStep) ^ mix(~stream)) {}

  /// The next number, from 0 up to but not 1.
  double next() { return static_cast<double>(mix(state_ += kStep) >> 11) * 0x1p-53; }

 private:
  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15;

  static std::uint64_t mix(std::uint64_t bits) {
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
    return bits ^ (bits >> 31);
  }

  std::uint64_t state_;
};

}  // namespace hornbeam::experiment::stats::internal

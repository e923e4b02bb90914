#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "hornbeam/experiment/bucket.h"
#include "hornbeam/experiment/internal/compiled.h"

namespace hornbeam::experiment::internal {

/// A salt, and the ranges of its buckets that are told apart. They do not overlap.
struct AskedSalt {
  std::uint32_t state = 0;
  std::vector<BucketRange> arms;
};

/// Salts that a unit is hashed with all at once, eight in a register where the processor has such:
/// several times as fast as one after the other, with the same buckets.
class SaltSet {
 public:
  /// How many it holds at most.
  static constexpr std::size_t kMost = 64;
  /// By the salts' places; what is beyond them is not to be read.
  struct Answer {
    std::array<std::uint32_t, kMost> buckets;
    std::array<std::int32_t, kMost> arms;  // `kControlArm` for a bucket in none
  };

  SaltSet() = default;
  /// Requires: `kMost` salts at most.
  explicit SaltSet(const std::vector<AskedSalt>& salts);
  /// Fills in the answer.
  void ask(const HashedUnit& unit, Answer& answer) const noexcept;

 private:
  struct Wide;
  void ask_one(const HashedUnit& unit, std::size_t at, Answer& answer) const noexcept;

  std::size_t size_ = 0;                   // of the salts, and of what fills up the last eight
  std::vector<std::uint32_t> shifts_;      // how far each state is from the one units start from
  std::vector<std::uint32_t> arm_starts_;  // by arm, then by salt
  std::vector<std::uint32_t> arm_sizes_;   // 0 where there is none
  std::size_t most_arms_ = 0;
  bool is_shifted_ = true;  // whether all have the low byte of salts that are made
};

}  // namespace hornbeam::experiment::internal

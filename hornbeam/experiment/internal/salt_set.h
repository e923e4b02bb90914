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
  using Eight = std::array<std::uint32_t, 8>;
  /// An arm of each of eight salts.
  struct Arms {
    Eight first{};
    Eight size{};  // 0 where there is none
  };
  /// For eight salts from `group` times eight on. False, with nothing filled in, where it cannot.
  bool ask_wide(const HashedUnit& unit, std::size_t group, Answer& answer) const noexcept;
  /// Always can.
  void ask_each(const HashedUnit& unit, std::size_t group, Answer& answer) const noexcept;

  std::vector<Eight> states_;
  std::vector<Arms> arms_;  // most_arms_ for each eight
  std::size_t most_arms_ = 0;
  bool is_shifted_ = true;  // whether all have the low byte of salts that are made
};

}  // namespace hornbeam::experiment::internal

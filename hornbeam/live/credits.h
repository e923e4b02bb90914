#pragma once

#include <algorithm>
#include <chrono>

#include "hornbeam/live/event.h"

namespace hornbeam::live {

/// How much one connection may ask for.
struct CreditOptions {
  /// What it may spend at once: a move costs 1, a new game 8. Zero sets no limit at all.
  int capacity = 40;
  /// What it is given back each second.
  int per_second = 10;
};

/// An allowance that refills: what keeps one client from taking everyone's time. Its options are
/// whoever's it is: they are the same for many.
class Credits {
 public:
  /// Begins with the whole allowance of `options` at `now`.
  Credits(const CreditOptions& options, EventTime now)
      : balance_(options.capacity * kUnits), last_(now) {}

  /// Takes `cost`; false if there is not enough.
  bool spend(int cost, const CreditOptions& options, EventTime now) {
    if (options.capacity == 0) return true;
    const auto passed = std::clamp<std::int64_t>((now - last_).count(), 0, 1'000'000);
    last_ = now;
    balance_ = std::min(balance_ + passed * options.per_second, options.capacity * kUnits);
    if (balance_ < cost * kUnits) {
      ++refused_;
      return false;
    }
    balance_ -= cost * kUnits;
    refused_ = 0;
    return true;
  }

  /// True if the client goes on and on although it is refused.
  bool is_abusive(const CreditOptions& options) const noexcept {
    return refused_ > options.capacity;
  }

 private:
  static constexpr std::int64_t kUnits =
      1000;  // To a credit, so that a millisecond gives whole ones.

  std::int64_t balance_;
  EventTime last_;
  int refused_ = 0;
};

}  // namespace hornbeam::live

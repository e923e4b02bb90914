#pragma once

#include <cmath>
#include <optional>

#include "hornbeam/experiment/bucket.h"

namespace hornbeam::experiment::internal {

/// A percentage in buckets; nothing if it is none, or has more than two decimals.
inline std::optional<int> buckets_of(double percent) {
  const double buckets = percent * (kBuckets / 100);
  const double whole = std::round(buckets);
  if (!(whole >= 0 && whole <= kBuckets) || std::fabs(buckets - whole) > 1e-6) return std::nullopt;
  return static_cast<int>(whole);
}

}  // namespace hornbeam::experiment::internal

#pragma once

// Many tests at once. Each p-value becomes the one at which its test is rejected when all of them
// are looked at together, so that adjusted values are held against alpha as they are.

#include <cstdint>
#include <span>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/stats/test.h"

namespace hornbeam::experiment::stats {

/// What is kept below alpha, and what must hold of the tests for that.
enum class Correction : std::uint8_t {
  kNone,               ///< Nothing: each test on its own.
  kBonferroni,         ///< The chance of any false finding; always.
  kHolm,               ///< The same, never with fewer findings (S. Holm 1979); always.
  kSidak,              ///< The same for independent tests.
  kHochberg,           ///< The same for independent or positively dependent tests (1988).
  kBenjaminiHochberg,  ///< The share of false findings among findings; as kHochberg (1995).
  kBenjaminiYekutieli  ///< The same; always (2001).
};

/// The adjusted value of each of `p_values`, in their order. None of none.
/// Errors: `bad_p_value` for one that is no probability.
base::Result<std::vector<double>> adjusted(std::span<const double> p_values, Correction correction);

/// A two-sided interval around `value` that leaves 0 out exactly where `adjusted_p` is below
/// `alpha`: as wide, relative to `value`, as the two are apart. What has no effect, or p = 1, has
/// the whole line.
/// Errors: `bad_alpha`; `bad_p_value`.
base::Result<Interval> interval_for(double value, double adjusted_p, double alpha);

}  // namespace hornbeam::experiment::stats

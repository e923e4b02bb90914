#pragma once

// Tests of one effect whose sample size was fixed in advance. For looking while data comes in see
// sequential.h.

#include <cstdint>
#include <string_view>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/stats/effect.h"

namespace hornbeam::experiment::stats {

/// What is held against "there is no effect".
enum class Side : std::uint8_t {
  kTwoSided,  ///< An effect of either sign.
  kGreater,   ///< An effect above 0: the interval has no upper end.
  kLesser     ///< An effect below 0: the interval has no lower end.
};

/// The effects that the data allows. An end may be infinite.
struct Interval {
  double lower = 0;  ///< The smallest effect in it.
  double upper = 0;  ///< The largest effect in it.

  /// Whether `value` is in it.
  bool contains(double value) const { return lower <= value && value <= upper; }
};

/// What a test says.
struct TestResult {
  double p_value = 1;    ///< How probable an effect of this size or more is where there is none.
  Interval interval;     ///< Covers the true effect with probability 1 - alpha.
  double statistic = 0;  ///< The effect in standard errors.
};

/// The interval around `value` that reaches `halfwidth` to the sides that `side` leaves open.
Interval interval_around(double value, double halfwidth, Side side);

/// Nothing if `alpha` can be a probability of error, above 0 and below 1; else the error
/// `bad_alpha`.
base::Result<void> check_alpha(double alpha, std::string_view name = "alpha");

/// Welch's t test of `effect`, for arms of unequal variance.
/// Errors: `bad_alpha`, `bad_effect`.
base::Result<TestResult> t_test(const Effect& effect, double alpha, Side side = Side::kTwoSided);

/// The same with the normal distribution, for large samples.
/// Errors: `bad_alpha`, `bad_effect`.
base::Result<TestResult> z_test(const Effect& effect, double alpha, Side side = Side::kTwoSided);

}  // namespace hornbeam::experiment::stats

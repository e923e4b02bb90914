#pragma once

// What one arm has measured of one metric, and what all kinds of metric come down to: a mean with
// the variance that one unit contributes to it.
//
// A ratio of two sums (clicks by views) is no mean over units, but nearly one: with r = m / d, the
// unit whose numbers are (m_i, d_i) moves it by (m_i - r d_i) / d. That is the delta method, and it
// makes a ratio's variance, and its covariance with what it was before the experiment, those of
// plain numbers (A. Deng, U. Knoblich, J. Lu, KDD 2018). An adjusted metric (CUPED: A. Deng, Y. Xu,
// R. Kohavi, T. Walker, WSDM 2013) has two such numbers, after and before.

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/stats/summary.h"

namespace hornbeam::experiment::stats {

/// A share of units, such as those who bought something.
struct Proportion {
  std::uint64_t units = 0;      ///< All units of the arm.
  std::uint64_t successes = 0;  ///< Those that count; at most `units`.
};

/// What the numbers of an adjusted metric are.
enum class Values : std::uint8_t {
  kNumbers,  ///< Any numbers: variances are divided by units - 1.
  kZeroOne   ///< 0 or 1, of a proportion: its variance is p (1 - p), divided by units.
};

/// A mean over units, such as the money spent by each; units that did nothing count as 0.
struct Mean {
  Summary<1> values;
};

/// The sum of one number divided by the sum of another, such as clicks by views.
struct Ratio {
  Summary<2> values;  ///< Numerator, denominator of each unit.
};

/// A mean adjusted by the same units' number before they were exposed (CUPED).
struct AdjustedMean {
  Summary<2> values;  ///< During the experiment, before it.
  Values kind = Values::kNumbers;
};

/// A ratio adjusted by the same units' ratio before they were exposed.
struct AdjustedRatio {
  Summary<4> values;  ///< Numerator, denominator; numerator, denominator before.
};

/// How events cluster in units, where a quantile is one of events: for each unit, how many of its
/// events are at or below the quantile, and how many it has.
struct EventClusters {
  Summary<2> below_and_all;
};

/// A quantile, such as the 90th percentile of latency, with a confidence interval of its own that
/// was read off the sorted values (Deng, Knoblich, Lu 2018, section 4).
struct Quantile {
  std::uint64_t values = 0;  ///< How many values the quantile is one of.
  /// How many values the interval was computed for; fewer if it came from a sample. 0: all.
  std::uint64_t interval_values = 0;
  double level = 0.5;  ///< Which quantile, above 0 and below 1.
  double value = 0;    ///< The quantile itself.
  double lower = 0;    ///< Where its 95 % interval begins, as if all values were independent.
  double upper = 0;    ///< Where it ends.
  /// Where values are events and units have several: the interval is corrected for that.
  std::optional<EventClusters> clusters;
};

/// What an arm has measured.
using Sample = std::variant<Proportion, Mean, Ratio, AdjustedMean, AdjustedRatio, Quantile>;

/// How a level is adjusted by what was before.
enum class Adjustment : std::uint8_t { kNone, kMean, kRatio };

/// What every kind of sample comes down to.
struct Level {
  double units = 0;     ///< How many units (of a quantile: values) the level is of; above 1.
  double mean = 0;      ///< The level: a share, a mean, a ratio, a quantile.
  double variance = 0;  ///< What one unit contributes: the level's own variance is this by `units`.
  Adjustment adjustment = Adjustment::kNone;
  double before = 0;           ///< The level before the experiment.
  double before_variance = 0;  ///< What one unit contributes to the variance of `before`.
  double covariance = 0;       ///< Of what one unit contributes to the two.
};

/// What `sample` comes down to.
/// Errors: `no_units` (fewer than two); `bad_count` (more successes than units, a quantile with no
/// values); `not_finite`; `zero_denominator`; `bad_quantile`.
base::Result<Level> level_of(const Sample& sample);

/// How many units `sample` has (of a quantile: values).
std::uint64_t units_of(const Sample& sample);

/// What two disjoint sets of units have together.
/// Errors: `different_metrics` if the samples are not of the same kind; `not_additive` for
/// quantiles, which have to be computed anew from all values.
base::Result<Sample> merged(const Sample& one, const Sample& other);

/// The word for the kind of `sample`, for messages: "proportion", "mean", ...
std::string_view kind_name(const Sample& sample);

}  // namespace hornbeam::experiment::stats

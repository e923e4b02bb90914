#pragma once

// Does the machinery find effects where there are none? Units that have all been treated alike are
// split in two at random, a thousand times (an A/A test), and each split is analysed as if it were
// an experiment. Then p-values must be spread evenly between 0 and 1; and a test that is looked at
// twenty times while units come in must still be wrong in no more than alpha of the splits. Skewed
// metrics, units that are not independent, or too few of them show here first.

#include <cstdint>
#include <span>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/stats/effect.h"

namespace hornbeam::experiment::stats {

/// How units are split and looked at.
struct SplitOptions {
  int splits = 1000;           ///< How many; the more, the finer the answer. At least 20.
  std::uint64_t seed = 1;      ///< The same seed splits alike, on every machine.
  int looks = 20;              ///< At equal numbers of new units, the last at all of them.
  double alpha = 0.05;         ///< Below which a p-value is a finding.
  double tuned_for = 5000;     ///< Of the confidence sequence: see `SequenceOptions`.
  double treated_share = 0.5;  ///< How many units are in the second arm; above 0 and below 1.
  Lift lift = Lift::kAbsolute;
};

/// What came of the splits. Shares are of the splits.
struct SplitCheck {
  std::vector<double> p_values;  ///< Of the t test of all units, one for each split.
  /// How probable p-values as uneven as these are if the test is right (Kolmogorov-Smirnov).
  double p_of_p_values = 1;
  /// The same for the p-values of the sample ratio.
  double p_of_sample_ratios = 1;
  double fixed_findings = 0;       ///< By the t test, looked at once, at the end: alpha, or nearly.
  double peeked_findings = 0;      ///< By the t test, at any look: far too many.
  double sequential_findings = 0;  ///< By the confidence sequence, at any look: at most alpha.
};

/// Splits units with these `numerators`, in the order in which they were first exposed; with
/// `denominators` (as many) the metric is the ratio of the two sums, without it is the mean.
/// Errors: `bad_alpha`; `bad_shape`; `bad_count` (fewer than 20 splits, no looks, fewer than ten
/// units a look); `not_finite`; `bad_share`; those of `effect_between` for all units.
base::Result<SplitCheck> check_by_splits(std::span<const double> numerators,
                                         std::span<const double> denominators,
                                         const SplitOptions& options);

/// How probable numbers as uneven as `numbers` (from 0 to 1) are, were they drawn evenly.
double p_of_uniform(std::span<const double> numbers);

}  // namespace hornbeam::experiment::stats

#pragma once

// Do the arms have the units they should have? If not, something other than chance decides who is
// counted, and no result of the experiment can be believed.

#include <cstdint>
#include <span>
#include <vector>

#include "hornbeam/base/result.h"

namespace hornbeam::experiment::stats {

/// A time in which shares did not change. An experiment that is ramped up has several.
struct AllocationPhase {
  std::vector<double> weights;       ///< Each arm's share, in any unit; 0 for an arm not in it.
  std::vector<std::uint64_t> units;  ///< How many units each arm was first given in it.
};

/// When a sample ratio is called wrong.
struct SampleRatioOptions {
  /// Below this p-value. Low, since it is asked every day of every experiment. Default 0.001.
  double alpha = 0.001;
  /// And some arm is off by at least this share of what was expected. With millions of units the
  /// test sees differences that no result suffers from. Default 0.005, half a percent.
  double smallest_deviation = 0.005;
  /// Nothing is said while an arm should have fewer units than this. Default 8.
  double smallest_expected = 8;
};

/// What the check says.
struct SampleRatio {
  double p_value = 1;             ///< How probable shares this far off are by chance.
  double chi_squared = 0;         ///< The statistic.
  double degrees_of_freedom = 0;  ///< Arms that take part, less one for each fixed total.
  double largest_deviation = 0;   ///< Of any arm, as a share of what was expected of it.
  std::vector<double> expected;   ///< How many units each arm should have, by the phases' weights.
  std::uint64_t astray = 0;       ///< Units in an arm in a phase that gave it none.
  bool has_enough_units = false;  ///< Whether every arm should have enough to tell.
  bool is_mismatch = false;       ///< Whether the experiment is not to be believed.
};

/// Compares the units of all arms with what the weights of each phase lead to expect. In one phase
/// that is Pearson's chi-squared of a multinomial; over several, the same quadratic form of the
/// totals with the sum of the phases' covariances, so that the test keeps its power.
/// Errors: `no_phases`; `bad_weights` (negative, not finite, none above 0); `bad_shape` (phases of
/// different numbers of arms); `bad_alpha`; `bad_options` (a bound
/// below 0).
/// Source: A. Fabijan et al., KDD 2019 (diagnosing mismatches); alpha as in R. Kohavi, D. Tang, Y.
/// Xu, Trustworthy Online Controlled Experiments, 2020, chapter 21.
base::Result<SampleRatio> check_sample_ratio(std::span<const AllocationPhase> phases,
                                             const SampleRatioOptions& options = {});

}  // namespace hornbeam::experiment::stats

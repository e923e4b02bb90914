#pragma once

// Strata are groups of units that were apart before the experiment, such as countries. Comparing
// arms within each, and then averaging by how many units each stratum has in all arms, takes out
// of the variance what is between strata.

#include <span>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/stats/effect.h"

namespace hornbeam::experiment::stats {

/// One group of units in both arms.
struct Stratum {
  Sample control;  ///< A proportion or a mean.
  Sample treated;  ///< Of the same kind.
};

/// The effect with units weighed as in the strata of both arms together. That strata have as many
/// units as they have is by chance too, and part of the standard error.
/// Errors: `no_strata`; `not_stratified` for anything but proportions and means; those of
/// `effect_between` for the stratum they are in.
/// Source: L. W. Miratrix, J. S. Sekhon, B. Yu, J. Royal Statistical Society B 75 (2013) 369;
/// docs/design/experiment_statistics.md.
base::Result<Effect> post_stratified(std::span<const Stratum> strata, Lift lift);

}  // namespace hornbeam::experiment::stats

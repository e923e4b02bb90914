#pragma once

// Several arms against one control. Their effects go up and down together, since they share the
// control's chance, so that Bonferroni and Holm give away power: Dunnett's test knows by how much.

#include <span>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/stats/test.h"

namespace hornbeam::experiment::stats {

/// One arm's effect against the control that all arms have in common.
struct SharedControlEffect {
  Effect effect;
  /// The share of the squared standard error that is the control's: 0.5 where both arms are alike.
  /// At least 0 and below 1; above 0.9999 it counts as that.
  double control_share = 0.5;
};

/// What Dunnett's test says of all arms together.
struct DunnettResult {
  /// Each arm's p-value, adjusted: the chance that some arm is this far off where none has an
  /// effect.
  std::vector<double> p_values;
  std::vector<Interval> intervals;  ///< All cover their effects with probability 1 - alpha.
  /// How many standard errors wide, to each side, the intervals are.
  double critical_value = 0;
};

/// How far `treated` is from a control that other arms share.
/// Errors: those of `effect_between`.
base::Result<SharedControlEffect> shared_control_effect(const Sample& control,
                                                        const Sample& treated, Lift lift);

/// Compares all arms with their control, two-sided. The integral is computed to 1e-8 of the result,
/// far out in the tails too; the degrees of freedom are the fewest of any arm.
/// Errors: `bad_alpha`; `bad_effect`; `bad_share`.
/// Source: C. W. Dunnett, J. American Statistical Association 50 (1955) 1096; Y. Hochberg, A. C.
/// Tamhane, Multiple Comparison Procedures, 1987, chapter 5.
base::Result<DunnettResult> dunnett(std::span<const SharedControlEffect> arms, double alpha);

}  // namespace hornbeam::experiment::stats

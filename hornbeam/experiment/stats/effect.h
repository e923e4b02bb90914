#pragma once

// How far one arm is from another: what every test is about.

#include <cstdint>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/stats/metric.h"

namespace hornbeam::experiment::stats {

/// What a difference is measured in.
enum class Lift : std::uint8_t {
  kAbsolute,  ///< In the metric's own unit: treated - control.
  kRelative   ///< As a share of the control's level: 0.05 is 5 % more.
};

/// A difference between two arms, and how sure it is.
struct Effect {
  double value = 0;           ///< Treated less control; relative: by the size of the control's.
  double standard_error = 0;  ///< Of `value`, above 0.
  /// Welch's degrees of freedom (B. L. Welch, Biometrika 34 (1947) 28).
  double degrees_of_freedom = 0;
  /// What the number before counts for in an adjusted metric; 0 if nothing was adjusted.
  double adjustment_weight = 0;
  double control = 0;  ///< The control's level, unadjusted.
  double treated = 0;  ///< The treated arm's level, unadjusted.
  double units = 0;    ///< How many units both have.
  Lift lift = Lift::kAbsolute;
};

/// The effect in standard errors; what is beyond 1e100 counts as that.
double statistic_of(const Effect& effect);

/// Nothing if `effect` is one: a finite value, a finite standard error above 0, degrees of freedom
/// of 1 at least, some units; else the error `bad_effect`. What `effect_between` returns is one.
base::Result<void> check_effect(const Effect& effect);

/// How far `treated` is from `control`. The sign says where it moved: a level that went from -2 to
/// -1 has a relative effect of +0.5. Relative variances are by the delta method; of an adjusted
/// metric the weight is cov(after, before) / var(before) over both arms together, and the relative
/// effect is a share of the control's unadjusted level.
/// Errors: those of `level_of`; `different_metrics`; `no_variance` (an arm whose units are all
/// alike: nothing can be said about chance); `zero_baseline` (relative to a level of 0).
/// Source: docs/design/experiment_statistics.md.
base::Result<Effect> effect_between(const Sample& control, const Sample& treated, Lift lift);

}  // namespace hornbeam::experiment::stats

#pragma once

// How many units an experiment needs, what it can find with those it gets, and for how many weeks
// it has to run. Whole weeks, because weekdays and weekends are visited by different people.

#include <cstdint>
#include <optional>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/stats/bayesian.h"
#include "hornbeam/experiment/stats/effect.h"

namespace hornbeam::experiment::stats {

/// What the power of a confidence sequence is taken to be.
enum class SequencePower : std::uint8_t {
  /// The probability that the interval leaves 0 out at the last look. Earlier looks can only add.
  kLastLook,
  /// That of a z test whose standard error is as much wider as the interval is: what GrowthBook's
  /// calculator shows. More than the truth for small effects, less for large ones.
  kWidened
};

/// What an experiment is to find, and how surely. All tests are two-sided.
struct PowerOptions {
  double alpha = 0.05;  ///< How often an effect may be found where there is none.
  double power = 0.8;   ///< How often the effect is to be found where it is there.
  /// Where this is above 0 the test is a confidence sequence, tuned for so many units.
  double tuned_for = 0;
  SequencePower sequence_power = SequencePower::kLastLook;
  Lift lift = Lift::kRelative;     ///< What effects are in.
  double control_per_treated = 1;  ///< How many units the control has for each of the treated arm.
};

/// What is known of a metric before the experiment: the level and the variance of one unit.
struct Baseline {
  double mean = 0;      ///< The level; not 0 if effects are relative.
  double variance = 0;  ///< What one unit contributes, above 0.

  /// A share of units.
  static Baseline of_share(double share) { return {share, share * (1 - share)}; }
};

/// How the units of a share's test are counted.
enum class ShareMethod : std::uint8_t {
  kUnpooled,  ///< Variances as they are in each arm.
  kPooled,    ///< Under "no effect", that of the mean share.
  kArcsine    ///< On the scale where variances do not depend on the share: J. Cohen's h (1988).
};

/// How many units each of two equal arms needs to find `difference` in a metric whose units have
/// `variance`, by the normal approximation. Not whole: the caller rounds up.
/// Errors: `bad_alpha` (of alpha or power), `bad_baseline`, `bad_effect`.
base::Result<double> units_per_arm(double difference, double variance, const PowerOptions& options);

/// The same for Student's t test, exactly. `effect_size` is the difference in standard deviations.
/// Errors: as `units_per_arm`.
/// Source: the noncentral t distribution; J. Cohen, Statistical Power Analysis, 1988, chapter 2.
base::Result<double> units_per_arm_student(double effect_size, const PowerOptions& options);

/// The same for a share that goes from `control` to `treated`, both above 0 and below 1.
/// Errors: as `units_per_arm`.
base::Result<double> units_per_arm_of_share(double control, double treated, ShareMethod method,
                                            const PowerOptions& options);

/// How probable it is that `effect` is found with `units` in the treated arm.
/// Errors: `bad_alpha`, `bad_tuning`, `bad_baseline`, `bad_effect`, `bad_count`.
base::Result<double> power_of(double effect, const Baseline& baseline, double units,
                              const PowerOptions& options);

/// The smallest effect above 0 that is found, with its sign, with the power asked for.
/// Errors: as `power_of`; `unreachable` if with so few units no effect is large enough, since the
/// variance of a relative effect grows with it.
base::Result<double> smallest_detectable(const Baseline& baseline, double units,
                                         const PowerOptions& options);

/// For how many whole weeks, one at least, an experiment runs until `effect` is found with the
/// power asked for, when each week brings `units_a_week` new units to the treated arm.
/// Errors: as
/// `power_of`; `unreachable` beyond ten years.
base::Result<int> weeks_needed(double effect, const Baseline& baseline, double units_a_week,
                               const PowerOptions& options);

/// What is asked of an experiment that is running.
struct MidExperimentOptions {
  double alpha = 0.05;
  double power = 0.8;  ///< For all goal metrics to be found together.
  double smallest_effect =
      0.01;                    ///< What is to be found, in the effect's unit; the sign is ignored.
  int goals = 1;               ///< How many goal metrics there are.
  int arms = 2;                ///< How many arms there are, the control included.
  double tuned_for = 0;        ///< As in `PowerOptions`.
  std::optional<Prior> prior;  ///< Where it is proper, decisions are by the posterior.
};

/// How probable it is that `smallest_effect` will be found once there are `times` as many more
/// units as there are now (0: none more), judged by the variance seen so far.
/// Errors: `bad_effect`, `bad_alpha`,
/// `bad_tuning`, `bad_prior`, `bad_count`.
base::Result<double> power_with_more(const Effect& seen, double times,
                                     const MidExperimentOptions& options);

/// How many times as many more units as there are now it takes to have the power asked for, within
/// 0.00001 of it; 0 if it is there already.
/// Errors: as `power_with_more`; `unreachable` beyond 2^27 times.
/// Source: as gbstats' mid-experiment power, whose steps it takes.
base::Result<double> more_units_needed(const Effect& seen, const MidExperimentOptions& options);

}  // namespace hornbeam::experiment::stats

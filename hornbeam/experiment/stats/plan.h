#pragma once

// What is decided before an experiment starts, so that nothing about its reading can be chosen by
// its result; and what is counted while it runs.

#include <cstdint>
#include <string>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/stats/bayesian.h"
#include "hornbeam/experiment/stats/correction.h"
#include "hornbeam/experiment/stats/metric.h"
#include "hornbeam/experiment/stats/sample_ratio.h"

namespace hornbeam::experiment::stats {

/// What a metric is there for.
enum class Role : std::uint8_t {
  kGoal,       ///< Decides. Corrected for how many goals and arms there are.
  kGuardrail,  ///< Must not get worse. Not corrected: a false alarm is cheaper than a missed one.
  kOther       ///< Shown, and decides nothing.
};

/// One metric of a plan.
struct PlannedMetric {
  std::string name;
  Role role = Role::kGoal;
  Better better = Better::kHigher;
  Lift lift = Lift::kRelative;
  /// Of a goal: the smallest effect that is worth finding, above 0, in `lift`. Of a guardrail: the
  /// loss that can be borne, from 0 up; the experiment waits until a greater one is ruled out, and
  /// with 0 only stops at a loss that is shown. Of others it is not read.
  double smallest_effect = 0.01;
};

/// Days in which the shares of arms stayed the same. Days are counted from any day on.
struct PlanPhase {
  int first_day = 0;
  int last_day = 0;             ///< Included; at least `first_day`.
  std::vector<double> weights;  ///< Of each arm, in any unit; 0 for an arm that nobody gets.
};

/// When results may be read.
enum class Reading : std::uint8_t {
  kSequential,  ///< At any time, by a confidence sequence.
  kFixed        ///< Once, when the planned days are over, by a t test.
};

/// How effects of several arms are corrected.
enum class ArmComparison : std::uint8_t {
  kCorrection,  ///< With those of all goals, by the plan's `correction`.
  /// By Dunnett's test for each goal, then by Bonferroni over the goals. For `Reading::kFixed`.
  kDunnett
};

/// The analysis plan of an experiment.
struct Plan {
  std::vector<std::string> arms;       ///< At least two; the first is the control.
  std::vector<PlanPhase> phases;       ///< One after the other, without overlap.
  std::vector<PlannedMetric> metrics;  ///< At least one of them a goal.
  Reading reading = Reading::kSequential;
  double alpha = 0.05;                        ///< For all goals together, if corrected.
  double power = 0.8;                         ///< For the smallest effect of each goal.
  Correction correction = Correction::kHolm;  ///< Over all goals and arms.
  ArmComparison comparison = ArmComparison::kCorrection;
  int planned_days = 14;    ///< Whole weeks: a multiple of 7 above 0.
  double tuned_for = 5000;  ///< Units at which a confidence sequence is narrowest.
  SampleRatioOptions sample_ratio;
  /// Units that were given several arms are in none. More than this share of all units, and at
  /// least `fewest_mixed`, and the experiment is not believed.
  double largest_mixed_share = 0.01;
  std::uint64_t fewest_mixed = 10;  ///< See `largest_mixed_share`.
};

/// Nothing, or the first thing wrong with a plan.
/// Errors: `bad_plan`, `bad_alpha`.
base::Result<void> check_plan(const Plan& plan);

/// What the units that were first exposed on one day, and given one arm, have done up to now.
struct DayAggregate {
  int day = 0;
  std::size_t arm = 0;
  std::uint64_t units = 0;
  std::vector<Sample> metrics;  ///< One for each metric of the plan, of those units.
};

/// All that has been counted.
struct Aggregates {
  int last_complete_day = 0;       ///< Later days are not read: part of a day is not like a day.
  std::vector<DayAggregate> days;  ///< In any order; a day and arm may come several times.
  std::uint64_t mixed_units = 0;   ///< Units that were given several arms, and are in no day.
};

/// Nothing, or the first thing wrong with aggregates for this plan.
/// Errors: `bad_aggregates`.
base::Result<void> check_aggregates(const Plan& plan, const Aggregates& aggregates);

}  // namespace hornbeam::experiment::stats

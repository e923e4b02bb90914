#pragma once

// What an experiment says, and before that, whether it may be believed. A pure function of the plan
// and of what was counted: the same on every machine, at every reading.
//
// An arm is compared with the control's units of the days on which both could be given. An arm that
// joined in the second week is not compared with the first week's control, whose people, season and
// product were others.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/stats/effect.h"
#include "hornbeam/experiment/stats/plan.h"
#include "hornbeam/experiment/stats/test.h"

namespace hornbeam::experiment::stats {

/// What makes a result doubtful.
enum class Doubt : std::uint8_t {
  kSampleRatio,        ///< The arms do not have the units they should have.
  kMixedUnits,         ///< Too many units were given several arms.
  kStrayUnits,         ///< Units have an arm on days on which it had no share.
  kTooShort,           ///< Less than a week has been seen.
  kPartialWeek,        ///< Some weekdays count more often than others.
  kTooEarly,           ///< A fixed reading before its planned end.
  kChangedShares,      ///< An arm's share of units changed, and the metric cannot be averaged so.
  kUnderpowered,       ///< The smallest effect worth finding would be missed too often.
  kUnmeasured,         ///< A metric of an arm cannot be computed.
  kGuardrailWorse,     ///< A guardrail got worse.
  kGuardrailUncertain  ///< A loss that cannot be borne is not ruled out.
};

/// Whether a doubt forbids reading the result.
enum class Weight : std::uint8_t { kRefusal, kCaution };

/// One doubt, worded for people.
struct Finding {
  Doubt doubt = Doubt::kSampleRatio;
  Weight weight = Weight::kRefusal;
  std::optional<std::size_t> arm;     ///< The arm it is about, if about one.
  std::optional<std::size_t> metric;  ///< The metric it is about, if about one.
  std::string message;                ///< What is wrong, and what to do.
};

/// What one metric says of one arm.
struct MetricResult {
  std::size_t arm = 0;     ///< From 1.
  std::size_t metric = 0;  ///< The metric's place in the plan.
  Effect effect;           ///< Against the control of the same days.
  /// Of the goals corrected, so that p is below alpha where the interval leaves 0 out.
  TestResult test;
  double uncorrected_p = 1;  ///< Of this metric and arm alone.
  double power = 0;        ///< To find the smallest effect of the plan with the units seen so far.
  bool is_better = false;  ///< Shown to be better.
  bool is_worse = false;   ///< Shown to be worse.
};

/// What to do.
enum class Decision : std::uint8_t {
  kDoNotBelieve,  ///< Mend what is found, and begin again.
  kWait,          ///< Not enough has been seen.
  kShip,          ///< Better, and no guardrail is worse.
  kStop,          ///< Worse, in a goal or a guardrail.
  kNoDifference,  ///< No effect was found, and one worth finding would have been.
  kInconclusive   ///< The planned end is reached, and an effect worth finding may have been missed.
};

/// The word for programs of a doubt or a decision, such as "sample_ratio" or "ship".
std::string_view name_of(Doubt doubt);
std::string_view name_of(Decision decision);

/// What all metrics say of one arm.
struct ArmVerdict {
  std::size_t arm = 0;  ///< From 1.
  Decision decision = Decision::kWait;
  std::string reason;         ///< Why, for people.
  int days = 0;               ///< Complete days in which it and the control were given.
  std::uint64_t units = 0;    ///< Its units in those days.
  std::uint64_t control = 0;  ///< The control's.
};

/// What an experiment says.
struct Verdict {
  bool is_believable = false;         ///< Whether no finding is a refusal.
  std::vector<Finding> findings;      ///< Refusals first.
  SampleRatio sample_ratio;           ///< Of all complete days.
  std::vector<MetricResult> results;  ///< Each arm's metrics that could be computed, arm by arm.
  std::vector<ArmVerdict> arms;       ///< Each arm but the control.
};

/// Reads an experiment.
/// Errors: those of `check_plan` and `check_aggregates`. What the data cannot say is no error, but
/// a finding.
base::Result<Verdict> read_experiment(const Plan& plan, const Aggregates& aggregates);

/// A part of the units, such as those of one country.
struct Slice {
  std::string name;
  Aggregates aggregates;
};

/// What a part of the units says.
struct SliceResult {
  std::string name;
  SampleRatio sample_ratio;           ///< Its p-value is corrected for the number of slices.
  std::vector<MetricResult> results;  ///< Corrected over all slices, arms and goals.
};

/// Reads an experiment by parts of its units, with all effects of all parts corrected together. To
/// look where an effect is, not to decide by. In `slices` order.
/// Errors: as `read_experiment`.
base::Result<std::vector<SliceResult>> read_by_slices(const Plan& plan,
                                                      const std::vector<Slice>& slices);

}  // namespace hornbeam::experiment::stats

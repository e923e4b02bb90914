#include "hornbeam/experiment/stats/verdict.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "hornbeam/experiment/stats/internal/reading.h"

namespace hornbeam::experiment::stats {
namespace {

constexpr int kWeek = 7;

// Everything that is known when decisions are taken.
struct Case {
  const Plan& plan;
  const Aggregates& aggregates;
  std::vector<internal::Window> windows;  // By arm; the control's is empty.
  std::vector<internal::Compared> compared;
  Verdict verdict;

  void find(Doubt doubt, Weight weight, std::string message,
            std::optional<std::size_t> arm = std::nullopt,
            std::optional<std::size_t> metric = std::nullopt) {
    std::vector<Finding>& all = verdict.findings;
    // Refusals stand before cautions, each in the order found.
    const auto at = weight == Weight::kCaution
                        ? all.end()
                        : std::ranges::find(all, Weight::kCaution, &Finding::weight);
    all.insert(at, {doubt, weight, arm, metric, std::move(message)});
  }
};

std::string percent(double share) {
  return fmt::format("{:.3g} %", 100 * share);
}

// An effect in the plan's words: of a relative one, percent.
std::string size_of(const PlannedMetric& metric, double effect) {
  return metric.lift == Lift::kRelative ? percent(effect) : fmt::format("{:.4g}", effect);
}

// Whether the units are those of a random split at all.
void doubt_units(Case& of) {
  const SampleRatio& ratio = of.verdict.sample_ratio;
  if (ratio.is_mismatch) {
    of.find(Doubt::kSampleRatio, Weight::kRefusal,
            fmt::format("The arms do not have the units they should have: an arm is off by {}, "
                        "which chance does once in {:.3g} experiments. Something other than the "
                        "split decides who is counted; look for lost exposures, redirects, bots, "
                        "and arms that crash.",
                        percent(ratio.largest_deviation), 1 / std::max(ratio.p_value, 1e-300)));
  }
  if (ratio.astray > 0) {
    of.find(Doubt::kStrayUnits, Weight::kRefusal,
            fmt::format("{} units have an arm on days on which the plan gave it no share. The plan "
                        "and what ran are not the same; correct the phases.",
                        ratio.astray));
  }
  std::uint64_t units = 0;
  for (const DayAggregate& each : of.aggregates.days) units += each.units;
  const std::uint64_t mixed = of.aggregates.mixed_units;
  const double share =
      mixed == 0 ? 0 : static_cast<double>(mixed) / static_cast<double>(mixed + units);
  if (mixed >= of.plan.fewest_mixed && share > of.plan.largest_mixed_share) {
    of.find(Doubt::kMixedUnits, Weight::kRefusal,
            fmt::format("{} units ({}) were given more than one arm, and are left out. So many are "
                        "not left out by chance; check that the unit's id is the same everywhere, "
                        "and that nothing was assigned anew.",
                        mixed, percent(share)));
  }
}

// Whether enough whole weeks have been seen.
void doubt_duration(Case& of, std::size_t arm) {
  const int days = of.windows[arm].days;
  const std::string& name = of.plan.arms[arm];
  if (days < kWeek) {
    of.find(Doubt::kTooShort, Weight::kRefusal,
            fmt::format("{} has been seen for {} complete days; wait for a whole week, since "
                        "weekdays and weekends are visited by different people.",
                        name, days),
            arm);
    return;
  }
  if (of.plan.reading == Reading::kFixed && days < of.plan.planned_days) {
    of.find(
        Doubt::kTooEarly, Weight::kRefusal,
        fmt::format("{} has been seen for {} of {} planned days. A fixed reading is valid once, "
                    "at the end: to look earlier, plan a sequential one.",
                    name, days, of.plan.planned_days),
        arm);
  }
  if (days % kWeek != 0) {
    of.find(
        Doubt::kPartialWeek, Weight::kCaution,
        fmt::format("{} has been seen for {} days, which are no whole weeks: some weekdays count "
                    "more often than others.",
                    name, days),
        arm);
  }
}

void doubt_metrics(Case& of) {
  for (const internal::Compared& each : of.compared) {
    const std::string& arm = of.plan.arms[each.arm];
    const std::string& metric = of.plan.metrics[each.metric].name;
    if (!each.effect) {
      of.find(Doubt::kUnmeasured, Weight::kCaution,
              fmt::format("{} of {} cannot be read: {}.", metric, arm, each.effect.error().message),
              each.arm, each.metric);
    } else if (of.windows[each.arm].has_changed_shares && !each.is_averaged_over_phases) {
      of.find(Doubt::kChangedShares, Weight::kCaution,
              fmt::format("The share of {} was changed while it ran, and {} cannot be compared "
                          "within the phases. If people changed too, the effect is off; read the "
                          "last phase alone.",
                          arm, metric),
              each.arm, each.metric);
    }
  }
}

// How far the worse end of the interval is on the losing side; above 0 is a loss.
double possible_loss(const PlannedMetric& metric, const MetricResult& result) {
  return metric.better == Better::kHigher ? -result.test.interval.lower
                                          : result.test.interval.upper;
}

void doubt_results(Case& of) {
  for (const MetricResult& result : of.verdict.results) {
    const PlannedMetric& metric = of.plan.metrics[result.metric];
    const std::string& arm = of.plan.arms[result.arm];
    if (metric.role == Role::kGuardrail && result.is_worse) {
      of.find(Doubt::kGuardrailWorse, Weight::kCaution,
              fmt::format("The guardrail {} got worse in {}.", metric.name, arm), result.arm,
              result.metric);
    } else if (metric.role == Role::kGuardrail && metric.smallest_effect > 0 &&
               possible_loss(metric, result) > metric.smallest_effect) {
      of.find(
          Doubt::kGuardrailUncertain, Weight::kCaution,
          fmt::format("A loss of {} in the guardrail {} of {} is not ruled out; {} can be borne.",
                      size_of(metric, possible_loss(metric, result)), metric.name, arm,
                      size_of(metric, metric.smallest_effect)),
          result.arm, result.metric);
    } else if (metric.role == Role::kGoal && !result.is_better && !result.is_worse &&
               result.power < of.plan.power) {
      of.find(Doubt::kUnderpowered, Weight::kCaution,
              fmt::format("With the units seen so far an effect of {} on {} of {} would be found "
                          "with a probability of {}; {} is planned. That nothing was found says "
                          "little yet.",
                          size_of(metric, metric.smallest_effect), metric.name, arm,
                          percent(result.power), percent(of.plan.power)),
              result.arm, result.metric);
    }
  }
}

// What the metrics of one arm come to.
struct Tally {
  bool is_worse = false;
  bool is_better = false;
  bool is_uncertain = false;  // A guardrail whose loss is not ruled out, or a metric not measured.
  bool is_powered = true;     // Every goal.
  std::string better;
  std::string worse;
};

void append(std::string& names, const std::string& name) {
  if (!names.empty()) names += ", ";
  names += name;
}

Tally tally_of(const Case& of, std::size_t arm) {
  Tally made;
  for (const MetricResult& result : of.verdict.results) {
    if (result.arm != arm) continue;
    const PlannedMetric& metric = of.plan.metrics[result.metric];
    if (metric.role == Role::kOther) continue;
    if (result.is_worse) append(made.worse, metric.name);
    made.is_worse |= result.is_worse;
    if (metric.role != Role::kGoal) continue;
    if (result.is_better) append(made.better, metric.name);
    made.is_better |= result.is_better;
    made.is_powered &= result.power >= of.plan.power;
  }
  for (const Finding& finding : of.verdict.findings) {
    if (finding.arm != arm || !finding.metric) continue;
    const Role role = of.plan.metrics[*finding.metric].role;
    if (finding.doubt == Doubt::kGuardrailUncertain) made.is_uncertain = true;
    if (finding.doubt != Doubt::kUnmeasured || role == Role::kOther) continue;
    made.is_uncertain = true;
    made.is_powered &= role != Role::kGoal;
  }
  return made;
}

// Whether a refusal is about `arm`, or about the experiment.
const Finding* refusal_of(const Case& of, std::size_t arm) {
  const auto found = std::ranges::find_if(of.verdict.findings, [&](const Finding& finding) {
    return finding.weight == Weight::kRefusal && (!finding.arm || finding.arm == arm);
  });
  return found == of.verdict.findings.end() ? nullptr : &*found;
}

std::pair<Decision, std::string> decide(const Case& of, std::size_t arm) {
  if (const Finding* refusal = refusal_of(of, arm)) {
    const bool is_time = refusal->doubt == Doubt::kTooShort || refusal->doubt == Doubt::kTooEarly;
    return {is_time ? Decision::kWait : Decision::kDoNotBelieve, refusal->message};
  }
  const Tally tally = tally_of(of, arm);
  if (tally.is_worse) return {Decision::kStop, fmt::format("Shown to be worse: {}.", tally.worse)};
  const bool is_over = of.windows[arm].days >= of.plan.planned_days;
  if (tally.is_better && !tally.is_uncertain) {
    return {Decision::kShip,
            fmt::format("Shown to be better: {}. No guardrail is worse.", tally.better)};
  }
  if (tally.is_better) {
    return {is_over ? Decision::kInconclusive : Decision::kWait,
            fmt::format("Shown to be better: {}; but a guardrail's loss is not ruled out, or a "
                        "metric cannot be read.",
                        tally.better)};
  }
  if (!is_over)
    return {Decision::kWait, "Nothing is shown yet, and the planned end is not reached."};
  if (tally.is_powered) {
    return {Decision::kNoDifference,
            "No effect was found, and the smallest worth finding would have been."};
  }
  return {
      Decision::kInconclusive,
      "No effect was found, and the smallest worth finding may have been missed; run longer, or "
      "give the arm more units."};
}

void decide_all(Case& of) {
  for (std::size_t arm = 1; arm < of.plan.arms.size(); ++arm) {
    auto [decision, reason] = decide(of, arm);
    const internal::Window& window = of.windows[arm];
    of.verdict.arms.push_back({.arm = arm,
                               .decision = decision,
                               .reason = std::move(reason),
                               .days = window.days,
                               .units = window.units,
                               .control = window.control});
  }
}

base::Result<SampleRatio> ratio_of(const Plan& plan, const Aggregates& aggregates) {
  const auto phases = internal::allocation_of(plan, aggregates);
  // An experiment that gives nobody anything has no ratio to be wrong.
  if (phases.empty()) return SampleRatio{};
  return check_sample_ratio(phases, plan.sample_ratio);
}

}  // namespace

std::string_view name_of(Doubt doubt) {
  switch (doubt) {
    case Doubt::kSampleRatio:
      return "sample_ratio";
    case Doubt::kMixedUnits:
      return "mixed_units";
    case Doubt::kStrayUnits:
      return "stray_units";
    case Doubt::kTooShort:
      return "too_short";
    case Doubt::kPartialWeek:
      return "partial_week";
    case Doubt::kTooEarly:
      return "too_early";
    case Doubt::kChangedShares:
      return "changed_shares";
    case Doubt::kUnderpowered:
      return "underpowered";
    case Doubt::kUnmeasured:
      return "unmeasured";
    case Doubt::kGuardrailWorse:
      return "guardrail_worse";
    case Doubt::kGuardrailUncertain:
      return "guardrail_uncertain";
  }
  return "";
}

std::string_view name_of(Decision decision) {
  switch (decision) {
    case Decision::kDoNotBelieve:
      return "do_not_believe";
    case Decision::kWait:
      return "wait";
    case Decision::kShip:
      return "ship";
    case Decision::kStop:
      return "stop";
    case Decision::kNoDifference:
      return "no_difference";
    case Decision::kInconclusive:
      return "inconclusive";
  }
  return "";
}

base::Result<Verdict> read_experiment(const Plan& plan, const Aggregates& aggregates) {
  if (auto checked = check_plan(plan); !checked) return std::unexpected(checked.error());
  if (auto checked = check_aggregates(plan, aggregates); !checked) {
    return std::unexpected(checked.error());
  }
  auto ratio = ratio_of(plan, aggregates);
  if (!ratio) return std::unexpected(ratio.error());
  Case of{.plan = plan,
          .aggregates = aggregates,
          .windows = std::vector<internal::Window>(plan.arms.size()),
          .compared = internal::compare_all(plan, aggregates),
          .verdict = {}};
  of.verdict.sample_ratio = *std::move(ratio);
  of.verdict.results = internal::test_all(plan, of.compared);
  doubt_units(of);
  for (std::size_t arm = 1; arm < plan.arms.size(); ++arm) {
    of.windows[arm] = internal::window_of(plan, aggregates, arm);
    doubt_duration(of, arm);
  }
  doubt_metrics(of);
  doubt_results(of);
  of.verdict.is_believable =
      of.verdict.findings.empty() || of.verdict.findings.front().weight != Weight::kRefusal;
  decide_all(of);
  return std::move(of.verdict);
}

base::Result<std::vector<SliceResult>> read_by_slices(const Plan& plan,
                                                      const std::vector<Slice>& slices) {
  if (auto checked = check_plan(plan); !checked) return std::unexpected(checked.error());
  std::vector<SliceResult> made;
  std::vector<internal::Compared> all;
  for (const Slice& slice : slices) {
    if (auto checked = check_aggregates(plan, slice.aggregates); !checked) {
      return base::error(checked.error().code,
                         fmt::format("{}: {}", slice.name, checked.error().message));
    }
    auto ratio = ratio_of(plan, slice.aggregates);
    if (!ratio) return std::unexpected(ratio.error());
    ratio->p_value = std::min(1.0, ratio->p_value * static_cast<double>(slices.size()));
    ratio->is_mismatch &= ratio->p_value < plan.sample_ratio.alpha;
    made.push_back({.name = slice.name, .sample_ratio = *std::move(ratio), .results = {}});
    auto compared = internal::compare_all(plan, slice.aggregates);
    std::ranges::move(compared, std::back_inserter(all));
  }
  // One family of tests over all slices. Arms of different slices have no control in common, so
  // that Dunnett's test is of no use here; Holm's is.
  Plan together = plan;
  together.comparison = ArmComparison::kCorrection;
  const std::vector<MetricResult> tested = internal::test_all(together, all);
  std::size_t next = 0;
  for (std::size_t at = 0; at < all.size(); ++at) {
    if (!all[at].effect || next == tested.size()) continue;
    made[at * slices.size() / all.size()].results.push_back(tested[next++]);
  }
  return made;
}

}  // namespace hornbeam::experiment::stats

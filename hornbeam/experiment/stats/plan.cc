#include "hornbeam/experiment/stats/plan.h"

#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "hornbeam/experiment/stats/test.h"

namespace hornbeam::experiment::stats {
namespace {

using Checked = base::Result<void>;

Checked bad_plan(std::string message) {
  return base::error("bad_plan", std::move(message));
}

Checked check_phase(const Plan& plan, std::size_t at) {
  const PlanPhase& phase = plan.phases[at];
  if (phase.last_day < phase.first_day) {
    return bad_plan(fmt::format("phase {} ends on day {}, before it begins on day {}", at,
                                phase.last_day, phase.first_day));
  }
  if (at > 0 && phase.first_day <= plan.phases[at - 1].last_day) {
    return bad_plan(
        fmt::format("phase {} begins on day {}, while the one before it lasts until "
                    "day {}; a day belongs to one phase",
                    at, phase.first_day, plan.phases[at - 1].last_day));
  }
  if (phase.weights.size() != plan.arms.size()) {
    return bad_plan(fmt::format("phase {} has {} weights for {} arms", at, phase.weights.size(),
                                plan.arms.size()));
  }
  for (const double weight : phase.weights) {
    if (!(weight >= 0) || !std::isfinite(weight)) {
      return bad_plan(
          fmt::format("phase {} gives an arm the weight {}; weights are finite and not "
                      "below 0",
                      at, weight));
    }
  }
  return {};
}

Checked check_metric(const PlannedMetric& metric) {
  const double effect = metric.smallest_effect;
  if (metric.role == Role::kGoal && !(effect > 0 && std::isfinite(effect))) {
    return bad_plan(
        fmt::format("the smallest effect of the goal {} is {}; without one above 0 "
                    "nobody can say when the experiment has seen enough",
                    metric.name, effect));
  }
  if (metric.role == Role::kGuardrail && !(effect >= 0 && std::isfinite(effect))) {
    return bad_plan(fmt::format("the guardrail {} bears a loss of {}; give it without a sign",
                                metric.name, effect));
  }
  return {};
}

Checked check_reading(const Plan& plan) {
  if (plan.planned_days < 7 || plan.planned_days % 7 != 0) {
    return bad_plan(
        fmt::format("{} days are planned; plan whole weeks, since weekdays and weekends "
                    "are visited by different people",
                    plan.planned_days));
  }
  if (plan.comparison == ArmComparison::kDunnett && plan.reading != Reading::kFixed) {
    return bad_plan(
        "Dunnett's test is read once, at the planned end; plan a fixed reading, or "
        "correct by Holm");
  }
  const bool is_share = plan.largest_mixed_share >= 0 && plan.largest_mixed_share <= 1;
  if (!is_share) return bad_plan("the largest share of mixed units is a share, from 0 to 1");
  if (!(plan.tuned_for > 0) || !std::isfinite(plan.tuned_for)) {
    return bad_plan("a confidence sequence is tuned for a number of units above 0");
  }
  return {};
}

}  // namespace

base::Result<void> check_plan(const Plan& plan) {
  if (auto checked = check_alpha(plan.alpha); !checked) return checked;
  if (auto checked = check_alpha(plan.power, "power"); !checked) return checked;
  if (auto checked = check_alpha(plan.sample_ratio.alpha, "alpha of the sample ratio"); !checked) {
    return checked;
  }
  if (plan.arms.size() < 2) return bad_plan("a plan has a control and at least one other arm");
  if (plan.phases.empty()) return bad_plan("a plan has a phase at least, with the arms' shares");
  for (std::size_t at = 0; at < plan.phases.size(); ++at) {
    if (auto checked = check_phase(plan, at); !checked) return checked;
  }
  bool has_goal = false;
  for (const PlannedMetric& metric : plan.metrics) {
    if (auto checked = check_metric(metric); !checked) return checked;
    has_goal |= metric.role == Role::kGoal;
  }
  if (!has_goal) return bad_plan("without a goal metric there is nothing to decide by");
  return check_reading(plan);
}

base::Result<void> check_aggregates(const Plan& plan, const Aggregates& aggregates) {
  for (const DayAggregate& each : aggregates.days) {
    if (each.arm >= plan.arms.size()) {
      return base::error("bad_aggregates",
                         fmt::format("day {} has an aggregate of arm {}, and there are {} arms",
                                     each.day, each.arm, plan.arms.size()));
    }
    if (each.metrics.size() != plan.metrics.size()) {
      return base::error(
          "bad_aggregates",
          fmt::format("day {}, arm {} has {} metrics; the plan has {}", each.day,
                      plan.arms[each.arm], each.metrics.size(), plan.metrics.size()));
    }
    for (std::size_t at = 0; at < each.metrics.size(); ++at) {
      // The values of a quantile are events, not units.
      if (std::holds_alternative<Quantile>(each.metrics[at])) continue;
      if (units_of(each.metrics[at]) == each.units) continue;
      return base::error("bad_aggregates",
                         fmt::format("day {}, arm {}: {} units were exposed, and {} is over {}; "
                                     "units that did nothing count as 0",
                                     each.day, plan.arms[each.arm], each.units,
                                     plan.metrics[at].name, units_of(each.metrics[at])));
    }
  }
  return {};
}

}  // namespace hornbeam::experiment::stats

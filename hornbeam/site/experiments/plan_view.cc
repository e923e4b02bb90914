#include "hornbeam/site/experiments/plan_view.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "hornbeam/site/experiments/charts.h"
#include "hornbeam/site/experiments/results_view.h"

namespace hornbeam::site {
namespace {

namespace stats = experiment::stats;

std::string role_of(const experiment::Experiment& experiment, const std::string& key) {
  if (experiment.primary_metric == key) return std::string(role_name(stats::Role::kGoal));
  const auto& others = experiment.secondary_metrics;
  const bool is_other = std::find(others.begin(), others.end(), key) != others.end();
  return std::string(role_name(is_other ? stats::Role::kOther : stats::Role::kGuardrail));
}

std::string smallest_of(const MetricDefinition& metric) {
  return fmt::format("{:.3g} %", 100 * metric.smallest_effect);
}

std::string kind_of(const MetricDefinition& metric) {
  return fmt::format("{}, {} is better",
                     metric.is_mean ? "mean of each unit's sum" : "share of units that did it",
                     metric.better == stats::Better::kHigher ? "more" : "less");
}

std::string reading_of(const experiment::AnalysisPlan& plan) {
  if (plan.reading == stats::Reading::kFixed) {
    return "once, when the planned days are over, by Welch’s t test (proportions: z test)";
  }
  return fmt::format("on any day, by confidence sequences, narrowest at {} units",
                     count_text(plan.tuned_for));
}

std::string correction_of(const experiment::AnalysisPlan& plan, std::size_t arms) {
  if (arms == 1) return "one arm, so that there is nothing to correct";
  const bool is_dunnett = plan.comparison == stats::ArmComparison::kDunnett;
  return fmt::format("{} arms against one control, by {}", arms,
                     is_dunnett ? "Dunnett’s test" : "Holm’s method");
}

// Days that are complete, and the units of the smallest arm.
struct Seen {
  int days = 0;
  double units = 0;
};

Seen seen_of(const experiment::Experiment& experiment,
             const std::vector<experiment::DayResult>& counted, experiment::Time now) {
  const auto today = std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
  std::map<std::string, double> units;
  for (const auto& arm : experiment.arms) units[arm.key] = 0;
  std::int64_t first = today;
  std::int64_t last = today - 1;
  for (const auto& each : counted) {
    if (!each.row.metric.empty() || each.row.units <= 0 || each.day >= today) continue;
    first = std::min(first, each.day);
    units[each.row.arm] += static_cast<double>(each.row.units);
  }
  const auto end =
      std::chrono::floor<std::chrono::days>(experiment.ends_at - std::chrono::milliseconds(1));
  last = std::min<std::int64_t>(last, end.time_since_epoch().count());
  Seen seen{.days = static_cast<int>(std::max<std::int64_t>(0, last - first + 1)), .units = 0};
  const auto smallest =
      std::ranges::min_element(units, {}, [](const auto& each) { return each.second; });
  if (smallest != units.end()) seen.units = smallest->second;
  return seen;
}

std::string change_of(const MetricDefinition& recorded, const MetricDefinition& current) {
  std::vector<std::string> parts;
  const auto note = [&](const std::string& was, const std::string& is) {
    if (was != is) parts.push_back(fmt::format("“{}” instead of “{}”", is, was));
  };
  note(recorded.title, current.title);
  note(kind_of(recorded), kind_of(current));
  note(smallest_of(recorded), smallest_of(current));
  return fmt::format("{}: {}", recorded.title, fmt::join(parts, ", "));
}

}  // namespace

PlanView plan_view_of(const PlacedExperiment& placed, const std::vector<MetricDefinition>& current,
                      const std::vector<experiment::DayResult>& counted, experiment::Time now) {
  const experiment::Experiment& experiment = *placed.experiment;
  PlanView view;
  if (!experiment.plan) return view;
  const experiment::AnalysisPlan& plan = *experiment.plan;
  const Seen seen = seen_of(experiment, counted, now);
  view.recorded = long_time(plan.recorded_at);
  view.lines.push_back({"Read", reading_of(plan)});
  view.lines.push_back({"Error", fmt::format("alpha {:.3g} %, two-sided; power {:.3g} % for the "
                                             "smallest effect worth finding",
                                             100 * plan.alpha, 100 * plan.power)});
  const std::string control = compared_with(placed);
  const bool is_own = control != "control";
  view.lines.push_back(
      {"Compared with", is_own ? fmt::format("its own arm “{}”, whose units have as much of other "
                                             "lanes as those of every other arm",
                                             control)
                               : "the control of the domain, which sees defaults"});
  view.lines.push_back(
      {"Corrected for", correction_of(plan, experiment.arms.size() - (is_own ? 1 : 0))});
  view.lines.push_back({"Duration", fmt::format("{} days, which are {} weeks; {} are over",
                                                plan.days, plan.days / 7, seen.days)});
  view.lines.push_back(
      {"Sample",
       plan.units == 0
           ? fmt::format("no number was said; the smallest arm has {}", count_text(seen.units))
           : fmt::format("{} units of each arm; the smallest has {}",
                         count_text(static_cast<double>(plan.units)), count_text(seen.units))});
  for (const MetricDefinition& metric : plan.metrics) {
    view.metrics.push_back(
        {metric.title, role_of(experiment, metric.key), kind_of(metric), smallest_of(metric)});
    const MetricDefinition now_defined = experiment::definition_of(current, metric.key);
    if (now_defined != metric) view.changes.push_back(change_of(metric, now_defined));
  }
  return view;
}

}  // namespace hornbeam::site

#include "hornbeam/site/experiments/reading.h"

#include <algorithm>
#include <map>

namespace hornbeam::site {
namespace {

namespace stats = experiment::stats;
using experiment::DayResult;
using experiment::Phase;
using experiment::Time;

constexpr int kWeek = 7;
// Their verdict is refused anyway, and a page of 5 years has nothing to draw.
constexpr int kMostDays = 3'650;

int day_of(Time at) {
  return static_cast<int>(std::chrono::floor<std::chrono::days>(at).time_since_epoch().count());
}

// The last day on which something may still be given: the end is the first moment without.
int last_day_of(const experiment::Experiment& running) {
  return day_of(running.ends_at - std::chrono::milliseconds(1));
}

Days days_of(const experiment::Experiment& running, const std::vector<DayResult>& counted,
             Time now) {
  Days days{.first = 0, .last = std::min(day_of(now) - 1, last_day_of(running))};
  bool is_found = false;
  for (const DayResult& each : counted) {
    if (each.row.units <= 0 || !each.row.metric.empty()) continue;
    const int day = static_cast<int>(each.day);
    days.first = is_found ? std::min(days.first, day) : day;
    is_found = true;
  }
  if (!is_found) days.first = days.last + 1;
  days.first = std::max(days.first, days.last - kMostDays);
  return days;
}

// The arms that are compared, the one that they are compared with first.
std::vector<std::string> arms_of(const PlacedExperiment& placed) {
  std::vector<std::string> arms{compared_with(placed)};
  for (const auto& arm : placed.experiment->arms) {
    if (arm.key != arms[0]) arms.push_back(arm.key);
  }
  return arms;
}

std::vector<double> weights_of(const PlacedExperiment& placed, const Phase& phase) {
  std::vector<double> weights;
  for (const std::string& arm : arms_of(placed)) {
    weights.push_back(share_of_arm(placed, number_of_arm(*placed.experiment, arm), phase));
  }
  return weights;
}

// A day belongs to the phase that is on at its end.
std::vector<stats::PlanPhase> phases_of(const PlacedExperiment& placed, const Days& days) {
  std::vector<stats::PlanPhase> made;
  for (const Phase& phase : placed.experiment->phases) {
    const int first = std::max(days.first, day_of(phase.starts_at));
    if (!made.empty() && made.back().first_day >= first) made.pop_back();
    if (!made.empty()) made.back().last_day = first - 1;
    made.push_back(
        {.first_day = first, .last_day = days.last, .weights = weights_of(placed, phase)});
  }
  std::erase_if(made, [&](const auto& each) { return each.first_day > each.last_day; });
  return made;
}

stats::PlannedMetric planned(const std::vector<MetricDefinition>& definitions,
                             const std::string& key, stats::Role role) {
  const MetricDefinition definition = experiment::definition_of(definitions, key);
  return {.name = definition.title,
          .role = role,
          .better = definition.better,
          .lift = stats::Lift::kRelative,
          .smallest_effect = definition.smallest_effect};
}

struct PlannedMetrics {
  std::vector<stats::PlannedMetric> plan;
  std::vector<std::string> keys;
};

PlannedMetrics metrics_of(const experiment::Experiment& running,
                          const std::vector<MetricDefinition>& definitions) {
  PlannedMetrics made;
  const auto add = [&](const std::string& key, stats::Role role) {
    if (std::find(made.keys.begin(), made.keys.end(), key) != made.keys.end()) return;
    made.plan.push_back(planned(definitions, key, role));
    made.keys.push_back(key);
  };
  add(running.primary_metric, stats::Role::kGoal);
  for (const auto& key : running.secondary_metrics) add(key, stats::Role::kOther);
  for (const auto& key : running.guardrail_metrics) add(key, stats::Role::kGuardrail);
  return made;
}

// What was written down goes before what follows from the dates: ending an experiment sooner does
// not make its planned end earlier.
void follow(const experiment::AnalysisPlan& recorded, stats::Plan& plan) {
  plan.reading = recorded.reading;
  plan.comparison = recorded.comparison;
  plan.alpha = recorded.alpha;
  plan.power = recorded.power;
  plan.planned_days = static_cast<int>(recorded.days);
  plan.tuned_for = recorded.tuned_for;
}

stats::Sample sample(const MetricDefinition& definition, std::uint64_t units,
                     const experiment::ResultRow& row) {
  if (!definition.is_mean) {
    const auto did = static_cast<std::uint64_t>(std::max<std::int64_t>(0, row.units));
    return stats::Proportion{units, std::min(units, did)};
  }
  const auto summary = stats::Summary<1>::from_sums(units, {row.total}, {row.total_of_squares});
  return stats::Mean{summary ? *summary : stats::Summary<1>()};
}

// The place of an arm in the plan; the number of arms if there is none.
std::size_t place_of(const stats::Plan& plan, const std::string& arm) {
  const auto found = std::find(plan.arms.begin(), plan.arms.end(), arm);
  return static_cast<std::size_t>(found - plan.arms.begin());
}

}  // namespace

std::optional<PlacedExperiment> find_experiment(const experiment::Configuration& configuration,
                                                std::string_view key) {
  for (const auto& domain : configuration.domains) {
    for (const auto& lane : domain.lanes) {
      for (const auto& each : lane.experiments) {
        if (each.key == key) return PlacedExperiment{&domain, &lane, &each};
      }
    }
  }
  return std::nullopt;
}

Stage stage_of(const experiment::Experiment& experiment, Time now) {
  if (experiment.is_killed) return Stage::kKilled;
  if (now < experiment.starts_at) return Stage::kPlanned;
  return now < experiment.ends_at ? Stage::kRunning : Stage::kEnded;
}

const std::vector<MetricDefinition>& definitions_for(const experiment::Experiment& experiment,
                                                     const std::vector<MetricDefinition>& current) {
  return experiment.plan ? experiment.plan->metrics : current;
}

std::string compared_with(const PlacedExperiment& placed) {
  const auto& arms = placed.experiment->arms;
  const bool is_shared = placed.lane->mode == experiment::LaneMode::kOrthogonal ||
                         !placed.experiment->together_with.empty();
  const auto own = std::ranges::find_if(arms, [](const auto& arm) { return arm.values.empty(); });
  return is_shared && own != arms.end() && arms.size() > 1 ? own->key : "control";
}

int number_of_arm(const experiment::Experiment& experiment, std::string_view key) {
  for (std::size_t i = 0; i < experiment.arms.size(); ++i) {
    if (experiment.arms[i].key == key) return static_cast<int>(i);
  }
  return experiment::kControlArm;
}

double share_of_arm(const PlacedExperiment& placed, int arm, const Phase& phase) {
  const double control = placed.domain->control / 100;
  if (arm == experiment::kControlArm) return control;
  const double slice =
      placed.lane->mode == experiment::LaneMode::kExclusive ? placed.lane->share / 100 : 1;
  const auto place = static_cast<std::size_t>(arm);
  const double weight = place < phase.weights.size() ? phase.weights[place] / 100 : 0;
  return (1 - control) * slice * weight * phase.coverage / 100;
}

base::Result<Reading> make_reading(const PlacedExperiment& placed,
                                   const std::vector<MetricDefinition>& definitions,
                                   const std::vector<DayResult>& counted, std::int64_t mixed_units,
                                   Time now) {
  const experiment::Experiment& running = *placed.experiment;
  Reading reading;
  reading.days = days_of(running, counted, now);
  if (reading.days.first > reading.days.last) {
    return base::error("no_days", "there is no complete day with an exposure yet");
  }
  reading.plan.arms = arms_of(placed);
  reading.plan.phases = phases_of(placed, reading.days);
  PlannedMetrics metrics = metrics_of(running, definitions);
  reading.plan.metrics = metrics.plan;
  const int planned_days = last_day_of(running) - day_of(running.starts_at) + 1;
  reading.plan.planned_days = std::max(kWeek, planned_days / kWeek * kWeek);
  if (running.plan) follow(*running.plan, reading.plan);
  if (auto checked = stats::check_plan(reading.plan); !checked) {
    return std::unexpected(checked.error());
  }

  reading.metrics = std::move(metrics.keys);
  reading.aggregates = aggregates_of(reading, definitions, counted);
  reading.aggregates.mixed_units =
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, mixed_units));
  return reading;
}

stats::Aggregates aggregates_of(const Reading& reading,
                                const std::vector<MetricDefinition>& definitions,
                                const std::vector<DayResult>& counted) {
  stats::Aggregates made;
  made.last_complete_day = reading.days.last;
  std::map<std::pair<int, std::size_t>, std::map<std::string, experiment::ResultRow>> days;
  for (const DayResult& each : counted) {
    const std::size_t arm = place_of(reading.plan, each.row.arm);
    const int day = static_cast<int>(each.day);
    if (arm == reading.plan.arms.size() || day < reading.days.first) continue;
    experiment::ResultRow& row = days[{day, arm}][each.row.metric];
    row.units += each.row.units;
    row.total += each.row.total;
    row.total_of_squares += each.row.total_of_squares;
  }
  for (const auto& [place, rows] : days) {
    const auto exposed = rows.find("");
    if (exposed == rows.end() || exposed->second.units <= 0) continue;
    stats::DayAggregate day{.day = place.first, .arm = place.second, .units = 0, .metrics = {}};
    day.units = static_cast<std::uint64_t>(exposed->second.units);
    for (const std::string& key : reading.metrics) {
      const auto row = rows.find(key);
      day.metrics.push_back(sample(experiment::definition_of(definitions, key), day.units,
                                   row == rows.end() ? experiment::ResultRow{} : row->second));
    }
    made.days.push_back(std::move(day));
  }
  return made;
}

std::optional<stats::Sample> sample_of(const Reading& reading, std::size_t arm,
                                       std::size_t metric) {
  std::optional<stats::Sample> whole;
  for (const auto& day : reading.aggregates.days) {
    if (day.arm != arm || day.day > reading.days.last) continue;
    if (!whole) {
      whole = day.metrics.at(metric);
      continue;
    }
    auto both = stats::merged(*whole, day.metrics.at(metric));
    if (!both) return std::nullopt;
    whole = *std::move(both);
  }
  return whole;
}

}  // namespace hornbeam::site

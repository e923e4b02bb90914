#include "hornbeam/site/experiments/page_views.h"

#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/experiment/growthbook/value.h"
#include "hornbeam/experiment/segment.h"
#include "hornbeam/site/experiments/charts.h"
#include "hornbeam/site/experiments/results_view.h"

namespace hornbeam::site {
namespace {

using experiment::Standing;
using experiment::Time;

std::string_view stage_name(Stage stage) {
  switch (stage) {
    case Stage::kPlanned:
      return "planned";
    case Stage::kRunning:
      return "running";
    case Stage::kEnded:
      return "ended";
    case Stage::kKilled:
      break;
  }
  return "killed";
}

int day_of(Time at) {
  return static_cast<int>(std::chrono::floor<std::chrono::days>(at).time_since_epoch().count());
}

// The launch that an experiment became, if any.
const experiment::Launch* launch_of(const PlacedExperiment& placed) {
  for (const auto& launch : placed.lane->launches) {
    if (launch.key.starts_with(placed.experiment->key + "/")) return &launch;
  }
  return nullptr;
}

std::vector<StepView> life_of(const PlacedExperiment& placed, Time now) {
  const experiment::Experiment& each = *placed.experiment;
  const Stage stage = stage_of(each, now);
  const auto* launch = launch_of(placed);
  const auto state = [](bool is_done, bool is_now) {
    return std::string(is_done ? "done" : is_now ? "now" : "next");
  };
  const bool has_ended = stage == Stage::kEnded || stage == Stage::kKilled;
  std::vector<StepView> life;
  life.push_back({"Hypothesis", "said before", "done"});
  life.push_back({"Begins", long_time(each.starts_at), state(stage != Stage::kPlanned, true)});
  for (std::size_t i = 1; i < each.phases.size(); ++i) {
    life.push_back({fmt::format("Phase {}", i + 1), long_time(each.phases[i].starts_at),
                    state(each.phases[i].starts_at <= now, false)});
  }
  life.push_back({stage == Stage::kKilled ? "Killed" : "Ends", long_time(each.ends_at),
                  state(has_ended, stage == Stage::kRunning)});
  life.push_back({"Decision",
                  launch != nullptr ? "launched: " + launch->key.substr(each.key.size() + 1)
                                    : (has_ended ? "to be taken" : "after it was read"),
                  state(launch != nullptr, has_ended)});
  return life;
}

std::string standing_text(const experiment::Assignment& assignment) {
  switch (assignment.standing) {
    case Standing::kNone:
      return "no experiment runs";
    case Standing::kNoUnit:
      return "no such unit";
    case Standing::kHeldOut:
      return "in a holdout: kept out of everything";
    case Standing::kOtherLane:
      return "in another lane";
    case Standing::kNotCovered:
      return "not covered: the experiment takes a part of the lane";
    case Standing::kNotTargeted:
      return "not targeted: the condition does not hold";
    case Standing::kNotRequired:
      return "another parameter has not the value required";
    case Standing::kControl:
      return "control";
    case Standing::kArm:
      return "in an arm";
    case Standing::kForced:
      break;
  }
  return "forced, for QA: not counted";
}

std::string record_text(const experiment::UnitRecord& record) {
  std::string text = fmt::format("{} since {}", record.arm ? *record.arm : "several arms: left out",
                                 long_time(record.first_at));
  for (const auto& [name, value] : experiment::dimensions_of(record.segment)) {
    text += fmt::format(", {}: {}", name, value);
  }
  return text;
}

}  // namespace

ExperimentCard card_of(const PlacedExperiment& placed,
                       const std::vector<MetricDefinition>& definitions, Time now,
                       const std::string& prefix) {
  const experiment::Experiment& each = *placed.experiment;
  ExperimentCard card{
      .key = each.key,
      .href = prefix + "/e/" + base::percent_encode(each.key),
      .hypothesis = each.hypothesis,
      .stage = std::string(stage_name(stage_of(each, now))),
      .lane = placed.lane->key,
      .period = short_date(day_of(each.starts_at)) + " to " + short_date(day_of(each.ends_at)),
      .primary =
          experiment::definition_of(definitions_for(each, definitions), each.primary_metric).title,
      .arms = {},
      .life = life_of(placed, now)};
  for (const auto& arm : each.arms) card.arms += (card.arms.empty() ? "" : ", ") + arm.key;
  return card;
}

DomainView domain_of(const experiment::Domain& domain,
                     const std::vector<MetricDefinition>& definitions, Time now,
                     const std::string& prefix) {
  DomainView view{.key = domain.key,
                  .unit = std::string(experiment::to_string(domain.unit)),
                  .chart = lane_chart(domain, now, prefix),
                  .experiments = {}};
  std::vector<PlacedExperiment> all;
  for (const auto& lane : domain.lanes) {
    for (const auto& each : lane.experiments) all.push_back({&domain, &lane, &each});
  }
  std::ranges::sort(all, std::greater<>(), [](const PlacedExperiment& each) {
    return std::pair(each.experiment->starts_at, std::string_view(each.experiment->key));
  });
  for (const auto& each : all) view.experiments.push_back(card_of(each, definitions, now, prefix));
  return view;
}

std::vector<WhoView> who_of(const experiment::Snapshot& snapshot, const std::string& unit, Time now,
                            const std::vector<experiment::UnitRecord>& records) {
  experiment::Assignments assignments;
  const experiment::Units units{.user = unit, .session = unit, .organisation = unit};
  snapshot.assign({.units = units}, now, assignments);
  std::vector<WhoView> views;
  std::size_t index = 0;
  for (const auto& domain : snapshot.configuration().domains) {
    for (const auto& lane : domain.lanes) {
      const experiment::Assignment& each = assignments.all()[index++];
      WhoView view{.lane = lane.key,
                   .experiment = std::string(each.experiment_key()),
                   .arm = std::string(each.arm_key()),
                   .standing = standing_text(each)};
      for (const auto& parameter : lane.parameters) {
        const auto place = snapshot.find_parameter(parameter.name);
        if (!place) continue;
        view.values += (view.values.empty() ? "" : ", ") + parameter.name + " = " +
                       assignments.value(*place).json();
      }
      for (const auto& record : records) {
        if (record.experiment == each.experiment_key()) view.record = record_text(record);
      }
      views.push_back(std::move(view));
    }
  }
  return views;
}

std::vector<AuditView> audit_of(const std::vector<experiment::AuditEntry>& entries) {
  std::vector<AuditView> views;
  for (auto each = entries.rbegin(); each != entries.rend(); ++each) {
    views.push_back({each->version, long_time(each->at), each->actor, each->action, each->subject,
                     each->reason});
  }
  return views;
}

std::vector<ChoiceView> choices_of(const experiment::Configuration& configuration, Time now,
                                   const std::string& one, const std::string& other) {
  std::vector<ChoiceView> choices;
  for (const auto& domain : configuration.domains) {
    for (const auto& lane : domain.lanes) {
      for (const auto& each : lane.experiments) {
        if (stage_of(each, now) == Stage::kPlanned) continue;
        for (const auto& arm : each.arms) {
          const std::string value = each.key + "/" + arm.key;
          choices.push_back({value, each.key + ": " + arm.key, value == one, value == other});
        }
      }
    }
  }
  return choices;
}

}  // namespace hornbeam::site

#include "hornbeam/experiment/change.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "hornbeam/experiment/bucket.h"
#include "hornbeam/experiment/internal/shares.h"

namespace hornbeam::experiment {
namespace {

struct Found {
  Lane* lane = nullptr;
  Experiment* experiment = nullptr;
};

Found find(Configuration& configuration, std::string_view key) {
  for (Domain& domain : configuration.domains) {
    for (Lane& lane : domain.lanes) {
      for (Experiment& experiment : lane.experiments) {
        if (experiment.key == key) return {&lane, &experiment};
      }
    }
  }
  return {};
}

bool has_begun(const Experiment& experiment, Time now) {
  return experiment.starts_at <= now;
}

bool has_ended(const Experiment& experiment, Time now) {
  return experiment.ends_at <= now || experiment.is_killed;
}

// The experiment, which is running; or what to do since it is not.
base::Result<Found> running(Configuration& configuration, const std::string& key, Time now) {
  const Found found = find(configuration, key);
  if (found.experiment == nullptr) {
    return base::error("unknown",
                       fmt::format("there is no experiment \"{}\"; mend: take a key from "
                                   "the configuration",
                                   key));
  }
  if (!has_begun(*found.experiment, now)) {
    return base::error("not_running",
                       fmt::format("the experiment \"{}\" has not begun; mend: edit or "
                                   "delete it",
                                   key));
  }
  if (has_ended(*found.experiment, now)) {
    return base::error("not_running",
                       fmt::format("the experiment \"{}\" has ended; mend: begin another", key));
  }
  return found;
}

Change change(std::string actor, std::string action, std::string subject, std::string reason) {
  return {.actor = std::move(actor),
          .action = std::move(action),
          .subject = std::move(subject),
          .reason = std::move(reason),
          .edit = {}};
}

// What of an experiment may not change once it has begun, as text.
std::string fixed_part(Experiment experiment, const Experiment& like) {
  experiment.ends_at = like.ends_at;
  experiment.is_killed = like.is_killed;
  experiment.phases = like.phases;
  return base::to_json(experiment);
}

bool goes_on(const std::vector<Phase>& phases, const std::vector<Phase>& next, Time now) {
  if (next.size() < phases.size()) return false;
  for (std::size_t i = 0; i < next.size(); ++i) {
    const bool is_kept = i < phases.size() && base::to_json(phases[i]) == base::to_json(next[i]);
    if (!is_kept && (i < phases.size() || next[i].starts_at < now)) return false;
  }
  return true;
}

class ChangeChecker {
 public:
  ChangeChecker(const Configuration& next, Time now) : next_(next), now_(now) {}

  base::Problems check(const Configuration& current) {
    for (const Domain& domain : current.domains) {
      for (std::size_t i = 0; i < domain.lanes.size(); ++i) check_lane(domain, i);
    }
    return std::move(problems_);
  }

 private:
  void report(std::string message) {
    problems_.push_back({.path = {}, .message = std::move(message)});
  }

  const Domain* find_domain(const std::string& key) const {
    const auto found = std::find_if(next_.domains.begin(), next_.domains.end(),
                                    [&](const Domain& each) { return each.key == key; });
    return found == next_.domains.end() ? nullptr : &*found;
  }

  void check_lane(const Domain& domain, std::size_t index) {
    const Lane& lane = domain.lanes[index];
    const bool has_record = std::any_of(lane.experiments.begin(), lane.experiments.end(),
                                        [&](const auto& each) { return has_begun(each, now_); });
    if (!has_record) return;
    const Domain* next_domain = find_domain(domain.key);
    const auto next_lane =
        next_domain == nullptr
            ? std::vector<Lane>::const_iterator()
            : std::find_if(next_domain->lanes.begin(), next_domain->lanes.end(),
                           [&](const Lane& each) { return each.key == lane.key; });
    if (next_domain == nullptr || next_lane == next_domain->lanes.end()) {
      return report(
          fmt::format("the lane \"{}\" has experiments that were run; mend: keep it: their "
                      "record is part of it",
                      lane.key));
    }
    bool is_running = false;
    for (const Experiment& experiment : lane.experiments) {
      if (!has_begun(experiment, now_)) continue;
      check_experiment(experiment, *next_lane);
      is_running |= !has_ended(experiment, now_);
    }
    if (is_running) check_surroundings(domain, lane, *next_domain, *next_lane);
  }

  void check_experiment(const Experiment& experiment, const Lane& lane) {
    const auto next =
        std::find_if(lane.experiments.begin(), lane.experiments.end(),
                     [&](const Experiment& each) { return each.key == experiment.key; });
    if (next == lane.experiments.end()) {
      return report(
          fmt::format("the experiment \"{}\" was run, and its record is kept; mend: end it "
                      "instead of deleting it",
                      experiment.key));
    }
    const bool is_over = has_ended(experiment, now_);
    const bool is_same_end = next->ends_at == experiment.ends_at;
    const bool is_ended_sooner =
        !is_over && next->ends_at >= now_ && next->ends_at < experiment.ends_at;
    const bool is_revived = experiment.is_killed && !next->is_killed;
    const bool is_phased = is_over ? base::to_json(next->phases) == base::to_json(experiment.phases)
                                   : goes_on(experiment.phases, next->phases, now_);
    if (fixed_part(*next, experiment) == base::to_json(experiment) &&
        (is_same_end || is_ended_sooner) && !is_revived && is_phased) {
      return;
    }
    report(fmt::format("the experiment \"{}\" {}, so it cannot be changed; mend: {}",
                       experiment.key, is_over ? "has ended" : "is running",
                       is_over ? "begin another" : "end it, or begin another phase of it"));
  }

  // A lane's units must stay who they are while they are counted.
  void check_surroundings(const Domain& domain, const Lane& lane, const Domain& next_domain,
                          const Lane& next_lane) {
    const bool is_domain_kept =
        domain.unit == next_domain.unit && domain.control == next_domain.control &&
        domain.pool_salt == next_domain.pool_salt && domain.lane_salt == next_domain.lane_salt &&
        base::to_json(domain.holdouts) == base::to_json(next_domain.holdouts);
    const bool is_slice_kept = lane.mode == next_lane.mode && lane.share == next_lane.share &&
                               (lane.mode == LaneMode::kOrthogonal ||
                                start_of(domain, lane) == start_of(next_domain, next_lane));
    bool are_defaults_kept = true;
    for (const ParameterDefault& each : lane.parameters) {
      are_defaults_kept &= std::any_of(
          next_lane.parameters.begin(), next_lane.parameters.end(), [&](const auto& candidate) {
            return candidate.name == each.name && candidate.value.text == each.value.text;
          });
    }
    if (is_domain_kept && is_slice_kept && are_defaults_kept) return;
    report(
        fmt::format("the lane \"{}\" has an experiment that is running, so {} cannot change; mend: "
                    "end the experiment first{}",
                    lane.key,
                    !is_domain_kept  ? "the control, holdouts and salts of its domain"
                    : !is_slice_kept ? "which units it has"
                                     : "the defaults of its parameters",
                    is_slice_kept ? "" : ", or add lanes at the end of the list"));
  }

  static double start_of(const Domain& domain, const Lane& lane) {
    double start = 0;
    for (const Lane& each : domain.lanes) {
      if (each.key == lane.key) break;
      if (each.mode == LaneMode::kExclusive) start += each.share;
    }
    return start;
  }

  const Configuration& next_;
  Time now_;
  base::Problems problems_;
};

}  // namespace

Change replace_configuration(std::string actor, std::string reason, Configuration next) {
  Change made = change(std::move(actor), "replace", {}, std::move(reason));
  made.edit = [next = std::move(next)](Configuration& configuration, Time) -> base::Result<void> {
    configuration = next;
    return {};
  };
  return made;
}

Change end_experiment(std::string actor, std::string reason, std::string experiment) {
  Change made = change(std::move(actor), "end", experiment, std::move(reason));
  made.edit = [experiment = std::move(experiment)](Configuration& configuration,
                                                   Time now) -> base::Result<void> {
    const auto found = running(configuration, experiment, now);
    if (!found) return std::unexpected(found.error());
    found->experiment->ends_at = now;
    return {};
  };
  return made;
}

Change kill_experiment(std::string actor, std::string reason, std::string experiment) {
  Change made = change(std::move(actor), "kill", experiment, std::move(reason));
  made.edit = [experiment = std::move(experiment)](Configuration& configuration,
                                                   Time now) -> base::Result<void> {
    const auto found = running(configuration, experiment, now);
    if (!found) return std::unexpected(found.error());
    found->experiment->is_killed = true;
    return {};
  };
  return made;
}

Change begin_phase(std::string actor, std::string reason, std::string experiment,
                   std::vector<Percent> weights, Percent coverage) {
  Change made = change(std::move(actor), "phase", experiment, std::move(reason));
  made.edit = [experiment = std::move(experiment), weights = std::move(weights), coverage](
                  Configuration& configuration, Time now) -> base::Result<void> {
    const auto found = running(configuration, experiment, now);
    if (!found) return std::unexpected(found.error());
    found->experiment->phases.push_back({.starts_at = now,
                                         .salt = Salt::make(experiment).text(),
                                         .weights = weights,
                                         .coverage = coverage});
    return {};
  };
  return made;
}

Change promote_arm(std::string actor, std::string reason, std::string experiment, std::string arm,
                   std::vector<RampStep> ramp) {
  Change made = change(std::move(actor), "promote", experiment, std::move(reason));
  made.edit = [experiment = std::move(experiment), arm = std::move(arm), ramp = std::move(ramp)](
                  Configuration& configuration, Time now) -> base::Result<void> {
    const Found found = find(configuration, experiment);
    if (found.experiment == nullptr || !has_begun(*found.experiment, now)) {
      return base::error("unknown",
                         fmt::format("no experiment \"{}\" was run; mend: promote an arm of "
                                     "one that was",
                                     experiment));
    }
    const auto& arms = found.experiment->arms;
    const auto won =
        std::find_if(arms.begin(), arms.end(), [&](const Arm& each) { return each.key == arm; });
    if (won == arms.end()) {
      return base::error("unknown",
                         fmt::format("the experiment \"{}\" has no arm \"{}\"; mend: name "
                                     "one of its own",
                                     experiment, arm));
    }
    if (!has_ended(*found.experiment, now)) found.experiment->ends_at = now;
    std::vector<RampStep> steps = ramp;
    if (steps.empty()) steps.push_back({.at = now, .share = 100});
    found.lane->launches.push_back({.key = experiment + "/" + arm,
                                    .values = won->values,
                                    .salt = Salt::make(experiment + "/" + arm).text(),
                                    .ramp = std::move(steps),
                                    .is_killed = false});
    return {};
  };
  return made;
}

namespace {

// Whole weeks, one at least: what may be read only as such.
std::int64_t weeks_of(const Experiment& experiment) {
  const auto days = std::chrono::ceil<std::chrono::days>(experiment.ends_at) -
                    std::chrono::floor<std::chrono::days>(experiment.starts_at);
  return std::max<std::int64_t>(1, days.count() / 7);
}

void record_plan(Experiment& experiment, const std::vector<MetricDefinition>& metrics, Time now) {
  AnalysisPlan plan = experiment.plan.value_or(AnalysisPlan{});
  if (plan.recorded_at == Time{}) plan.recorded_at = now;
  if (plan.days == 0) plan.days = 7 * weeks_of(experiment);
  std::vector<std::string> keys{experiment.primary_metric};
  keys.insert(keys.end(), experiment.secondary_metrics.begin(), experiment.secondary_metrics.end());
  keys.insert(keys.end(), experiment.guardrail_metrics.begin(), experiment.guardrail_metrics.end());
  std::vector<MetricDefinition> recorded;
  for (const std::string& key : keys) {
    const bool is_said = std::any_of(plan.metrics.begin(), plan.metrics.end(),
                                     [&](const MetricDefinition& each) { return each.key == key; });
    recorded.push_back(definition_of(is_said ? plan.metrics : metrics, key));
  }
  plan.metrics = std::move(recorded);
  experiment.plan = std::move(plan);
}

}  // namespace

void record_plans(Configuration& next, const Configuration& current,
                  const std::vector<MetricDefinition>& metrics, Time now) {
  std::set<std::string_view> begun;
  for (const Domain& domain : current.domains) {
    for (const Lane& lane : domain.lanes) {
      for (const Experiment& each : lane.experiments) {
        if (has_begun(each, now)) begun.insert(each.key);
      }
    }
  }
  for (Domain& domain : next.domains) {
    for (Lane& lane : domain.lanes) {
      for (Experiment& each : lane.experiments) {
        if (!begun.contains(each.key)) record_plan(each, metrics, now);
      }
    }
  }
}

base::Problems problems_of_change(const Configuration& current, const Configuration& next,
                                  Time now) {
  return ChangeChecker(next, now).check(current);
}

}  // namespace hornbeam::experiment

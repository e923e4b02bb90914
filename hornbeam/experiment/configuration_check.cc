// What is wrong with a configuration: everything at once, each with its mend.

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "hornbeam/experiment/bucket.h"
#include "hornbeam/experiment/configuration.h"
#include "hornbeam/experiment/growthbook/condition.h"
#include "hornbeam/experiment/internal/shares.h"

namespace hornbeam::experiment {
namespace {

using base::Place;

std::string day(Time time) {
  return fmt::format("{:%Y-%m-%d %H:%M}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

class Checker {
 public:
  explicit Checker(const Configuration& configuration) : configuration_(configuration) {}

  base::Problems check() {
    const Place root;
    const Place domains = root.at("domains");
    for (std::size_t i = 0; i < configuration_.domains.size(); ++i) {
      check_domain(configuration_.domains[i], domains.at(i));
    }
    return std::move(problems_);
  }

 private:
  void report(const Place& place, std::string message) {
    problems_.push_back({.path = place.steps(), .message = std::move(message)});
  }

  void require_new(std::set<std::string>& known, const std::string& key, std::string_view what,
                   const Place& place) {
    if (!known.insert(key).second) {
      report(place.at("key"), fmt::format("there are two {} called \"{}\"; mend: give one of them "
                                          "another key",
                                          what, key));
    }
  }

  // A share that can be counted in buckets; 0 if it cannot.
  int share(Percent percent, const Place& place) {
    const std::optional<int> buckets = internal::buckets_of(percent);
    if (!buckets) {
      report(place,
             fmt::format("{} is no share; mend: a percentage from 0 to 100 with two decimals "
                         "at most",
                         percent));
    }
    return buckets.value_or(0);
  }

  void check_domain(const Domain& domain, const Place& place) {
    require_new(domains_, domain.key, "domains", place);
    share(domain.control, place.at("control"));
    int held_out = 0;
    const Place holdouts = place.at("holdouts");
    for (std::size_t i = 0; i < domain.holdouts.size(); ++i) {
      held_out += share(domain.holdouts[i].share, holdouts.at(i).at("share"));
    }
    if (held_out > kBuckets)
      report(holdouts, "the holdouts are more than everybody; mend: shrink one");
    int total = 0;
    const Place lanes = place.at("lanes");
    for (std::size_t i = 0; i < domain.lanes.size(); ++i) {
      const Lane& lane = domain.lanes[i];
      check_lane(lane, lanes.at(i));
      if (lane.mode == LaneMode::kExclusive) total += share(lane.share, lanes.at(i).at("share"));
    }
    if (total > kBuckets) {
      report(lanes, fmt::format("the shares of the exclusive lanes add up to {} %, more than 100; "
                                "mend: shrink one, or make a lane orthogonal",
                                total / 100.0));
    }
    check_requirements(domain, lanes);
  }

  void check_lane(const Lane& lane, const Place& place) {
    require_new(lanes_, lane.key, "lanes", place);
    if (lane.mode == LaneMode::kExclusive && lane.share == 0) {
      report(place.at("share"),
             "an exclusive lane without a share has nobody; mend: give it a part "
             "of the pool, or make it orthogonal");
    }
    const Place parameters = place.at("parameters");
    for (std::size_t i = 0; i < lane.parameters.size(); ++i) {
      const std::string& name = lane.parameters[i].name;
      const auto [known, is_new] = owners_.emplace(name, lane.key);
      if (!is_new) {
        report(
            parameters.at(i),
            fmt::format("the parameter \"{}\" belongs to the lane \"{}\" already; mend: experiment "
                        "on it there, or take it away there first",
                        name, known->second));
      }
    }
    const Place launches = place.at("launches");
    for (std::size_t i = 0; i < lane.launches.size(); ++i) {
      check_launch(lane, lane.launches[i], launches.at(i));
    }
    const Place experiments = place.at("experiments");
    for (std::size_t i = 0; i < lane.experiments.size(); ++i) {
      check_experiment(lane, lane.experiments[i], experiments.at(i));
    }
    check_timeline(lane, experiments);
  }

  void check_values(const Lane& lane, const ParameterValues& values, const Place& place) {
    for (const auto& [name, value] : values) {
      const bool is_owned =
          std::any_of(lane.parameters.begin(), lane.parameters.end(),
                      [&](const ParameterDefault& each) { return each.name == name; });
      if (is_owned) continue;
      std::string own;
      for (const ParameterDefault& each : lane.parameters) own += " \"" + each.name + "\"";
      report(
          place.at(name),
          fmt::format("the lane \"{}\" has no parameter \"{}\"; mend: use one of its own ({} ), or "
                      "add it to the lane",
                      lane.key, name, own));
    }
  }

  void check_launch(const Lane& lane, const Launch& launch, const Place& place) {
    require_new(launches_, launch.key, "launches", place);
    check_values(lane, launch.values, place.at("values"));
    const Place ramp = place.at("ramp");
    for (std::size_t i = 0; i < launch.ramp.size(); ++i) {
      share(launch.ramp[i].share, ramp.at(i).at("share"));
      if (i == 0) continue;
      if (launch.ramp[i].at <= launch.ramp[i - 1].at ||
          launch.ramp[i].share < launch.ramp[i - 1].share) {
        report(ramp.at(i),
               "a ramp goes up with time; mend: put its steps in order, or kill the "
               "launch to take it back");
      }
    }
  }

  void check_arms(const Lane& lane, const Experiment& experiment, const Place& place) {
    if (experiment.arms.empty()) {
      return report(place, "an experiment needs an arm to compare with the control; mend: add one");
    }
    int total = 0;
    std::set<std::string> keys;
    for (std::size_t i = 0; i < experiment.arms.size(); ++i) {
      const Arm& arm = experiment.arms[i];
      if (arm.key == "control") {
        report(place.at(i),
               "the arm \"control\" is there already: it is the domain's; mend: call "
               "an arm that gets the defaults \"baseline\"");
      }
      require_new(keys, arm.key, "arms", place.at(i));
      total += share(arm.weight, place.at(i).at("weight"));
      const Place at_arm = place.at(i);
      check_values(lane, arm.values, at_arm.at("values"));
    }
    if (total != kBuckets) {
      report(place,
             fmt::format("the weights add up to {} %, not to 100; mend: {} {} % {} one of them",
                         total / 100.0, total < kBuckets ? "add" : "take",
                         std::abs(kBuckets - total) / 100.0, total < kBuckets ? "to" : "from"));
    }
  }

  void check_partner(const Lane& lane, const Experiment& experiment, const Place& place) {
    if (experiment.together_with.empty()) return;
    for (const Domain& domain : configuration_.domains) {
      for (const Lane& other : domain.lanes) {
        if (other.key == lane.key) continue;
        for (const Experiment& each : other.experiments) {
          if (each.key == experiment.together_with) return;
        }
      }
    }
    report(place.at("together_with"),
           fmt::format("no other lane has an experiment \"{}\"; mend: name one that it is run "
                       "together with, or none",
                       experiment.together_with));
  }

  void check_experiment(const Lane& lane, const Experiment& experiment, const Place& place) {
    require_new(experiments_, experiment.key, "experiments", place);
    if (experiment.hypothesis.empty()) {
      report(place.at("hypothesis"),
             "say what is expected, and why, before it is known; mend: "
             "\"Green buttons are pressed more, since ...\"");
    }
    if (experiment.primary_metric.empty()) {
      report(place.at("primary_metric"), "one metric decides; mend: name it");
    }
    if (experiment.ends_at <= experiment.starts_at) {
      report(place.at("ends_at"), fmt::format("it ends ({}) before it starts ({}); mend: swap them",
                                              day(experiment.ends_at), day(experiment.starts_at)));
    }
    check_partner(lane, experiment, place);
    const Place arms = place.at("arms");
    check_arms(lane, experiment, arms);
    check_phases(experiment, place);
    if (!experiment.condition) return;
    const auto value = growthbook::Value::parse(experiment.condition->text);
    if (!value) return report(place.at("condition"), value.error().message);
    const auto condition = growthbook::Condition::compile(*value);
    if (!condition) return report(place.at("condition"), condition.error().message);
    for (const std::string& warning : condition->warnings()) {
      report(place.at("condition"), warning);
    }
  }

  void check_phases(const Experiment& experiment, const Place& place) {
    const Place phases = place.at("phases");
    for (std::size_t i = 0; i < experiment.phases.size(); ++i) {
      const Phase& phase = experiment.phases[i];
      share(phase.coverage, phases.at(i).at("coverage"));
      int total = 0;
      for (const Percent weight : phase.weights) total += share(weight, phases.at(i));
      if (phase.weights.size() != experiment.arms.size() || total != kBuckets) {
        report(phases.at(i),
               "a phase needs a weight for each arm, and they add up to 100; mend: "
               "list them in the order of the arms");
      }
      const bool is_late = i > 0 && phase.starts_at <= experiment.phases[i - 1].starts_at;
      if (is_late || phase.starts_at < experiment.starts_at ||
          phase.starts_at >= experiment.ends_at) {
        report(phases.at(i),
               "a phase starts within the experiment, after the one before; mend: "
               "change its start");
      }
    }
  }

  void check_timeline(const Lane& lane, const Place& place) {
    for (std::size_t i = 0; i < lane.experiments.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const Experiment& one = lane.experiments[j];
        const Experiment& other = lane.experiments[i];
        if (one.is_killed || other.is_killed) continue;
        if (one.starts_at >= other.ends_at || other.starts_at >= one.ends_at) continue;
        report(place.at(i),
               fmt::format("\"{}\" ({} to {}) and \"{}\" ({} to {}) are in the lane \"{}\" at the "
                           "same time; mend: start one when the other has ended, or put it into "
                           "another lane",
                           other.key, day(other.starts_at), day(other.ends_at), one.key,
                           day(one.starts_at), day(one.ends_at), lane.key));
      }
    }
  }

  // A lane asks lanes whose parameters its experiments require; nobody may be asked in a circle.
  void check_requirements(const Domain& domain, const Place& place) {
    std::map<std::string, std::set<std::string>> asked;
    for (std::size_t i = 0; i < domain.lanes.size(); ++i) {
      const Lane& lane = domain.lanes[i];
      const Place at_lane = place.at(i);
      const Place experiments = at_lane.at("experiments");
      for (std::size_t j = 0; j < lane.experiments.size(); ++j) {
        for (const Requirement& each : lane.experiments[j].requirements) {
          check_requirement(domain, lane, each, experiments.at(j), asked[lane.key]);
        }
      }
    }
    // Takes away lanes that ask none that is left; in what stays, each asks in a circle.
    for (bool is_smaller = true; is_smaller;) {
      is_smaller = std::erase_if(asked, [&](const auto& lane) {
                     return std::none_of(lane.second.begin(), lane.second.end(),
                                         [&](const auto& each) { return asked.contains(each); });
                   }) > 0;
    }
    if (asked.empty()) return;
    std::string circle;
    for (const auto& [lane, others] : asked) circle += " \"" + lane + "\"";
    report(place, fmt::format("the lanes{} require each other in a circle; mend: drop one of the "
                              "requirements",
                              circle));
  }

  void check_requirement(const Domain& domain, const Lane& lane, const Requirement& requirement,
                         const Place& place, std::set<std::string>& asked) {
    const auto owner =
        std::find_if(domain.lanes.begin(), domain.lanes.end(), [&](const Lane& each) {
          return std::any_of(
              each.parameters.begin(), each.parameters.end(),
              [&](const auto& parameter) { return parameter.name == requirement.parameter; });
        });
    if (owner == domain.lanes.end()) {
      return report(
          place.at("requirements"),
          fmt::format("no lane of the domain \"{}\" has the parameter \"{}\"; mend: require "
                      "one that it has",
                      domain.key, requirement.parameter));
    }
    const auto value = growthbook::Value::parse(requirement.value.text);
    if (!value || value->is_object() || value->is_array() || value->is_nullish()) {
      report(place.at("requirements"),
             "a required value is a text, a number or a truth value; "
             "mend: require a simpler parameter");
    }
    if (owner->key == lane.key) {
      report(place.at("requirements"),
             fmt::format("the parameter \"{}\" is the lane's own; mend: a requirement asks another "
                         "lane",
                         requirement.parameter));
    }
    asked.insert(owner->key);
  }

  const Configuration& configuration_;
  base::Problems problems_;
  std::set<std::string> domains_;
  std::set<std::string> lanes_;
  std::set<std::string> experiments_;
  std::set<std::string> launches_;
  std::map<std::string, std::string> owners_;
};

}  // namespace

base::Problems problems_of(const Configuration& configuration) {
  return Checker(configuration).check();
}

}  // namespace hornbeam::experiment

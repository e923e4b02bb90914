#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "hornbeam/experiment/internal/period.h"
#include "hornbeam/experiment/internal/shares.h"
#include "hornbeam/experiment/snapshot.h"

namespace hornbeam::experiment {

using growthbook::Value;
using internal::BucketRange;
using internal::CompiledDomain;
using internal::CompiledExperiment;
using internal::CompiledLane;
using internal::CompiledLaunch;

namespace {

// Whatever is asked here was checked before: shares are shares, JSON is JSON.
int buckets(Percent percent) {
  return internal::buckets_of(percent).value_or(0);
}

Value value_of(const base::RawJson& json) {
  return Value::parse(json.text).value_or(Value(nullptr));
}

std::vector<Value> values_of(const Lane& lane, const ParameterValues& values) {
  std::vector<Value> compiled;
  for (const ParameterDefault& parameter : lane.parameters) {
    const auto found = values.find(parameter.name);
    compiled.push_back(found == values.end() ? Value() : value_of(found->second));
  }
  return compiled;
}

// Each arm begins where all weights before it end, and has as much of its weight as is covered: an
// arm keeps its units when the coverage grows.
std::vector<BucketRange> ranges_of(const Phase& phase) {
  std::vector<BucketRange> ranges;
  int first = 0;
  for (const Percent weight : phase.weights) {
    ranges.push_back({first, first + buckets(weight) * buckets(phase.coverage) / kBuckets});
    first += buckets(weight);
  }
  return ranges;
}

CompiledExperiment compile_experiment(const Lane& lane, const Experiment& experiment) {
  CompiledExperiment compiled;
  compiled.definition = &experiment;
  compiled.from = experiment.starts_at;
  compiled.until = experiment.ends_at;
  if (experiment.condition) {
    auto condition = growthbook::Condition::compile(value_of(*experiment.condition));
    if (condition) compiled.condition = *std::move(condition);
  }
  for (const Phase& phase : experiment.phases) {
    compiled.phases.push_back({phase.starts_at, Salt(phase.salt), ranges_of(phase)});
  }
  for (const Arm& arm : experiment.arms) compiled.values.push_back(values_of(lane, arm.values));
  return compiled;
}

CompiledLane compile_lane(const Lane& lane, int& slice_start) {
  CompiledLane compiled;
  compiled.definition = &lane;
  if (lane.mode == LaneMode::kExclusive) {
    compiled.slice = BucketRange{slice_start, slice_start + buckets(lane.share)};
    slice_start = compiled.slice->end;
  }
  for (const ParameterDefault& parameter : lane.parameters) {
    compiled.defaults.push_back(value_of(parameter.value));
  }
  for (const Experiment& experiment : lane.experiments) {
    if (!experiment.is_killed) compiled.experiments.push_back(compile_experiment(lane, experiment));
  }
  std::sort(compiled.experiments.begin(), compiled.experiments.end(),
            [](const auto& left, const auto& right) { return left.from < right.from; });
  for (auto launch = lane.launches.rbegin(); launch != lane.launches.rend(); ++launch) {
    if (launch->is_killed) continue;
    CompiledLaunch ready{&*launch, Salt(launch->salt), {}, values_of(lane, launch->values)};
    for (const RampStep& step : launch->ramp) ready.ramp.emplace_back(step.at, buckets(step.share));
    compiled.launches.push_back(std::move(ready));
  }
  return compiled;
}

// Puts lanes after those they ask. Ends: requirements make no circle, which was checked before.
void order_lanes(CompiledDomain& domain, const std::vector<CompiledLane>& lanes) {
  std::vector<std::size_t> ordered;
  std::set<std::size_t> done;
  while (ordered.size() < domain.lanes.size()) {
    for (const std::size_t lane : domain.lanes) {
      if (done.contains(lane)) continue;
      const auto& experiments = lanes[lane].experiments;
      const bool is_ready =
          std::all_of(experiments.begin(), experiments.end(), [&](const auto& experiment) {
            return std::all_of(
                experiment.requirements.begin(), experiment.requirements.end(),
                [&](const auto& each) { return done.contains(each.parameter.lane); });
          });
      if (!is_ready) continue;
      ordered.push_back(lane);
      done.insert(lane);
    }
  }
  domain.lanes = std::move(ordered);
}

}  // namespace

Snapshot::Snapshot(Configuration configuration, std::int64_t version)
    : configuration_(std::move(configuration)),
      version_(version),
      version_text_(std::to_string(version)) {}

Snapshot::~Snapshot() = default;

base::Result<std::shared_ptr<const Snapshot>> Snapshot::make(Configuration configuration,
                                                             std::int64_t version) {
  complete(configuration);
  if (const base::Problems problems = problems_of(configuration); !problems.empty()) {
    std::string all;
    for (const base::Problem& problem : problems) {
      if (!all.empty()) all += "\n";
      all += problem.to_string();
    }
    return base::error("configuration", std::move(all));
  }
  const std::shared_ptr<Snapshot> snapshot(new Snapshot(std::move(configuration), version));
  if (auto compiled = snapshot->compile(); !compiled) return std::unexpected(compiled.error());
  return snapshot;
}

base::Result<void> Snapshot::compile() {
  for (const Domain& domain : configuration_.domains) {
    CompiledDomain compiled;
    compiled.definition = &domain;
    compiled.pool_salt = Salt(domain.pool_salt);
    compiled.lane_salt = Salt(domain.lane_salt);
    compiled.control = buckets(domain.control);
    for (const Holdout& holdout : domain.holdouts) {
      compiled.holdouts.emplace_back(Salt(holdout.salt), buckets(holdout.share));
    }
    compiled.first_lane = lanes_.size();
    int slice_start = 0;
    for (const Lane& lane : domain.lanes) {
      if (lane.launches.size() > 32) {
        return base::error(
            "configuration",
            fmt::format("the lane \"{}\" has {} launches, more than 32; mend: make the "
                        "values of finished ones the defaults, and drop them",
                        lane.key, lane.launches.size()));
      }
      compiled.lanes.push_back(lanes_.size());
      lanes_.push_back(compile_lane(lane, slice_start));
      lanes_.back().index = lanes_.size() - 1;
      compiled.has_exclusive_lanes |= lane.mode == LaneMode::kExclusive;
      for (std::size_t i = 0; i < lane.parameters.size(); ++i) {
        parameters_.emplace(lane.parameters[i].name, ParameterPlace{lanes_.size() - 1, i});
      }
      for (const Experiment& each : lane.experiments) experiments_.emplace(each.key, &each);
    }
    domains_.push_back(std::move(compiled));
  }
  for (CompiledLane& lane : lanes_) {
    for (CompiledExperiment& experiment : lane.experiments) {
      for (const Requirement& each : experiment.definition->requirements) {
        experiment.requirements.push_back({*find_parameter(each.parameter), value_of(each.value)});
      }
    }
  }
  for (CompiledDomain& domain : domains_) {
    order_lanes(domain, lanes_);
    timelines_.push_back(internal::timeline_of(domain, lanes_));
  }
  return {};
}

}  // namespace hornbeam::experiment

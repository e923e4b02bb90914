#pragma once

// What a snapshot is made of: shares counted in buckets, salts hashed, values parsed, and lanes in
// an order in which each comes after those that its experiments ask.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/experiment/bucket.h"
#include "hornbeam/experiment/configuration.h"
#include "hornbeam/experiment/growthbook/condition.h"
#include "hornbeam/experiment/growthbook/value.h"
#include "hornbeam/experiment/snapshot.h"

namespace hornbeam::experiment::internal {

/// Buckets from `first` up to, not including, `end`.
struct BucketRange {
  int first = 0;
  int end = 0;
  bool contains(int bucket) const noexcept { return bucket >= first && bucket < end; }
};

struct CompiledRequirement {
  ParameterPlace parameter;
  growthbook::Value value;
};

struct CompiledPhase {
  Time from{};
  Salt salt;
  std::vector<BucketRange> arms;
};

struct CompiledExperiment {
  const Experiment* definition = nullptr;
  Time from{};
  Time until{};
  growthbook::Condition condition;
  std::vector<CompiledRequirement> requirements;
  std::vector<CompiledPhase> phases;
  /// By arm, then by the lane's parameter; undefined where the arm keeps the default.
  std::vector<std::vector<growthbook::Value>> values;

  std::size_t phase_at(Time now) const noexcept {
    std::size_t phase = 0;
    while (phase + 1 < phases.size() && phases[phase + 1].from <= now) ++phase;
    return phase;
  }
};

struct CompiledLaunch {
  const Launch* definition = nullptr;
  Salt salt;
  std::vector<std::pair<Time, int>> ramp;  // buckets from then on
  std::vector<growthbook::Value> values;   // by the lane's parameter

  int buckets_at(Time now) const noexcept {
    int buckets = 0;
    for (const auto& [at, share] : ramp) {
      if (at <= now) buckets = share;
    }
    return buckets;
  }
};

struct CompiledLane {
  const Lane* definition = nullptr;
  std::size_t index = 0;
  std::optional<BucketRange> slice;  // of the domain's lane buckets, if exclusive
  std::vector<growthbook::Value> defaults;
  std::vector<CompiledExperiment> experiments;  // by their start
  std::vector<CompiledLaunch> launches;         // the newest first

  const CompiledExperiment* running_at(Time now) const noexcept {
    // They do not overlap, so that their ends are in order too.
    const auto next = std::partition_point(
        experiments.begin(), experiments.end(),
        [now](const CompiledExperiment& experiment) { return experiment.until <= now; });
    return next != experiments.end() && next->from <= now ? &*next : nullptr;
  }
};

struct CompiledDomain {
  const Domain* definition = nullptr;
  Salt pool_salt;
  Salt lane_salt;
  int control = 0;  // buckets
  std::vector<std::pair<Salt, int>> holdouts;
  std::size_t first_lane = 0;      // the domain's lanes are one after the other
  std::vector<std::size_t> lanes;  // in the order in which they can be assigned
  bool has_exclusive_lanes = false;
};

}  // namespace hornbeam::experiment::internal

#pragma once

// Reading: from an experiment's configuration and counted days to what its page says. The plan
// follows from the configuration, which nobody can edit once the experiment runs, so that nothing
// about the reading is chosen by its result.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/configuration.h"
#include "hornbeam/experiment/ingest.h"
#include "hornbeam/experiment/stats/combination.h"
#include "hornbeam/experiment/stats/verdict.h"

namespace hornbeam::site {

/// What a metric is, for pages.
struct MetricDefinition {
  std::string key;    ///< As events and the configuration name it.
  std::string title;  ///< For people; empty: the key.
  /// Which way is good.
  experiment::stats::Better better = experiment::stats::Better::kHigher;
  /// The smallest effect worth finding, and of a guardrail the loss that can be borne; relative.
  double smallest_effect = 0.05;
  /// Whether it is the mean of values for each unit, instead of the share of units that did it.
  bool is_mean = false;
};

/// An experiment and where it stands in the configuration.
struct PlacedExperiment {
  const experiment::Domain* domain = nullptr;
  const experiment::Lane* lane = nullptr;
  const experiment::Experiment* experiment = nullptr;
};

/// An experiment by its key; nothing if there is none. Lifetime: the configuration's.
std::optional<PlacedExperiment> find_experiment(const experiment::Configuration& configuration,
                                                std::string_view key);

/// Where an experiment is in its life.
enum class Stage : std::uint8_t { kPlanned, kRunning, kEnded, kKilled };
/// See `Stage`.
Stage stage_of(const experiment::Experiment& experiment, experiment::Time now);

/// The definition of a metric; one made of the key where nobody gave any.
MetricDefinition definition_of(const std::vector<MetricDefinition>& definitions,
                               std::string_view key);

/// The share of the domain's units that an arm (or the control, `experiment::kControlArm`) has in
/// a phase. From 0 to 1.
double share_of_arm(const PlacedExperiment& placed, int arm, const experiment::Phase& phase);

/// The days that are read: from the first exposure on, complete ones only.
struct Days {
  int first = 0;  ///< Since 1970.
  int last = 0;   ///< Included; before `first` if there is none.
};

/// What an experiment is read by, and what was counted.
struct Reading {
  experiment::stats::Plan plan;
  experiment::stats::Aggregates aggregates;
  Days days;
  std::vector<std::string> metrics;  ///< The keys of the plan's metrics, in its order.
};

/// Makes the plan, and puts what was counted into its order. Errors: "no_days" while there is no
/// complete day with an exposure; those of `stats::check_plan`.
base::Result<Reading> make_reading(const PlacedExperiment& placed,
                                   const std::vector<MetricDefinition>& definitions,
                                   const std::vector<experiment::DayResult>& counted,
                                   std::int64_t mixed_units, experiment::Time now);

/// What was counted, in the order of `reading`'s plan.
experiment::stats::Aggregates aggregates_of(const Reading& reading,
                                            const std::vector<MetricDefinition>& definitions,
                                            const std::vector<experiment::DayResult>& counted);

/// An arm's sample of one metric, over all complete days.
std::optional<experiment::stats::Sample> sample_of(const Reading& reading, std::size_t arm,
                                                   std::size_t metric);

}  // namespace hornbeam::site

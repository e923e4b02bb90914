#pragma once

// Reading: from an experiment's record and counted days to what its page says. It goes by the plan
// that was written down when the experiment was, which nobody can edit once it runs, so that
// nothing about the reading is chosen by its result.

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

using experiment::MetricDefinition;

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

/// What an experiment's metrics are: as its plan recorded them; else, of one that began before
/// plans were recorded, as the program has them now.
const std::vector<MetricDefinition>& definitions_for(const experiment::Experiment& experiment,
                                                     const std::vector<MetricDefinition>& current);

/// What an experiment's arms are compared with: its own arm without values, if it has one and
/// shares its units with other lanes, since the domain's control has nothing of those lanes either;
/// else "control".
std::string compared_with(const PlacedExperiment& placed);
/// The number of an arm: `experiment::kControlArm` for "control" and for what is no arm.
int number_of_arm(const experiment::Experiment& experiment, std::string_view key);

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

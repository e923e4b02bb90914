#pragma once

// Changes: what may be done to a configuration while it runs. An experiment that has begun is not
// edited, or its figures would be of nothing: it is ended, killed, or goes into another phase with
// a new salt.

#include <functional>
#include <string>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/configuration.h"

namespace hornbeam::experiment {

/// One change, and who makes it: what the audit tells.
struct Change {
  std::string actor;    ///< Who.
  std::string action;   ///< What, in a word, such as "end".
  std::string subject;  ///< The key of what is changed; empty for everything.
  std::string reason;   ///< Why, for those who read it later.
  /// Makes the change, as of a time. May run more than once.
  std::function<base::Result<void>(Configuration&, Time now)> edit;
};

/// Everything is as `next` says, as far as that is allowed.
Change replace_configuration(std::string actor, std::string reason, Configuration next);
/// The experiment ends now.
Change end_experiment(std::string actor, std::string reason, std::string experiment);
/// The experiment is off at once, and was a mistake.
Change kill_experiment(std::string actor, std::string reason, std::string experiment);
/// The experiment goes on with a new salt, other weights (in the order of its arms) and coverage.
Change begin_phase(std::string actor, std::string reason, std::string experiment,
                   std::vector<Percent> weights, Percent coverage);
/// The arm has won: the experiment ends, if it has not, and the arm's values are on their way to be
/// the defaults. An empty ramp means everybody, at once.
Change promote_arm(std::string actor, std::string reason, std::string experiment, std::string arm,
                   std::vector<RampStep> ramp);

/// Writes down how experiments of `next` will be read, by `metrics`, where that is not said: of
/// those that are new, or have not begun. What has begun without a plan goes on without one.
void record_plans(Configuration& next, const Configuration& current,
                  const std::vector<MetricDefinition>& metrics, Time now);

/// What in `next` may not follow `now` after `current`, each with its mend.
base::Problems problems_of_change(const Configuration& current, const Configuration& next,
                                  Time now);

}  // namespace hornbeam::experiment

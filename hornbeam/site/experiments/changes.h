#pragma once

// What forms ask for, as changes of the configuration.

#include <optional>
#include <string>
#include <vector>

#include "hornbeam/base/describe.h"
#include "hornbeam/base/result.h"
#include "hornbeam/base/rules.h"
#include "hornbeam/experiment/change.h"

namespace hornbeam::site {

/// A change of one experiment, as its page's forms send it.
struct ChangeForm {
  std::string action;      ///< "end", "kill", "phase" or "promote".
  std::string reason;      ///< For the audit.
  std::string weights{};   ///< Of "phase": of the arms, in their order, such as "50 50".
  double coverage = 100;   ///< Of "phase".
  std::string arm{};       ///< Of "promote".
  std::int64_t weeks = 0;  ///< Of "promote": how long the ramp takes; 0: at once.
};

/// A new experiment.
struct StartForm {
  std::string lane;
  std::string key;
  std::string hypothesis;
  std::string primary;
  std::string secondary{};   ///< Separated by commas or spaces.
  std::string guardrails{};  ///< The same.
  /// One a line: key, weight, and parameters: "green 50 pieces.colour=green".
  std::string arms;
  std::int64_t days = 0;               ///< From now on until it begins.
  std::int64_t weeks = 2;              ///< How long it runs.
  std::string reading = "sequential";  ///< Of the plan: or "fixed".
  std::int64_t units = 0;              ///< Of each arm, as planned; 0: not said.
  std::string reason;
};

/// What a form of an experiment's page asks for. Errors: "form": what is wrong, and the mend.
base::Result<experiment::Change> change_of(const ChangeForm& form, const std::string& actor,
                                           const std::string& experiment, experiment::Time now);

/// A new experiment. Errors: "form".
base::Result<experiment::Change> start_of(const StartForm& form, const std::string& actor);

/// An arm of an experiment.
struct ArmOf {
  std::string experiment;
  std::string arm;
};

/// Two winners of exclusive lanes, run together: both lanes become orthogonal, and each gets an
/// experiment of its winner against nothing, so that all four combinations are measured; each names
/// the other (`Experiment::together_with`). The experiments themselves must have ended. Errors of
/// its edit: "unknown".
experiment::Change follow_up(const std::string& actor, const ArmOf& one, const ArmOf& other,
                             std::int64_t weeks);

/// The names that forms have for the members.
constexpr auto describe(base::Type<ChangeForm>) {
  using base::field;
  using base::or_default;
  return base::fields(
      field("action", &ChangeForm::action, base::length(1, 20)),
      field("reason", &ChangeForm::reason, base::length(1, 1'000)),
      field("weights", &ChangeForm::weights, or_default),
      field("coverage", &ChangeForm::coverage, or_default, base::range(0.01, 100.0)),
      field("arm", &ChangeForm::arm, or_default),
      field("weeks", &ChangeForm::weeks, or_default, base::range(0, 52)));
}
constexpr auto describe(base::Type<StartForm>) {
  using base::field;
  using base::length;
  using base::or_default;
  return base::fields(field("lane", &StartForm::lane, length(1, 100)),
                      field("key", &StartForm::key, length(1, 100)),
                      field("hypothesis", &StartForm::hypothesis, length(1, 2'000)),
                      field("primary", &StartForm::primary, length(1, 100)),
                      field("secondary", &StartForm::secondary, or_default),
                      field("guardrails", &StartForm::guardrails, or_default),
                      field("arms", &StartForm::arms, length(1, 10'000)),
                      field("days", &StartForm::days, or_default, base::range(0, 365)),
                      field("weeks", &StartForm::weeks, or_default, base::range(1, 52)),
                      field("reading", &StartForm::reading, or_default),
                      field("units", &StartForm::units, or_default, base::range(0, 1'000'000'000)),
                      field("reason", &StartForm::reason, length(1, 1'000)));
}

}  // namespace hornbeam::site

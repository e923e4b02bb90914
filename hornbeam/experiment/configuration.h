#pragma once

// Configuration: domains, their lanes, and the experiments of each lane, as people write and store
// them. `problems_of` says what is wrong with one; `Snapshot` is made of one that is right.
//
//   domain "web" (units: users)
//     control 50 %   sees defaults, and what was launched; the control of every experiment
//     pool 50 %      lane "colours" (half of it)   parameter button.colour   experiment, experiment
//                    lane "layout" (half of it)    parameter page.layout     experiment
//
// A lane owns parameters, and no two lanes own the same: code asks a parameter, and which
// experiment answers is the lane's timeline's business.

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/describe.h"
#include "hornbeam/base/json.h"
#include "hornbeam/base/problem.h"
#include "hornbeam/base/rules.h"
#include "hornbeam/experiment/analysis_plan.h"

namespace hornbeam::experiment {

/// A point in time, by the system's clock.
using Time = std::chrono::system_clock::time_point;
/// A share in percent, of two decimals at most.
using Percent = double;
/// Values by parameter, as JSON.
using ParameterValues = std::map<std::string, base::RawJson>;

/// What is divided among arms, and hashed.
enum class UnitKind : std::uint8_t { kUser, kSession, kOrganisation };
/// How lanes share a domain's pool.
enum class LaneMode : std::uint8_t {
  kExclusive,   ///< A unit is in one such lane at most: each has a slice of the pool.
  kOrthogonal,  ///< The lane spans the whole pool, independently of every other.
};

/// Their words in JSON: "user", "session", "organisation"; "exclusive", "orthogonal".
std::string_view to_string(UnitKind kind) noexcept;
std::string_view to_string(LaneMode mode) noexcept;

/// What some units get: values for parameters of the lane.
struct Arm {
  std::string key;         ///< "control" is taken: it is the domain's control.
  Percent weight = 0;      ///< Of the lane's units; the weights of all arms add up to 100.
  ParameterValues values;  ///< A parameter that is missing keeps its default.
};

/// A time in which nothing about an experiment changed. The next phase divides units anew.
struct Phase {
  /// Until the next one starts, or the experiment ends.
  Time starts_at{};
  std::string salt;              ///< Given by `Lanes`; a new one for every phase.
  std::vector<Percent> weights;  ///< Of the arms, in their order.
  Percent coverage = 100;        ///< How many of the lane's units take part.
};

/// Another parameter must have a certain value for the unit first.
struct Requirement {
  std::string parameter;  ///< Of another lane of the same domain.
  base::RawJson value;    ///< A text, a number or a truth value.
};

/// A question that is put to units for a time.
struct Experiment {
  std::string key;         ///< Unique in the configuration, ever.
  std::string hypothesis;  ///< What is expected, and why: it must be said before.
  /// Besides the control.
  std::vector<Arm> arms;
  std::optional<base::RawJson> condition = {};  ///< Over the unit's attributes, as GrowthBook's.
  /// All must hold.
  std::vector<Requirement> requirements;
  std::string primary_metric;                  ///< What decides.
  std::vector<std::string> secondary_metrics;  ///< What is looked at beside it.
  std::vector<std::string> guardrail_metrics;  ///< What must not get worse.
  /// Not before; the clock decides.
  Time starts_at{};
  /// The first moment that is not part of it.
  Time ends_at{};
  std::vector<Phase> phases;  ///< The first begins with the experiment. Given by `Lanes`.
  bool is_killed = false;     ///< Off at once, whatever the dates say.
  /// How it will be read. What is not said is given by `Lanes`, when the experiment is new.
  std::optional<AnalysisPlan> plan = {};
  /// The experiment of another lane that this one is run together with, to see what both do; empty
  /// if there is none.
  std::string together_with{};
};

/// A step of a ramp: from then on this share has the new values.
struct RampStep {
  /// From when on.
  Time at{};
  /// Of the units of the lane.
  Percent share = 0;
};

/// Values that are on their way to be the defaults: what a won experiment becomes.
struct Launch {
  std::string key;  ///< Unique in the configuration.
  /// What the units get.
  ParameterValues values;
  std::string salt;            ///< Given by `Lanes`.
  std::vector<RampStep> ramp;  ///< In order of time; shares never fall.
  bool is_killed = false;      ///< Off at once.
};

/// Something that code asks, and its value for everybody who is in no experiment.
struct ParameterDefault {
  /// Unique in the domain.
  std::string name;
  /// A text, a number or a truth value.
  base::RawJson value;
};

/// A part of the product that is experimented on, one experiment at a time.
struct Lane {
  std::string key;  ///< Unique in the configuration.
  /// How it shares the pool with others.
  LaneMode mode = LaneMode::kExclusive;
  Percent share = 0;  ///< Of the pool, if the lane is exclusive: all shares add up to 100 at most.
  /// Those it owns: no other lane may have them.
  std::vector<ParameterDefault> parameters;
  /// What was won, on its way to be the default.
  std::vector<Launch> launches;
  /// Their times do not overlap.
  std::vector<Experiment> experiments;
};

/// Units that are kept out of everything, to see what all launches together have changed.
struct Holdout {
  /// Unique in the configuration.
  std::string key;
  /// Of all units of the domain.
  Percent share = 0;
  std::string salt;  ///< Given by `Lanes`.
};

/// Lanes that divide the same units.
struct Domain {
  /// Unique in the configuration.
  std::string key;
  /// What is divided.
  UnitKind unit = UnitKind::kUser;
  Percent control = 50;   ///< The share that is the control of all experiments; the rest is pool.
  std::string pool_salt;  ///< Divides control from pool. Given by `Lanes`, as the next.
  std::string lane_salt;  ///< Divides the pool among exclusive lanes.
  /// Out of everything in the domain.
  std::vector<Holdout> holdouts;
  /// Which divide the pool.
  std::vector<Lane> lanes;
};

/// Everything.
struct Configuration {
  /// Each divides units of its own.
  std::vector<Domain> domains;
};

/// Everything that is wrong with `configuration`, each with its mend; nothing if it can run.
base::Problems problems_of(const Configuration& configuration);
/// Gives every domain, holdout, phase and launch that has no salt one of its own, and every
/// experiment that has no phase its first.
void complete(Configuration& configuration);

/// The names that JSON has for the members.
constexpr auto describe(base::Type<Arm>) {
  return base::fields(base::field("key", &Arm::key, base::length(1, 100)),
                      base::field("weight", &Arm::weight, base::range(0.0, 100.0)),
                      base::field("values", &Arm::values, base::or_default));
}
constexpr auto describe(base::Type<Phase>) {
  return base::fields(
      base::field("starts_at", &Phase::starts_at), base::field("salt", &Phase::salt),
      base::field("weights", &Phase::weights),
      base::field("coverage", &Phase::coverage, base::or_default, base::range(0.0, 100.0)));
}
constexpr auto describe(base::Type<Requirement>) {
  return base::fields(base::field("parameter", &Requirement::parameter),
                      base::field("value", &Requirement::value));
}
constexpr auto describe(base::Type<Experiment>) {
  using base::field;
  using base::or_default;
  return base::fields(
      field("key", &Experiment::key, base::length(1, 100)),
      field("hypothesis", &Experiment::hypothesis), field("arms", &Experiment::arms),
      field("condition", &Experiment::condition),
      field("requirements", &Experiment::requirements, or_default),
      field("primary_metric", &Experiment::primary_metric),
      field("secondary_metrics", &Experiment::secondary_metrics, or_default),
      field("guardrail_metrics", &Experiment::guardrail_metrics, or_default),
      field("starts_at", &Experiment::starts_at), field("ends_at", &Experiment::ends_at),
      field("phases", &Experiment::phases, or_default),
      field("is_killed", &Experiment::is_killed, or_default), field("plan", &Experiment::plan),
      field("together_with", &Experiment::together_with, or_default));
}
constexpr auto describe(base::Type<RampStep>) {
  return base::fields(base::field("at", &RampStep::at), base::field("share", &RampStep::share));
}
constexpr auto describe(base::Type<Launch>) {
  return base::fields(base::field("key", &Launch::key, base::length(1, 100)),
                      base::field("values", &Launch::values),
                      base::field("salt", &Launch::salt, base::or_default),
                      base::field("ramp", &Launch::ramp),
                      base::field("is_killed", &Launch::is_killed, base::or_default));
}
constexpr auto describe(base::Type<ParameterDefault>) {
  return base::fields(base::field("name", &ParameterDefault::name, base::length(1, 100)),
                      base::field("value", &ParameterDefault::value));
}
constexpr auto describe(base::Type<Lane>) {
  return base::fields(base::field("key", &Lane::key, base::length(1, 100)),
                      base::field("mode", &Lane::mode, base::or_default),
                      base::field("share", &Lane::share, base::or_default),
                      base::field("parameters", &Lane::parameters),
                      base::field("launches", &Lane::launches, base::or_default),
                      base::field("experiments", &Lane::experiments, base::or_default));
}
constexpr auto describe(base::Type<Holdout>) {
  return base::fields(base::field("key", &Holdout::key), base::field("share", &Holdout::share),
                      base::field("salt", &Holdout::salt, base::or_default));
}
constexpr auto describe(base::Type<Domain>) {
  return base::fields(base::field("key", &Domain::key, base::length(1, 100)),
                      base::field("unit", &Domain::unit, base::or_default),
                      base::field("control", &Domain::control, base::or_default),
                      base::field("pool_salt", &Domain::pool_salt, base::or_default),
                      base::field("lane_salt", &Domain::lane_salt, base::or_default),
                      base::field("holdouts", &Domain::holdouts, base::or_default),
                      base::field("lanes", &Domain::lanes, base::or_default));
}
constexpr auto describe(base::Type<Configuration>) {
  return base::fields(base::field("domains", &Configuration::domains, base::or_default));
}

}  // namespace hornbeam::experiment

/// A unit kind as its word.
template <>
struct hornbeam::base::JsonCodec<hornbeam::experiment::UnitKind> {
  static void write(std::string& out, hornbeam::experiment::UnitKind kind);
  static void read(JsonReader& reader, JsonView json, hornbeam::experiment::UnitKind& kind);
};
/// A lane's mode as its word.
template <>
struct hornbeam::base::JsonCodec<hornbeam::experiment::LaneMode> {
  static void write(std::string& out, hornbeam::experiment::LaneMode mode);
  static void read(JsonReader& reader, JsonView json, hornbeam::experiment::LaneMode& mode);
};

#pragma once

// Snapshot: a configuration, compiled, that never changes. It gives a unit its arms in all lanes in
// one call, without an allocation; and readers need no lock, since a new configuration is another
// snapshot.
//
//   Assignments assignments;
//   snapshot->assign({.units = {.user = "ada"}, .attributes = &attributes}, now, assignments);
//   assignments.value(*snapshot->find_parameter("button.colour"));

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/bucket.h"
#include "hornbeam/experiment/configuration.h"
#include "hornbeam/experiment/growthbook/condition.h"
#include "hornbeam/experiment/growthbook/value.h"

namespace hornbeam::experiment {

/// Which units a request belongs to; empty where it belongs to none. Each is a text, or a
/// `KeptUnit`, whose id need not be read again. Lifetime: as the call says.
struct Units {
  /// Logged in.
  UnitId user;
  /// Of the browser.
  UnitId session;
  /// The customer that the user belongs to.
  UnitId organisation;
  /// The one of a kind.
  const UnitId& of(UnitKind kind) const noexcept;
};

/// Arms by experiment: what was decided elsewhere.
using ArmsByExperiment = std::map<std::string, std::string, std::less<>>;

/// Whom arms are given to. Lifetime: the call's.
struct Subject {
  /// Who it is.
  Units units;
  const growthbook::Value* attributes = nullptr;  ///< What conditions ask; null: nothing is known.
  const ArmsByExperiment* forced = nullptr;       ///< For QA: goes before everything else.
  const ArmsByExperiment* sticky = nullptr;  ///< What the unit was exposed to before, and keeps.
  /// What the unit is like, as `segment_of` writes it: results are shown by each of its dimensions.
  /// As of the first exposure; empty if nobody is to ask.
  std::string_view segment{};
};

/// How a unit stands to a lane's experiment.
enum class Standing : std::uint8_t {
  kNone,         ///< The lane has no experiment now.
  kNoUnit,       ///< The request belongs to no unit of the kind that the domain divides.
  kHeldOut,      ///< The unit is in a holdout.
  kOtherLane,    ///< The unit is in another lane.
  kNotCovered,   ///< The experiment takes a part of the lane's units, and this is none of them.
  kNotTargeted,  ///< The condition does not hold. Such units are biased: nothing may reuse them.
  kNotRequired,  ///< Another lane's parameter has another value than the experiment requires.
  kControl,      ///< In the experiment, as its control.
  kArm,          ///< In the experiment, in an arm.
  kForced,       ///< In an arm for QA: not to be counted.
};

/// The number of the control, where arms are counted from 0.
inline constexpr int kControlArm = -1;

namespace internal {
struct CompiledLane;
struct CompiledDomain;
struct Diversion;
struct Timeline;
struct CompiledExperiment;
}  // namespace internal

/// What a unit gets in one lane.
struct Assignment {
  /// Null only before it is filled.
  const internal::CompiledLane* lane = nullptr;
  const internal::CompiledExperiment* experiment = nullptr;  ///< Null if none runs.
  /// From 0.
  std::int16_t arm = kControlArm;
  /// From 0.
  std::int16_t phase = 0;
  /// See `Standing`.
  Standing standing = Standing::kNone;
  std::uint32_t launches = 0;  ///< Those that the unit has, a bit for each.

  /// Whether it counts as an exposure when a parameter of the lane is asked.
  bool is_counted() const noexcept {
    return standing == Standing::kControl || standing == Standing::kArm;
  }
  /// "control", or the arm's key; empty if the unit is in no experiment.
  std::string_view arm_key() const noexcept;
  /// The experiment's key; empty if there is none.
  std::string_view experiment_key() const noexcept;
};

/// Where a parameter is: its lane, and its place there.
struct ParameterPlace {
  /// From 0, in the order of the configuration.
  std::size_t lane = 0;
  /// From 0, in the lane.
  std::size_t parameter = 0;
};

class Snapshot;

/// What a unit gets in all lanes. Reuse it: its memory is kept. Lifetime: the snapshot outlives it.
class Assignments {
 public:
  /// All, in the order of the configuration's lanes.
  std::span<const Assignment> all() const noexcept { return assignments_; }
  /// That of a parameter's lane. Requires: `place` is of the snapshot that assigned.
  const Assignment& of(ParameterPlace place) const { return assignments_[place.lane]; }
  /// The value of a parameter: the arm's, else that of a launch, else the default.
  const growthbook::Value& value(ParameterPlace place) const;

 private:
  friend class Snapshot;
  std::vector<Assignment> assignments_;
};

/// A configuration, compiled. Thread: immutable.
class Snapshot {
 public:
  /// Compiles `configuration`, completed. Errors: "configuration": all that is wrong, with the
  /// mend.
  static base::Result<std::shared_ptr<const Snapshot>> make(Configuration configuration,
                                                            std::int64_t version);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  /// The number of the configuration; each change is one more.
  std::int64_t version() const noexcept { return version_; }
  /// What was compiled.
  const Configuration& configuration() const noexcept { return configuration_; }
  /// The version as text, worked out once: what exposures are logged with.
  const std::string& version_text() const noexcept { return version_text_; }

  /// Gives `subject` its arms in all lanes, as of `now`. Pure.
  void assign(const Subject& subject, Time now, Assignments& assignments) const;

  /// A parameter by its name; nothing if no lane has it.
  std::optional<ParameterPlace> find_parameter(std::string_view name) const;
  /// The kind of unit that a parameter's domain divides.
  UnitKind unit_of(ParameterPlace place) const;
  /// An experiment by its key; null if there is none.
  const Experiment* find_experiment(std::string_view key) const;
  /// Whether the salts and dates allow a unit to have met this arm at a time, if the experiment's
  /// condition let it: else somebody made it up.
  bool could_have(std::string_view experiment, std::string_view arm, UnitKind kind,
                  std::string_view unit, Time at) const;
  /// When, after `now`, something will be different by the clock alone; nothing if never.
  std::optional<Time> next_change(Time now) const;

 private:
  friend growthbook::Value growthbook_payload(const Snapshot& snapshot, Time now);
  struct HashText {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>()(text);
    }
  };
  Snapshot(Configuration configuration, std::int64_t version);
  base::Result<void> compile();
  void assign_each(const std::vector<std::size_t>& lanes, const Subject& subject,
                   const HashedUnit& unit, const internal::Diversion& diversion, Time now,
                   Assignments& assignments) const;
  void assign_at_length(const internal::CompiledDomain& domain, const Subject& subject, Time now,
                        Assignments& assignments) const;

  Configuration configuration_;
  std::int64_t version_ = 0;
  std::string version_text_;
  std::vector<internal::CompiledDomain> domains_;
  std::vector<internal::CompiledLane> lanes_;
  std::vector<internal::Timeline> timelines_;  // of each domain
  std::unordered_map<std::string, ParameterPlace, HashText, std::equal_to<>> parameters_;
  std::unordered_map<std::string, const Experiment*, HashText, std::equal_to<>> experiments_;
};

}  // namespace hornbeam::experiment

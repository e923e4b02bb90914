#include "hornbeam/experiment/snapshot.h"

#include <algorithm>

#include "hornbeam/experiment/growthbook/coercion.h"
#include "hornbeam/experiment/internal/period.h"

namespace hornbeam::experiment {

using internal::CompiledDomain;
using internal::CompiledExperiment;
using internal::CompiledLane;
using internal::CompiledLaunch;
using internal::CompiledPeriod;
using internal::Diversion;

const UnitId& Units::of(UnitKind kind) const noexcept {
  switch (kind) {
    case UnitKind::kUser:
      return user;
    case UnitKind::kSession:
      return session;
    case UnitKind::kOrganisation:
      break;
  }
  return organisation;
}

std::string_view Assignment::arm_key() const noexcept {
  if (experiment == nullptr || standing < Standing::kControl) return {};
  if (arm == kControlArm) return "control";
  return experiment->definition->arms[static_cast<std::size_t>(arm)].key;
}

std::string_view Assignment::experiment_key() const noexcept {
  return experiment == nullptr ? std::string_view() : experiment->definition->key;
}

const growthbook::Value& Assignments::value(ParameterPlace place) const {
  const Assignment& assignment = assignments_[place.lane];
  if (assignment.standing >= Standing::kControl && assignment.arm >= 0) {
    const growthbook::Value& own =
        assignment.experiment->values[static_cast<std::size_t>(assignment.arm)][place.parameter];
    if (!own.is_undefined()) return own;
  }
  for (std::size_t i = 0; assignment.launches >> i != 0; ++i) {
    if ((assignment.launches >> i & 1U) == 0) continue;
    const growthbook::Value& launched = assignment.lane->launches[i].values[place.parameter];
    if (!launched.is_undefined()) return launched;
  }
  return assignment.lane->defaults[place.parameter];
}

namespace {

const growthbook::Value& no_attributes() {
  static const growthbook::Value kNone = growthbook::Value::object();
  return kNone;
}

std::uint32_t launches_of(const CompiledLane& lane, const HashedUnit& unit, Time now) {
  std::uint32_t launches = 0;
  for (std::size_t i = 0; i < lane.launches.size(); ++i) {
    const int buckets = lane.launches[i].buckets_at(now);
    if (buckets > 0 && unit.bucket(lane.launches[i].salt) < buckets) launches |= 1U << i;
  }
  return launches;
}

bool meets(const CompiledExperiment& experiment, const Assignments& assignments) {
  return std::all_of(experiment.requirements.begin(), experiment.requirements.end(),
                     [&](const internal::CompiledRequirement& each) {
                       return assignments.value(each.parameter) == each.value;
                     });
}

// The arm that was decided elsewhere, by its number; nothing if none was, or it is gone.
std::optional<int> decided_arm(const ArmsByExperiment* decided, const Experiment& experiment) {
  if (decided == nullptr) return std::nullopt;
  const auto found = decided->find(experiment.key);
  if (found == decided->end()) return std::nullopt;
  if (found->second == "control") return kControlArm;
  for (std::size_t i = 0; i < experiment.arms.size(); ++i) {
    if (experiment.arms[i].key == found->second) return static_cast<int>(i);
  }
  return std::nullopt;
}

void take_arm(Assignment& assignment, Standing standing, int arm) {
  assignment.standing = standing;
  assignment.arm = static_cast<std::int16_t>(arm);
}

void decide(Assignment& assignment, const CompiledLane& lane, const Subject& subject,
            const HashedUnit& unit, const Diversion& diversion, const Assignments& others) {
  const CompiledExperiment& experiment = *assignment.experiment;
  if (const auto forced = decided_arm(subject.forced, *experiment.definition)) {
    return take_arm(assignment, Standing::kForced, *forced);
  }
  if (const auto kept = decided_arm(subject.sticky, *experiment.definition)) {
    return take_arm(assignment, *kept == kControlArm ? Standing::kControl : Standing::kArm, *kept);
  }
  if (!diversion.is_control && lane.slice && !lane.slice->contains(diversion.lane_bucket)) {
    return take_arm(assignment, Standing::kOtherLane, kControlArm);
  }
  if (!experiment.condition.is_empty() &&
      !experiment.condition.matches(subject.attributes == nullptr ? no_attributes()
                                                                  : *subject.attributes)) {
    return take_arm(assignment, Standing::kNotTargeted, kControlArm);
  }
  if (!experiment.requirements.empty() && !meets(experiment, others)) {
    return take_arm(assignment, Standing::kNotRequired, kControlArm);
  }
  if (diversion.is_control) return take_arm(assignment, Standing::kControl, kControlArm);
  const auto& phase = experiment.phases[static_cast<std::size_t>(assignment.phase)];
  const int bucket = unit.bucket(phase.salt);
  // Arms do not overlap. All are looked at, without a branch on what nobody can foretell: a
  // processor that guesses wrong in every second lane loses more than the comparisons cost.
  int arm = kControlArm;
  for (std::size_t i = 0; i < phase.arms.size(); ++i) {
    const auto [first, end] = phase.arms[i];
    const bool is_in = static_cast<unsigned>(bucket - first) < static_cast<unsigned>(end - first);
    arm = is_in ? static_cast<int>(i) : arm;
  }
  take_arm(assignment, arm == kControlArm ? Standing::kNotCovered : Standing::kArm, arm);
}

}  // namespace

void Snapshot::assign(const Subject& subject, Time now, Assignments& assignments) const {
  if (assignments.assignments_.size() != lanes_.size()) {
    assignments.assignments_.resize(lanes_.size());
  }
  const auto has_any = [](const ArmsByExperiment* arms) {
    return arms != nullptr && !arms->empty();
  };
  const bool is_decided = has_any(subject.forced) || has_any(subject.sticky);
  for (std::size_t i = 0; i < domains_.size(); ++i) {
    const CompiledDomain& domain = domains_[i];
    const UnitId& id = subject.units.of(domain.definition->unit);
    if (is_decided || id.empty() || timelines_[i].periods.empty()) {
      assign_at_length(domain, subject, now, assignments);
      continue;
    }
    std::optional<HashedUnit> read_now;
    const HashedUnit& unit = id.read() == nullptr ? read_now.emplace(id) : *id.read();
    const CompiledPeriod& period = timelines_[i].at(now);
    const internal::QuickAnswer answer = internal::assign_quickly(
        period, domain.control, unit, assignments.assignments_.data() + domain.first_lane);
    if (period.others.empty() || answer.is_held_out) continue;
    assign_each(period.others, subject, unit, answer.diversion, now, assignments);
  }
}

void Snapshot::assign_each(const std::vector<std::size_t>& lanes, const Subject& subject,
                           const HashedUnit& unit, const Diversion& diversion, Time now,
                           Assignments& assignments) const {
  for (const std::size_t index : lanes) {
    const CompiledLane& lane = lanes_[index];
    Assignment& assignment = assignments.assignments_[index];
    if (!lane.launches.empty()) assignment.launches = launches_of(lane, unit, now);
    if (assignment.experiment != nullptr) {
      decide(assignment, lane, subject, unit, diversion, assignments);
    }
  }
}

// Without what was worked out before: for subjects whose arms were decided elsewhere.
void Snapshot::assign_at_length(const CompiledDomain& domain, const Subject& subject, Time now,
                                Assignments& assignments) const {
  const UnitId& id = subject.units.of(domain.definition->unit);
  std::optional<HashedUnit> read_now;
  const HashedUnit& unit = id.read() == nullptr ? read_now.emplace(id) : *id.read();
  Standing common = id.empty() ? Standing::kNoUnit : Standing::kNone;
  for (const auto& [salt, share] : domain.holdouts) {
    if (common == Standing::kNone && unit.bucket(salt) < share) common = Standing::kHeldOut;
  }
  Diversion diversion;
  diversion.is_control = unit.bucket(domain.pool_salt) < domain.control;
  // Of the control too, which does not need it: so the two are worked out beside each other.
  if (domain.has_exclusive_lanes) diversion.lane_bucket = unit.bucket(domain.lane_salt);
  for (const std::size_t index : domain.lanes) {
    const CompiledLane& lane = lanes_[index];
    Assignment& assignment = assignments.assignments_[index];
    assignment = Assignment{};
    assignment.lane = &lane;
    assignment.standing = common;
    assignment.experiment = lane.running_at(now);
    if (assignment.experiment != nullptr) {
      assignment.phase = static_cast<std::int16_t>(assignment.experiment->phase_at(now));
    }
    if (common != Standing::kNone) {
      const auto forced = assignment.experiment == nullptr
                              ? std::nullopt
                              : decided_arm(subject.forced, *assignment.experiment->definition);
      if (forced) take_arm(assignment, Standing::kForced, *forced);
      continue;
    }
    if (!lane.launches.empty()) assignment.launches = launches_of(lane, unit, now);
    if (assignment.experiment != nullptr) {
      decide(assignment, lane, subject, unit, diversion, assignments);
    }
  }
}

std::optional<ParameterPlace> Snapshot::find_parameter(std::string_view name) const {
  const auto found = parameters_.find(name);
  return found == parameters_.end() ? std::nullopt : std::optional(found->second);
}

UnitKind Snapshot::unit_of(ParameterPlace place) const {
  for (const CompiledDomain& domain : domains_) {
    if (std::find(domain.lanes.begin(), domain.lanes.end(), place.lane) != domain.lanes.end()) {
      return domain.definition->unit;
    }
  }
  return UnitKind::kUser;
}

const Experiment* Snapshot::find_experiment(std::string_view key) const {
  const auto found = experiments_.find(key);
  return found == experiments_.end() ? nullptr : found->second;
}

namespace {

// The phases until `at` are all allowed: units may keep an arm of an earlier one.
bool could_have_arm(const CompiledExperiment& experiment, std::string_view arm,
                    const HashedUnit& unit, Time at) {
  for (const internal::CompiledPhase& phase : experiment.phases) {
    if (phase.from > at) break;
    const int bucket = unit.bucket(phase.salt);
    for (std::size_t i = 0; i < phase.arms.size(); ++i) {
      if (phase.arms[i].contains(bucket) && experiment.definition->arms[i].key == arm) return true;
    }
  }
  return false;
}

}  // namespace

bool Snapshot::could_have(std::string_view key, std::string_view arm, UnitKind kind,
                          std::string_view id, Time at) const {
  const HashedUnit unit(id);
  for (const CompiledDomain& domain : domains_) {
    if (domain.definition->unit != kind || id.empty()) continue;
    const bool is_held_out = std::any_of(
        domain.holdouts.begin(), domain.holdouts.end(),
        [&](const auto& holdout) { return unit.bucket(holdout.first) < holdout.second; });
    if (is_held_out) continue;
    for (const std::size_t index : domain.lanes) {
      const CompiledLane& lane = lanes_[index];
      for (const CompiledExperiment& experiment : lane.experiments) {
        if (experiment.definition->key != key) continue;
        if (at < experiment.from || at >= experiment.until) return false;
        const bool is_control = unit.bucket(domain.pool_salt) < domain.control;
        if (is_control || arm == "control") return is_control && arm == "control";
        if (lane.slice && !lane.slice->contains(unit.bucket(domain.lane_salt))) return false;
        return could_have_arm(experiment, arm, unit, at);
      }
    }
  }
  return false;
}

std::optional<Time> Snapshot::next_change(Time now) const {
  std::optional<Time> next;
  const auto offer = [&](Time at) {
    if (at > now && (!next || at < *next)) next = at;
  };
  for (const CompiledLane& lane : lanes_) {
    for (const CompiledExperiment& experiment : lane.experiments) {
      offer(experiment.from);
      offer(experiment.until);
      for (const auto& phase : experiment.phases) offer(phase.from);
    }
    for (const CompiledLaunch& launch : lane.launches) {
      for (const auto& [at, share] : launch.ramp) offer(at);
    }
  }
  return next;
}

}  // namespace hornbeam::experiment

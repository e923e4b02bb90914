#include "hornbeam/experiment/configuration.h"

#include "hornbeam/experiment/bucket.h"

namespace hornbeam::experiment {

std::string_view to_string(UnitKind kind) noexcept {
  switch (kind) {
    case UnitKind::kUser:
      return "user";
    case UnitKind::kSession:
      return "session";
    case UnitKind::kOrganisation:
      break;
  }
  return "organisation";
}

std::string_view to_string(LaneMode mode) noexcept {
  return mode == LaneMode::kExclusive ? "exclusive" : "orthogonal";
}

namespace {

void give_salt(std::string& salt, std::string_view name) {
  if (salt.empty()) salt = Salt::make(name).text();
}

void complete_experiment(Experiment& experiment) {
  if (experiment.phases.empty()) {
    Phase first{.starts_at = experiment.starts_at, .salt = {}, .weights = {}, .coverage = 100};
    for (const Arm& arm : experiment.arms) first.weights.push_back(arm.weight);
    experiment.phases.push_back(std::move(first));
  }
  for (Phase& phase : experiment.phases) give_salt(phase.salt, experiment.key);
}

}  // namespace

void complete(Configuration& configuration) {
  for (Domain& domain : configuration.domains) {
    give_salt(domain.pool_salt, domain.key + "/pool");
    give_salt(domain.lane_salt, domain.key + "/lanes");
    for (Holdout& holdout : domain.holdouts) give_salt(holdout.salt, holdout.key);
    for (Lane& lane : domain.lanes) {
      for (Launch& launch : lane.launches) give_salt(launch.salt, launch.key);
      for (Experiment& experiment : lane.experiments) complete_experiment(experiment);
    }
  }
}

}  // namespace hornbeam::experiment

namespace hornbeam::base {

using experiment::LaneMode;
using experiment::UnitKind;

void JsonCodec<UnitKind>::write(std::string& out, UnitKind kind) {
  append_json_string(out, to_string(kind));
}

void JsonCodec<UnitKind>::read(JsonReader& reader, JsonView json, UnitKind& kind) {
  const auto word = json.find_string();
  for (const UnitKind each : {UnitKind::kUser, UnitKind::kSession, UnitKind::kOrganisation}) {
    if (word && *word == to_string(each)) {
      kind = each;
      return;
    }
  }
  reader.report("expected one of \"user\", \"session\", \"organisation\"");
}

void JsonCodec<LaneMode>::write(std::string& out, LaneMode mode) {
  append_json_string(out, to_string(mode));
}

void JsonCodec<LaneMode>::read(JsonReader& reader, JsonView json, LaneMode& mode) {
  const auto word = json.find_string();
  for (const LaneMode each : {LaneMode::kExclusive, LaneMode::kOrthogonal}) {
    if (word && *word == to_string(each)) {
      mode = each;
      return;
    }
  }
  reader.report("expected one of \"exclusive\", \"orthogonal\"");
}

}  // namespace hornbeam::base

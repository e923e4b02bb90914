#include "hornbeam/experiment/visit.h"

#include <algorithm>

namespace hornbeam::experiment {

const growthbook::Value* Visit::ask(std::string_view name) {
  const std::optional<ParameterPlace> place = snapshot_->find_parameter(name);
  if (!place) return nullptr;
  const Assignment& assignment = assignments_.of(*place);
  const bool is_told = std::find(told_.begin(), told_.end(), place->lane) != told_.end();
  if (sink_ != nullptr && assignment.is_counted() && !is_told) {
    told_.push_back(place->lane);
    const UnitKind kind = snapshot_->unit_of(*place);
    sink_->exposed({.experiment = assignment.experiment_key(),
                    .arm = assignment.arm_key(),
                    .kind = kind,
                    .unit = units_.of(kind),
                    .at = now_,
                    .version = snapshot_->version(),
                    .phase = assignment.phase,
                    .segment = segment_});
  }
  return &assignments_.value(*place);
}

}  // namespace hornbeam::experiment

// How a lane looks in GrowthBook's words. Control and arms are two rules with the same key, so that
// each can say by `filters` who is in it: the control by its part of the domain, the arms by the
// pool and the lane's slice of it. `ranges` then give the arm, or the control to all. A variation
// that has no value of its own for the parameter passes through to the rules of launches and to the
// default, and counts as an exposure none the less.

#include "hornbeam/experiment/growthbook_export.h"

#include <fmt/format.h>

#include "hornbeam/experiment/internal/compiled.h"

namespace hornbeam::experiment {

using growthbook::Value;
using internal::BucketRange;
using internal::CompiledDomain;
using internal::CompiledExperiment;
using internal::CompiledLane;
using internal::CompiledLaunch;
using internal::CompiledPhase;

std::string_view attribute_of(UnitKind kind) noexcept {
  return kind == UnitKind::kUser ? "id" : to_string(kind);
}

namespace {

Value range_value(BucketRange range) {
  return Value::Array{Value(range.first / double{kBuckets}), Value(range.end / double{kBuckets})};
}

class LaneExporter {
 public:
  LaneExporter(const CompiledDomain& domain, const CompiledLane& lane, Time now)
      : domain_(domain), lane_(lane), now_(now) {}

  Value feature(std::size_t parameter) const {
    Value::Array rules;
    for (const auto& [salt, share] : domain_.holdouts) {
      rules.push_back(Value::object({{"force", lane_.defaults[parameter]},
                                     {"filters", Value::Array{filter(salt, {0, share})}}}));
    }
    if (const CompiledExperiment* running = lane_.running_at(now_)) {
      rules.push_back(experiment(*running, parameter, true));
      rules.push_back(experiment(*running, parameter, false));
    }
    for (const CompiledLaunch& launch : lane_.launches) {
      const int share = launch.buckets_at(now_);
      const Value& value = launch.values[parameter];
      if (share == 0 || value.is_undefined()) continue;
      rules.push_back(Value::object({{"force", value},
                                     {"seed", launch.salt.text()},
                                     {"hashAttribute", attribute()},
                                     {"hashVersion", 2},
                                     {"range", range_value({0, share})}}));
    }
    return Value::object({{"defaultValue", lane_.defaults[parameter]}, {"rules", rules}});
  }

 private:
  Value attribute() const { return Value(attribute_of(domain_.definition->unit)); }

  Value filter(const Salt& salt, BucketRange range) const {
    return Value::object({{"seed", salt.text()},
                          {"attribute", attribute()},
                          {"hashVersion", 2},
                          {"ranges", Value::Array{range_value(range)}}});
  }

  Value experiment(const CompiledExperiment& running, std::size_t parameter, bool of_arms) const {
    const std::size_t number = running.phase_at(now_);
    const CompiledPhase& phase = running.phases[number];
    Value::Array variations{lane_.defaults[parameter]};
    Value::Array ranges{range_value({0, of_arms ? 0 : kBuckets})};
    Value::Array meta{Value::object({{"key", "control"}, {"passthrough", true}})};
    for (std::size_t i = 0; i < phase.arms.size(); ++i) {
      const Value& own = running.values[i][parameter];
      variations.push_back(own.is_undefined() ? lane_.defaults[parameter] : own);
      ranges.push_back(range_value(of_arms ? phase.arms[i] : BucketRange{}));
      meta.push_back(Value::object({{"key", running.definition->arms[i].key}}));
      if (own.is_undefined()) meta.back().set("passthrough", true);
    }
    Value::Array filters{filter(domain_.pool_salt, of_arms ? BucketRange{domain_.control, kBuckets}
                                                           : BucketRange{0, domain_.control})};
    if (of_arms && lane_.slice) filters.push_back(filter(domain_.lane_salt, *lane_.slice));
    Value rule = Value::object({{"key", running.definition->key},
                                {"seed", phase.salt.text()},
                                {"hashAttribute", attribute()},
                                {"hashVersion", 2},
                                {"phase", std::to_string(number)},
                                {"variations", variations},
                                {"ranges", ranges},
                                {"meta", meta},
                                {"filters", filters}});
    if (running.definition->condition) {
      auto condition = Value::parse(running.definition->condition->text);
      if (condition) rule.set("condition", *std::move(condition));
    }
    if (!running.requirements.empty()) rule.set("parentConditions", requirements(running));
    return rule;
  }

  static Value requirements(const CompiledExperiment& running) {
    Value::Array parents;
    for (const Requirement& each : running.definition->requirements) {
      auto value = Value::parse(each.value.text);
      parents.push_back(Value::object(
          {{"id", each.parameter},
           {"condition", Value::object({{"value", Value::object({{"$eq", value.value()}})}})}}));
    }
    return parents;
  }

  const CompiledDomain& domain_;
  const CompiledLane& lane_;
  Time now_;
};

}  // namespace

Value growthbook_payload(const Snapshot& snapshot, Time now) {
  Value::Object features;
  for (const CompiledDomain& domain : snapshot.domains_) {
    for (const std::size_t index : domain.lanes) {
      const CompiledLane& lane = snapshot.lanes_[index];
      const LaneExporter exporter(domain, lane, now);
      for (std::size_t i = 0; i < lane.defaults.size(); ++i) {
        features.push_back({lane.definition->parameters[i].name, exporter.feature(i)});
      }
    }
  }
  return Value::object({{"features", Value::object_of(std::move(features))}});
}

}  // namespace hornbeam::experiment

#include "hornbeam/experiment/growthbook/internal/prerequisites.h"

#include <set>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

namespace hornbeam::experiment::growthbook::internal {
namespace {

using Costs = std::unordered_map<const Feature*, std::size_t>;

// How many features one evaluation may need, itself included; those that ask nobody need one.
std::size_t cost_of(const Feature& feature, const Costs& costs) {
  std::size_t cost = 1;
  for (const Rule& rule : feature.rules) {
    for (const Prerequisite& each : rule.prerequisites) {
      const auto known = costs.find(each.feature);
      if (each.feature != nullptr) cost += known == costs.end() ? 1 : known->second;
    }
  }
  return cost;
}

bool asks_any(const Feature& feature, const std::set<const Feature*>& others) {
  for (const Rule& rule : feature.rules) {
    for (const Prerequisite& each : rule.prerequisites) {
      if (others.contains(each.feature)) return true;
    }
  }
  return false;
}

}  // namespace

// Takes away, layer by layer, the features whose prerequisites have all been taken away.
// Ends: each turn takes one away, or is the last.
std::optional<std::string> problem_of_prerequisites(std::span<const Feature* const> features,
                                                    const PayloadLimits& limits) {
  std::set<const Feature*> left;
  for (const Feature* feature : features) {
    if (cost_of(*feature, {}) > 1) left.insert(feature);
  }
  Costs costs;
  for (std::size_t depth = 0; !left.empty(); ++depth) {
    std::vector<const Feature*> layer;
    for (const Feature* feature : left) {
      if (!asks_any(*feature, left)) layer.push_back(feature);
    }
    if (layer.empty()) break;
    if (depth >= limits.deepest_prerequisites) {
      return fmt::format(
          "the feature \"{}\": its prerequisites are a chain of more than {}; mend: ask the last "
          "ones directly",
          layer.front()->id, limits.deepest_prerequisites);
    }
    for (const Feature* feature : layer) {
      left.erase(feature);
      costs[feature] = cost_of(*feature, costs);
      if (costs[feature] <= limits.most_prerequisites) continue;
      return fmt::format(
          "the feature \"{}\": its prerequisites, and theirs, need more than {} evaluations; mend: "
          "let fewer rules ask, or ask one feature that sums them up",
          feature->id, limits.most_prerequisites);
    }
  }
  return std::nullopt;
}

}  // namespace hornbeam::experiment::growthbook::internal

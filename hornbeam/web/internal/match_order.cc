#include "hornbeam/web/internal/match_order.h"

#include <algorithm>
#include <compare>

#include "hornbeam/web/internal/pattern.h"
#include "hornbeam/web/internal/rule.h"

namespace hornbeam::web {

namespace {

/// A rule as the way that a request takes: its host, then its segments.
struct Way {
  std::size_t index = 0;
  std::vector<Segment> steps;
};

/// Where a step comes among those of one node; equal ones keep the order of registration.
struct StepOrder {
  int kind = 0;  // Ends here; a literal; with parameters; any host.
  SegmentWeight weight;
  std::string text;
  std::size_t index = 0;

  friend auto operator<=>(const StepOrder&, const StepOrder&) = default;
};

StepOrder order_of(const Way& way, std::size_t depth) {
  StepOrder order{.index = way.index};
  if (depth == way.steps.size()) return order;
  const Segment& step = way.steps[depth];
  if (depth == 0 && step.pieces.empty()) {
    order.kind = 3;
  } else if (step.is_literal()) {
    order.kind = 1;
    if (!step.pieces.empty()) order.text = step.pieces[0].text;
  } else {
    order.kind = 2;
    order.weight = weight_of(step);
  }
  return order;
}

/// Sorts `ways`, which are the same before `depth`. Ends: no way is endless.
void sort_from(std::vector<Way> ways, std::size_t depth, std::vector<std::size_t>& sorted) {
  std::ranges::sort(ways, {}, [depth](const Way& way) { return order_of(way, depth); });
  while (!ways.empty()) {
    if (depth == ways.front().steps.size()) {
      sorted.push_back(ways.front().index);
      ways.erase(ways.begin());
      continue;
    }
    // Those of one node lie together, or among others of the same weight.
    const Segment step = ways.front().steps[depth];
    std::vector<Way> same;
    std::vector<Way> rest;
    for (Way& way : ways) {
      const bool is_here = depth < way.steps.size() && is_same(way.steps[depth], step);
      (is_here ? same : rest).push_back(std::move(way));
    }
    sort_from(std::move(same), depth + 1, sorted);
    ways = std::move(rest);
  }
}

}  // namespace

std::vector<std::size_t> match_order(const std::vector<const Rule*>& rules) {
  std::vector<Way> ways;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Rule& rule = *rules[i];
    std::size_t parameter = 0;
    Way& way = ways.emplace_back();
    way.index = i;
    way.steps.push_back({pieces_of(rule.host, rule.types, parameter, false)});
    for (Segment& each : segments_of(rule.pattern, rule.types, parameter)) {
      way.steps.push_back(std::move(each));
    }
  }
  std::vector<std::size_t> sorted;
  sort_from(std::move(ways), 0, sorted);
  return sorted;
}

}  // namespace hornbeam::web

#include "hornbeam/search/query/planner.h"

#include <chrono>

#include "hornbeam/search/query/planner_nodes.h"

namespace hornbeam::search {

void Planner::refuse(std::string code, std::string message) {
  throw Refusal{{.code = std::move(code), .message = std::move(message)}};
}

PlanPtr Planner::plan(const Query& query, float boost) {
  const float product = boost * query.boost;
  PlanPtr planned = std::visit(
      [&](const auto& node) {
        if constexpr (requires { std::string(node.field); }) {
          // An alias means the field that it names.
          const std::string_view target = context_.mapping.target(node.field);
          if (target != node.field) {
            auto aimed = node;
            aimed.field = target;
            return plan_node(aimed, product);
          }
        }
        return plan_node(node, product);
      },
      query.node);
  if (!query.name.empty()) named_.emplace_back(query.name, planned);
  return planned;
}

base::Result<PlannedQuery> plan_query(const Query& query, const PlanContext& context) {
  try {
    Planner planner(context);
    PlannedQuery planned{.plan = planner.plan(query, context.boost)};
    planned.named = planner.take_named();
    return planned;
  } catch (const Planner::Refusal& refusal) {
    return std::unexpected(refusal.error);
  }
}

base::Result<PlanPtr> plan_query(const Query& query, const Snapshot& snapshot,
                                 const Mapping& mapping, const Bm25Options& options) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const PlanContext context = {.snapshot = snapshot,
                               .mapping = mapping,
                               .bm25 = options,
                               .now = now.time_since_epoch().count()};
  base::Result<PlannedQuery> planned = plan_query(query, context);
  if (!planned) return std::unexpected(planned.error());
  return std::move(planned->plan);
}

}  // namespace hornbeam::search

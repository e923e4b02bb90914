#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/search/query/planner_nodes.h"

namespace hornbeam::search {

PlanPtr Planner::plan_node(const MatchAllQuery&, float boost) {
  return plan_constant(plan_all(), boost);
}

PlanPtr Planner::plan_node(const MatchNoneQuery&, float) {
  return plan_none();
}

std::vector<PlanPtr> Planner::plan_each(const std::vector<Query>& queries, float boost) {
  std::vector<PlanPtr> plans;
  plans.reserve(queries.size());
  for (const Query& query : queries) plans.push_back(plan(query, boost));
  return plans;
}

void Planner::check_clause_count(std::size_t count) const {
  const std::size_t most = context_.settings.max_clause_count;
  if (count > most) {
    refuse("too_many_clauses", fmt::format("maxClauseCount is set to {}", most));
  }
}

std::size_t Planner::minimum_of(const std::optional<MinimumShouldMatch>& wanted,
                                std::size_t clauses, std::size_t otherwise) const {
  if (!wanted) return otherwise;
  const base::Result<std::size_t> found = wanted->resolve(clauses);
  if (!found) throw Refusal{found.error()};
  return *found;
}

PlanPtr Planner::plan_node(const BoolQuery& query, float boost) {
  if (bool_depth_ >= context_.settings.max_bool_depth) {
    refuse("illegal_argument_exception",
           "The nested depth of the query exceeds the maximum nested depth for bool queries set in "
           "[indices.query.bool.max_nested_depth]");
  }
  ++bool_depth_;
  check_clause_count(query.must.size() + query.filter.size() + query.should.size() +
                     query.must_not.size());
  BoolClauses clauses{.must = plan_each(query.must, boost),
                      .filter = plan_each(query.filter, 1),
                      .should = plan_each(query.should, boost),
                      .must_not = plan_each(query.must_not, 1)};
  --bool_depth_;
  const bool has_required = !clauses.must.empty() || !clauses.filter.empty();
  clauses.minimum_should_match = minimum_of(query.minimum_should_match, clauses.should.size(),
                                            !has_required && !clauses.should.empty() ? 1 : 0);
  // As in theirs, a query of prohibitions only scores nothing, and an empty one everything by 1.
  const bool is_empty = !has_required && clauses.should.empty() && clauses.must_not.empty();
  return is_empty ? plan_constant(plan_all(), boost) : plan_bool(std::move(clauses));
}

PlanPtr Planner::plan_node(const ConstantScoreQuery& query, float boost) {
  return plan_constant(plan(*query.filter, 1), boost);
}

PlanPtr Planner::plan_node(const DisMaxQuery& query, float boost) {
  check_clause_count(query.queries.size());
  return plan_dis_max(plan_each(query.queries, boost), query.tie_breaker);
}

PlanPtr Planner::plan_node(const BoostingQuery& query, float boost) {
  return plan_boosting(plan(*query.positive, boost), plan(*query.negative, 1),
                       query.negative_boost);
}

}  // namespace hornbeam::search

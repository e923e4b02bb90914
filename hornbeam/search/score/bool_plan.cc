#include <algorithm>

#include "hornbeam/search/score/plan.h"

namespace hornbeam::search {
namespace {

std::vector<ScorerPtr> scorers_of(std::span<const PlanPtr> plans, const SegmentView& view) {
  std::vector<ScorerPtr> found;
  for (const PlanPtr& plan : plans) {
    if (ScorerPtr scorer = plan->scorer(view)) found.push_back(std::move(scorer));
  }
  return found;
}

class BoolPlan final : public Plan {
 public:
  explicit BoolPlan(BoolClauses clauses) : clauses_(std::move(clauses)) {}

  ScorerPtr scorer(const SegmentView& view) const override;
  bool find_terms(const SegmentView& view, std::vector<TermScorer>& terms) const override;

 private:
  BoolClauses clauses_;
};

bool BoolPlan::find_terms(const SegmentView& view, std::vector<TermScorer>& terms) const {
  const bool is_any = clauses_.must.empty() && clauses_.filter.empty() &&
                      clauses_.must_not.empty() && clauses_.minimum_should_match <= 1;
  return is_any && std::ranges::all_of(clauses_.should, [&](const PlanPtr& clause) {
           return clause->find_terms(view, terms);
         });
}

ScorerPtr BoolPlan::scorer(const SegmentView& view) const {
  std::vector<ScorerPtr> scoring = scorers_of(clauses_.must, view);
  std::vector<ScorerPtr> filters = scorers_of(clauses_.filter, view);
  std::vector<ScorerPtr> optional = scorers_of(clauses_.should, view);
  if (scoring.size() < clauses_.must.size() || filters.size() < clauses_.filter.size() ||
      optional.size() < clauses_.minimum_should_match) {
    return nullptr;
  }
  const bool has_required = !scoring.empty() || !filters.empty();
  if (!has_required || clauses_.minimum_should_match > 0) {
    if (optional.empty()) return nullptr;
    scoring.push_back(
        std::make_unique<DisjunctionScorer>(std::move(optional), clauses_.minimum_should_match));
    optional.clear();
  }
  ScorerPtr required =
      scoring.size() == 1 && filters.empty()
          ? std::move(scoring.front())
          : std::make_unique<ConjunctionScorer>(std::move(scoring), std::move(filters));
  std::vector<ScorerPtr> prohibited = scorers_of(clauses_.must_not, view);
  if (optional.empty() && prohibited.empty()) return required;
  return std::make_unique<ExtendedScorer>(std::move(required), std::move(optional),
                                          std::move(prohibited));
}

class DisMaxPlan final : public Plan {
 public:
  DisMaxPlan(std::vector<PlanPtr> clauses, float tie_breaker)
      : clauses_(std::move(clauses)), tie_breaker_(tie_breaker) {}

  ScorerPtr scorer(const SegmentView& view) const override {
    std::vector<ScorerPtr> found = scorers_of(clauses_, view);
    if (found.empty()) return nullptr;
    return std::make_unique<DisjunctionScorer>(std::move(found), 1,
                                               DisjunctionScorer::Combine::kMax, tie_breaker_);
  }

 private:
  std::vector<PlanPtr> clauses_;
  float tie_breaker_;
};

}  // namespace

PlanPtr plan_bool(BoolClauses clauses) {
  const bool has_positive =
      !clauses.must.empty() || !clauses.filter.empty() || !clauses.should.empty();
  // Only prohibitions, or nothing: everything else matches, and scores nothing.
  if (!has_positive) clauses.filter.push_back(plan_all());
  return std::make_shared<BoolPlan>(std::move(clauses));
}

PlanPtr plan_dis_max(std::vector<PlanPtr> clauses, float tie_breaker) {
  return std::make_shared<DisMaxPlan>(std::move(clauses), tie_breaker);
}

}  // namespace hornbeam::search

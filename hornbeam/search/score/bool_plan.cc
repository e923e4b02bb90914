#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/search/score/plan.h"
#include "hornbeam/search/score/term_conjunction.h"

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
  std::string text() const override;
  Explanation explain(const SegmentView& view, DocId doc) const override;
  void visit(TermVisitor& visitor) const override;

 private:
  Explanation explain_clauses(const SegmentView& view, DocId doc) const;
  bool find_required_terms(const SegmentView& view, std::vector<TermScorer>& terms) const;

  BoolClauses clauses_;
};

std::string clause_text(const Plan& clause) {
  std::string text = clause.text();
  // As Lucene's: a query of clauses inside another one stands in parentheses.
  return dynamic_cast<const BoolPlan*>(&clause) ? fmt::format("({})", text) : text;
}

std::string BoolPlan::text() const {
  std::string all;
  const auto add = [&all](std::string_view sign, const std::vector<PlanPtr>& plans) {
    for (const PlanPtr& plan : plans) {
      all += fmt::format("{}{}{}", all.empty() ? "" : " ", sign, clause_text(*plan));
    }
  };
  add("+", clauses_.must);
  add("#", clauses_.filter);
  add("", clauses_.should);
  add("-", clauses_.must_not);
  const bool has_required = !clauses_.must.empty() || !clauses_.filter.empty();
  if (clauses_.minimum_should_match > (has_required ? 0U : 1U)) {
    all = fmt::format("({})~{}", all, clauses_.minimum_should_match);
  }
  return all;
}

void BoolPlan::visit(TermVisitor& visitor) const {
  for (const auto* const plans : {&clauses_.must, &clauses_.filter, &clauses_.should}) {
    for (const PlanPtr& plan : *plans) plan->visit(visitor);
  }
}

Explanation BoolPlan::explain(const SegmentView& view, DocId doc) const {
  Explanation all = explain_clauses(view, doc);
  if (!all.is_match) return all;
  // The sum as the search adds it up.
  const ScorerPtr found = scorer(view);
  if (found && found->advance(doc) == doc) all.value = found->score();
  return all;
}

Explanation BoolPlan::explain_clauses(const SegmentView& view, DocId doc) const {
  Explanation all{.description = "sum of:"};
  for (const PlanPtr& plan : clauses_.must) {
    all.details.push_back(plan->explain(view, doc));
    if (!all.details.back().is_match) {
      return Explanation::no_match(
          "Failure to meet condition(s) of required/prohibited clause(s)",
          {Explanation::no_match(fmt::format("no match on required clause ({})", plan->text()),
                                 {std::move(all.details.back())})});
    }
  }
  for (const PlanPtr& plan : clauses_.filter) {
    Explanation one = plan->explain(view, doc);
    if (!one.is_match) {
      return Explanation::no_match(
          "Failure to meet condition(s) of required/prohibited clause(s)",
          {Explanation::no_match(fmt::format("no match on required clause ({})", plan->text()),
                                 {std::move(one)})});
    }
    all.details.push_back({.value = 0,
                           .description = "match on required clause, product of:",
                           .details = {{.value = 0, .description = "# clause"}, std::move(one)}});
  }
  for (const PlanPtr& plan : clauses_.must_not) {
    Explanation one = plan->explain(view, doc);
    if (!one.is_match) continue;
    return Explanation::no_match(
        "Failure to meet condition(s) of required/prohibited clause(s)",
        {Explanation::no_match(fmt::format("match on prohibited clause ({})", plan->text()),
                               {std::move(one)})});
  }
  std::size_t matching = 0;
  for (const PlanPtr& plan : clauses_.should) {
    Explanation one = plan->explain(view, doc);
    if (!one.is_match) continue;
    ++matching;
    all.details.push_back(std::move(one));
  }
  const bool has_required = !clauses_.must.empty() || !clauses_.filter.empty();
  const std::size_t minimum = has_required
                                  ? clauses_.minimum_should_match
                                  : std::max<std::size_t>(clauses_.minimum_should_match, 1);
  if (matching < minimum) {
    return Explanation::no_match(
        matching == 0 && all.details.empty()
            ? "No matching clauses"
            : fmt::format("Failure to match minimum number of optional clauses: {}", minimum));
  }
  return all;
}

bool BoolPlan::find_terms(const SegmentView& view, std::vector<TermScorer>& terms) const {
  const bool is_any = clauses_.must.empty() && clauses_.filter.empty() &&
                      clauses_.must_not.empty() && clauses_.minimum_should_match <= 1;
  return is_any && std::ranges::all_of(clauses_.should, [&](const PlanPtr& clause) {
           return clause->find_terms(view, terms);
         });
}

/// The terms, if the plan is nothing but "all of these terms" and the segment has them.
bool BoolPlan::find_required_terms(const SegmentView& view, std::vector<TermScorer>& terms) const {
  const bool is_all = clauses_.must.size() > 1 && clauses_.filter.empty() &&
                      clauses_.should.empty() && clauses_.must_not.empty();
  return is_all && std::ranges::all_of(clauses_.must, [&](const PlanPtr& clause) {
           const std::size_t before = terms.size();
           return clause->find_terms(view, terms) && terms.size() == before + 1;
         });
}

ScorerPtr BoolPlan::scorer(const SegmentView& view) const {
  std::vector<TermScorer> terms;
  if (find_required_terms(view, terms)) return std::make_unique<TermConjunction>(std::move(terms));
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

  std::string text() const override {
    std::string all;
    for (const PlanPtr& plan : clauses_) {
      all += fmt::format("{}{}", all.empty() ? "" : " | ", clause_text(*plan));
    }
    return tie_breaker_ == 0 ? fmt::format("({})", all)
                             : fmt::format("({})~{}", all, java_float(tie_breaker_));
  }

  Explanation explain(const SegmentView& view, DocId doc) const override {
    Explanation all{.description = tie_breaker_ == 0 ? "max of:"
                                                     : fmt::format("max plus {} times others of:",
                                                                   java_float(tie_breaker_))};
    for (const PlanPtr& plan : clauses_) {
      Explanation one = plan->explain(view, doc);
      if (one.is_match) all.details.push_back(std::move(one));
    }
    if (all.details.empty()) return Explanation::no_match("No matching clause");
    const ScorerPtr found = scorer(view);
    if (found && found->advance(doc) == doc) all.value = found->score();
    return all;
  }

  void visit(TermVisitor& visitor) const override {
    for (const PlanPtr& plan : clauses_) plan->visit(visitor);
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

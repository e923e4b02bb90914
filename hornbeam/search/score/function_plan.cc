#include "hornbeam/search/score/function_plan.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace hornbeam::search {
namespace {

/// A function in a segment.
struct BoundFunction {
  ScorerPtr filter{};
  bool is_for_all = true;
  DocFunction function{};
  std::optional<float> weight{};

  bool matches(DocId doc) const {
    if (is_for_all) return true;
    if (!filter) return false;
    const DocId at = filter->doc();
    return (at == kBeforeFirst || at < doc ? filter->advance(doc) : at) == doc;
  }
  double value(DocId doc) const {
    return (function ? function(doc) : 1.0) * double{weight.value_or(1.0F)};
  }
};

double combine(Combination how, double a, double b) {
  switch (how) {
    case Combination::kMultiply:
      return a * b;
    case Combination::kSum:
      return a + b;
    case Combination::kAverage:
      return (a + b) / 2;
    case Combination::kMax:
      return std::max(a, b);
    case Combination::kMin:
      return std::min(a, b);
    case Combination::kFirst:
      return a;
    case Combination::kReplace:
      return b;
  }
  return a;
}

class FunctionScorer final : public Scorer {
 public:
  FunctionScorer(ScorerPtr query, std::vector<BoundFunction> functions,
                 const FunctionScoring& scoring)
      : query_(std::move(query)), functions_(std::move(functions)), scoring_(scoring) {}

  DocId doc() const override { return query_->doc(); }
  DocId next() override { return skip_low(query_->next()); }
  DocId advance(DocId target) override { return skip_low(query_->advance(target)); }
  float score() override { return scoring_.min_score ? score_ : compute(); }
  std::uint64_t cost() const override { return query_->cost(); }
  float max_score() override { return std::numeric_limits<float>::infinity(); }

 private:
  DocId skip_low(DocId doc) {
    if (!scoring_.min_score) return doc;
    while (doc != kNoMoreDocs && (score_ = compute()) < *scoring_.min_score) doc = query_->next();
    return doc;
  }

  float compute() {
    const double score = query_->score();
    if (functions_.empty()) return static_cast<float>(score);
    const double limit = scoring_.max_boost.value_or(std::numeric_limits<float>::max());
    const double factor = std::min(of_functions(), limit);
    const double found = combine(scoring_.with_score, score, factor);
    if (std::isnan(found) || found < 0) {
      throw ScoringFailure{
          {.code = "illegal_argument_exception",
           .message = fmt::format("function score query returned an invalid score: {} for doc: {}",
                                  java_float(static_cast<float>(found)), doc())}};
    }
    return static_cast<float>(found);
  }

  double of_functions() {
    std::optional<double> all;
    double weights = 0;
    for (const BoundFunction& function : functions_) {
      if (!function.matches(doc())) continue;
      const double value = function.value(doc());
      weights += double{function.weight.value_or(1.0F)};
      if (!all) {
        all = value;
        if (scoring_.of_functions == Combination::kFirst) return value;
      } else if (scoring_.of_functions == Combination::kAverage) {
        all = *all + value;
      } else {
        all = combine(scoring_.of_functions, *all, value);
      }
    }
    if (!all) return 1;
    if (scoring_.of_functions != Combination::kAverage) return *all;
    return weights == 0 ? 1 : *all / weights;
  }

  ScorerPtr query_;
  std::vector<BoundFunction> functions_;
  const FunctionScoring& scoring_;
  float score_ = 0;
};

class FunctionPlan final : public Plan {
 public:
  FunctionPlan(PlanPtr query, FunctionScoring scoring)
      : query_(std::move(query)), scoring_(std::move(scoring)) {}

  ScorerPtr scorer(const SegmentView& view) const override {
    ScorerPtr found = query_->scorer(view);
    if (!found) return nullptr;
    std::vector<BoundFunction> bound;
    for (const ScoreFunction& function : scoring_.functions) {
      bound.push_back({.filter = function.filter ? function.filter->scorer(view) : nullptr,
                       .is_for_all = !function.filter,
                       .function = function.function ? function.function(view) : DocFunction(),
                       .weight = function.weight});
    }
    return std::make_unique<FunctionScorer>(std::move(found), std::move(bound), scoring_);
  }
  std::string text() const override {
    return fmt::format("function score ({}, functions: [{}])", query_->text(),
                       scoring_.functions.size());
  }
  Explanation explain(const SegmentView& view, DocId doc) const override {
    Explanation query = query_->explain(view, doc);
    if (!query.is_match) return query;
    const ScorerPtr found = scorer(view);
    if (!found || found->advance(doc) != doc) {
      return Explanation::no_match("Score value is too low", {std::move(query)});
    }
    return {.value = found->score(),
            .description = "function score, product of:",
            .details = {std::move(query)}};
  }
  void visit(TermVisitor& visitor) const override { query_->visit(visitor); }

 private:
  PlanPtr query_;
  FunctionScoring scoring_;
};

}  // namespace

PlanPtr plan_function_score(PlanPtr query, FunctionScoring scoring) {
  return std::make_shared<FunctionPlan>(std::move(query), std::move(scoring));
}

}  // namespace hornbeam::search

#include "hornbeam/search/score/covering_plan.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace hornbeam::search {
namespace {

class CoveringScorer final : public Scorer {
 public:
  CoveringScorer(std::vector<ScorerPtr> clauses, const Column& minimum)
      : clauses_(std::move(clauses)), minimum_(minimum) {}

  DocId doc() const override { return doc_; }
  DocId next() override { return advance(doc_ == kBeforeFirst ? 0 : doc_ + 1); }
  DocId advance(DocId target) override {
    while (true) {
      DocId first = kNoMoreDocs;
      for (const ScorerPtr& clause : clauses_) first = std::min(first, advance_to(*clause, target));
      if (first == kNoMoreDocs || is_covered(first)) return doc_ = first;
      target = first + 1;
    }
  }
  float score() override {
    double sum = 0;
    for (const ScorerPtr& clause : clauses_) {
      if (clause->doc() == doc_) sum += clause->score();
    }
    return static_cast<float>(sum);
  }
  std::uint64_t cost() const override {
    std::uint64_t sum = 0;
    for (const ScorerPtr& clause : clauses_) sum += clause->cost();
    return sum;
  }
  float max_score() override { return std::numeric_limits<float>::infinity(); }

 private:
  static DocId advance_to(Scorer& clause, DocId target) {
    const DocId at = clause.doc();
    return at == kBeforeFirst || at < target ? clause.advance(target) : at;
  }
  bool is_covered(DocId doc) const {
    const std::optional<std::int64_t> wanted = minimum_.first(doc);
    const auto matching =
        std::ranges::count_if(clauses_, [doc](const ScorerPtr& c) { return c->doc() == doc; });
    return wanted && matching >= std::max<std::int64_t>(*wanted, 1);
  }

  std::vector<ScorerPtr> clauses_;
  const Column& minimum_;
  DocId doc_ = kBeforeFirst;
};

class CoveringPlan final : public Plan {
 public:
  CoveringPlan(std::vector<PlanPtr> clauses, std::string minimum_field)
      : clauses_(std::move(clauses)), minimum_field_(std::move(minimum_field)) {}

  ScorerPtr scorer(const SegmentView& view) const override {
    const Column* const minimum = view.segment->column(minimum_field_);
    if (!minimum) return nullptr;
    std::vector<ScorerPtr> found;
    for (const PlanPtr& clause : clauses_) {
      if (ScorerPtr scorer = clause->scorer(view)) found.push_back(std::move(scorer));
    }
    return found.empty() ? nullptr : std::make_unique<CoveringScorer>(std::move(found), *minimum);
  }
  std::string text() const override {
    std::vector<std::string> texts;
    for (const PlanPtr& clause : clauses_) texts.push_back(clause->text());
    return fmt::format("CoveringQuery(queries=[{}], minimumNumberMatch={})", fmt::join(texts, ", "),
                       minimum_field_);
  }
  void visit(TermVisitor& visitor) const override {
    for (const PlanPtr& clause : clauses_) clause->visit(visitor);
  }

 private:
  std::vector<PlanPtr> clauses_;
  std::string minimum_field_;
};

}  // namespace

PlanPtr plan_covering(std::vector<PlanPtr> clauses, std::string minimum_field) {
  return std::make_shared<CoveringPlan>(std::move(clauses), std::move(minimum_field));
}

}  // namespace hornbeam::search

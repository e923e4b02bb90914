#include <fmt/format.h>

#include "hornbeam/search/score/plan.h"

namespace hornbeam::search {
namespace {

class AllPlan final : public Plan {
 public:
  ScorerPtr scorer(const SegmentView& view) const override {
    return std::make_unique<AllScorer>(view.segment->doc_count());
  }
  bool is_set() const override { return true; }
};

class NonePlan final : public Plan {
 public:
  ScorerPtr scorer(const SegmentView&) const override { return nullptr; }
  std::string text() const override { return "MatchNoDocsQuery(\"\")"; }
};

class DocumentsPlan final : public Plan {
 public:
  DocumentsPlan(std::function<std::vector<DocId>(const SegmentView&)> find, DocumentsText text)
      : find_(std::move(find)), text_(std::move(text)) {}
  ScorerPtr scorer(const SegmentView& view) const override {
    std::vector<DocId> docs = find_(view);
    return docs.empty() ? nullptr : std::make_unique<DocSetScorer>(std::move(docs));
  }
  bool is_set() const override { return true; }
  std::string text() const override { return text_.text; }
  void visit(TermVisitor& visitor) const override {
    if (text_.matcher.matches) visitor.visit_matcher(text_.field, text_.matcher);
  }

 private:
  std::function<std::vector<DocId>(const SegmentView&)> find_;
  DocumentsText text_;
};

class ConstantPlan final : public Plan {
 public:
  ConstantPlan(PlanPtr matches, float score) : matches_(std::move(matches)), score_(score) {}
  ScorerPtr scorer(const SegmentView& view) const override {
    ScorerPtr found = matches_->scorer(view);
    return found ? std::make_unique<ConstantScorer>(std::move(found), score_) : nullptr;
  }
  std::string text() const override {
    return matches_->is_set()
               ? boosted_text(matches_->text(), score_)
               : boosted_text(fmt::format("ConstantScore({})", matches_->text()), score_);
  }
  Explanation explain(const SegmentView& view, DocId doc) const override {
    const std::string name =
        matches_->is_set() ? matches_->text() : fmt::format("ConstantScore({})", matches_->text());
    const ScorerPtr found = matches_->scorer(view);
    if (!found || found->advance(doc) != doc) {
      return Explanation::no_match(fmt::format("{} doesn't match id {}", name, doc));
    }
    return {.value = score_,
            .description = score_ == 1 ? name : fmt::format("{}^{}", name, java_float(score_))};
  }
  void visit(TermVisitor& visitor) const override { matches_->visit(visitor); }

 private:
  PlanPtr matches_;
  float score_;
};

/// Walks what a scorer matches, and looks whether another one matches too.
class BoostingScorer final : public Scorer {
 public:
  BoostingScorer(ScorerPtr positive, ScorerPtr negative, float negative_boost)
      : positive_(std::move(positive)),
        negative_(std::move(negative)),
        negative_boost_(negative_boost) {}

  DocId doc() const override { return positive_->doc(); }
  DocId next() override { return positive_->next(); }
  DocId advance(DocId target) override { return positive_->advance(target); }
  float score() override {
    const float score = positive_->score();
    DocId at = negative_->doc();
    if (at == kBeforeFirst || at < doc()) at = negative_->advance(doc());
    return at == doc() ? score * negative_boost_ : score;
  }
  std::uint64_t cost() const override { return positive_->cost(); }
  DocId block_end(DocId target) override { return positive_->block_end(target); }
  float max_score() override { return positive_->max_score() * std::max(1.0F, negative_boost_); }

 private:
  ScorerPtr positive_;
  ScorerPtr negative_;
  float negative_boost_;
};

class BoostingPlan final : public Plan {
 public:
  BoostingPlan(PlanPtr positive, PlanPtr negative, float negative_boost)
      : positive_(std::move(positive)),
        negative_(std::move(negative)),
        negative_boost_(negative_boost) {}
  ScorerPtr scorer(const SegmentView& view) const override {
    ScorerPtr positive = positive_->scorer(view);
    ScorerPtr negative = positive ? negative_->scorer(view) : nullptr;
    if (!negative) return positive;
    return std::make_unique<BoostingScorer>(std::move(positive), std::move(negative),
                                            negative_boost_);
  }
  std::string text() const override {
    return fmt::format("FunctionScoreQuery({}, scored by boost(queryboost({})^{}))",
                       positive_->text(), negative_->text(), java_float(negative_boost_));
  }
  void visit(TermVisitor& visitor) const override { positive_->visit(visitor); }

 private:
  PlanPtr positive_;
  PlanPtr negative_;
  float negative_boost_;
};

}  // namespace

PlanPtr plan_constant(PlanPtr matches, float score) {
  return std::make_shared<ConstantPlan>(std::move(matches), score);
}
PlanPtr plan_all() {
  return std::make_shared<AllPlan>();
}
PlanPtr plan_none() {
  return std::make_shared<NonePlan>();
}
PlanPtr plan_documents(std::function<std::vector<DocId>(const SegmentView&)> find,
                       DocumentsText text) {
  return std::make_shared<DocumentsPlan>(std::move(find), std::move(text));
}
PlanPtr plan_boosting(PlanPtr positive, PlanPtr negative, float negative_boost) {
  return std::make_shared<BoostingPlan>(std::move(positive), std::move(negative), negative_boost);
}

}  // namespace hornbeam::search

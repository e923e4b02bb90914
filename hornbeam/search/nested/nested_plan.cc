#include "hornbeam/search/nested/nested_plan.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "hornbeam/search/nested/nested_documents.h"

namespace hornbeam::search {
namespace {

/// Walks the documents around those that another scorer walks. That one stands at the first match
/// of the present document, or behind its matches once they were scored.
class NestedScorer final : public Scorer {
 public:
  NestedScorer(ScorerPtr matches, const Segment& nested, const Segment& around, NestedScore mode)
      : matches_(std::move(matches)), nested_(nested), around_(around), mode_(mode) {}

  DocId doc() const override { return doc_; }
  DocId next() override {
    if (doc_ == kBeforeFirst) return stand_at(matches_->next());
    return advance(doc_ + 1);
  }
  DocId advance(DocId target) override {
    const DocId at = matches_->doc();
    if (at == kNoMoreDocs) return doc_ = kNoMoreDocs;
    const DocId known = at == kBeforeFirst ? 0 : at;
    const DocId first = first_nested(nested_, around_, target, known);
    if (first >= nested_.doc_count()) return doc_ = kNoMoreDocs;
    return stand_at(first == at ? at : matches_->advance(first));
  }
  float score() override {
    if (mode_ == NestedScore::kNone) return 0;
    if (!is_scored_) score_all();
    return score_;
  }
  std::uint64_t cost() const override { return matches_->cost(); }
  // How many of a document match is not known before.
  float max_score() override {
    return mode_ == NestedScore::kNone ? 0 : std::numeric_limits<float>::infinity();
  }

 private:
  DocId stand_at(DocId match) {
    is_scored_ = false;
    return doc_ = match == kNoMoreDocs ? kNoMoreDocs : document_around(nested_, match, around_);
  }
  void score_all() {
    const DocId end = first_nested(nested_, around_, doc_ + 1, matches_->doc());
    double total = 0;
    float least = std::numeric_limits<float>::infinity();
    float most = -std::numeric_limits<float>::infinity();
    std::size_t count = 0;
    for (; matches_->doc() < end; matches_->next()) {
      const float one = matches_->score();
      total += double{one};
      least = std::min(least, one);
      most = std::max(most, one);
      ++count;
    }
    if (mode_ == NestedScore::kMin) score_ = least;
    if (mode_ == NestedScore::kMax) score_ = most;
    if (mode_ == NestedScore::kSum) score_ = static_cast<float>(total);
    if (mode_ == NestedScore::kAverage) {
      score_ = static_cast<float>(total / static_cast<double>(count));
    }
    is_scored_ = true;
  }

  ScorerPtr matches_;
  const Segment& nested_;
  const Segment& around_;
  NestedScore mode_;
  DocId doc_ = kBeforeFirst;
  bool is_scored_ = false;
  float score_ = 0;
};

class NestedPlan final : public Plan {
 public:
  NestedPlan(std::shared_ptr<const Snapshot> nested, std::string path, PlanPtr matches,
             NestedScore mode)
      : snapshot_(std::move(nested)),
        path_(std::move(path)),
        matches_(std::move(matches)),
        mode_(mode) {}

  ScorerPtr scorer(const SegmentView& view) const override {
    const SegmentView* const nested = nested_view(view);
    ScorerPtr found = nested ? matches_->scorer(*nested) : nullptr;
    if (!found) return nullptr;
    return std::make_unique<NestedScorer>(std::move(found), *nested->segment, *view.segment, mode_);
  }
  std::string text() const override {
    return fmt::format("ToParentBlockJoinQuery ({})", matches_->text());
  }
  Explanation explain(const SegmentView& view, DocId doc) const override {
    const ScorerPtr found = scorer(view);
    if (!found || found->advance(doc) != doc) return Explanation::no_match("Not a match");
    const SegmentView& nested = *nested_view(view);
    const DocRange inside = nested_range(*nested.segment, *view.segment, doc);
    const ScorerPtr matches = matches_->scorer(nested);
    std::size_t count = 0;
    DocId best = inside.begin;
    float most = -std::numeric_limits<float>::infinity();
    for (DocId at = matches->advance(inside.begin); at < inside.end; at = matches->next()) {
      ++count;
      if (matches->score() <= most) continue;
      most = matches->score();
      best = at;
    }
    return {.value = found->score(),
            .description = fmt::format(
                "Score based on {} child docs in range from {} to {}, best match:", count,
                inside.begin, inside.end - 1),
            .details = {matches_->explain(nested, best)}};
  }
  void visit(TermVisitor& visitor) const override { matches_->visit(visitor); }

 private:
  /// Null if the segment has no such documents.
  const SegmentView* nested_view(const SegmentView& view) const {
    const Segment* const nested = find_nested(*view.segment, path_);
    return nested ? find_view(*snapshot_, *nested) : nullptr;
  }

  std::shared_ptr<const Snapshot> snapshot_;
  std::string path_;
  PlanPtr matches_;
  NestedScore mode_;
};

}  // namespace

PlanPtr plan_nested(std::shared_ptr<const Snapshot> nested, std::string path, PlanPtr matches,
                    NestedScore score) {
  return std::make_shared<NestedPlan>(std::move(nested), std::move(path), std::move(matches),
                                      score);
}

}  // namespace hornbeam::search

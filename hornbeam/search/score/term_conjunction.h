#pragma once

// Documents that contain all of some terms. The rarest term leads; a document is only looked up in
// the others as long as what they can add may still bring it in ("block-max AND").

#include <vector>

#include "hornbeam/search/score/term_scorer.h"

namespace hornbeam::search {

/// Walks and scores them.
class TermConjunction final : public Scorer {
 public:
  /// Requires: there are two terms or more, and none has begun.
  explicit TermConjunction(std::vector<TermScorer> terms);

  DocId doc() const override { return lead().doc(); }
  DocId next() override { return align(lead().next()); }
  DocId advance(DocId target) override { return align(lead().advance(target)); }
  float score() override;
  std::uint64_t cost() const override { return lead().cost(); }
  DocId block_end(DocId target) override;
  float max_score() override;
  void collect(const LiveDocs& live, DocId base, TopDocsCollector& collector) override;

 private:
  TermScorer& lead() const { return *by_cost_.front(); }
  DocId align(DocId doc);
  void bound_block(DocId doc);
  bool others_have(DocId& doc);
  float sum_with(float of_lead);
  void collect_competitive(const LiveDocs& live, DocId base, TopDocsCollector& collector);
  bool may_compete(float bar);

  std::vector<TermScorer> terms_;
  std::vector<TermScorer*> by_cost_;  ///< The rarest first.
  DocId block_end_ = 0;               ///< Up to where the bounds hold ...
  DocId bounded_from_ = kNoMoreDocs;  ///< ... and from where.
  float bound_ = 0;                   ///< Of a score in the block ...
  double bound_of_others_ = 0;        ///< ... and of what all but the lead add to it.
};

}  // namespace hornbeam::search

#pragma once

#include <memory>
#include <span>
#include <vector>

#include "hornbeam/search/codec/postings_cursor.h"
#include "hornbeam/search/score/bm25.h"
#include "hornbeam/search/score/scorer.h"

namespace hornbeam::search {

/// Scores the documents of some terms as if they were one term.
class SynonymScorer final : public Scorer {
 public:
  /// Requires: there is a term.
  SynonymScorer(std::vector<PostingsCursor> terms, std::shared_ptr<const Bm25> bm25,
                std::span<const std::uint8_t> norms)
      : terms_(std::move(terms)), bm25_(std::move(bm25)), norms_(norms) {}

  DocId doc() const override { return doc_; }
  DocId next() override { return advance(doc_ == kBeforeFirst ? 0 : doc_ + 1); }
  DocId advance(DocId target) override;
  float score() override {
    return bm25_->score(freq(), norms_.empty() ? std::uint8_t{1} : norms_[doc_]);
  }
  std::uint64_t cost() const override;
  float max_score() override { return bm25_->limit(); }
  /// Of all the terms in `doc()`.
  float freq();

 private:
  std::vector<PostingsCursor> terms_;
  std::shared_ptr<const Bm25> bm25_;
  std::span<const std::uint8_t> norms_;
  DocId doc_ = kBeforeFirst;
};

}  // namespace hornbeam::search

#pragma once

#include <memory>
#include <span>
#include <vector>

#include "hornbeam/search/codec/postings_cursor.h"
#include "hornbeam/search/score/bm25.h"
#include "hornbeam/search/score/scorer.h"

namespace hornbeam::search {

/// Scores the documents of one term by BM25.
class TermScorer final : public Scorer {
 public:
  /// `norms` may be empty: as in Lucene all fields count as one token long then.
  TermScorer(PostingsCursor postings, std::shared_ptr<const Bm25> bm25,
             std::span<const std::uint8_t> norms);

  DocId doc() const override { return postings_.doc(); }
  DocId next() override { return postings_.next(); }
  DocId advance(DocId target) override { return postings_.advance(target); }
  float score() override {
    const std::uint8_t norm = norms_.empty() ? std::uint8_t{1} : norms_[postings_.doc()];
    return bm25_->score(static_cast<float>(postings_.freq()), norm);
  }
  std::uint64_t cost() const override { return postings_.doc_freq(); }
  DocId block_end(DocId target) override { return postings_.block_end(target); }
  float max_score() override;

  /// How often the term is in `doc()`.
  float freq() { return static_cast<float>(postings_.freq()); }
  /// What no document from `first` to `last` surpasses. Requires: ranges rise.
  float max_score_in(DocId first, DocId last);

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  PostingsCursor postings_;
  std::shared_ptr<const Bm25> bm25_;
  std::span<const std::uint8_t> norms_;
  std::vector<Impact> impacts_;
  std::size_t max_block_ = kNone;  ///< The block that `max_` is of.
  float max_ = 0;
};

}  // namespace hornbeam::search

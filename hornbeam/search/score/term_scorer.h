#pragma once

#include <array>
#include <memory>
#include <optional>
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
  std::size_t next_docs(std::span<DocId> docs) override { return postings_.next_docs(docs); }
  std::uint64_t cost() const override { return postings_.doc_freq(); }
  std::optional<std::uint64_t> match_count() const override { return postings_.doc_freq(); }
  void collect(const LiveDocs& live, DocId base, TopDocsCollector& collector) override;
  DocId block_end(DocId target) override { return postings_.block_end(target); }
  float max_score() override;

  /// What no document of the segment surpasses.
  float max_score_of_all();
  /// `doc()` and those behind it in its block and before `end`, with their scores; `leave_run`
  /// comes next.
  std::span<const DocId> score_run(DocId end, std::array<float, kBlockSize>& scores) {
    const PostingsCursor::Run run = postings_.take_run(end, true);
    bm25_->score_all(run.docs.data(), run.freqs, run.docs.size(), norms_, scores.data());
    return run.docs;
  }
  /// The same without scores.
  std::span<const DocId> take_run(DocId end) { return postings_.take_run(end, false).docs; }
  DocId leave_run() { return postings_.leave_run(); }

  /// How often the term is in `doc()`.
  float freq() { return static_cast<float>(postings_.freq()); }
  /// What no document from `first` to `last` surpasses. Requires: ranges rise.
  float max_score_in(DocId first, DocId last);

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  PostingsCursor postings_;
  std::shared_ptr<const Bm25> bm25_;
  std::span<const std::uint8_t> norms_;
  float best_of(const std::vector<Impact>& impacts) const;

  std::vector<Impact> impacts_;
  std::size_t max_block_ = kNone;  ///< The block that `max_` is of.
  float max_ = 0;
};

}  // namespace hornbeam::search

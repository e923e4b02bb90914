#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "hornbeam/search/types.h"

namespace hornbeam::search {

class LiveDocs;
struct TopDocsCollector;

/// Walks the documents of a segment that match, and scores them. Begins before the first; deleted
/// documents are left to the caller to skip.
class Scorer {
 public:
  virtual ~Scorer() = default;

  virtual DocId doc() const = 0;
  virtual DocId next() = 0;
  /// Moves to the first match at or behind `target`. Requires: it is behind `doc()`.
  virtual DocId advance(DocId target) = 0;
  /// Of `doc()`.
  virtual float score() = 0;
  /// Fills `docs` with the next matches and gives their number, which is below its size only where
  /// they end. Stands at the last one then.
  virtual std::size_t next_docs(std::span<DocId> docs);
  /// About how many documents it walks: the cheapest leads.
  virtual std::uint64_t cost() const = 0;

  /// The last document for which `max_score` holds, when asked from `target` on. Requires: targets
  /// rise, and none is before `doc()`.
  virtual DocId block_end(DocId target);
  /// What no document from the last `target` to the end of its block surpasses.
  virtual float max_score() = 0;

  /// How many documents match, deleted ones included, if that is known before they are walked.
  virtual std::optional<std::uint64_t> match_count() const { return std::nullopt; }
  /// Shows all matches to a collector, or those it may not skip. `base` is the number of the
  /// segment's first document. Requires: it did not begin.
  virtual void collect(const LiveDocs& live, DocId base, TopDocsCollector& collector);
};

using ScorerPtr = std::unique_ptr<Scorer>;

/// Walks what all of some scorers match; scores add up.
class ConjunctionScorer final : public Scorer {
 public:
  /// `filters` must match and score nothing. Requires: there is a scorer.
  ConjunctionScorer(std::vector<ScorerPtr> scoring, std::vector<ScorerPtr> filters);

  DocId doc() const override { return lead().doc(); }
  DocId next() override { return align(all_.front()->next()); }
  DocId advance(DocId target) override { return align(all_.front()->advance(target)); }
  float score() override;
  std::uint64_t cost() const override { return lead().cost(); }
  DocId block_end(DocId target) override;
  float max_score() override;

 private:
  const Scorer& lead() const { return *all_.front(); }
  DocId align(DocId doc);

  std::vector<ScorerPtr> owned_;
  std::vector<Scorer*> scoring_;
  std::vector<Scorer*> all_;  ///< The cheapest first.
};

/// Walks what at least `minimum` of some scorers match; scores add up, or the best one counts and
/// the others add their part (`tie_breaker`).
class DisjunctionScorer final : public Scorer {
 public:
  enum class Combine : std::uint8_t { kSum, kMax };

  DisjunctionScorer(std::vector<ScorerPtr> clauses, std::size_t minimum,
                    Combine combine = Combine::kSum, float tie_breaker = 0);

  DocId doc() const override { return doc_; }
  DocId next() override { return find(doc_ == kBeforeFirst ? 0 : doc_ + 1); }
  DocId advance(DocId target) override { return find(target); }
  float score() override;
  std::uint64_t cost() const override;
  float max_score() override;

 private:
  DocId find(DocId target);

  std::vector<ScorerPtr> clauses_;
  std::size_t minimum_;
  Combine combine_;
  float tie_breaker_;
  DocId doc_ = kBeforeFirst;
};

/// Walks what one scorer matches and none of others; some more may add to the score.
class ExtendedScorer final : public Scorer {
 public:
  ExtendedScorer(ScorerPtr required, std::vector<ScorerPtr> optional,
                 std::vector<ScorerPtr> prohibited);

  DocId doc() const override { return required_->doc(); }
  DocId next() override { return skip_prohibited(required_->next()); }
  DocId advance(DocId target) override { return skip_prohibited(required_->advance(target)); }
  float score() override;
  std::uint64_t cost() const override { return required_->cost(); }
  DocId block_end(DocId target) override { return required_->block_end(target); }
  float max_score() override;

 private:
  DocId skip_prohibited(DocId doc);

  ScorerPtr required_;
  std::vector<ScorerPtr> optional_;
  std::vector<ScorerPtr> prohibited_;
};

/// Gives every match of another scorer the same score.
class ConstantScorer final : public Scorer {
 public:
  ConstantScorer(ScorerPtr matches, float score) : matches_(std::move(matches)), score_(score) {}

  DocId doc() const override { return matches_->doc(); }
  DocId next() override { return matches_->next(); }
  DocId advance(DocId target) override { return matches_->advance(target); }
  float score() override { return score_; }
  std::size_t next_docs(std::span<DocId> docs) override { return matches_->next_docs(docs); }
  std::uint64_t cost() const override { return matches_->cost(); }
  float max_score() override { return score_; }
  std::optional<std::uint64_t> match_count() const override { return matches_->match_count(); }

 private:
  ScorerPtr matches_;
  float score_;
};

/// Walks given documents, or all of a segment.
class DocSetScorer final : public Scorer {
 public:
  /// Requires: `docs` rise.
  explicit DocSetScorer(std::vector<DocId> docs) : docs_(std::move(docs)) {}

  DocId doc() const override { return doc_; }
  DocId next() override;
  DocId advance(DocId target) override;
  std::size_t next_docs(std::span<DocId> docs) override;
  float score() override { return 0; }
  std::uint64_t cost() const override { return docs_.size(); }
  std::optional<std::uint64_t> match_count() const override { return docs_.size(); }
  float max_score() override { return 0; }

 private:
  std::vector<DocId> docs_;
  std::size_t next_ = 0;
  DocId doc_ = kBeforeFirst;
};

/// Walks every document of a segment.
class AllScorer final : public Scorer {
 public:
  explicit AllScorer(DocId doc_count) : doc_count_(doc_count) {}

  DocId doc() const override { return doc_; }
  DocId next() override { return advance(doc_ == kBeforeFirst ? 0 : doc_ + 1); }
  DocId advance(DocId target) override { return doc_ = target < doc_count_ ? target : kNoMoreDocs; }
  std::size_t next_docs(std::span<DocId> docs) override;
  float score() override { return 0; }
  std::uint64_t cost() const override { return doc_count_; }
  std::optional<std::uint64_t> match_count() const override { return doc_count_; }
  float max_score() override { return 0; }

 private:
  DocId doc_count_;
  DocId doc_ = kBeforeFirst;
};

}  // namespace hornbeam::search

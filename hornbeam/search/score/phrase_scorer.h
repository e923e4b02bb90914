#pragma once

#include <memory>
#include <span>
#include <vector>

#include "hornbeam/search/score/bm25.h"
#include "hornbeam/search/score/phrase_postings.h"
#include "hornbeam/search/score/scorer.h"

namespace hornbeam::search {

/// Walks the documents in which terms stand at given distances, give or take `slop` moves, and
/// scores how often by BM25.
class PhraseScorer final : public Scorer {
 public:
  struct Term {
    PhrasePostings postings;
    std::uint32_t offset = 0;  ///< Its position in the phrase.
    std::size_t word = 0;      ///< The same number for the same word at two places.
  };

  /// Requires: at least two terms of a field with positions.
  PhraseScorer(std::vector<Term> terms, std::uint32_t slop, std::shared_ptr<const Bm25> bm25,
               std::span<const std::uint8_t> norms);

  DocId doc() const override { return doc_; }
  DocId next() override { return find(terms_.front().postings.next()); }
  DocId advance(DocId target) override { return find(terms_.front().postings.advance(target)); }
  float score() override;
  std::uint64_t cost() const override { return terms_.front().postings.cost(); }
  DocId block_end(DocId target) override;
  float max_score() override;
  void collect(const LiveDocs& live, DocId base, TopDocsCollector& collector) override;
  /// How often the phrase is in `doc()`; what is less than exact counts less.
  float freq() const noexcept { return freq_; }

 private:
  DocId find(DocId doc);
  bool align(DocId& doc);
  bool may_compete(DocId doc, float bar);
  float count_occurrences();
  std::uint32_t count_pair(std::uint32_t most);
  float count_exact(std::uint32_t most);
  float count_sloppy();
  float count_repeating();
  bool move_on(std::size_t term, std::int64_t& end);
  bool part_repeated(std::size_t term, std::int64_t& end);
  std::int64_t place_of(std::size_t term) const {
    return std::int64_t{positions_[term][places_[term]]} - terms_[term].offset;
  }

  std::uint8_t norm_of(DocId doc) const noexcept {
    return norms_.empty() ? std::uint8_t{1} : norms_[doc];
  }

  std::vector<Term> terms_;  ///< The rarest first.
  std::uint32_t slop_;
  bool repeats_ = false;  ///< Whether a word stands at two places.
  std::shared_ptr<const Bm25> bm25_;
  std::span<const std::uint8_t> norms_;
  DocId doc_ = kBeforeFirst;
  float freq_ = 0;
  bool has_bounds_ = false;  ///< Whether frequencies of single terms bound that of the phrase.
  std::size_t max_block_ = static_cast<std::size_t>(-1);  ///< The block that `max_` is of.
  float max_ = 0;
  std::vector<Impact> impacts_;
  std::vector<std::size_t> places_;
  std::vector<std::span<const std::uint32_t>> positions_;
};

}  // namespace hornbeam::search

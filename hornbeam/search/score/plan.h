#pragma once

// A query made ready for one snapshot: analysed, with its statistics, so that each segment needs
// only its postings. Plans are made by query/planner.h.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "hornbeam/search/index/shard.h"
#include "hornbeam/search/score/bm25.h"
#include "hornbeam/search/score/explanation.h"
#include "hornbeam/search/score/matched_terms.h"
#include "hornbeam/search/score/scorer.h"
#include "hornbeam/search/score/term_scorer.h"

namespace hornbeam::search {

/// One node of it.
class Plan {
 public:
  virtual ~Plan() = default;

  /// What matches in a segment; null if nothing does.
  virtual ScorerPtr scorer(const SegmentView& view) const = 0;
  /// The terms, if the plan is nothing but "any of these terms".
  virtual bool find_terms(const SegmentView& view, std::vector<TermScorer>& terms) const;
  /// As Lucene would print the query: `title:fox`, `+(a:b c:d)^2.0`.
  virtual std::string text() const { return "*:*"; }
  /// Why a document of the segment scores what it scores.
  virtual Explanation explain(const SegmentView& view, DocId doc) const;
  /// Whether it is a set of documents, which a constant score makes a query.
  virtual bool is_set() const { return false; }
  /// Tells the terms that it looks for.
  virtual void visit(TermVisitor& visitor) const;
};

using PlanPtr = std::shared_ptr<const Plan>;

/// What a snapshot knows of a term, deleted documents included.
struct TermStatistics {
  FieldStatistics field{};
  std::uint64_t doc_freq = 0;
  std::uint64_t total_term_freq = 0;
};
TermStatistics term_statistics(const Snapshot& snapshot, std::string_view field,
                               std::string_view term);

PlanPtr plan_term(const Snapshot& snapshot, std::string field, std::string term, float boost,
                  const Bm25Options& options);
/// A term that scores as if it were in `doc_freq` documents.
PlanPtr plan_term_as(const Snapshot& snapshot, std::string field, std::string term,
                     std::uint64_t doc_freq, float boost, const Bm25Options& options);
/// Terms that count as one.
PlanPtr plan_synonyms(const Snapshot& snapshot, std::string field, std::vector<std::string> terms,
                      float boost, const Bm25Options& options);

/// A term and its place in a phrase.
struct PhraseTerm {
  std::string term;
  std::uint32_t offset = 0;
};
PlanPtr plan_phrase(const Snapshot& snapshot, std::string field, std::vector<PhraseTerm> terms,
                    std::uint32_t slop, float boost, const Bm25Options& options);
/// A phrase some of whose places may have one of several terms. Requires: each has a term.
PlanPtr plan_phrase(const Snapshot& snapshot, std::string field, std::vector<PhrasePlace> places,
                    std::uint32_t slop, float boost, const Bm25Options& options);

/// The clauses of a bool query.
struct BoolClauses {
  std::vector<PlanPtr> must{};
  std::vector<PlanPtr> filter{};
  std::vector<PlanPtr> should{};
  std::vector<PlanPtr> must_not{};
  std::size_t minimum_should_match = 0;
};
PlanPtr plan_bool(BoolClauses clauses);
PlanPtr plan_dis_max(std::vector<PlanPtr> clauses, float tie_breaker);
PlanPtr plan_constant(PlanPtr matches, float score);
PlanPtr plan_all();
PlanPtr plan_none();
/// How a plan that lists documents presents itself.
struct DocumentsText {
  std::string text = "*:*";
  std::string field{};  ///< Of `matcher`.
  TermMatcher matcher{};
};
/// Documents that `find` lists, rising.
PlanPtr plan_documents(std::function<std::vector<DocId>(const SegmentView&)> find,
                       DocumentsText text = {});
/// Matches of `positive`; the scores of those that `negative` matches too are multiplied.
PlanPtr plan_boosting(PlanPtr positive, PlanPtr negative, float negative_boost);

}  // namespace hornbeam::search

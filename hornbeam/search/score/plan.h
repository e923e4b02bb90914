#pragma once

// A query made ready for one snapshot: analysed, with its statistics, so that each segment needs
// only its postings. Plans are made by query/planner.h.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "hornbeam/search/index/shard.h"
#include "hornbeam/search/score/bm25.h"
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
};

using PlanPtr = std::shared_ptr<const Plan>;

PlanPtr plan_term(const Snapshot& snapshot, std::string field, std::string term, float boost,
                  const Bm25Options& options);

/// A term and its place in a phrase.
struct PhraseTerm {
  std::string term;
  std::uint32_t offset = 0;
};
PlanPtr plan_phrase(const Snapshot& snapshot, std::string field, std::vector<PhraseTerm> terms,
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
/// Documents that `find` lists, rising.
PlanPtr plan_documents(std::function<std::vector<DocId>(const SegmentView&)> find);

}  // namespace hornbeam::search

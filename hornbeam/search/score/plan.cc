#include "hornbeam/search/score/plan.h"

#include <array>

#include "hornbeam/search/score/phrase_scorer.h"

namespace hornbeam::search {
namespace {

struct Statistics {
  FieldStatistics field{};
  std::vector<std::uint64_t> doc_freqs{};
};

Statistics collect_statistics(const Snapshot& snapshot, std::string_view field,
                              std::span<const std::string_view> terms) {
  Statistics found{.doc_freqs = std::vector<std::uint64_t>(terms.size())};
  for (const SegmentView& view : snapshot.segments) {
    const FieldTerms* const dictionary = view.segment->terms(field);
    if (!dictionary) continue;
    found.field.doc_count += dictionary->info().doc_count;
    found.field.sum_total_term_freq += dictionary->info().sum_total_term_freq;
    for (std::size_t i = 0; i < terms.size(); ++i) {
      if (const auto entry = dictionary->find(terms[i])) found.doc_freqs[i] += entry->doc_freq;
    }
  }
  return found;
}

class TermPlan final : public Plan {
 public:
  TermPlan(const Snapshot& snapshot, std::string field, std::string term, float boost,
           const Bm25Options& options)
      : field_(std::move(field)), term_(std::move(term)) {
    const std::array<std::string_view, 1> terms = {term_};
    const Statistics found = collect_statistics(snapshot, field_, terms);
    bm25_ = std::make_shared<const Bm25>(found.field, found.doc_freqs, boost, options);
  }

  ScorerPtr scorer(const SegmentView& view) const override {
    std::vector<TermScorer> terms;
    find_terms(view, terms);
    return terms.empty() ? nullptr : std::make_unique<TermScorer>(std::move(terms.front()));
  }

  bool find_terms(const SegmentView& view, std::vector<TermScorer>& terms) const override {
    const FieldTerms* const dictionary = view.segment->terms(field_);
    if (!dictionary) return true;
    const std::optional<TermEntry> entry = dictionary->find(term_);
    if (!entry) return true;
    terms.emplace_back(view.segment->postings(*dictionary, *entry), bm25_,
                       view.segment->norms(field_));
    return true;
  }

 private:
  std::string field_;
  std::string term_;
  std::shared_ptr<const Bm25> bm25_;
};

class PhrasePlan final : public Plan {
 public:
  PhrasePlan(const Snapshot& snapshot, std::string field, std::vector<PhraseTerm> terms,
             std::uint32_t slop, float boost, const Bm25Options& options)
      : field_(std::move(field)), terms_(std::move(terms)), slop_(slop) {
    std::vector<std::string_view> words;
    for (const PhraseTerm& term : terms_) words.push_back(term.term);
    const Statistics found = collect_statistics(snapshot, field_, words);
    bm25_ = std::make_shared<const Bm25>(found.field, found.doc_freqs, boost, options);
  }

  ScorerPtr scorer(const SegmentView& view) const override {
    const FieldTerms* const dictionary = view.segment->terms(field_);
    if (!dictionary || !dictionary->info().postings.has_positions) return nullptr;
    std::vector<PhraseScorer::Term> found;
    for (const PhraseTerm& term : terms_) {
      const std::optional<TermEntry> entry = dictionary->find(term.term);
      if (!entry) return nullptr;
      found.push_back(
          {.postings = view.segment->postings(*dictionary, *entry), .offset = term.offset});
    }
    return std::make_unique<PhraseScorer>(std::move(found), slop_, bm25_,
                                          view.segment->norms(field_));
  }

 private:
  std::string field_;
  std::vector<PhraseTerm> terms_;
  std::uint32_t slop_;
  std::shared_ptr<const Bm25> bm25_;
};

class AllPlan final : public Plan {
 public:
  ScorerPtr scorer(const SegmentView& view) const override {
    return std::make_unique<AllScorer>(view.segment->doc_count());
  }
};

class NonePlan final : public Plan {
 public:
  ScorerPtr scorer(const SegmentView&) const override { return nullptr; }
};

class DocumentsPlan final : public Plan {
 public:
  explicit DocumentsPlan(std::function<std::vector<DocId>(const SegmentView&)> find)
      : find_(std::move(find)) {}
  ScorerPtr scorer(const SegmentView& view) const override {
    std::vector<DocId> docs = find_(view);
    return docs.empty() ? nullptr : std::make_unique<DocSetScorer>(std::move(docs));
  }

 private:
  std::function<std::vector<DocId>(const SegmentView&)> find_;
};

class ConstantPlan final : public Plan {
 public:
  ConstantPlan(PlanPtr matches, float score) : matches_(std::move(matches)), score_(score) {}
  ScorerPtr scorer(const SegmentView& view) const override {
    ScorerPtr found = matches_->scorer(view);
    return found ? std::make_unique<ConstantScorer>(std::move(found), score_) : nullptr;
  }

 private:
  PlanPtr matches_;
  float score_;
};

}  // namespace

bool Plan::find_terms(const SegmentView&, std::vector<TermScorer>&) const {
  return false;
}

PlanPtr plan_term(const Snapshot& snapshot, std::string field, std::string term, float boost,
                  const Bm25Options& options) {
  return std::make_shared<TermPlan>(snapshot, std::move(field), std::move(term), boost, options);
}

PlanPtr plan_phrase(const Snapshot& snapshot, std::string field, std::vector<PhraseTerm> terms,
                    std::uint32_t slop, float boost, const Bm25Options& options) {
  return std::make_shared<PhrasePlan>(snapshot, std::move(field), std::move(terms), slop, boost,
                                      options);
}

PlanPtr plan_constant(PlanPtr matches, float score) {
  return std::make_shared<ConstantPlan>(std::move(matches), score);
}
PlanPtr plan_all() {
  return std::make_shared<AllPlan>();
}
PlanPtr plan_none() {
  return std::make_shared<NonePlan>();
}
PlanPtr plan_documents(std::function<std::vector<DocId>(const SegmentView&)> find) {
  return std::make_shared<DocumentsPlan>(std::move(find));
}

}  // namespace hornbeam::search

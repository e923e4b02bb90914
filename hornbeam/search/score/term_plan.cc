#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "hornbeam/search/score/plan.h"
#include "hornbeam/search/score/synonym_scorer.h"

namespace hornbeam::search {
namespace {

constexpr std::string_view kFrequency = "freq, occurrences of term within document";

Explanation explain_match(const Plan& plan, const Bm25& bm25, float freq,
                          std::span<const std::uint8_t> norms, DocId doc) {
  Explanation score = bm25.explain(freq, kFrequency, norms.empty() ? std::uint8_t{1} : norms[doc]);
  return {.value = score.value,
          .description =
              fmt::format("weight({} in {}) [PerFieldSimilarity], result of:", plan.text(), doc),
          .details = {std::move(score)}};
}

class TermPlan final : public Plan {
 public:
  TermPlan(std::string field, std::string term, const FieldStatistics& statistics,
           std::uint64_t doc_freq, float boost, const Bm25Options& options)
      : field_(std::move(field)), term_(std::move(term)), boost_(boost) {
    const std::array<std::uint64_t, 1> doc_freqs = {doc_freq};
    bm25_ = std::make_shared<const Bm25>(statistics, doc_freqs, boost, options);
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

  std::string text() const override {
    return boosted_text(fmt::format("{}:{}", field_, term_), boost_);
  }

  Explanation explain(const SegmentView& view, DocId doc) const override {
    std::vector<TermScorer> terms;
    find_terms(view, terms);
    if (terms.empty() || terms.front().advance(doc) != doc) {
      return Explanation::no_match("no matching term");
    }
    return explain_match(*this, *bm25_, terms.front().freq(), view.segment->norms(field_), doc);
  }

  void visit(TermVisitor& visitor) const override { visitor.visit_term(field_, term_); }

 private:
  std::string field_;
  std::string term_;
  float boost_;
  std::shared_ptr<const Bm25> bm25_;
};

class SynonymPlan final : public Plan {
 public:
  SynonymPlan(const Snapshot& snapshot, std::string field, std::vector<std::string> terms,
              float boost, const Bm25Options& options)
      : field_(std::move(field)), terms_(std::move(terms)), boost_(boost) {
    // As Lucene's: together they are about as common as the most common of them.
    TermStatistics all;
    for (const std::string& term : terms_) {
      const TermStatistics one = term_statistics(snapshot, field_, term);
      all.field = one.field;
      all.doc_freq = std::max(all.doc_freq, one.doc_freq);
    }
    const std::array<std::uint64_t, 1> doc_freqs = {all.doc_freq};
    bm25_ = std::make_shared<const Bm25>(all.field, doc_freqs, boost, options);
  }

  ScorerPtr scorer(const SegmentView& view) const override { return make_scorer(view); }

  std::string text() const override {
    std::string all;
    for (const std::string& term : terms_) {
      all += fmt::format("{}{}:{}", all.empty() ? "" : " ", field_, term);
    }
    return boosted_text(fmt::format("Synonym({})", all), boost_);
  }

  Explanation explain(const SegmentView& view, DocId doc) const override {
    const auto found = make_scorer(view);
    if (!found || found->advance(doc) != doc) return Explanation::no_match("no matching term");
    return explain_match(*this, *bm25_, found->freq(), view.segment->norms(field_), doc);
  }

  void visit(TermVisitor& visitor) const override {
    for (const std::string& term : terms_) visitor.visit_term(field_, term);
  }

 private:
  std::unique_ptr<SynonymScorer> make_scorer(const SegmentView& view) const {
    const FieldTerms* const dictionary = view.segment->terms(field_);
    if (!dictionary) return nullptr;
    std::vector<PostingsCursor> found;
    for (const std::string& term : terms_) {
      const std::optional<TermEntry> entry = dictionary->find(term);
      if (entry) found.push_back(view.segment->postings(*dictionary, *entry));
    }
    if (found.empty()) return nullptr;
    return std::make_unique<SynonymScorer>(std::move(found), bm25_, view.segment->norms(field_));
  }

  std::string field_;
  std::vector<std::string> terms_;
  float boost_;
  std::shared_ptr<const Bm25> bm25_;
};

}  // namespace

TermStatistics term_statistics(const Snapshot& snapshot, std::string_view field,
                               std::string_view term) {
  TermStatistics found;
  for (const SegmentView& view : snapshot.segments) {
    const FieldTerms* const dictionary = view.segment->terms(field);
    if (!dictionary) continue;
    found.field.doc_count += dictionary->info().doc_count;
    found.field.sum_total_term_freq += dictionary->info().sum_total_term_freq;
    if (const auto entry = dictionary->find(term)) {
      found.doc_freq += entry->doc_freq;
      found.total_term_freq += entry->total_term_freq;
    }
  }
  return found;
}

PlanPtr plan_term(const Snapshot& snapshot, std::string field, std::string term, float boost,
                  const Bm25Options& options) {
  const TermStatistics found = term_statistics(snapshot, field, term);
  return std::make_shared<TermPlan>(std::move(field), std::move(term), found.field, found.doc_freq,
                                    boost, options);
}

PlanPtr plan_term_as(const Snapshot& snapshot, std::string field, std::string term,
                     std::uint64_t doc_freq, float boost, const Bm25Options& options) {
  const FieldStatistics found = term_statistics(snapshot, field, term).field;
  return std::make_shared<TermPlan>(std::move(field), std::move(term), found,
                                    std::min(doc_freq, found.doc_count), boost, options);
}

PlanPtr plan_synonyms(const Snapshot& snapshot, std::string field, std::vector<std::string> terms,
                      float boost, const Bm25Options& options) {
  if (terms.size() == 1) {
    return plan_term(snapshot, std::move(field), std::move(terms.front()), boost, options);
  }
  return std::make_shared<SynonymPlan>(snapshot, std::move(field), std::move(terms), boost,
                                       options);
}

}  // namespace hornbeam::search

#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/search/score/phrase_scorer.h"
#include "hornbeam/search/score/plan.h"

namespace hornbeam::search {
namespace {

class PhrasePlan final : public Plan {
 public:
  PhrasePlan(const Snapshot& snapshot, std::string field, std::vector<PhrasePlace> places,
             std::uint32_t slop, float boost, const Bm25Options& options)
      : field_(std::move(field)), places_(std::move(places)), slop_(slop), boost_(boost) {
    std::vector<std::uint64_t> doc_freqs;
    FieldStatistics field_statistics;
    for (const PhrasePlace& place : places_) {
      for (const std::string& term : place.terms) {
        const TermStatistics found = term_statistics(snapshot, field_, term);
        field_statistics = found.field;
        doc_freqs.push_back(found.doc_freq);
      }
    }
    bm25_ = std::make_shared<const Bm25>(field_statistics, doc_freqs, boost, options);
  }

  ScorerPtr scorer(const SegmentView& view) const override { return make_scorer(view); }

  std::string text() const override;
  Explanation explain(const SegmentView& view, DocId doc) const override;
  void visit(TermVisitor& visitor) const override { visitor.visit_phrase(field_, places_, slop_); }

 private:
  std::unique_ptr<PhraseScorer> make_scorer(const SegmentView& view) const;

  std::string field_;
  std::vector<PhrasePlace> places_;
  std::uint32_t slop_;
  float boost_;
  std::shared_ptr<const Bm25> bm25_;
};

std::unique_ptr<PhraseScorer> PhrasePlan::make_scorer(const SegmentView& view) const {
  const FieldTerms* const dictionary = view.segment->terms(field_);
  if (!dictionary || !dictionary->info().postings.has_positions) return nullptr;
  std::vector<PhraseScorer::Term> found;
  for (const PhrasePlace& place : places_) {
    std::vector<PostingsCursor> cursors;
    for (const std::string& term : place.terms) {
      const std::optional<TermEntry> entry = dictionary->find(term);
      if (entry) cursors.push_back(view.segment->postings(*dictionary, *entry));
    }
    if (cursors.empty()) return nullptr;
    const auto first = std::ranges::find(places_, place.terms, &PhrasePlace::terms);
    found.push_back({.postings = PhrasePostings(std::move(cursors)),
                     .offset = place.offset,
                     .word = static_cast<std::size_t>(first - places_.begin())});
  }
  return std::make_unique<PhraseScorer>(std::move(found), slop_, bm25_,
                                        view.segment->norms(field_));
}

std::string PhrasePlan::text() const {
  std::string words;
  std::uint32_t offset = 0;
  for (const PhrasePlace& place : places_) {
    // Gaps, such as those of stop words.
    for (; offset < place.offset; ++offset) words += words.empty() ? "?" : " ?";
    offset = place.offset + 1;
    if (!words.empty()) words += ' ';
    if (place.terms.size() == 1) {
      words += place.terms.front();
    } else {
      words += fmt::format("({})", fmt::join(place.terms, " "));
    }
  }
  std::string all = fmt::format("{}:\"{}\"", field_, words);
  if (slop_ > 0) all += fmt::format("~{}", slop_);
  return boosted_text(std::move(all), boost_);
}

Explanation PhrasePlan::explain(const SegmentView& view, DocId doc) const {
  const auto found = make_scorer(view);
  if (!found || found->advance(doc) != doc) return Explanation::no_match("no matching terms");
  const std::span<const std::uint8_t> norms = view.segment->norms(field_);
  Explanation score =
      bm25_->explain(found->freq(), fmt::format("phraseFreq={}", java_float(found->freq())),
                     norms.empty() ? std::uint8_t{1} : norms[doc]);
  return {
      .value = score.value,
      .description = fmt::format("weight({} in {}) [PerFieldSimilarity], result of:", text(), doc),
      .details = {std::move(score)}};
}

}  // namespace

PlanPtr plan_phrase(const Snapshot& snapshot, std::string field, std::vector<PhrasePlace> places,
                    std::uint32_t slop, float boost, const Bm25Options& options) {
  return std::make_shared<PhrasePlan>(snapshot, std::move(field), std::move(places), slop, boost,
                                      options);
}

PlanPtr plan_phrase(const Snapshot& snapshot, std::string field, std::vector<PhraseTerm> terms,
                    std::uint32_t slop, float boost, const Bm25Options& options) {
  std::vector<PhrasePlace> places;
  places.reserve(terms.size());
  for (PhraseTerm& term : terms) {
    places.push_back({.terms = {std::move(term.term)}, .offset = term.offset});
  }
  return plan_phrase(snapshot, std::move(field), std::move(places), slop, boost, options);
}

}  // namespace hornbeam::search

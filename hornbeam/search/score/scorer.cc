#include "hornbeam/search/score/scorer.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "hornbeam/base/check.h"
#include "hornbeam/search/codec/live_docs.h"
#include "hornbeam/search/score/top_docs.h"

namespace hornbeam::search {

DocId Scorer::block_end(DocId) {
  return kBeforeFirst - 1;
}

std::size_t Scorer::next_docs(std::span<DocId> docs) {
  std::size_t count = 0;
  while (count < docs.size()) {
    const DocId doc = next();
    if (doc == kNoMoreDocs) break;
    docs[count++] = doc;
  }
  return count;
}

void Scorer::collect(const LiveDocs& live, DocId base, TopDocsCollector& collector) {
  DocId end = 0;
  bool is_end_known = false;
  // Each round moves forward.
  for (DocId doc = next(); doc != kNoMoreDocs;) {
    if (collector.may_skip()) {
      if (!is_end_known || doc > end) {
        end = block_end(doc);
        is_end_known = true;
      }
      if (max_score() <= collector.top.bar()) {
        doc = advance(end + 1);
        continue;
      }
    }
    if (live.is_live(doc)) collector.add(score(), base + doc);
    doc = next();
  }
}

ConjunctionScorer::ConjunctionScorer(std::vector<ScorerPtr> scoring,
                                     std::vector<ScorerPtr> filters) {
  for (ScorerPtr& scorer : scoring) {
    scoring_.push_back(scorer.get());
    owned_.push_back(std::move(scorer));
  }
  for (ScorerPtr& scorer : filters) owned_.push_back(std::move(scorer));
  base::check(!owned_.empty(), "a conjunction has clauses");
  for (const ScorerPtr& scorer : owned_) all_.push_back(scorer.get());
  std::ranges::sort(all_, {}, [](const Scorer* s) { return s->cost(); });
}

DocId ConjunctionScorer::align(DocId doc) {
  // Each round moves the lead forward, and ends at the last document at the latest.
  while (doc != kNoMoreDocs) {
    DocId target = doc;
    for (std::size_t i = 1; i < all_.size() && target == doc; ++i) {
      const DocId at = all_[i]->doc();
      target = at == kBeforeFirst || at < doc ? all_[i]->advance(doc) : at;
    }
    if (target == doc) return doc;
    doc =
        target == kNoMoreDocs ? all_.front()->advance(kNoMoreDocs) : all_.front()->advance(target);
  }
  return doc;
}

float ConjunctionScorer::score() {
  double sum = 0;
  for (Scorer* const scorer : scoring_) sum += scorer->score();
  return static_cast<float>(sum);
}

DocId ConjunctionScorer::block_end(DocId target) {
  DocId end = kBeforeFirst - 1;
  for (Scorer* const scorer : scoring_) end = std::min(end, scorer->block_end(target));
  return end;
}

float ConjunctionScorer::max_score() {
  double sum = 0;
  for (Scorer* const scorer : scoring_) sum += scorer->max_score();
  return static_cast<float>(sum);
}

DisjunctionScorer::DisjunctionScorer(std::vector<ScorerPtr> clauses, std::size_t minimum,
                                     Combine combine, float tie_breaker)
    : clauses_(std::move(clauses)),
      minimum_(std::max<std::size_t>(minimum, 1)),
      combine_(combine),
      tie_breaker_(tie_breaker) {}

DocId DisjunctionScorer::find(DocId target) {
  while (true) {
    DocId first = kNoMoreDocs;
    std::size_t matching = 0;
    for (const ScorerPtr& clause : clauses_) {
      DocId at = clause->doc();
      if (at == kBeforeFirst || at < target) at = clause->advance(target);
      if (at < first) matching = 0;
      first = std::min(first, at);
      matching += at == first ? 1 : 0;
    }
    if (first == kNoMoreDocs || matching >= minimum_) return doc_ = first;
    target = first + 1;
  }
}

float DisjunctionScorer::score() {
  double sum = 0;
  float best = 0;
  for (const ScorerPtr& clause : clauses_) {
    if (clause->doc() != doc_) continue;
    const float score = clause->score();
    sum += score;
    best = std::max(best, score);
  }
  if (combine_ == Combine::kSum) return static_cast<float>(sum);
  return static_cast<float>(best + (sum - best) * tie_breaker_);
}

std::uint64_t DisjunctionScorer::cost() const {
  std::uint64_t sum = 0;
  for (const ScorerPtr& clause : clauses_) sum += clause->cost();
  return sum;
}

float DisjunctionScorer::max_score() {
  // Not by block: the whole of each clause, which is the block of a target that is never asked.
  return std::numeric_limits<float>::infinity();
}

ExtendedScorer::ExtendedScorer(ScorerPtr required, std::vector<ScorerPtr> optional,
                               std::vector<ScorerPtr> prohibited)
    : required_(std::move(required)),
      optional_(std::move(optional)),
      prohibited_(std::move(prohibited)) {}

DocId ExtendedScorer::skip_prohibited(DocId doc) {
  while (doc != kNoMoreDocs) {
    const bool is_prohibited = std::ranges::any_of(prohibited_, [doc](const ScorerPtr& scorer) {
      const DocId at = scorer->doc();
      return (at == kBeforeFirst || at < doc ? scorer->advance(doc) : at) == doc;
    });
    if (!is_prohibited) return doc;
    doc = required_->next();
  }
  return doc;
}

float ExtendedScorer::score() {
  double sum = required_->score();
  for (const ScorerPtr& scorer : optional_) {
    DocId at = scorer->doc();
    if (at == kBeforeFirst || at < doc()) at = scorer->advance(doc());
    if (at == doc()) sum += scorer->score();
  }
  return static_cast<float>(sum);
}

float ExtendedScorer::max_score() {
  return optional_.empty() ? required_->max_score() : std::numeric_limits<float>::infinity();
}

DocId DocSetScorer::next() {
  return doc_ = next_ < docs_.size() ? docs_[next_++] : kNoMoreDocs;
}

DocId DocSetScorer::advance(DocId target) {
  const auto begin = docs_.begin() + static_cast<std::ptrdiff_t>(next_);
  next_ = static_cast<std::size_t>(std::lower_bound(begin, docs_.end(), target) - docs_.begin());
  return next();
}

std::size_t DocSetScorer::next_docs(std::span<DocId> docs) {
  const std::size_t count = std::min(docs.size(), docs_.size() - next_);
  std::copy_n(docs_.begin() + static_cast<std::ptrdiff_t>(next_), count, docs.begin());
  next_ += count;
  doc_ = count == docs.size() && count > 0 ? docs.back() : kNoMoreDocs;
  return count;
}

std::size_t AllScorer::next_docs(std::span<DocId> docs) {
  const DocId first = doc_ == kBeforeFirst ? 0 : doc_ + 1;
  if (doc_ == kNoMoreDocs) return 0;
  const std::size_t count = std::min<std::size_t>(docs.size(), doc_count_ - first);
  std::iota(docs.begin(), docs.begin() + static_cast<std::ptrdiff_t>(count), first);
  doc_ = count == docs.size() && count > 0 ? docs.back() : kNoMoreDocs;
  return count;
}

}  // namespace hornbeam::search

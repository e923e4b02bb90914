#include "hornbeam/search/score/interval_plan.h"

#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "hornbeam/search/score/function_plan.h"

namespace hornbeam::search {
namespace {

/// A node in a segment. Nodes nest as deep as the request did, which bounds the recursion.
class SegmentIntervals {
 public:
  SegmentIntervals(const IntervalNode& node, const Segment& segment) : node_(node) {
    if (const FieldTerms* const terms = segment.terms(node.field)) {
      for (const std::string& term : node.terms) {
        const auto entry = terms->find(term);
        if (entry) postings_.push_back(segment.postings(*terms, *entry));
      }
    }
    for (const IntervalNode& part : node.parts) parts_.emplace_back(part, segment);
    if (node.filter) {
      filter_ = std::make_unique<SegmentIntervals>(*node.filter->node, segment);
    }
  }

  /// Documents that have the terms, rising.
  static std::vector<DocId> candidates(const IntervalNode& node, const Segment& segment) {
    std::vector<DocId> docs;
    if (node.kind == IntervalNode::Kind::kTerms) {
      const FieldTerms* const terms = segment.terms(node.field);
      for (const std::string& term : node.terms) {
        const auto entry = terms ? terms->find(term) : std::nullopt;
        if (!entry) continue;
        PostingsCursor postings = segment.postings(*terms, *entry);
        while (postings.next() != kNoMoreDocs) docs.push_back(postings.doc());
      }
      std::ranges::sort(docs);
      docs.erase(std::unique(docs.begin(), docs.end()), docs.end());
      return docs;
    }
    for (std::size_t i = 0; i < node.parts.size(); ++i) {
      std::vector<DocId> of_part = candidates(node.parts[i], segment);
      std::vector<DocId> both;
      if (i == 0) {
        both = std::move(of_part);
      } else if (node.kind == IntervalNode::Kind::kAnyOf) {
        std::ranges::set_union(docs, of_part, std::back_inserter(both));
      } else {
        std::ranges::set_intersection(docs, of_part, std::back_inserter(both));
      }
      docs = std::move(both);
    }
    return docs;
  }

  /// Requires: `doc` is not before that of an earlier call.
  Intervals find(DocId doc) {
    Intervals found = unlimited(doc);
    if (node_.max_gaps) {
      std::erase_if(found, [&](const Interval& one) { return one.gaps() > *node_.max_gaps; });
    }
    if (node_.max_end) {
      std::erase_if(found, [&](const Interval& one) { return one.end >= *node_.max_end; });
    }
    if (!node_.filter || found.empty()) return found;
    Intervals others = filter_->find(doc);
    for (Interval& other : others) {
      other.start -= std::min(other.start, node_.filter->before);
      other.end += node_.filter->after;
    }
    return related(found, node_.filter->relation, others);
  }

 private:
  Intervals unlimited(DocId doc) {
    if (node_.kind == IntervalNode::Kind::kTerms) return of_terms(doc);
    std::vector<Intervals> parts;
    for (SegmentIntervals& part : parts_) parts.push_back(part.find(doc));
    switch (node_.kind) {
      case IntervalNode::Kind::kInOrder:
        return in_order(parts);
      case IntervalNode::Kind::kInAnyOrder:
        return in_any_order(parts, true);
      case IntervalNode::Kind::kWithoutOverlap:
        return in_any_order(parts, false);
      default:
        return any_of(parts);
    }
  }

  Intervals of_terms(DocId doc) {
    Intervals found;
    for (PostingsCursor& postings : postings_) {
      const DocId at = postings.doc();
      if (at == kBeforeFirst || at < doc) postings.advance(doc);
      if (postings.doc() != doc) continue;
      for (const std::uint32_t position : postings.positions()) {
        const std::uint32_t gap = std::min(position, node_.gap_before);
        found.push_back({.start = position - gap, .end = position, .width = gap + 1});
      }
    }
    return postings_.size() == 1 ? found : minimal(std::move(found));
  }

  const IntervalNode& node_;
  std::vector<PostingsCursor> postings_;
  std::vector<SegmentIntervals> parts_;
  std::unique_ptr<SegmentIntervals> filter_;
};

/// What is the least that an interval can take.
std::uint32_t least_extent(const IntervalNode& node) {
  if (node.kind == IntervalNode::Kind::kTerms) return node.gap_before + 1;
  std::uint32_t least = 0;
  for (std::size_t i = 0; i < node.parts.size(); ++i) {
    const std::uint32_t of_part = least_extent(node.parts[i]);
    const bool is_choice = node.kind == IntervalNode::Kind::kAnyOf && i > 0;
    least = is_choice ? std::min(least, of_part) : least + of_part;
  }
  return least;
}

void collect_terms(const IntervalNode& node, std::set<std::string>& terms) {
  terms.insert(node.terms.begin(), node.terms.end());
  for (const IntervalNode& part : node.parts) collect_terms(part, terms);
}

/// Scores the documents of a segment.
class IntervalScores {
 public:
  struct Scored {
    DocId doc = 0;
    float score = 0;
  };

  IntervalScores(const Snapshot& snapshot, std::string field, IntervalNode node,
                 IntervalScoring scoring, float boost, const Bm25Options& options)
      : field_(std::move(field)), node_(std::move(node)), boost_(boost) {
    least_extent_ = least_extent(node_);
    collect_terms(node_, terms_);
    if (scoring != IntervalScoring::kBm25) return;
    FieldStatistics statistics;
    std::vector<std::uint64_t> doc_freqs;
    for (const std::string& term : terms_) {
      const TermStatistics found = term_statistics(snapshot, field_, term);
      statistics = found.field;
      if (found.doc_freq > 0) doc_freqs.push_back(found.doc_freq);
    }
    bm25_ = std::make_unique<Bm25>(statistics, doc_freqs, boost, options);
  }

  const std::string& field() const noexcept { return field_; }
  const std::set<std::string>& terms() const noexcept { return terms_; }

  std::vector<Scored> find(const SegmentView& view) const {
    std::vector<Scored> scored;
    const Segment& segment = *view.segment;
    const auto norms = segment.norms(field_);
    SegmentIntervals intervals(node_, segment);
    for (const DocId doc : SegmentIntervals::candidates(node_, segment)) {
      const Intervals found = intervals.find(doc);
      if (found.empty()) continue;
      const std::uint8_t norm = norms.empty() ? std::uint8_t{1} : norms[doc];
      scored.push_back({.doc = doc, .score = score(found, norm)});
    }
    return scored;
  }

 private:
  float score(const Intervals& found, std::uint8_t norm) const {
    float freq = 0;
    for (const Interval& one : found) {
      const std::uint32_t length = one.end - one.start + 1;
      const std::uint32_t sloppiness =
          bm25_ ? one.gaps() : length - std::min(length, least_extent_);
      freq += 1.0F / (1.0F + static_cast<float>(sloppiness));
    }
    return bm25_ ? bm25_->score(freq, norm) : boost_ * (1.0F - 1.0F / (1.0F + freq));
  }

  std::string field_;
  IntervalNode node_;
  float boost_;
  std::uint32_t least_extent_ = 1;
  std::set<std::string> terms_;
  std::unique_ptr<const Bm25> bm25_;
};

}  // namespace

PlanPtr plan_intervals(const Snapshot& snapshot, std::string field, IntervalNode node,
                       IntervalScoring scoring, float boost, const Bm25Options& options) {
  const auto scores = std::make_shared<const IntervalScores>(
      snapshot, std::move(field), std::move(node), scoring, boost, options);
  const auto find = [scores](const SegmentView& view) {
    std::vector<DocId> docs;
    for (const IntervalScores::Scored& one : scores->find(view)) docs.push_back(one.doc);
    return docs;
  };
  const auto function = [scores](const SegmentView& view) -> DocFunction {
    return [scored = scores->find(view)](DocId doc) {
      const auto found = std::ranges::lower_bound(scored, doc, {}, &IntervalScores::Scored::doc);
      return found == scored.end() || found->doc != doc ? 0.0 : double{found->score};
    };
  };
  const TermMatcher matcher = {.lower = scores->terms().empty() ? "" : *scores->terms().begin(),
                               .upper = scores->terms().empty() ? "" : *scores->terms().rbegin(),
                               .matches = [scores](std::string_view term) {
                                 return scores->terms().contains(std::string(term));
                               }};
  PlanPtr documents = plan_documents(find, {.text = fmt::format("{}:intervals", scores->field()),
                                            .field = scores->field(),
                                            .matcher = matcher});
  FunctionScoring scoring_by{.functions = {}, .with_score = Combination::kReplace};
  scoring_by.functions.push_back({.function = function});
  return plan_function_score(plan_constant(std::move(documents), 1), std::move(scoring_by));
}

}  // namespace hornbeam::search

#include <array>

#include "hornbeam/search/aggregation/collector.h"
#include "hornbeam/search/aggregation/kind.h"
#include "hornbeam/search/aggregation/pipeline.h"

namespace hornbeam::search {

using aggregation::Batch;
using aggregation::Collector;
using aggregation::kBatchSize;
using aggregation::Refusal;

namespace {

/// Shows what a scorer walks to some collectors, without deleted documents.
class Feeder {
 public:
  Feeder(const SegmentView& view, const std::vector<Collector*>& collectors)
      : view_(view), collectors_(collectors) {
    for (const Collector* each : collectors) needs_scores_ = needs_scores_ || each->needs_scores();
  }

  void feed(Scorer& scorer) {
    if (needs_scores_) {
      feed_scored(scorer);
    } else {
      feed_plain(scorer);
    }
  }

 private:
  void feed_plain(Scorer& scorer) {
    // Below the size of the batch only at the end.
    std::size_t found = kBatchSize;
    while (found == kBatchSize) {
      found = scorer.next_docs(docs_);
      std::size_t count = found;
      if (!view_.live->all_live()) {
        count = 0;
        for (std::size_t i = 0; i < found; ++i) {
          docs_[count] = docs_[i];
          count += view_.is_live(docs_[i]) ? 1 : 0;
        }
      }
      hand_over(count);
    }
  }
  void feed_scored(Scorer& scorer) {
    std::size_t count = 0;
    scores_.resize(kBatchSize);
    for (DocId doc = scorer.next(); doc != kNoMoreDocs; doc = scorer.next()) {
      if (!view_.is_live(doc)) continue;
      docs_[count] = doc;
      scores_[count++] = scorer.score();
      if (count < kBatchSize) continue;
      hand_over(count);
      count = 0;
    }
    hand_over(count);
  }
  void hand_over(std::size_t count) {
    if (count == 0) return;
    const Batch batch{.docs = std::span(docs_).first(count),
                      .scores = needs_scores_ ? std::span<const float>(scores_).first(count)
                                              : std::span<const float>()};
    for (Collector* const each : collectors_) each->collect(batch);
  }

  const SegmentView& view_;
  const std::vector<Collector*>& collectors_;
  bool needs_scores_ = false;
  std::array<DocId, kBatchSize> docs_{};
  std::vector<float> scores_;
};

}  // namespace

AggregationRun::AggregationRun(Aggregations aggregations, AggregationOptions options)
    : aggregations_(std::move(aggregations)), options_(options) {
  for (const Aggregation& each : aggregations_) {
    if (each.kind->pipeline()) continue;
    collectors_.push_back(each.kind->collector(each));
    Collector* const collector = collectors_.back().get();
    (collector->wants_all() ? of_all_ : of_query_).push_back(collector);
  }
}

AggregationRun::~AggregationRun() = default;

void AggregationRun::collect_segment(const Plan& query, const SegmentView& view,
                                     const std::vector<Collector*>& collectors) {
  if (collectors.empty()) return;
  const ScorerPtr scorer = query.scorer(view);
  if (scorer) Feeder(view, collectors).feed(*scorer);
}

base::Result<void> AggregationRun::collect(const Plan& query, const AggregatedIndex& index) {
  try {
    const PlanPtr all = plan_all();
    for (const auto& each : collectors_) each->open_index(index);
    for (const SegmentView& view : index.snapshot.segments) {
      for (const auto& each : collectors_) each->open_segment(view);
      collect_segment(query, view, of_query_);
      collect_segment(*all, view, of_all_);
      for (const auto& each : collectors_) each->close_segment();
    }
    for (const auto& each : collectors_) each->close_index();
  } catch (const Refusal& refusal) {
    return std::unexpected(refusal.error);
  }
  return {};
}

base::Result<std::string> AggregationRun::result() {
  try {
    aggregation::BuildLimits limits(options_.max_buckets);
    std::vector<aggregation::ResultNode> results;
    for (const auto& each : collectors_) {
      results.push_back(each->build(0, limits));
    }
    aggregation::run_pipelines(aggregations_, results);
    std::string out;
    aggregation::write_results(out, results, options_.typed_keys);
    return out;
  } catch (const Refusal& refusal) {
    return std::unexpected(refusal.error);
  }
}

}  // namespace hornbeam::search

#include "hornbeam/search/aggregation/collector.h"

#include <fmt/format.h>

#include "hornbeam/search/aggregation/kind.h"

namespace hornbeam::search::aggregation {

void BuildLimits::add_buckets(std::size_t count) {
  count_ += count;
  if (count_ <= max_buckets_) return;
  refuse("too_many_buckets_exception",
         fmt::format("Trying to create too many buckets. Must be less than or equal to: [{}] but "
                     "was [{}]. This limit can be set by changing the [search.max_buckets] cluster "
                     "level setting.",
                     max_buckets_, count_));
}

void BucketCounts::refuse_size() {
  refuse(
      "circuit_breaking_exception",
      fmt::format("[request] Data too large: an aggregation would collect more than [{}] buckets",
                  kMostBuckets));
}

std::optional<double> Collector::number(BucketId, std::string_view) const {
  return std::nullopt;
}

const Collector* Collector::find_sub(std::string_view) const {
  return nullptr;
}

ResultNode Collector::new_result(std::string type, ResultNode::Shape shape) const {
  return {.name = asked().name, .type = std::move(type), .meta = asked().meta, .shape = shape};
}

void Kind::check(const Aggregation&, const Aggregation*) const {}

CollectorList::CollectorList(const Aggregations& asked) {
  for (const Aggregation& each : asked) {
    if (each.kind->pipeline()) continue;
    all_.push_back(each.kind->collector(each));
    needs_scores_ = needs_scores_ || all_.back()->needs_scores();
  }
}

void CollectorList::open_index(const AggregatedIndex& index) {
  for (const CollectorPtr& each : all_) each->open_index(index);
}

void CollectorList::open_segment(const SegmentView& view) {
  for (const CollectorPtr& each : all_) each->open_segment(view);
}

void CollectorList::collect(const Batch& batch) {
  for (const CollectorPtr& each : all_) each->collect(batch);
}

void CollectorList::close_segment() {
  for (const CollectorPtr& each : all_) each->close_segment();
}

void CollectorList::close_index() {
  for (const CollectorPtr& each : all_) each->close_index();
}

std::vector<ResultNode> CollectorList::build(BucketId bucket, BuildLimits& limits) const {
  std::vector<ResultNode> results;
  results.reserve(all_.size());
  for (const CollectorPtr& each : all_) results.push_back(each->build(bucket, limits));
  return results;
}

const Collector* CollectorList::find(std::string_view name) const {
  for (const CollectorPtr& each : all_) {
    if (each->asked().name == name) return each.get();
  }
  return nullptr;
}

}  // namespace hornbeam::search::aggregation

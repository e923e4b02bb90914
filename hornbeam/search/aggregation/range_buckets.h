#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/search/aggregation/collector.h"
#include "hornbeam/search/aggregation/parameters.h"
#include "hornbeam/search/aggregation/value_format.h"

namespace hornbeam::search::aggregation {

/// A range as it was given.
struct RangeRequest {
  std::optional<std::string> key{};
  std::optional<std::string> from{};
  std::optional<std::string> to{};
  bool is_from_text = false;  ///< Was given as text, not as a number.
  bool is_to_text = false;
};

struct RangesRequest {
  std::vector<RangeRequest> ranges{};
  bool is_keyed = false;
};

/// Reads "ranges" and "keyed".
RangesRequest read_ranges(Parameters& parameters);

/// From the first, up to before the second.
struct Range {
  std::string key{};
  double from = -std::numeric_limits<double>::infinity();
  double to = std::numeric_limits<double>::infinity();

  bool has(double value) const noexcept { return value >= from && value < to; }
};

/// The ranges as numbers, by where they begin. `reads_all` sends numbers through the format too,
/// as for dates.
std::vector<Range> resolve_ranges(const RangesRequest& request, const ValueFormat& format,
                                  bool reads_all);
/// The members of a range's bucket before its count.
std::string range_head(const Range& range, const ValueFormat& format, bool is_keyed);

/// A bucket for each of some ranges of numbers. `Source` gives the numbers of documents.
template <class Source>
class RangeBuckets final : public Collector {
 public:
  RangeBuckets(const Aggregation& asked, const RangesRequest& request, Source source)
      : Collector(asked),
        request_(request),
        source_(std::move(source)),
        bucket_count_(static_cast<std::uint32_t>(request.ranges.size())),
        subs_(asked.sub),
        below_(subs_) {}

  void open_index(const AggregatedIndex& index) override {
    source_.open_index(index, asked());
    subs_.open_index(index);
    ranges_ = resolve_ranges(request_, source_.format(), source_.reads_all());
  }
  void open_segment(const SegmentView& view) override {
    source_.open_segment(view);
    subs_.open_segment(view);
  }
  void collect(const Batch& batch) override {
    counts_.grow(std::uint64_t{batch.bucket_limit} * bucket_count_);
    // A document counts once in a range, however many of its values lie there.
    seen_.assign(bucket_count_, 0);
    source_.for_each(batch, [&](std::size_t i, double value) { add(batch, i, value); });
    below_.flush(batch.bucket_limit * bucket_count_);
  }
  void close_segment() override { subs_.close_segment(); }
  void close_index() override { subs_.close_index(); }
  bool needs_scores() const override { return subs_.needs_scores(); }

  ResultNode build(BucketId owner, BuildLimits& limits) const override {
    ResultNode node = new_result(asked().type, ResultNode::Shape::kBuckets);
    node.is_keyed = request_.is_keyed;
    limits.add_buckets(ranges_.size());
    for (std::uint32_t at = 0; at < ranges_.size(); ++at) {
      const BucketId bucket = owner == kNoBucket ? kNoBucket : owner * bucket_count_ + at;
      node.buckets.push_back({.name = ranges_[at].key,
                              .head = range_head(ranges_[at], source_.format(), request_.is_keyed),
                              .doc_count = counts_.at(bucket),
                              .sub = subs_.build(bucket, limits)});
    }
    return node;
  }

 private:
  void add(const Batch& batch, std::size_t i, double value) {
    for (std::uint32_t at = 0; at < bucket_count_ && ranges_[at].from <= value; ++at) {
      if (!ranges_[at].has(value) || seen_[at] == i + 1) continue;
      seen_[at] = i + 1;
      const BucketId bucket = batch.bucket(i) * bucket_count_ + at;
      ++counts_[bucket];
      if (!subs_.empty()) below_.add(batch, i, bucket);
    }
  }

  const RangesRequest& request_;
  Source source_;
  std::uint32_t bucket_count_;
  CollectorList subs_;
  SubBatch below_;
  BucketCounts counts_;
  std::vector<Range> ranges_;
  std::vector<std::size_t> seen_;
};

}  // namespace hornbeam::search::aggregation

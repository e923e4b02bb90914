#pragma once

#include <optional>

#include "hornbeam/search/aggregation/bucket_index.h"
#include "hornbeam/search/aggregation/bucket_order.h"
#include "hornbeam/search/aggregation/kind.h"
#include "hornbeam/search/aggregation/rounded_keys.h"

namespace hornbeam::search::aggregation {

/// Ends of a histogram, as they were given.
struct BoundsRequest {
  std::optional<std::string> min{};
  std::optional<std::string> max{};
};

/// What numeric and date histograms share.
struct IntervalRequest {
  FieldRequest values{};
  BucketOrder order = BucketOrder::by_key();
  bool is_keyed = false;
  std::uint64_t min_doc_count = 0;
  BoundsRequest extended_bounds{};
  BoundsRequest hard_bounds{};
};

/// Reads all but the field and the interval.
void read_intervals(Parameters& parameters, IntervalRequest& request);

/// A bucket for each interval that has values, and those between if they are asked for.
class IntervalBuckets : public Collector {
 public:
  void open_index(const AggregatedIndex& index) final;
  void open_segment(const SegmentView& view) final;
  void collect(const Batch& batch) final;
  void close_segment() final;
  void close_index() final { subs_.close_index(); }
  ResultNode build(BucketId owner, BuildLimits& limits) const final;
  bool needs_scores() const final { return subs_.needs_scores(); }

 protected:
  IntervalBuckets(const Aggregation& asked, const IntervalRequest& request, ValueKind otherwise);

  /// The beginning of the interval of a value, which is coded as `FieldValues::coded` has it.
  virtual double key_of(std::int64_t coded) const = 0;
  virtual double key_of(double value) const = 0;
  virtual double next_key(double key) const = 0;
  /// Values around this one, coded alike, that are likely to lie in the same interval: as many as
  /// are easily said. They are looked at again.
  virtual RoundedKeys::Extent extent_of(std::int64_t coded) const {
    return {.first = coded, .last = coded};
  }
  /// As JSON.
  virtual std::string json(double key) const = 0;
  virtual const char* typed_name() const = 0;
  /// Throws a Refusal if ranges of that type have no such intervals.
  virtual void check_ranges(FieldType type) const = 0;

  const FieldValues& values() const noexcept { return values_; }
  bool is_whole() const noexcept {
    return values_.coding() == Coding::kWhole || values_.coding() == Coding::kNanos;
  }

 private:
  struct Bounds {
    std::optional<double> min{};
    std::optional<double> max{};
  };
  struct Interval {
    double key = 0;
    BucketId bucket = kNoBucket;
    std::uint64_t count = 0;
  };
  /// The first value of a range that counts, and the last one.
  struct Reach {
    double low = 0;
    double high = 0;
  };
  Bounds read_bounds(const BoundsRequest& request) const;
  std::uint32_t number_key(std::int64_t coded);
  void count_keys(const Batch& batch);
  void collect_ranges(const Batch& batch);
  std::optional<Reach> reach_of(std::string_view term) const;
  std::vector<Interval> intervals(BucketId owner, BuildLimits& limits) const;
  void fill_gaps(std::vector<Interval>& intervals, BuildLimits& limits) const;
  void put_in_order(std::vector<Interval>& intervals) const;

  const IntervalRequest& request_;
  FieldValues values_;
  RoundedKeys rounded_;
  NumberIndex keys_;  ///< Of the beginnings of intervals.
  BucketIndex buckets_;
  BucketCounts counts_;
  CollectorList subs_;
  SubBatch below_;
  std::vector<std::uint64_t> key_counts_;  ///< At the top, where there is nothing below.
  Bounds extended_{};
  Bounds hard_{};
};

}  // namespace hornbeam::search::aggregation

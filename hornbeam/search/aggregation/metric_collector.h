#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "hornbeam/search/aggregation/collector.h"
#include "hornbeam/search/aggregation/field_values.h"

namespace hornbeam::search::aggregation {

/// A metric over the numbers of a field: `State` has `add(double)`, one for each bucket.
template <class State>
class NumbersCollector : public Collector {
 public:
  NumbersCollector(const Aggregation& asked, const FieldRequest& request, State empty = {})
      : Collector(asked),
        empty_(std::move(empty)),
        values_(request, Accepts::kNumbers, ValueKind::kDouble) {}

  void open_index(const AggregatedIndex& index) final { values_.open_index(index, asked().type); }
  void open_segment(const SegmentView& view) final { values_.open_segment(view); }
  void collect(const Batch& batch) final {
    if (states_.size() < batch.bucket_limit) states_.resize(batch.bucket_limit, empty_);
    if (batch.buckets.empty()) {
      State& state = states_.front();
      for_each_number(values_, batch, [&](std::size_t, double number) { state.add(number); });
    } else {
      for_each_number(values_, batch,
                      [&](std::size_t i, double number) { states_[batch.buckets[i]].add(number); });
    }
  }

 protected:
  const State& state(BucketId bucket) const {
    return bucket < states_.size() ? states_[bucket] : empty_;
  }
  const ValueFormat& format() const { return values_.format(); }
  const FieldValues& values() const { return values_; }

 private:
  State empty_;
  FieldValues values_;
  std::vector<State> states_;
};

/// Appends `"name":1.0`, and `"name_as_string":"..."` if there is a format.
void append_number(ResultNode& node, std::string_view name, double value,
                   const ValueFormat& format);
/// Null if the number is not finite.
void append_number_or_null(ResultNode& node, std::string_view name, double value,
                           const ValueFormat& format);

struct StatsState;
struct ExtendedStatsState;
/// What "stats" shows.
void append_stats(ResultNode& node, const StatsState& state, const ValueFormat& format);
/// What "extended_stats" shows.
void append_extended_stats(ResultNode& node, const ExtendedStatsState& state, double sigma,
                           const ValueFormat& format);

}  // namespace hornbeam::search::aggregation

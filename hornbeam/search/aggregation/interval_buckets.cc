#include "hornbeam/search/aggregation/interval_buckets.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <span>

#include <fmt/format.h>

#include "hornbeam/base/json_write.h"
#include "hornbeam/search/mapping/range_value.h"

namespace hornbeam::search::aggregation {
namespace {

/// How many counters a key has that are added up in the end: documents of the same interval follow
/// each other, and a counter is not written again before it has been.
constexpr std::size_t kLanes = 4;

BoundsRequest read_bounds_request(Parameters& parameters, std::string_view key) {
  BoundsRequest bounds;
  const auto json = parameters.find(key);
  if (!json) return bounds;
  if (json->kind() != base::JsonKind::kObject) parameters.refuse_type(key, *json);
  for (std::size_t i = 0; i < json->size(); ++i) {
    const auto [name, value] = json->member(i);
    if (name != "min" && name != "max") {
      refuse("x_content_parse_exception", fmt::format("[bounds] unknown field [{}]", name));
    }
    (name == "min" ? bounds.min : bounds.max) = find_scalar(value);
  }
  return bounds;
}

}  // namespace

void read_intervals(Parameters& parameters, IntervalRequest& request) {
  request.order = BucketOrder::read(parameters, BucketOrder::by_key());
  request.is_keyed = parameters.flag("keyed", false);
  request.min_doc_count = read_min_doc_count(parameters, 0);
  request.extended_bounds = read_bounds_request(parameters, "extended_bounds");
  request.hard_bounds = read_bounds_request(parameters, "hard_bounds");
}

IntervalBuckets::IntervalBuckets(const Aggregation& asked, const IntervalRequest& request,
                                 ValueKind otherwise)
    : Collector(asked),
      request_(request),
      values_(request.values, Accepts::kRanges, otherwise),
      rounded_([this](std::int64_t coded) { return number_key(coded); },
               [this](std::int64_t coded) { return extent_of(coded); }),
      subs_(asked.sub),
      below_(subs_) {
  request_.order.check(subs_);
}

void IntervalBuckets::open_index(const AggregatedIndex& index) {
  values_.open_index(index, asked().type);
  if (values_.kind() == ValueKind::kRange) check_ranges(values_.type());
  subs_.open_index(index);
  extended_ = read_bounds(request_.extended_bounds);
  hard_ = read_bounds(request_.hard_bounds);
  if (extended_.min && extended_.max && *extended_.min > *extended_.max) {
    refuse_argument(
        fmt::format("[extended_bounds.min][{}] cannot be greater than [extended_bounds.max][{}] "
                    "for histogram aggregation [{}]",
                    *request_.extended_bounds.min, *request_.extended_bounds.max, asked().name));
  }
}

IntervalBuckets::Bounds IntervalBuckets::read_bounds(const BoundsRequest& request) const {
  const auto read = [&](const std::optional<std::string>& text) -> std::optional<double> {
    if (!text) return std::nullopt;
    const auto value = values_.format().read(*text, current_millis());
    if (!value) {
      refuse("parse_exception", fmt::format("failed to parse bound [{}] of histogram aggregation "
                                            "[{}]",
                                            *text, asked().name));
    }
    return value;
  };
  return {.min = read(request.min), .max = read(request.max)};
}

void IntervalBuckets::open_segment(const SegmentView& view) {
  values_.open_segment(view);
  if (values_.kind() != ValueKind::kRange) rounded_.open_segment(values_);
  subs_.open_segment(view);
}

std::uint32_t IntervalBuckets::number_key(std::int64_t coded) {
  const double key = key_of(coded);
  if ((hard_.min && key < key_of(*hard_.min)) || (hard_.max && key > *hard_.max)) {
    return RoundedKeys::kExcluded;
  }
  return keys_.add(std::bit_cast<std::uint64_t>(key)).first;
}

void IntervalBuckets::collect(const Batch& batch) {
  if (values_.kind() == ValueKind::kRange) {
    collect_ranges(batch);
    return;
  }
  if (subs_.empty() && batch.buckets.empty()) {
    count_keys(batch);
    return;
  }
  const bool has_subs = !subs_.empty();
  rounded_.for_each(batch, [&](std::size_t i, std::uint32_t key) {
    const BucketId bucket = buckets_.add(batch.bucket(i), key);
    counts_.grow(bucket + 1);
    ++counts_[bucket];
    if (has_subs) below_.add(batch, i, bucket);
  });
  below_.flush(buckets_.size());
}

void IntervalBuckets::count_keys(const Batch& batch) {
  const auto count = [&](std::uint32_t key) {
    const std::size_t place = std::size_t{key} * kLanes;
    if (place >= key_counts_.size()) key_counts_.resize(std::bit_ceil(place + kLanes));
    ++key_counts_[place];
  };
  const Column* const column = values_.column();
  if (!column || !column->is_dense()) {
    rounded_.for_each(batch, [&](std::size_t, std::uint32_t key) { count(key); });
    return;
  }
  const auto count_document = [&](std::size_t i) __attribute__((always_inline)) {
    const std::uint32_t key = rounded_.at(*column, batch.docs[i]);
    const std::size_t place = std::size_t{key} * kLanes + i % kLanes;
    if (place < key_counts_.size()) {
      ++key_counts_[place];
    } else if (key != RoundedKeys::kExcluded) {
      count(key);
    }
  };
  std::size_t i = 0;
  if (!batch.is_run()) {
    // Far enough ahead that the memory has answered by then.
    constexpr std::size_t kAhead = 16;
    for (; i + kAhead < batch.docs.size(); ++i) {
      column->prefetch_value(batch.docs[i + kAhead]);
      count_document(i);
    }
  }
  for (; i < batch.docs.size(); ++i) count_document(i);
}

std::optional<IntervalBuckets::Reach> IntervalBuckets::reach_of(std::string_view term) const {
  const std::string_view low = term.substr(0, term.size() / 2);
  Reach reach{.low = end_number(values_.type(), low),
              .high = end_number(values_.type(), term.substr(low.size()))};
  if (hard_.min) reach.low = std::max(reach.low, *hard_.min);
  if (hard_.max) reach.high = std::min(reach.high, *hard_.max);
  return reach.low <= reach.high ? std::optional(reach) : std::nullopt;
}

/// A document counts once in each interval that its ranges lie in.
void IntervalBuckets::collect_ranges(const Batch& batch) {
  const Column* const column = values_.column();
  if (!column) return;
  for (std::size_t i = 0; i < batch.docs.size(); ++i) {
    const auto [begin, end] = column->range(batch.docs[i]);
    double counted = -std::numeric_limits<double>::infinity();
    for (std::size_t at = begin; at < end; ++at) {
      const auto reach = reach_of(column->term(column->code(at)));
      if (!reach) continue;
      double key = key_of(reach->low);
      if (key <= counted) key = next_key(counted);
      // Ends, for the buckets are limited and a key that does not grow is the last one.
      while (key <= reach->high && key > counted) {
        const BucketId bucket =
            buckets_.add(batch.bucket(i), keys_.add(std::bit_cast<std::uint64_t>(key)).first);
        counts_.grow(bucket + std::uint64_t{1});
        ++counts_[bucket];
        if (!subs_.empty()) below_.add(batch, i, bucket);
        counted = key;
        key = next_key(key);
      }
    }
  }
  below_.flush(buckets_.size());
}

void IntervalBuckets::close_segment() {
  for (std::size_t place = 0; place < key_counts_.size(); place += kLanes) {
    const auto lanes = std::span(key_counts_).subspan(place, kLanes);
    const std::uint64_t count = std::accumulate(lanes.begin(), lanes.end(), std::uint64_t{0});
    if (count == 0) continue;
    const BucketId bucket = buckets_.add(0, static_cast<std::uint32_t>(place / kLanes));
    counts_.grow(bucket + 1);
    counts_[bucket] += count;
  }
  std::ranges::fill(key_counts_, 0);
  subs_.close_segment();
}

std::vector<IntervalBuckets::Interval> IntervalBuckets::intervals(BucketId owner,
                                                                  BuildLimits& limits) const {
  std::vector<Interval> all;
  for (const BucketId bucket : buckets_.of(owner)) {
    all.push_back({.key = std::bit_cast<double>(keys_.key(buckets_.key(bucket))),
                   .bucket = bucket,
                   .count = counts_.at(bucket)});
  }
  std::ranges::sort(all, {}, &Interval::key);
  if (request_.min_doc_count == 0) {
    fill_gaps(all, limits);
  } else {
    std::erase_if(all, [&](const Interval& each) { return each.count < request_.min_doc_count; });
  }
  return all;
}

void IntervalBuckets::fill_gaps(std::vector<Interval>& intervals, BuildLimits& limits) const {
  if (intervals.empty() && !(extended_.min && extended_.max)) return;
  double next = intervals.empty() ? key_of(*extended_.min) : intervals.front().key;
  if (extended_.min) next = std::min(next, key_of(*extended_.min));
  double last = intervals.empty() ? key_of(*extended_.max) : intervals.back().key;
  if (extended_.max) last = std::max(last, key_of(*extended_.max));
  std::vector<Interval> filled;
  std::size_t at = 0;
  // Ends: keys rise, and each round takes one of the buckets that are allowed.
  while (next <= last) {
    while (at < intervals.size() && intervals[at].key < next) filled.push_back(intervals[at++]);
    if (at < intervals.size() && intervals[at].key == next) {
      filled.push_back(intervals[at++]);
    } else {
      filled.push_back({.key = next});
    }
    if (filled.size() > limits.max_buckets()) limits.add_buckets(filled.size());
    const double following = next_key(next);
    if (!(following > next)) break;
    next = following;
  }
  filled.insert(filled.end(), intervals.begin() + static_cast<std::ptrdiff_t>(at), intervals.end());
  intervals = std::move(filled);
}

void IntervalBuckets::put_in_order(std::vector<Interval>& intervals) const {
  // They come in the order of their keys, which is what nearly everybody asks for.
  if (request_.order.is_by_key()) {
    if (!request_.order.parts().front().is_ascending) std::ranges::reverse(intervals);
    return;
  }
  std::vector<OrderedBucket> order;
  for (std::uint32_t i = 0; i < intervals.size(); ++i) {
    order.push_back({.bucket = intervals[i].bucket, .key = i, .count = intervals[i].count});
  }
  order_buckets(order, order.size(), request_.order, subs_,
                [](std::uint32_t a, std::uint32_t b) { return a < b; });
  std::vector<Interval> ordered;
  for (const OrderedBucket& each : order) ordered.push_back(intervals[each.key]);
  intervals = std::move(ordered);
}

ResultNode IntervalBuckets::build(BucketId owner, BuildLimits& limits) const {
  ResultNode node = new_result(typed_name(), ResultNode::Shape::kBuckets);
  node.is_keyed = request_.is_keyed;
  std::vector<Interval> found = intervals(owner, limits);
  put_in_order(found);
  limits.add_buckets(found.size());
  const ValueFormat& format = values_.format();
  node.buckets.reserve(found.size());
  constexpr std::size_t kUsualHead = 80;
  for (const Interval& each : found) {
    ResultBucket bucket{.name = format.text(each.key), .key = each.key, .doc_count = each.count};
    bucket.head.reserve(kUsualHead);
    if (!format.is_raw()) {
      bucket.head += "\"key_as_string\":";
      base::append_json_string(bucket.head, bucket.name);
      bucket.head += ',';
    }
    bucket.head += "\"key\":";
    bucket.head += json(each.key);
    bucket.head += ',';
    bucket.sub = subs_.build(each.bucket, limits);
    node.buckets.push_back(std::move(bucket));
  }
  return node;
}

}  // namespace hornbeam::search::aggregation

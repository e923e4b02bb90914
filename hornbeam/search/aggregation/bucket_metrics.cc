// Pipelines beside a multi-bucket aggregation: avg_bucket, sum_bucket, min_bucket, max_bucket,
// stats_bucket, extended_stats_bucket, percentiles_bucket.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "hornbeam/base/json_write.h"
#include "hornbeam/search/aggregation/buckets_path.h"
#include "hornbeam/search/aggregation/java_number.h"
#include "hornbeam/search/aggregation/metric_collector.h"
#include "hornbeam/search/aggregation/metric_states.h"
#include "hornbeam/search/aggregation/pipeline.h"

namespace hornbeam::search::aggregation {
namespace {

struct BucketValue {
  double value;
  const std::string* key;
};

/// What all of them share. Each says what it makes of the values.
class BucketMetric : public Kind, public Pipeline {
 public:
  explicit BucketMetric(Parameters& parameters)
      : path_(BucketsPath::read(parameters)),
        gaps_(read_gap_policy(parameters)),
        format_(read_number_format(parameters)) {}

  CollectorPtr collector(const Aggregation&) const final { return nullptr; }
  bool takes_subs() const final { return false; }
  const Pipeline* pipeline() const final { return this; }
  bool is_in_buckets() const final { return false; }
  std::vector<std::string> paths() const final { return {path_.text()}; }
  ResultNode run_beside(const Aggregation& asked,
                        const std::vector<ResultNode>& siblings) const final {
    ResultNode node{.name = asked.name, .meta = asked.meta};
    const auto found = std::ranges::find(siblings, path_.first(), &ResultNode::name);
    if (found == siblings.end()) {
      refuse("action_request_validation_exception",
             fmt::format("Validation Failed: 1: buckets_path aggregation does not exist for "
                         "aggregation [{}]: {};",
                         asked.name, path_.text()));
    }
    if (found->shape != ResultNode::Shape::kBuckets) {
      refuse("action_request_validation_exception",
             fmt::format("Validation Failed: 1: The first aggregation in buckets_path must be a "
                         "multi-bucket aggregation for aggregation [{}] found :{} for buckets "
                         "path: {};",
                         asked.name, found->type, path_.text()));
    }
    write(node, values_of(*found));
    return node;
  }

 protected:
  virtual void write(ResultNode& node, const std::vector<BucketValue>& values) const = 0;
  const ValueFormat& format() const { return format_; }

 private:
  std::vector<BucketValue> values_of(const ResultNode& node) const {
    const BucketsPath inner = path_.has_rest() ? path_.rest() : BucketsPath("_count");
    std::vector<BucketValue> values;
    for (const ResultBucket& bucket : node.buckets) {
      const double value = inner.value_in(bucket, gaps_);
      if (!std::isnan(value)) values.push_back({.value = value, .key = &bucket.name});
    }
    return values;
  }

  BucketsPath path_;
  GapPolicy gaps_;
  ValueFormat format_;
};

class AverageBucket final : public BucketMetric {
 public:
  using BucketMetric::BucketMetric;

 private:
  void write(ResultNode& node, const std::vector<BucketValue>& values) const override {
    double sum = 0;
    for (const BucketValue& each : values) sum += each.value;
    node.type = "simple_value";
    append_number_or_null(node, "value", sum / static_cast<double>(values.size()), format());
  }
};

class SumBucket final : public BucketMetric {
 public:
  using BucketMetric::BucketMetric;

 private:
  void write(ResultNode& node, const std::vector<BucketValue>& values) const override {
    double sum = 0;
    for (const BucketValue& each : values) sum += each.value;
    node.type = "simple_value";
    append_number(node, "value", sum, format());
  }
};

/// The least or the largest, and which buckets have it.
template <bool is_max>
class ExtremeBucket final : public BucketMetric {
 public:
  using BucketMetric::BucketMetric;

 private:
  void write(ResultNode& node, const std::vector<BucketValue>& values) const override {
    node.type = "bucket_metric_value";
    double extreme = std::numeric_limits<double>::infinity() * (is_max ? -1 : 1);
    for (const BucketValue& each : values) {
      extreme = is_max ? std::max(extreme, each.value) : std::min(extreme, each.value);
    }
    std::string keys = "[";
    for (const BucketValue& each : values) {
      if (each.value != extreme) continue;
      if (keys.size() > 1) keys += ',';
      base::append_json_string(keys, *each.key);
    }
    append_number_or_null(node, "value", extreme, format());
    append_member(node.members, "keys", keys + "]");
  }
};

class StatsBucket final : public BucketMetric {
 public:
  using BucketMetric::BucketMetric;

 private:
  void write(ResultNode& node, const std::vector<BucketValue>& values) const override {
    node.type = "stats_bucket";
    StatsState state;
    for (const BucketValue& each : values) state.add(each.value);
    append_stats(node, state, format());
  }
};

class ExtendedStatsBucket final : public BucketMetric {
 public:
  explicit ExtendedStatsBucket(Parameters& parameters)
      : BucketMetric(parameters), sigma_(parameters.number("sigma").value_or(2)) {
    if (!(sigma_ >= 0)) refuse_argument("sigma must be a non-negative double");
  }

 private:
  void write(ResultNode& node, const std::vector<BucketValue>& values) const override {
    node.type = "extended_stats_bucket";
    ExtendedStatsState state;
    for (const BucketValue& each : values) state.add(each.value);
    append_extended_stats(node, state, sigma_, format());
  }

  double sigma_;
};

class PercentilesBucket final : public BucketMetric {
 public:
  explicit PercentilesBucket(Parameters& parameters)
      : BucketMetric(parameters), percents_({1, 5, 25, 50, 75, 95, 99}) {
    if (parameters.find("percents")) percents_ = parameters.numbers("percents");
    for (const double percent : percents_) {
      if (percent >= 0 && percent <= 100) continue;
      refuse_argument("percents must only contain non-null doubles from 0.0-100.0 inclusive");
    }
    is_keyed_ = parameters.flag("keyed", true);
  }

 private:
  void write(ResultNode& node, const std::vector<BucketValue>& values) const override {
    node.type = "percentiles_bucket";
    node.is_multi_value = true;
    std::vector<double> sorted;
    for (const BucketValue& each : values) sorted.push_back(each.value);
    std::ranges::sort(sorted);
    std::string inner;
    for (const double percent : percents_) {
      const double last = static_cast<double>(sorted.size()) - 1;
      const double value =
          sorted.empty() ? std::numeric_limits<double>::quiet_NaN()
                         : sorted[static_cast<std::size_t>(std::floor(percent / 100 * last + 0.5))];
      const std::string name = java_double(percent);
      node.values.emplace_back(name, value);
      if (is_keyed_) {
        append_member(inner, name, json_double_or_null(value));
      } else {
        std::string object = "{";
        append_member(object, "key", name);
        append_member(object, "value", json_double_or_null(value));
        inner += (inner.empty() ? "" : ",") + object + "}";
      }
    }
    append_member(node.members, "values", is_keyed_ ? "{" + inner + "}" : "[" + inner + "]");
  }

  std::vector<double> percents_;
  bool is_keyed_ = true;
};

template <class Metric>
KindPtr read_metric(Parameters& parameters) {
  auto kind = std::make_shared<Metric>(parameters);
  parameters.finish();
  return kind;
}

}  // namespace

KindPtr read_avg_bucket(Parameters& parameters) {
  return read_metric<AverageBucket>(parameters);
}
KindPtr read_sum_bucket(Parameters& parameters) {
  return read_metric<SumBucket>(parameters);
}
KindPtr read_min_bucket(Parameters& parameters) {
  return read_metric<ExtremeBucket<false>>(parameters);
}
KindPtr read_max_bucket(Parameters& parameters) {
  return read_metric<ExtremeBucket<true>>(parameters);
}
KindPtr read_stats_bucket(Parameters& parameters) {
  return read_metric<StatsBucket>(parameters);
}
KindPtr read_extended_stats_bucket(Parameters& parameters) {
  return read_metric<ExtendedStatsBucket>(parameters);
}
KindPtr read_percentiles_bucket(Parameters& parameters) {
  return read_metric<PercentilesBucket>(parameters);
}

}  // namespace hornbeam::search::aggregation

// min, max, sum, avg, value_count, stats, extended_stats.

#include "hornbeam/base/json_write.h"
#include "hornbeam/search/aggregation/java_number.h"
#include "hornbeam/search/aggregation/kind.h"
#include "hornbeam/search/aggregation/metric_collector.h"
#include "hornbeam/search/aggregation/metric_states.h"

namespace hornbeam::search::aggregation {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

void append_text(ResultNode& node, std::string_view name, const std::string& text) {
  std::string quoted;
  base::append_json_string(quoted, text);
  append_member(node.members, name, quoted);
}

}  // namespace

void append_number(ResultNode& node, std::string_view name, double value,
                   const ValueFormat& format) {
  append_member(node.members, name, json_double(value));
  if (!format.is_raw()) append_text(node, std::string(name) + "_as_string", format.text(value));
  node.values.emplace_back(name, value);
}

void append_number_or_null(ResultNode& node, std::string_view name, double value,
                           const ValueFormat& format) {
  if (std::isfinite(value)) {
    append_number(node, name, value, format);
    return;
  }
  append_member(node.members, name, "null");
  node.values.emplace_back(name, value);
}

void append_stats(ResultNode& node, const StatsState& state, const ValueFormat& format) {
  append_member(node.members, "count", std::to_string(state.count()));
  node.is_multi_value = true;
  node.values.emplace_back("count", static_cast<double>(state.count()));
  const bool is_empty = state.count() == 0;
  append_number_or_null(node, "min", state.min.value, format);
  append_number_or_null(node, "max", state.max.value, format);
  append_number_or_null(node, "avg", is_empty ? kNaN : state.average.average(), format);
  append_number(node, "sum", state.sum(), format);
}

namespace {

double value_of(const MinState& state) {
  return state.value;
}
double value_of(const MaxState& state) {
  return state.value;
}
double value_of(const SumState& state) {
  return state.sum.value();
}
double value_of(const AverageState& state) {
  return state.count == 0 ? kNaN : state.average();
}

/// A metric of one number.
template <class State>
class OneNumber final : public NumbersCollector<State> {
 public:
  using NumbersCollector<State>::NumbersCollector;

  ResultNode build(BucketId bucket, BuildLimits&) const override {
    ResultNode node = this->new_result(this->asked().type, ResultNode::Shape::kMetric);
    append_number_or_null(node, "value", value_of(this->state(bucket)), this->format());
    return node;
  }
  std::optional<double> number(BucketId bucket, std::string_view property) const override {
    if (!property.empty() && property != "value") return std::nullopt;
    return value_of(this->state(bucket));
  }
};

class Stats final : public NumbersCollector<StatsState> {
 public:
  using NumbersCollector<StatsState>::NumbersCollector;

  ResultNode build(BucketId bucket, BuildLimits&) const override {
    ResultNode node = new_result("stats", ResultNode::Shape::kMetric);
    append_stats(node, state(bucket), format());
    return node;
  }
  std::optional<double> number(BucketId bucket, std::string_view property) const override {
    return find_number(state(bucket), property);
  }

  static std::optional<double> find_number(const StatsState& state, std::string_view property) {
    if (property == "count") return static_cast<double>(state.count());
    if (property == "min") return state.min.value;
    if (property == "max") return state.max.value;
    if (property == "avg") return state.count() == 0 ? kNaN : state.average.average();
    if (property == "sum") return state.sum();
    return std::nullopt;
  }
};

class ExtendedStats final : public NumbersCollector<ExtendedStatsState> {
 public:
  ExtendedStats(const Aggregation& asked, const FieldRequest& request, double sigma)
      : NumbersCollector(asked, request), sigma_(sigma) {}

  ResultNode build(BucketId bucket, BuildLimits&) const override {
    ResultNode node = new_result("extended_stats", ResultNode::Shape::kMetric);
    append_extended_stats(node, state(bucket), sigma_, format());
    return node;
  }
  std::optional<double> number(BucketId bucket, std::string_view property) const override {
    ResultNode node;
    append_extended_stats(node, state(bucket), sigma_, format());
    for (const auto& [name, value] : node.values) {
      if (name == property) return value;
    }
    return std::nullopt;
  }

 private:
  double sigma_;
};

void append_bounds(ResultNode& node, const ExtendedStatsState& state, double sigma,
                   const ValueFormat& format) {
  struct Bound {
    const char* name;
    const char* path;
    double deviation;
    double sign;
  };
  const double population = std::sqrt(state.variance_population());
  const double sampling = std::sqrt(state.variance_sampling());
  const Bound bounds[] = {
      {"upper", "std_upper", population, 1},
      {"lower", "std_lower", population, -1},
      {"upper_population", "std_upper_population", population, 1},
      {"lower_population", "std_lower_population", population, -1},
      {"upper_sampling", "std_upper_sampling", sampling, 1},
      {"lower_sampling", "std_lower_sampling", sampling, -1},
  };
  const bool is_empty = state.stats.count() == 0;
  const double average = is_empty ? kNaN : state.stats.average.average();
  ResultNode inner;
  ResultNode texts;
  for (const Bound& bound : bounds) {
    const double value = is_empty ? kNaN : average + bound.sign * sigma * bound.deviation;
    append_member(inner.members, bound.name, is_empty ? "null" : json_double(value));
    node.values.emplace_back(bound.path, value);
    if (!format.is_raw() && !is_empty) append_text(texts, bound.name, format.text(value));
  }
  append_member(node.members, "std_deviation_bounds", "{" + inner.members + "}");
  if (!texts.members.empty()) {
    append_member(node.members, "std_deviation_bounds_as_string", "{" + texts.members + "}");
  }
}

}  // namespace

void append_extended_stats(ResultNode& node, const ExtendedStatsState& state, double sigma,
                           const ValueFormat& format) {
  append_stats(node, state.stats, format);
  const bool is_empty = state.stats.count() == 0;
  const double population = is_empty ? kNaN : state.variance_population();
  const double sampling = is_empty ? kNaN : state.variance_sampling();
  const auto append = [&](const char* name, double value) {
    if (is_empty) {
      append_number_or_null(node, name, kNaN, format);
    } else {
      append_number(node, name, value, format);
    }
  };
  append("sum_of_squares", state.squares.value());
  append("variance", population);
  append("variance_population", population);
  append("variance_sampling", sampling);
  append("std_deviation", std::sqrt(population));
  append("std_deviation_population", std::sqrt(population));
  append("std_deviation_sampling", std::sqrt(sampling));
  append_bounds(node, state, sigma, format);
}

namespace {

class ValueCount final : public Collector {
 public:
  ValueCount(const Aggregation& asked, const FieldRequest& request)
      : Collector(asked), values_(request, Accepts::kAnything, ValueKind::kKeyword) {}

  void open_index(const AggregatedIndex& index) override {
    values_.open_index(index, asked().type);
  }
  void open_segment(const SegmentView& view) override { values_.open_segment(view); }
  void collect(const Batch& batch) override {
    counts_.grow(batch.bucket_limit);
    const Column* const column = values_.column();
    if (!column && !values_.has_missing()) return;
    for (std::size_t i = 0; i < batch.docs.size(); ++i) {
      std::size_t count = 0;
      if (column) {
        const auto [begin, end] = column->range(batch.docs[i]);
        count = end - begin;
      }
      if (count == 0 && values_.has_missing()) count = 1;
      counts_[batch.bucket(i)] += count;
    }
  }
  ResultNode build(BucketId bucket, BuildLimits&) const override {
    ResultNode node = new_result("value_count", ResultNode::Shape::kMetric);
    append_member(node.members, "value", std::to_string(counts_.at(bucket)));
    node.values.emplace_back("value", static_cast<double>(counts_.at(bucket)));
    return node;
  }
  std::optional<double> number(BucketId bucket, std::string_view property) const override {
    if (!property.empty() && property != "value") return std::nullopt;
    return static_cast<double>(counts_.at(bucket));
  }

 private:
  FieldValues values_;
  BucketCounts counts_;
};

/// A metric that has nothing but a field.
template <class CollectorType>
class FieldMetric final : public Kind {
 public:
  explicit FieldMetric(FieldRequest request) : request_(std::move(request)) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<CollectorType>(asked, request_);
  }
  bool takes_subs() const override { return false; }

 private:
  FieldRequest request_;
};

template <class CollectorType>
KindPtr read_field_metric(Parameters& parameters) {
  auto kind = std::make_shared<FieldMetric<CollectorType>>(read_field_request(parameters));
  parameters.finish();
  return kind;
}

class ExtendedStatsKind final : public Kind {
 public:
  ExtendedStatsKind(FieldRequest request, double sigma)
      : request_(std::move(request)), sigma_(sigma) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<ExtendedStats>(asked, request_, sigma_);
  }
  bool takes_subs() const override { return false; }

 private:
  FieldRequest request_;
  double sigma_;
};

}  // namespace

KindPtr read_min(Parameters& parameters) {
  return read_field_metric<OneNumber<MinState>>(parameters);
}
KindPtr read_max(Parameters& parameters) {
  return read_field_metric<OneNumber<MaxState>>(parameters);
}
KindPtr read_sum(Parameters& parameters) {
  return read_field_metric<OneNumber<SumState>>(parameters);
}
KindPtr read_avg(Parameters& parameters) {
  return read_field_metric<OneNumber<AverageState>>(parameters);
}
KindPtr read_value_count(Parameters& parameters) {
  return read_field_metric<ValueCount>(parameters);
}
KindPtr read_stats(Parameters& parameters) {
  return read_field_metric<Stats>(parameters);
}

KindPtr read_extended_stats(Parameters& parameters) {
  FieldRequest request = read_field_request(parameters);
  const double sigma = parameters.number("sigma").value_or(2);
  if (sigma < 0) {
    refuse_argument("[sigma] must be greater than or equal to 0. Found [" + java_double(sigma) +
                    "] in [" + parameters.name() + "]");
  }
  parameters.finish();
  return std::make_shared<ExtendedStatsKind>(std::move(request), sigma);
}

}  // namespace hornbeam::search::aggregation

// Pipelines inside the buckets of a histogram: cumulative_sum, derivative, serial_diff, moving_fn.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "hornbeam/search/aggregation/bucket_pipeline.h"
#include "hornbeam/search/aggregation/moving_functions.h"
#include "hornbeam/search/aggregation/rounding.h"

namespace hornbeam::search::aggregation {

BucketPipeline::BucketPipeline(Parameters& parameters)
    : path_(BucketsPath::read(parameters)),
      gaps_(read_gap_policy(parameters)),
      type_(parameters.type()),
      format_(read_number_format(parameters)) {}

void BucketPipeline::check(const Aggregation& asked, const Aggregation* parent) const {
  const auto refuse_parent = [&](std::string_view why) {
    refuse("action_request_validation_exception",
           fmt::format("Validation Failed: 1: {} aggregation [{}] must have a histogram, "
                       "date_histogram or auto_date_histogram as parent{};",
                       type_, asked.name, why));
  };
  if (!parent) refuse_parent(" but doesn't have a parent");
  if (parent->type != "histogram" && parent->type != "date_histogram") refuse_parent("");
}

std::vector<double> BucketPipeline::values_of(const ResultNode& parent) const {
  std::vector<double> values;
  for (const ResultBucket& bucket : parent.buckets) values.push_back(path_.value_in(bucket, gaps_));
  return values;
}

ResultNode BucketPipeline::number_result(const Aggregation& asked, double value) const {
  ResultNode node{.name = asked.name, .type = "simple_value", .meta = asked.meta};
  append_number_or_null(node, "value", value, format_);
  return node;
}

namespace {

class CumulativeSum final : public BucketPipeline {
 public:
  using BucketPipeline::BucketPipeline;
  void run_in(const Aggregation& asked, ResultNode& parent) const override {
    const std::vector<double> values = values_of(parent);
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isnan(values[i])) sum += values[i];
      parent.buckets[i].sub.push_back(number_result(asked, sum));
    }
  }
};

class Derivative final : public BucketPipeline {
 public:
  explicit Derivative(Parameters& parameters) : BucketPipeline(parameters) {
    const auto unit = parameters.text("unit");
    if (!unit) return;
    const auto calendar = find_calendar_unit(*unit);
    const auto length = calendar ? std::optional(Rounding::calendar(*calendar, {}).next(0))
                                 : find_time_value(*unit);
    if (!length) refuse_argument(fmt::format("Invalid [unit]: [{}]", *unit));
    unit_ = static_cast<double>(*length);
  }
  void run_in(const Aggregation& asked, ResultNode& parent) const override {
    const std::vector<double> values = values_of(parent);
    std::size_t last = values.size();
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (last < i) {
        ResultNode node = number_result(asked, values[i] - values[last]);
        node.type = "derivative";
        append_normalized(node, values[i] - values[last],
                          parent.buckets[i].key - parent.buckets[last].key);
        if (!std::isnan(values[i])) parent.buckets[i].sub.push_back(std::move(node));
      }
      if (!std::isnan(values[i])) last = i;
    }
  }

 private:
  void append_normalized(ResultNode& node, double change, double distance) const {
    if (unit_ == 0) return;
    append_number_or_null(node, "normalized_value", change / (distance / unit_), ValueFormat());
  }

  double unit_ = 0;  ///< In milliseconds; 0: none.
};

class SerialDifference final : public BucketPipeline {
 public:
  explicit SerialDifference(Parameters& parameters) : BucketPipeline(parameters) {
    const std::int64_t lag = parameters.integer("lag").value_or(1);
    if (lag <= 0) refuse("parsing_exception", "Lag must be a positive, non-zero integer");
    lag_ = static_cast<std::size_t>(lag);
  }
  void run_in(const Aggregation& asked, ResultNode& parent) const override {
    const std::vector<double> values = values_of(parent);
    for (std::size_t i = lag_; i < values.size(); ++i) {
      const double change = values[i] - values[i - lag_];
      if (!std::isnan(change)) parent.buckets[i].sub.push_back(number_result(asked, change));
    }
  }

 private:
  std::size_t lag_ = 1;
};

class Moving final : public BucketPipeline {
 public:
  explicit Moving(Parameters& parameters) : BucketPipeline(parameters) {
    const auto window = parameters.integer("window");
    if (!window) refuse_argument("Required [window]");
    if (*window <= 0) refuse_argument("[window] must be a positive, non-zero integer.");
    window_ = *window;
    shift_ = parameters.integer("shift").value_or(0);
    std::optional<std::string> script;
    if (const auto json = parameters.find("script")) {
      script = find_scalar(json->find("source").value_or(*json));
    }
    if (!script) refuse_argument("Required [script]");
    const auto function = find_moving_function(*script);
    if (!function) {
      refuse_argument(
          fmt::format("[moving_fn] aggregation [{}] can only call one of the "
                      "MovingFunctions, found script [{}]",
                      parameters.name(), *script));
    }
    function_ = *function;
  }
  void run_in(const Aggregation& asked, ResultNode& parent) const override {
    const std::vector<double> all = values_of(parent);
    std::vector<double> values;
    std::ranges::copy_if(all, std::back_inserter(values), [](double v) { return !std::isnan(v); });
    const auto size = static_cast<std::int64_t>(values.size());
    std::int64_t index = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (std::isnan(all[i])) continue;
      const std::int64_t from = std::clamp<std::int64_t>(index - window_ + shift_, 0, size);
      const std::int64_t to = std::clamp<std::int64_t>(index + shift_, from, size);
      const auto window = std::span<const double>(values).subspan(
          static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
      parent.buckets[i].sub.push_back(number_result(asked, function_(window)));
      ++index;
    }
  }

 private:
  std::int64_t window_ = 1;
  std::int64_t shift_ = 0;
  MovingFunction function_;
};

template <class PipelineType>
KindPtr read_pipeline(Parameters& parameters) {
  auto kind = std::make_shared<PipelineType>(parameters);
  parameters.finish();
  return kind;
}

}  // namespace

KindPtr read_cumulative_sum(Parameters& parameters) {
  return read_pipeline<CumulativeSum>(parameters);
}
KindPtr read_derivative(Parameters& parameters) {
  return read_pipeline<Derivative>(parameters);
}
KindPtr read_serial_diff(Parameters& parameters) {
  return read_pipeline<SerialDifference>(parameters);
}
KindPtr read_moving_fn(Parameters& parameters) {
  return read_pipeline<Moving>(parameters);
}

}  // namespace hornbeam::search::aggregation

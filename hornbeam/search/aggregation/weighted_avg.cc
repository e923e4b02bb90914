#include <cmath>

#include "hornbeam/search/aggregation/kind.h"
#include "hornbeam/search/aggregation/metric_collector.h"
#include "hornbeam/search/aggregation/metric_states.h"

namespace hornbeam::search::aggregation {
namespace {

struct WeightedRequest {
  FieldRequest value;
  FieldRequest weight;
};

struct WeightedState {
  ExactSum sum{};
  ExactSum weight{};
};

class WeightedAverage final : public Collector {
 public:
  WeightedAverage(const Aggregation& asked, const WeightedRequest& request)
      : Collector(asked),
        values_(request.value, Accepts::kNumbers, ValueKind::kDouble),
        weights_(request.weight, Accepts::kNumbers, ValueKind::kDouble) {}

  void open_index(const AggregatedIndex& index) override {
    values_.open_index(index, asked().type);
    weights_.open_index(index, asked().type);
  }
  void open_segment(const SegmentView& view) override {
    values_.open_segment(view);
    weights_.open_segment(view);
  }
  void collect(const Batch& batch) override {
    if (states_.size() < batch.bucket_limit) states_.resize(batch.bucket_limit);
    std::vector<double> weights(batch.docs.size(), std::numeric_limits<double>::quiet_NaN());
    for_each_number(weights_, batch, [&](std::size_t i, double weight) {
      if (!std::isnan(weights[i])) {
        refuse("aggregation_execution_exception",
               "Encountered more than one weight for a single document. Use a script to combine "
               "multiple weights-per-doc into a single value.");
      }
      weights[i] = weight;
    });
    for_each_number(values_, batch, [&](std::size_t i, double value) {
      if (std::isnan(weights[i])) return;
      WeightedState& state = states_[batch.bucket(i)];
      state.sum.add(value * weights[i]);
      state.weight.add(weights[i]);
    });
  }
  ResultNode build(BucketId bucket, BuildLimits&) const override {
    ResultNode node = new_result("weighted_avg", ResultNode::Shape::kMetric);
    append_number_or_null(node, "value", average(bucket), values_.format());
    return node;
  }
  std::optional<double> number(BucketId bucket, std::string_view property) const override {
    if (!property.empty() && property != "value") return std::nullopt;
    return average(bucket);
  }

 private:
  double average(BucketId bucket) const {
    const WeightedState state = bucket < states_.size() ? states_[bucket] : WeightedState{};
    return state.sum.value() / state.weight.value();
  }

  FieldValues values_;
  FieldValues weights_;
  std::vector<WeightedState> states_;
};

class WeightedKind final : public Kind {
 public:
  explicit WeightedKind(WeightedRequest request) : request_(std::move(request)) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<WeightedAverage>(asked, request_);
  }
  bool takes_subs() const override { return false; }

 private:
  WeightedRequest request_;
};

FieldRequest read_part(Parameters& parameters, std::string_view key) {
  auto part = parameters.object(key);
  if (!part) refuse_argument("[" + std::string(key) + "] field must be set for [weighted_avg]");
  FieldRequest field = read_field_request(*part);
  part->finish();
  return field;
}

}  // namespace

KindPtr read_weighted_avg(Parameters& parameters) {
  WeightedRequest request{.value = read_part(parameters, "value"),
                          .weight = read_part(parameters, "weight")};
  request.value.format = parameters.text("format").value_or("");
  parameters.find("value_type");
  parameters.finish();
  return std::make_shared<WeightedKind>(std::move(request));
}

}  // namespace hornbeam::search::aggregation

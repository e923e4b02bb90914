// percentiles, percentile_ranks, median_absolute_deviation.

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "hornbeam/base/json_write.h"
#include "hornbeam/search/aggregation/hdr_histogram.h"
#include "hornbeam/search/aggregation/java_number.h"
#include "hornbeam/search/aggregation/kind.h"
#include "hornbeam/search/aggregation/metric_collector.h"
#include "hornbeam/search/aggregation/t_digest.h"

namespace hornbeam::search::aggregation {
namespace {

constexpr double kUsualCompression = 100;

struct PercentilesRequest {
  FieldRequest field{};
  std::vector<double> points{};  ///< Percents, or values to rank.
  bool is_ranks = false;
  bool is_keyed = true;
  double compression = kUsualCompression;
  std::optional<int> digits{};  ///< Of an HDR histogram; none: a t-digest.
};

/// An HDR histogram that refuses negative numbers.
struct HdrState {
  HdrHistogram histogram;

  void add(double value) {
    if (value < 0) {
      refuse("array_index_out_of_bounds_exception", "Histogram recorded value cannot be negative.");
    }
    histogram.add(value);
  }
  bool is_empty() const { return histogram.is_empty(); }
  double quantile(double share) const { return histogram.quantile(share); }
  double share_below(double value) const { return histogram.share_below(value); }
};

template <class State>
class Percentiles final : public NumbersCollector<State> {
 public:
  Percentiles(const Aggregation& asked, const PercentilesRequest& request, State empty)
      : NumbersCollector<State>(asked, request.field, std::move(empty)), request_(request) {}

  ResultNode build(BucketId bucket, BuildLimits&) const override {
    const std::string prefix = request_.digits ? "hdr_" : "tdigest_";
    ResultNode node =
        this->new_result(prefix + (request_.is_ranks ? "percentile_ranks" : "percentiles"),
                         ResultNode::Shape::kMetric);
    node.is_multi_value = true;
    const State& state = this->state(bucket);
    std::string inner;
    for (const double point : request_.points) {
      const double value = value_at(state, point);
      node.values.emplace_back(java_double(point), value);
      append(inner, point, value);
    }
    append_member(node.members, "values",
                  request_.is_keyed ? "{" + inner + "}" : "[" + inner + "]");
    return node;
  }
  std::optional<double> number(BucketId bucket, std::string_view property) const override {
    double point = 0;
    const char* const end = property.data() + property.size();
    const auto [at, failed] = std::from_chars(property.data(), end, point);
    if (failed != std::errc{} || at != end) return std::nullopt;
    if (std::ranges::find(request_.points, point) == request_.points.end()) return std::nullopt;
    return value_at(this->state(bucket), point);
  }

 private:
  double value_at(const State& state, double point) const {
    if (state.is_empty()) return std::numeric_limits<double>::quiet_NaN();
    return request_.is_ranks ? state.share_below(point) * 100 : state.quantile(point / 100);
  }
  void append(std::string& inner, double point, double value) const {
    const ValueFormat& format = this->format();
    const std::string name = java_double(point);
    std::string text;
    if (std::isfinite(value) && !format.is_raw()) {
      base::append_json_string(text, format.text(value));
    }
    if (request_.is_keyed) {
      append_member(inner, name, json_double_or_null(value));
      if (!text.empty()) append_member(inner, name + "_as_string", text);
      return;
    }
    std::string object = "{";
    append_member(object, "key", name);
    append_member(object, "value", json_double_or_null(value));
    if (!text.empty()) append_member(object, "value_as_string", text);
    inner += (inner.empty() ? "" : ",") + object + "}";
  }

  const PercentilesRequest& request_;
};

class PercentilesKind final : public Kind {
 public:
  explicit PercentilesKind(PercentilesRequest request) : request_(std::move(request)) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    if (request_.digits) {
      return std::make_unique<Percentiles<HdrState>>(
          asked, request_, HdrState{.histogram = HdrHistogram(*request_.digits)});
    }
    return std::make_unique<Percentiles<TDigest>>(asked, request_, TDigest(request_.compression));
  }
  bool takes_subs() const override { return false; }

 private:
  PercentilesRequest request_;
};

double read_compression(Parameters& parameters, double otherwise) {
  const double compression = parameters.number("compression").value_or(otherwise);
  if (!(compression >= 0)) {
    refuse_argument(fmt::format("[compression] must be greater than or equal to 0. Found [{}]",
                                java_double(compression)));
  }
  // More would only keep numbers one by one.
  constexpr double kMost = 10'000;
  return std::min(compression, kMost);
}

void read_method(Parameters& parameters, PercentilesRequest& request) {
  auto digest = parameters.object("tdigest");
  auto hdr = parameters.object("hdr");
  if (digest && hdr) refuse_argument("Only one percentiles method should be declared.");
  if (digest) {
    request.compression = read_compression(*digest, kUsualCompression);
    digest->find("execution_hint");
    digest->finish();
  }
  if (hdr) {
    constexpr std::int64_t kUsualDigits = 3;
    const std::int64_t digits =
        hdr->integer("number_of_significant_value_digits").value_or(kUsualDigits);
    if (digits < 0 || digits > 5) {
      refuse_argument("[numberOfSignificantValueDigits] must be between 0 and 5");
    }
    request.digits = static_cast<int>(digits);
    hdr->finish();
  }
}

class MedianDeviation final : public NumbersCollector<TDigest> {
 public:
  using NumbersCollector<TDigest>::NumbersCollector;

  ResultNode build(BucketId bucket, BuildLimits&) const override {
    ResultNode node = new_result("median_absolute_deviation", ResultNode::Shape::kMetric);
    append_number_or_null(node, "value", state(bucket).median_absolute_deviation(), format());
    return node;
  }
  std::optional<double> number(BucketId bucket, std::string_view property) const override {
    if (!property.empty() && property != "value") return std::nullopt;
    return state(bucket).median_absolute_deviation();
  }
};

class MedianDeviationKind final : public Kind {
 public:
  MedianDeviationKind(FieldRequest field, double compression)
      : field_(std::move(field)), compression_(compression) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<MedianDeviation>(asked, field_, TDigest(compression_));
  }
  bool takes_subs() const override { return false; }

 private:
  FieldRequest field_;
  double compression_;
};

}  // namespace

KindPtr read_percentiles(Parameters& parameters) {
  PercentilesRequest request{.field = read_field_request(parameters),
                             .points = {1, 5, 25, 50, 75, 95, 99}};
  if (parameters.find("percents")) {
    request.points = parameters.numbers("percents");
    if (request.points.empty()) refuse_argument("[percents] must not be empty");
    for (const double percent : request.points) {
      if (percent >= 0 && percent <= 100) continue;
      refuse_argument(fmt::format("percent must be in [0,100], got [{}]", java_double(percent)));
    }
    std::ranges::sort(request.points);
  }
  request.is_keyed = parameters.flag("keyed", true);
  read_method(parameters, request);
  parameters.finish();
  return std::make_shared<PercentilesKind>(std::move(request));
}

KindPtr read_percentile_ranks(Parameters& parameters) {
  PercentilesRequest request{.field = read_field_request(parameters),
                             .points = parameters.numbers("values"),
                             .is_ranks = true};
  if (request.points.empty()) refuse_argument("[values] must not be an empty array");
  std::ranges::sort(request.points);
  request.is_keyed = parameters.flag("keyed", true);
  read_method(parameters, request);
  parameters.finish();
  return std::make_shared<PercentilesKind>(std::move(request));
}

KindPtr read_median_absolute_deviation(Parameters& parameters) {
  FieldRequest field = read_field_request(parameters);
  constexpr double kUsual = 1'000;
  const double compression = parameters.number("compression").value_or(kUsual);
  if (!(compression > 0)) {
    refuse_argument(fmt::format("[compression] must be greater than 0. Found [{}] in [{}]",
                                java_double(compression), parameters.name()));
  }
  constexpr double kMost = 10'000;
  parameters.finish();
  return std::make_shared<MedianDeviationKind>(std::move(field), std::min(compression, kMost));
}

}  // namespace hornbeam::search::aggregation

// histogram and date_histogram.

#include <cmath>

#include <fmt/format.h>

#include "hornbeam/search/aggregation/interval_buckets.h"
#include "hornbeam/search/aggregation/java_number.h"
#include "hornbeam/search/aggregation/rounding.h"

namespace hornbeam::search::aggregation {
namespace {

struct HistogramRequest {
  IntervalRequest common{};
  double interval = 1;
  double offset = 0;
};

class Histogram final : public IntervalBuckets {
 public:
  Histogram(const Aggregation& asked, const HistogramRequest& request)
      : IntervalBuckets(asked, request.common, ValueKind::kDouble),
        interval_(request.interval),
        offset_(request.offset) {}

 private:
  double key_of(std::int64_t coded) const override { return key_of(values().number(coded)); }
  double key_of(double value) const override {
    return std::floor((value - offset_) / interval_) * interval_ + offset_;
  }
  double next_key(double key) const override {
    // From whole steps, so that what was lost in rounding does not add up.
    return (std::round((key - offset_) / interval_) + 1) * interval_ + offset_;
  }
  std::string json(double key) const override { return json_double(key); }
  const char* typed_name() const override { return "histogram"; }
  void check_ranges(FieldType type) const override {
    if (type != FieldType::kIpRange) return;
    refuse_argument("Expected numeric range type but found non-numeric range [ip_range]");
  }

  double interval_;
  double offset_;
};

class HistogramKind final : public Kind {
 public:
  explicit HistogramKind(HistogramRequest request) : request_(std::move(request)) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<Histogram>(asked, request_);
  }

 private:
  HistogramRequest request_;
};

struct DateHistogramRequest {
  IntervalRequest common{};
  Rounding rounding;
};

class DateHistogram final : public IntervalBuckets {
 public:
  DateHistogram(const Aggregation& asked, const DateHistogramRequest& request)
      : IntervalBuckets(asked, request.common, ValueKind::kDate), rounding_(request.rounding) {}

 private:
  // Milliseconds of all years that calendars know are whole as doubles.
  double key_of(std::int64_t coded) const override {
    if (!is_whole()) return key_of(values().number(coded));
    return static_cast<double>(rounding_.round(coded));
  }
  double key_of(double value) const override {
    constexpr double kLatest = 9e15;
    return static_cast<double>(
        rounding_.round(static_cast<Millis>(std::clamp(value, -kLatest, kLatest))));
  }
  double next_key(double key) const override {
    return static_cast<double>(rounding_.next(static_cast<Millis>(key)));
  }
  RoundedKeys::Extent extent_of(std::int64_t coded) const override {
    if (values().coding() != Coding::kWhole) return {.first = coded, .last = coded};
    const Millis first = rounding_.round(coded);
    return {.first = first, .last = std::max(coded, rounding_.next(first) - 1)};
  }
  std::string json(double key) const override { return std::to_string(static_cast<Millis>(key)); }
  const char* typed_name() const override { return "date_histogram"; }
  void check_ranges(FieldType type) const override {
    if (type == FieldType::kDateRange) return;
    refuse_argument(
        fmt::format("Expected date range type but found range type [{}]", name_of(type)));
  }

  const Rounding& rounding_;
};

class DateHistogramKind final : public Kind {
 public:
  explicit DateHistogramKind(DateHistogramRequest request) : request_(std::move(request)) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<DateHistogram>(asked, request_);
  }

 private:
  DateHistogramRequest request_;
};

Rounding fixed_rounding(const std::string& interval, TimeZone zone, Millis offset) {
  const auto length = find_time_value(interval);
  if (!length) {
    refuse_argument(
        fmt::format("failed to parse setting [date_histogram.fixedInterval] with value [{}] as a "
                    "time value: unit is missing or unrecognized",
                    interval));
  }
  return Rounding::fixed(*length, std::move(zone), offset);
}

/// "+1d", "-6h", or milliseconds.
Millis read_offset(Parameters& parameters) {
  const auto text = parameters.text("offset");
  if (!text) return 0;
  if (const auto time = find_time_value(*text, true)) return *time;
  if (const auto millis = find_time_value(*text + "ms", true)) return *millis;
  refuse_argument(
      fmt::format("failed to parse setting [DateHistogramAggregationBuilder.parseOffset] with "
                  "value [{}] as a time value: unit is missing or unrecognized",
                  *text));
}

}  // namespace

Rounding read_rounding(Parameters& parameters, const std::string& time_zone) {
  const auto calendar = parameters.text("calendar_interval");
  const auto fixed = parameters.text("fixed_interval");
  const auto either = parameters.text("interval");
  const int given = (calendar ? 1 : 0) + (fixed ? 1 : 0) + (either ? 1 : 0);
  if (given == 0) {
    refuse_argument("Invalid interval specified, must be non-null and non-empty");
  }
  if (given > 1) {
    refuse_argument(fmt::format("Cannot use [{}] with [{}] configuration option.",
                                fixed ? "fixed_interval" : "interval",
                                calendar ? "calendar_interval" : "interval"));
  }
  TimeZone zone = read_time_zone(time_zone);
  const Millis offset = read_offset(parameters);
  if (fixed) return fixed_rounding(*fixed, std::move(zone), offset);
  const std::string& name = calendar ? *calendar : *either;
  if (const auto unit = find_calendar_unit(name)) {
    return Rounding::calendar(*unit, std::move(zone), offset);
  }
  if (calendar) {
    refuse_argument(fmt::format(
        "The supplied interval [{}] could not be parsed as a calendar interval.", name));
  }
  const bool is_number = name.find_first_not_of("0123456789") == name.npos;
  return fixed_rounding(is_number ? name + "ms" : name, std::move(zone), offset);
}

KindPtr read_histogram(Parameters& parameters) {
  HistogramRequest request;
  request.common.values = read_field_request(parameters);
  read_intervals(parameters, request.common);
  const auto interval = parameters.number("interval");
  if (!interval) refuse_argument("Required one of fields [interval], but none were specified. ");
  if (!(*interval > 0) || !std::isfinite(*interval)) {
    refuse_argument(
        fmt::format("[interval] must be >0 for histogram aggregation [{}]", parameters.name()));
  }
  request.interval = *interval;
  request.offset = parameters.number("offset").value_or(0);
  parameters.finish();
  return std::make_shared<HistogramKind>(std::move(request));
}

KindPtr read_date_histogram(Parameters& parameters) {
  IntervalRequest common{.values = read_field_request(parameters)};
  read_intervals(parameters, common);
  Rounding rounding = read_rounding(parameters, common.values.time_zone);
  parameters.finish();
  DateHistogramRequest request{.common = std::move(common), .rounding = std::move(rounding)};
  return std::make_shared<DateHistogramKind>(std::move(request));
}

}  // namespace hornbeam::search::aggregation

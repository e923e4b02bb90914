// range and date_range.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "hornbeam/base/json_write.h"
#include "hornbeam/search/aggregation/field_values.h"
#include "hornbeam/search/aggregation/java_number.h"
#include "hornbeam/search/aggregation/kind.h"
#include "hornbeam/search/aggregation/range_buckets.h"

namespace hornbeam::search::aggregation {

RangesRequest read_ranges(Parameters& parameters) {
  RangesRequest request;
  const auto json = parameters.find("ranges");
  if (json && json->kind() != base::JsonKind::kArray) parameters.refuse_type("ranges", *json);
  for (std::size_t i = 0; json && i < json->size(); ++i) {
    const base::JsonView element = json->element(i);
    if (element.kind() != base::JsonKind::kObject) parameters.refuse_type("ranges", element);
    RangeRequest range;
    for (std::size_t at = 0; at < element.size(); ++at) {
      const auto [name, value] = element.member(at);
      if (name == "key") {
        range.key = find_scalar(value);
      } else if (name == "from") {
        range.from = find_scalar(value);
        range.is_from_text = value.kind() == base::JsonKind::kString;
      } else if (name == "to") {
        range.to = find_scalar(value);
        range.is_to_text = value.kind() == base::JsonKind::kString;
      } else {
        refuse("x_content_parse_exception", fmt::format("[range] unknown field [{}]", name));
      }
    }
    request.ranges.push_back(std::move(range));
  }
  if (request.ranges.empty()) {
    refuse_argument(
        fmt::format("No [ranges] specified for the [{}] aggregation", parameters.name()));
  }
  request.is_keyed = parameters.flag("keyed", false);
  return request;
}

namespace {

double read_end(const std::string& text, bool is_formatted, const ValueFormat& format) {
  const auto value =
      is_formatted ? format.read(text, current_millis()) : ValueFormat().read(text, 0);
  if (!value) {
    refuse("parse_exception", fmt::format("failed to parse [{}] as the end of a range", text));
  }
  return *value;
}

std::string end_text(double end, const ValueFormat& format) {
  return std::isfinite(end) ? format.text(end) : "*";
}

}  // namespace

std::vector<Range> resolve_ranges(const RangesRequest& request, const ValueFormat& format,
                                  bool reads_all) {
  std::vector<Range> ranges;
  for (const RangeRequest& each : request.ranges) {
    Range range;
    if (each.from) range.from = read_end(*each.from, each.is_from_text || reads_all, format);
    if (each.to) range.to = read_end(*each.to, each.is_to_text || reads_all, format);
    range.key =
        each.key ? *each.key : end_text(range.from, format) + "-" + end_text(range.to, format);
    ranges.push_back(std::move(range));
  }
  std::ranges::sort(ranges, {}, [](const Range& r) { return std::tuple(r.from, r.to, r.key); });
  return ranges;
}

std::string range_head(const Range& range, const ValueFormat& format, bool is_keyed) {
  std::string head;
  const auto append = [&](std::string_view name, const std::string& json) {
    append_member(head, name, json);
  };
  const auto quoted = [](const std::string& text) {
    std::string out;
    base::append_json_string(out, text);
    return out;
  };
  if (!is_keyed) append("key", quoted(range.key));
  if (std::isfinite(range.from)) {
    append("from", json_double(range.from));
    if (!format.is_raw()) append("from_as_string", quoted(format.text(range.from)));
  }
  if (std::isfinite(range.to)) {
    append("to", json_double(range.to));
    if (!format.is_raw()) append("to_as_string", quoted(format.text(range.to)));
  }
  return head.empty() ? head : head + ",";
}

namespace {

/// The numbers of a field.
class FieldSource {
 public:
  FieldSource(const FieldRequest& request, ValueKind otherwise)
      : values_(request, Accepts::kNumbers, otherwise) {}

  void open_index(const AggregatedIndex& index, const Aggregation& asked) {
    values_.open_index(index, asked.type);
  }
  void open_segment(const SegmentView& view) { values_.open_segment(view); }
  template <class Visit>
  void for_each(const Batch& batch, Visit&& visit) const {
    for_each_number(values_, batch, visit);
  }
  const ValueFormat& format() const { return values_.format(); }
  bool reads_all() const { return values_.kind() == ValueKind::kDate; }

 private:
  FieldValues values_;
};

class RangeKind final : public Kind {
 public:
  RangeKind(FieldRequest field, RangesRequest ranges, ValueKind otherwise)
      : field_(std::move(field)), ranges_(std::move(ranges)), otherwise_(otherwise) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<RangeBuckets<FieldSource>>(asked, ranges_,
                                                       FieldSource(field_, otherwise_));
  }

 private:
  FieldRequest field_;
  RangesRequest ranges_;
  ValueKind otherwise_;
};

KindPtr read_range_of(Parameters& parameters, ValueKind otherwise) {
  FieldRequest field = read_field_request(parameters);
  RangesRequest ranges = read_ranges(parameters);
  parameters.finish();
  return std::make_shared<RangeKind>(std::move(field), std::move(ranges), otherwise);
}

}  // namespace

KindPtr read_range(Parameters& parameters) {
  return read_range_of(parameters, ValueKind::kDouble);
}

KindPtr read_date_range(Parameters& parameters) {
  return read_range_of(parameters, ValueKind::kDate);
}

}  // namespace hornbeam::search::aggregation

#include "hornbeam/search/mapping/geo_distance.h"

#include <fmt/format.h>

#include "hornbeam/search/aggregation/field_values.h"
#include "hornbeam/search/aggregation/kind.h"
#include "hornbeam/search/aggregation/range_buckets.h"

namespace hornbeam::search::aggregation {
namespace {

struct DistanceRequest {
  FieldRequest field{};
  RangesRequest ranges{};
  Place origin{};
  double unit = 1;  ///< In metres.
  bool is_plane = false;
};

/// How far places are from the origin.
class DistanceSource {
 public:
  explicit DistanceSource(const DistanceRequest& request)
      : request_(&request), values_(request.field, Accepts::kPlaces, ValueKind::kPlace) {}

  void open_index(const AggregatedIndex& index, const Aggregation& asked) {
    values_.open_index(index, asked.type);
  }
  void open_segment(const SegmentView& view) { values_.open_segment(view); }
  template <class Visit>
  void for_each(const Batch& batch, Visit&& visit) const {
    const Column* const column = values_.column();
    for (std::size_t i = 0; column && i < batch.docs.size(); ++i) {
      const auto [begin, end] = column->range(batch.docs[i]);
      for (std::size_t at = begin; at < end; ++at) visit(i, distance(column->value(at)));
    }
  }
  const ValueFormat& format() const { return format_; }
  bool reads_all() const { return false; }

 private:
  double distance(std::int64_t coded) const {
    const Place place = Place::decoded(coded);
    const double meters = request_->is_plane ? plane_distance(request_->origin, place)
                                             : arc_distance(request_->origin, place);
    return meters / request_->unit;
  }

  const DistanceRequest* request_;
  FieldValues values_;
  ValueFormat format_{};
};

class DistanceKind final : public Kind {
 public:
  explicit DistanceKind(DistanceRequest request) : request_(std::move(request)) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<RangeBuckets<DistanceSource>>(asked, request_.ranges,
                                                          DistanceSource(request_));
  }

 private:
  DistanceRequest request_;
};

}  // namespace

KindPtr read_geo_distance(Parameters& parameters) {
  DistanceRequest request{.field = read_field_request(parameters),
                          .ranges = read_ranges(parameters)};
  const auto origin = parameters.find("origin");
  if (!origin) {
    refuse_argument("[origin] must be set in [geo_distance] aggregation " + parameters.name());
  }
  const auto place = read_place(*origin);
  if (!place) parameters.refuse_parse("origin");
  request.origin = *place;
  if (const auto name = parameters.text("unit")) {
    const auto unit = find_length_unit(*name);
    if (!unit) refuse_argument(fmt::format("No matching unit found for [{}]", *name));
    request.unit = *unit;
  }
  const std::string type = parameters.text("distance_type").value_or("arc");
  if (type != "arc" && type != "plane") {
    refuse_argument(fmt::format("No geo distance for [{}]", type));
  }
  request.is_plane = type == "plane";
  parameters.finish();
  return std::make_shared<DistanceKind>(std::move(request));
}

}  // namespace hornbeam::search::aggregation

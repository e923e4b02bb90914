#include <fmt/format.h>

#include "hornbeam/search/query/planner_nodes.h"
#include "hornbeam/search/query/sort_values.h"

namespace hornbeam::search {

/// Documents with a place that is wanted: their column says so.
PlanPtr Planner::plan_places(const std::string& name, bool ignores_unmapped,
                             std::function<bool(const Place&)> is_wanted, std::string text,
                             float boost) const {
  const FieldMapping* const field = context_.mapping.find(name);
  if (!field && ignores_unmapped) return plan_none();
  if (!field) {
    refuse("query_shard_exception", fmt::format("failed to find geo field [{}]", name));
  }
  if (field->type != FieldType::kGeoPoint) {
    refuse("query_shard_exception", fmt::format("field [{}] is not a geo_point field", name));
  }
  const auto find = [name, is_wanted = std::move(is_wanted)](const SegmentView& view) {
    std::vector<DocId> docs;
    const Column* const column = view.segment->column(name);
    for (DocId doc = 0; column && doc < view.segment->doc_count(); ++doc) {
      const auto [begin, end] = column->range(doc);
      for (std::size_t i = begin; i < end; ++i) {
        if (!is_wanted(Place::decoded(column->value(i)))) continue;
        docs.push_back(doc);
        break;
      }
    }
    return docs;
  };
  return plan_constant(plan_documents(find, {.text = std::move(text)}), boost);
}

PlanPtr Planner::plan_node(const GeoDistanceQuery& query, float boost) {
  return plan_places(
      query.field, query.ignores_unmapped,
      [center = query.center, metres = query.metres](const Place& place) {
        return distance_between(center, place) <= metres;
      },
      fmt::format("{}:{},{} +/- {} meters", query.field, query.center.latitude,
                  query.center.longitude, query.metres),
      boost);
}

PlanPtr Planner::plan_node(const GeoBoundingBoxQuery& query, float boost) {
  const auto is_inside = [query](const Place& place) {
    const bool is_west = query.left <= place.longitude;
    const bool is_east = place.longitude <= query.right;
    const bool is_between = query.left <= query.right ? is_west && is_east : is_west || is_east;
    return is_between && query.bottom <= place.latitude && place.latitude <= query.top;
  };
  return plan_places(query.field, query.ignores_unmapped, is_inside,
                     fmt::format("{}:[{},{} TO {},{}]", query.field, query.bottom, query.left,
                                 query.top, query.right),
                     boost);
}

}  // namespace hornbeam::search

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "hornbeam/search/aggregation/value_format.h"
#include "hornbeam/search/node/settings.h"
#include "hornbeam/search/query/document_sets.h"
#include "hornbeam/search/query/planner_nodes.h"
#include "hornbeam/search/query/query_reader.h"
#include "hornbeam/search/query/sort_values.h"
#include "hornbeam/search/score/function_plan.h"

namespace hornbeam::search {

/// How far a value of a column is from the origin.
std::function<double(std::int64_t)> Planner::distance_to(const DistanceFeatureQuery& query,
                                                         const FieldMapping& field) const {
  if (field.type == FieldType::kGeoPoint) {
    const std::optional<Place> origin = query.place ? query.place : parse_place(query.origin);
    if (!origin) {
      refuse("parse_exception", fmt::format("failed to parse geo point [{}]", query.origin));
    }
    return [origin = *origin](std::int64_t stored) {
      return distance_between(origin, Place::decoded(stored));
    };
  }
  FieldMapping date = field;
  date.type = FieldType::kDate;  // In milliseconds, as the distances.
  const auto origin = static_cast<double>(number_of(query.field, date, query.origin));
  return [origin, type = field.type](std::int64_t stored) {
    return std::abs(number_value(type, stored) - origin);
  };
}

PlanPtr Planner::plan_node(const DistanceFeatureQuery& query, float boost) {
  const FieldMapping* const field = context_.mapping.find(query.field);
  if (!field) return plan_none();
  const bool is_place = field->type == FieldType::kGeoPoint;
  if (!is_place && aggregation::kind_of(field->type) != aggregation::ValueKind::kDate) {
    refuse("illegal_argument_exception",
           fmt::format("Illegal data type of [{}]![distance_feature] query can only be run on a "
                       "date, date_nanos or geo_point field type!",
                       name_of(field->type)));
  }
  double pivot = 0;
  if (is_place) {
    try {
      pivot = query_reader::metres_of(query.pivot, "m");
    } catch (const query_reader::Refusal& refusal) {
      throw Refusal{refusal.error};
    }
  } else if (const auto duration = parse_duration(query.pivot)) {
    pivot = static_cast<double>(duration->count());
  }
  if (!(pivot > 0)) {
    refuse("illegal_argument_exception",
           fmt::format("failed to parse [distance_feature] pivot [{}]", query.pivot));
  }
  const auto distance = distance_to(query, *field);
  const auto function = [name = query.field, pivot, boost,
                         distance](const SegmentView& view) -> DocFunction {
    const Column* const column = view.segment->column(name);
    return [column, pivot, boost, distance](DocId doc) {
      double nearest = std::numeric_limits<double>::infinity();
      const auto [begin, end] = column ? column->range(doc) : std::pair<std::size_t, std::size_t>();
      for (std::size_t i = begin; i < end; ++i) {
        nearest = std::min(nearest, distance(column->value(i)));
      }
      return double{boost} * (pivot / (pivot + nearest));
    };
  };
  const auto find = [name = query.field](const SegmentView& view) {
    return documents_with(view, name);
  };
  FunctionScoring scoring{.functions = {}, .with_score = Combination::kReplace};
  scoring.functions.push_back({.function = function});
  PlanPtr documents =
      plan_documents(find, {.text = fmt::format("DistanceFeatureQuery({})", query.field)});
  return plan_function_score(plan_constant(std::move(documents), 1), std::move(scoring));
}

}  // namespace hornbeam::search

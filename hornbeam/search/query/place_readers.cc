#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "hornbeam/search/query/query_reader.h"

namespace hornbeam::search::query_reader {
namespace {

[[noreturn]] void refuse_as(std::string code, std::string message) {
  throw Refusal{{.code = std::move(code), .message = std::move(message)}};
}

double coordinate(base::JsonView json) {
  std::optional<double> number = json.find_number();
  if (const auto text = json.find_string(); text && !number) {
    double value = 0;
    const char* const end = text->data() + text->size();
    const auto read = std::from_chars(text->data(), end, value);
    if (read.ec == std::errc() && read.ptr == end) number = value;
  }
  if (!number) refuse_as("parse_exception", "latitude and longitude must be numbers");
  return *number;
}

/// What a query says of its way of computing, which changes nothing here.
bool is_setting(std::string_view name) {
  return name == "distance_type" || name == "validation_method" || name == "type";
}

/// "BBOX (left, right, top, bottom)".
void read_wkt(GeoBoundingBoxQuery& box, std::string_view text) {
  double* const numbers[] = {&box.left, &box.right, &box.top, &box.bottom};
  std::size_t at = text.find('(');
  for (double* const number : numbers) {
    if (at == std::string_view::npos) break;
    at = text.find_first_not_of(" ,(", at);
    if (at == std::string_view::npos) break;
    const auto read = std::from_chars(text.data() + at, text.data() + text.size(), *number);
    if (read.ec != std::errc()) break;
    at = static_cast<std::size_t>(read.ptr - text.data());
    if (number == &box.bottom && text.starts_with("BBOX")) return;
  }
  refuse_as("parse_exception", fmt::format("failed to parse WKT bounding box [{}]", text));
}

void read_box(GeoBoundingBoxQuery& box, base::JsonView json) {
  unsigned sides = 0;
  enum : unsigned { kTop = 1, kLeft = 2, kBottom = 4, kRight = 8, kAll = 15 };
  const auto set = [&](double& side, double value, unsigned bit) {
    side = value;
    sides |= bit;
  };
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    const bool is_top = name.starts_with("top");
    if (name == "wkt") {
      read_wkt(box, scalar("geo_bounding_box", value));
      sides = kAll;
    } else if (name == "top") {
      set(box.top, coordinate(value), kTop);
    } else if (name == "left") {
      set(box.left, coordinate(value), kLeft);
    } else if (name == "bottom") {
      set(box.bottom, coordinate(value), kBottom);
    } else if (name == "right") {
      set(box.right, coordinate(value), kRight);
    } else if (is_top || name.starts_with("bottom")) {
      const Place corner = read_place(value);
      set(is_top ? box.top : box.bottom, corner.latitude, is_top ? kTop : kBottom);
      const bool is_left = name.ends_with("left");
      set(is_left ? box.left : box.right, corner.longitude, is_left ? kLeft : kRight);
    } else {
      refuse_as("parse_exception", fmt::format("failed to parse bounding box. unexpected field "
                                               "[{}]",
                                               name));
    }
  }
  if (sides != kAll) {
    refuse_as("parse_exception", "failed to parse bounding box. a side of it is missing");
  }
}

}  // namespace

Place read_place(base::JsonView json) {
  if (json.kind() == base::JsonKind::kArray && json.size() >= 2) {
    return {.latitude = coordinate(json.element(1)), .longitude = coordinate(json.element(0))};
  }
  const auto latitude = json.find("lat");
  const auto longitude = json.find("lon");
  if (latitude && longitude) {
    return {.latitude = coordinate(*latitude), .longitude = coordinate(*longitude)};
  }
  const auto text = json.find_string();
  const std::optional<Place> place = text ? parse_place(*text) : std::nullopt;
  if (!place) {
    refuse_as("parse_exception", fmt::format("failed to parse geo point [{}]", json.text()));
  }
  return *place;
}

std::vector<Place> read_places(base::JsonView json) {
  const bool is_list =
      json.kind() == base::JsonKind::kArray && json.size() > 0 && !json.element(0).find_number();
  if (!is_list) return {read_place(json)};
  std::vector<Place> places;
  for (std::size_t i = 0; i < json.size(); ++i) places.push_back(read_place(json.element(i)));
  return places;
}

double metres_of_unit(std::string_view unit) {
  static constexpr std::pair<std::string_view, double> kUnits[] = {
      {"m", 1},
      {"meters", 1},
      {"km", 1'000},
      {"kilometers", 1'000},
      {"cm", 0.01},
      {"centimeters", 0.01},
      {"mm", 0.001},
      {"millimeters", 0.001},
      {"mi", 1'609.344},
      {"miles", 1'609.344},
      {"yd", 0.9144},
      {"yards", 0.9144},
      {"ft", 0.3048},
      {"feet", 0.3048},
      {"in", 0.0254},
      {"inch", 0.0254},
      {"nmi", 1'852},
      {"NM", 1'852},
      {"nauticalmiles", 1'852},
  };
  for (const auto& [name, metres] : kUnits) {
    if (unit == name) return metres;
  }
  refuse_as("illegal_argument_exception", fmt::format("No distance unit match [{}]", unit));
}

double metres_of(std::string_view text, std::string_view unit) {
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc()) {
    refuse_as("illegal_argument_exception", fmt::format("failed to parse distance [{}]", text));
  }
  std::string_view own = text.substr(static_cast<std::size_t>(read.ptr - text.data()));
  while (own.starts_with(' ')) own.remove_prefix(1);
  return number * metres_of_unit(own.empty() ? unit : own);
}

Query read_distance_feature(base::JsonView json) {
  Query query;
  DistanceFeatureQuery feature;
  members("distance_feature", json, query, [&](std::string_view name, base::JsonView value) {
    if (name == "field") {
      feature.field = scalar("distance_feature", value);
    } else if (name == "pivot") {
      feature.pivot = scalar("distance_feature", value);
    } else if (name == "origin" && value.kind() != base::JsonKind::kArray &&
               value.kind() != base::JsonKind::kObject) {
      feature.origin = scalar("distance_feature", value);
    } else if (name == "origin") {
      feature.place = read_place(value);
    } else {
      return false;
    }
    return true;
  });
  for (const auto& [name, is_missing] :
       {std::pair("field", feature.field.empty()), std::pair("pivot", feature.pivot.empty()),
        std::pair("origin", feature.origin.empty() && !feature.place)}) {
    if (is_missing) {
      refuse_as("illegal_argument_exception", fmt::format("Required [{}]", name));
    }
  }
  query.node = std::move(feature);
  return query;
}

Query read_geo_distance(base::JsonView json) {
  Query query;
  GeoDistanceQuery geo;
  std::string distance;
  std::string unit = "m";
  members("geo_distance", json, query, [&](std::string_view name, base::JsonView value) {
    if (name == "distance") {
      distance = scalar("geo_distance", value);
    } else if (name == "unit") {
      unit = scalar("geo_distance", value);
    } else if (name == "ignore_unmapped") {
      geo.ignores_unmapped = flag("geo_distance", name, value);
    } else if (!is_setting(name)) {
      geo.field = name;
      geo.center = read_place(value);
    }
    return true;
  });
  if (distance.empty()) refuse("geo_distance requires 'distance' to be specified");
  if (geo.field.empty()) refuse("failed to parse [geo_distance] query. a field is missing");
  geo.metres = metres_of(distance, unit);
  if (!(geo.metres > 0)) {
    refuse_as("illegal_argument_exception", "distance must be greater than zero");
  }
  query.node = std::move(geo);
  return query;
}

Query read_geo_bounding_box(base::JsonView json) {
  Query query;
  GeoBoundingBoxQuery geo;
  members("geo_bounding_box", json, query, [&](std::string_view name, base::JsonView value) {
    if (name == "ignore_unmapped") {
      geo.ignores_unmapped = flag("geo_bounding_box", name, value);
    } else if (!is_setting(name)) {
      geo.field = name;
      read_box(geo, value);
    }
    return true;
  });
  if (geo.field.empty()) refuse("failed to parse [geo_bounding_box] query. a field is missing");
  if (geo.top < geo.bottom) {
    refuse_as("illegal_argument_exception",
              fmt::format("top is below bottom corner: {} vs. {}", geo.top, geo.bottom));
  }
  query.node = std::move(geo);
  return query;
}

}  // namespace hornbeam::search::query_reader

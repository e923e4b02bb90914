#pragma once

#include <optional>
#include <string_view>

#include "hornbeam/base/json_view.h"
#include "hornbeam/search/mapping/field_value.h"

namespace hornbeam::search {

/// Metres between two places along the surface of a ball as large as the Earth.
double arc_distance(const Place& a, const Place& b) noexcept;
/// The same on a flat map whose middle lies between both: faster, and good for short ways.
double plane_distance(const Place& a, const Place& b) noexcept;

/// Metres in "m", "km", "mi", "nauticalmiles" and the like; none if there is no such unit.
std::optional<double> find_length_unit(std::string_view name) noexcept;

/// A place as requests give it: `{"lat": ..., "lon": ...}`, `[lon, lat]`, "LAT,LON", "POINT(...)"
/// or a geohash.
std::optional<Place> read_place(base::JsonView json);

}  // namespace hornbeam::search

#include "hornbeam/search/mapping/geo_distance.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

namespace hornbeam::search {
namespace {

/// The mean radius of the Earth, as Lucene has it.
constexpr double kRadius = 6'371'008.7714;
constexpr double kRadians = std::numbers::pi / 180;

std::optional<double> degrees(base::JsonView json) {
  if (const auto number = json.find_number()) return number;
  const auto text = json.find_string();
  if (!text) return std::nullopt;
  double value = 0;
  const char* const end = text->data() + text->size();
  const auto found = std::from_chars(text->data(), end, value);
  return found.ec == std::errc() && found.ptr == end ? std::optional(value) : std::nullopt;
}

}  // namespace

double arc_distance(const Place& a, const Place& b) noexcept {
  // The haversine formula.
  const double north = std::sin((b.latitude - a.latitude) * kRadians / 2);
  const double east = std::sin((b.longitude - a.longitude) * kRadians / 2);
  const double half = north * north + std::cos(a.latitude * kRadians) *
                                          std::cos(b.latitude * kRadians) * east * east;
  return 2 * kRadius * std::asin(std::min(1.0, std::sqrt(half)));
}

double plane_distance(const Place& a, const Place& b) noexcept {
  double turn = std::abs(b.longitude - a.longitude);
  if (turn > 180) turn = 360 - turn;
  const double east = turn * kRadians * std::cos((a.latitude + b.latitude) * kRadians / 2);
  const double north = (b.latitude - a.latitude) * kRadians;
  return std::sqrt(east * east + north * north) * kRadius;
}

std::optional<double> find_length_unit(std::string_view name) noexcept {
  struct Unit {
    std::string_view name;
    double meters;
  };
  static constexpr Unit kUnits[] = {
      {"m", 1},
      {"meters", 1},
      {"km", 1000},
      {"kilometers", 1000},
      {"cm", 0.01},
      {"centimeters", 0.01},
      {"mm", 0.001},
      {"millimeters", 0.001},
      {"mi", 1609.344},
      {"miles", 1609.344},
      {"yd", 0.9144},
      {"yards", 0.9144},
      {"ft", 0.3048},
      {"feet", 0.3048},
      {"in", 0.0254},
      {"inch", 0.0254},
      {"NM", 1852},
      {"nmi", 1852},
      {"nauticalmiles", 1852},
  };
  const auto* const found = std::ranges::find(kUnits, name, &Unit::name);
  return found == std::end(kUnits) ? std::nullopt : std::optional(found->meters);
}

std::optional<Place> read_place(base::JsonView json) {
  std::optional<double> latitude;
  std::optional<double> longitude;
  if (const auto text = json.find_string()) return parse_place(*text);
  if (json.kind() == base::JsonKind::kArray && json.size() >= 2) {
    longitude = json.element(0).find_number();
    latitude = json.element(1).find_number();
  } else if (json.kind() == base::JsonKind::kObject) {
    const auto north = json.find("lat");
    const auto east = json.find("lon");
    if (north) latitude = degrees(*north);
    if (east) longitude = degrees(*east);
  }
  if (!latitude || !longitude) return std::nullopt;
  if (!(std::abs(*latitude) <= 90) || !(std::abs(*longitude) <= 180)) return std::nullopt;
  return Place{.latitude = *latitude, .longitude = *longitude};
}

}  // namespace hornbeam::search

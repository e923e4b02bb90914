#include <charconv>
#include <cmath>

#include "hornbeam/search/mapping/field_value.h"

namespace hornbeam::search {
namespace {

constexpr double kStepsPerDegree = 4294967296.0 / 360;

std::optional<double> number(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  return read.ec == std::errc() && read.ptr == end ? std::optional(value) : std::nullopt;
}

/// The middle of the cell that a geohash names.
std::optional<Place> from_geohash(std::string_view text) {
  static constexpr std::string_view kAlphabet = "0123456789bcdefghjkmnpqrstuvwxyz";
  constexpr std::size_t kLongest = 12;
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  double bounds[2][2] = {{-180, 180}, {-90, 90}};
  int axis = 0;
  for (const char c : text) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    for (unsigned bit = 16; bit > 0; bit >>= 1) {
      const double middle = (bounds[axis][0] + bounds[axis][1]) / 2;
      bounds[axis][(value & bit) != 0 ? 0 : 1] = middle;
      axis = 1 - axis;
    }
  }
  return Place{.latitude = (bounds[1][0] + bounds[1][1]) / 2,
               .longitude = (bounds[0][0] + bounds[0][1]) / 2};
}

std::uint32_t steps(double degrees, double offset) {
  const double step = std::floor((degrees + offset) * kStepsPerDegree);
  return step <= 0 ? 0 : step >= 4294967295 ? 0xFFFF'FFFFU : static_cast<std::uint32_t>(step);
}

}  // namespace

std::int64_t Place::coded() const noexcept {
  const std::uint64_t north = steps(latitude, 90);
  return static_cast<std::int64_t>(north << 32 | steps(longitude, 180));
}

Place Place::decoded(std::int64_t coded) noexcept {
  const auto bits = static_cast<std::uint64_t>(coded);
  return {.latitude = static_cast<double>(bits >> 32) / kStepsPerDegree - 90,
          .longitude = static_cast<double>(bits & 0xFFFF'FFFFU) / kStepsPerDegree - 180};
}

std::optional<Place> parse_place(std::string_view text) {
  std::optional<double> latitude;
  std::optional<double> longitude;
  if (text.starts_with("POINT")) {
    const std::size_t open = text.find('(');
    const std::size_t space = text.find(' ', open == std::string_view::npos ? open : open + 2);
    if (space == std::string_view::npos || !text.ends_with(')')) return std::nullopt;
    longitude = number(text.substr(open + 1, space - open - 1));
    latitude = number(text.substr(space, text.size() - space - 1));
  } else if (const std::size_t comma = text.find(','); comma != std::string_view::npos) {
    latitude = number(text.substr(0, comma));
    longitude = number(text.substr(comma + 1));
  } else {
    return from_geohash(text);
  }
  const bool is_place =
      latitude && longitude && std::abs(*latitude) <= 90 && std::abs(*longitude) <= 180;
  return is_place ? std::optional(Place{*latitude, *longitude}) : std::nullopt;
}

}  // namespace hornbeam::search

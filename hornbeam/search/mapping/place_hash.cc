#include <charconv>

#include "hornbeam/search/mapping/completion.h"

namespace hornbeam::search {
namespace {

constexpr std::string_view kDigits = "0123456789bcdefghjkmnpqrstuvwxyz";

std::optional<double> number(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  double value = 0;
  const auto found = std::from_chars(text.data(), text.data() + text.size(), value);
  if (found.ec != std::errc() || found.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> coordinate(std::optional<base::JsonView> json) {
  if (!json) return std::nullopt;
  const auto text = json->find_string();
  return text ? number(*text) : json->find_number();
}

// Longitude and latitude in turn are halved; each five halves are a digit.
std::string encode(double latitude, double longitude, std::size_t precision) {
  double low[] = {-180, -90};
  double high[] = {180, 90};
  const double place[] = {longitude, latitude};
  std::string hash;
  unsigned bits = 0;
  for (std::size_t i = 0; i < precision * 5; ++i) {
    const std::size_t axis = i % 2;
    const double middle = (low[axis] + high[axis]) / 2;
    const bool is_above = place[axis] >= middle;
    (is_above ? low[axis] : high[axis]) = middle;
    bits = bits << 1 | (is_above ? 1U : 0U);
    if (i % 5 == 4) {
      hash += kDigits[bits];
      bits = 0;
    }
  }
  return hash;
}

}  // namespace

std::optional<std::string> place_hash(base::JsonView place, std::size_t precision) {
  if (const auto text = place.find_string()) {
    const std::size_t comma = text->find(',');
    if (comma == std::string_view::npos) {
      const bool is_hash = !text->empty() && text->find_first_not_of(kDigits) == text->npos;
      return is_hash ? std::optional<std::string>(text->substr(0, precision)) : std::nullopt;
    }
    const auto latitude = number(text->substr(0, comma));
    const auto longitude = number(text->substr(comma + 1));
    if (!latitude || !longitude) return std::nullopt;
    return encode(*latitude, *longitude, precision);
  }
  const auto latitude = coordinate(place.find("lat"));
  const auto longitude = coordinate(place.find("lon"));
  if (!latitude || !longitude) return std::nullopt;
  return encode(*latitude, *longitude, precision);
}

}  // namespace hornbeam::search

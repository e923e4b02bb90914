#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/json_view.h"
#include "hornbeam/search/mapping/field_value.h"

namespace hornbeam::search {

/// Documents with a place that is at most so far away.
struct GeoDistanceQuery {
  std::string field;
  Place center{};
  double metres = 0;
  bool ignores_unmapped = false;  ///< An index without the field has no such documents.
};

/// Documents with a place between two meridians and two parallels.
struct GeoBoundingBoxQuery {
  std::string field;
  double top = 0;
  double left = 0;
  double bottom = 0;
  double right = 0;  ///< Less than `left` if the box goes over the 180th meridian.
  bool ignores_unmapped = false;
};

/// Documents with a date or a place, which score the more the nearer it is to another.
struct DistanceFeatureQuery {
  std::string field;
  std::string origin{};          ///< A date, such as "now-1d", or a place as text.
  std::optional<Place> place{};  ///< A place that is given otherwise.
  std::string pivot{};           ///< At which distance the score is half of the boost: "7d", "1km".
};

namespace query_reader {

/// `{"lat": 1, "lon": 2}`, `[2, 1]` or a text. These throw a Refusal.
Place read_place(base::JsonView json);
/// One or several.
std::vector<Place> read_places(base::JsonView json);
/// How many metres "km", "mi" and the like are.
double metres_of_unit(std::string_view unit);
/// Metres of "12km", or of a number in `unit`.
double metres_of(std::string_view text, std::string_view unit);

}  // namespace query_reader
}  // namespace hornbeam::search

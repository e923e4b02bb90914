#pragma once

#include <string>

namespace hornbeam::search::aggregation {

/// A double as Java prints it: "2.0", "1.0E7", "NaN", "Infinity".
std::string java_double(double value);

/// The same as JSON: what is no number stands in quotes.
std::string json_double(double value);

/// A double as JSON; null if it is not finite.
std::string json_double_or_null(double value);

}  // namespace hornbeam::search::aggregation

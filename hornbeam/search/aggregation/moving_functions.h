#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace hornbeam::search::aggregation {

/// A number from those of a window.
using MovingFunction = std::function<double(std::span<const double>)>;

/// The function that a script calls: one of OpenSearch's MovingFunctions and nothing else, such as
/// "MovingFunctions.ewma(values, 0.3)". None for other scripts: there is no script language.
std::optional<MovingFunction> find_moving_function(std::string_view script);

}  // namespace hornbeam::search::aggregation

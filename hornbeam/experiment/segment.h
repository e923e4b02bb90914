#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hornbeam::experiment {

/// One thing that a unit is: {"device", "phone"}.
using Dimension = std::pair<std::string, std::string>;

/// What a unit is like, in one text: "country=DE;device=phone". Sorted by name; a name that comes
/// twice counts once, what is empty is left out, values are cut at 40 bytes, and more than eight
/// dimensions are not kept. It is what `Subject::segment` takes.
std::string segment_of(std::vector<Dimension> dimensions);
/// The dimensions in such a text. A word of its own, such as "phone", is that of the dimension
/// "segment".
std::vector<Dimension> dimensions_of(std::string_view segment);

}  // namespace hornbeam::experiment

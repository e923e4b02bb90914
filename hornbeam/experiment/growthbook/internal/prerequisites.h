#pragma once

#include <optional>
#include <span>
#include <string>

#include "hornbeam/experiment/growthbook/payload.h"

namespace hornbeam::experiment::growthbook::internal {

/// What is wrong with the features that features ask, with its mend: their chain is too long, or
/// one evaluation may need too many others. Features that ask themselves in a circle are left out:
/// evaluation itself ends there.
std::optional<std::string> problem_of_prerequisites(std::span<const Feature* const> features,
                                                    const PayloadLimits& limits);

}  // namespace hornbeam::experiment::growthbook::internal

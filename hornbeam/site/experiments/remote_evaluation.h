#pragma once

#include <string>
#include <string_view>

#include "hornbeam/base/result.h"
#include "hornbeam/site/experiments/service.h"

namespace hornbeam::site {

/// A payload for one user, without rules: each feature's value, and the experiments that the client
/// is to report when it asks for the feature. `request` is the body of a client's remote
/// evaluation:
/// {"attributes", "forcedVariations", "forcedFeatures", "url"}. Errors: "syntax".
base::Result<std::string> evaluate_remotely(const Publication& publication,
                                            std::string_view request);

}  // namespace hornbeam::site

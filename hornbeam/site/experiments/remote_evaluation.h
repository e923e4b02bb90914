#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/growthbook/evaluate.h"
#include "hornbeam/site/experiments/service.h"

namespace hornbeam::site {

/// What a client wants evaluated: for whom.
struct RemoteRequest {
  experiment::growthbook::User user;
  /// What the user was shown before.
  experiment::growthbook::StickyBuckets sticky;
  bool is_sticky = false;  ///< Whether it keeps that.
};

/// Reads the body of a request: `{"attributes", "forcedVariations", "forcedFeatures", "url"}`.
/// Errors: "syntax".
base::Result<RemoteRequest> read_remote(std::string_view body);
/// The units that its attributes name.
std::vector<std::pair<experiment::UnitKind, std::string>> units_of(const RemoteRequest& request);
/// Lets the user keep the arms that one of its units was shown.
void load_arms(RemoteRequest& request, experiment::UnitKind kind, const std::string& id,
               const experiment::ArmsByExperiment& arms);

/// Values of all features for one user, as a payload without any rule that the client could read,
/// and what it is to report.
std::string evaluate_remotely(const Publication& publication, const RemoteRequest& request);

}  // namespace hornbeam::site

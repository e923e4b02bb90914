#pragma once

// What GrowthBook's tracking plugin sends, read. An event belongs to the units that exposures were
// hashed by: the attribute "id" is the user, "session" the session, "organisation" the
// organisation.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/ingest.h"
#include "hornbeam/experiment/snapshot.h"

namespace hornbeam::site {

/// What was in a request to `/track`.
struct Tracked {
  std::vector<experiment::Exposures> exposures;  ///< "Experiment Viewed".
  /// Those whose name is a metric of some experiment. Their id is `event_id`, of the event or of
  /// its properties: give one, and the event counts once however often it comes.
  std::vector<experiment::MetricEvent> events;
  std::int64_t malformed = 0;  ///< What is no event, or an exposure that names no unit.
  std::int64_t ignored = 0;    ///< Evaluated features, and events that no experiment asks for.
};

/// Reads the body of a request. `dimensions` are the attributes by which results are shown: they
/// are taken from what an exposure's event says of its unit. Errors: "syntax" if it is no JSON
/// array, "too_many" for more than `most`.
base::Result<Tracked> read_tracked(std::string_view body, const experiment::Snapshot& snapshot,
                                   experiment::Time now, std::size_t most,
                                   const std::vector<std::string>& dimensions = {});

}  // namespace hornbeam::site

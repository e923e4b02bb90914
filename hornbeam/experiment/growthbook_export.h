#pragma once

#include <string>

#include "hornbeam/experiment/growthbook/value.h"
#include "hornbeam/experiment/snapshot.h"

namespace hornbeam::experiment {

/// The name that an export gives the attribute with a unit's id: "id" of users, "session",
/// "organisation".
std::string_view attribute_of(UnitKind kind) noexcept;

/// What is running at `now` as a payload for GrowthBook's clients: a feature for each parameter,
/// whose value is what `Assignments::value` gives, for every unit. A client that asks for it
/// reports an exposure where a `Visit` would. Such payloads have no clock: publish another at
/// `Snapshot::next_change`.
growthbook::Value growthbook_payload(const Snapshot& snapshot, Time now);

}  // namespace hornbeam::experiment

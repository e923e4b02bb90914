#pragma once

#include <vector>

#include "hornbeam/data/transaction.h"
#include "hornbeam/live/event.h"

namespace hornbeam::live::internal {

/// The events of a game from `first` on, in order, from wherever they are kept.
std::vector<Event> stored_events(data::Snapshot& db, GameId game, Seq first);

}  // namespace hornbeam::live::internal

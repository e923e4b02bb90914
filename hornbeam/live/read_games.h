#pragma once

#include <map>
#include <vector>

#include "hornbeam/data/transaction.h"
#include "hornbeam/live/event.h"

namespace hornbeam::live {

/// The events of many games as they are in one snapshot of the database of a `DatabaseGameLog`, in
/// as many statements for a thousand games as for one: for what is made of games, such as documents
/// of a search. Archived games are there as others are; those that are not known are missing.
/// Throws: `data::DatabaseError`; std::runtime_error for an event of a kind that is not known.
std::map<GameId, std::vector<Event>> read_games(data::Snapshot& db,
                                                const std::vector<GameId>& games);

}  // namespace hornbeam::live

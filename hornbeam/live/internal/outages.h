#pragma once

// When somebody served games, so that clocks need not count the times in which nobody did: one row
// that says when a process last was there, and a row for each outage since.

#include <vector>

#include "hornbeam/data/migration.h"
#include "hornbeam/data/schema.h"
#include "hornbeam/data/transaction.h"
#include "hornbeam/live/game_log.h"

namespace hornbeam::live::internal {

/// The step of the schema that clocks need, as step `number`.
data::Migration clocks_migration(int number);
/// What its tables look like.
std::vector<data::TableShape> clock_tables();

/// Whether a game with a clock goes on and nobody has been noted for some seconds.
bool is_attention_due(data::Snapshot& db, EventTime now);
/// Somebody serves at `now`; if nobody did for long before, that was an outage.
void note_alive(data::Transaction& tx, EventTime now);
/// Those that ended after `since`.
std::vector<Outage> outages_since(data::Snapshot& db, EventTime since);

}  // namespace hornbeam::live::internal

#pragma once

// Games that have been over for long, each as one row: its events as JSON instead of a row each.
// Which game is there is known by its number. Whoever would still write an event into one is told
// that it is taken, as anybody is who comes second: each insert looks whether the game is here.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/data/migration.h"
#include "hornbeam/data/schema.h"
#include "hornbeam/data/transaction.h"
#include "hornbeam/live/event.h"

namespace hornbeam::live::internal {

/// An event as its row has it, and as it stands in the archive.
struct ArchivedEvent {
  Seq seq = 0;
  std::string kind;
  std::optional<std::int64_t> seat = {};
  std::string command_id;
  std::string detail;
  std::int64_t at = 0;      ///< Milliseconds since 1970.
  std::int64_t credit = 0;  ///< Milliseconds.
};

/// The step of the schema that makes the archive, as step `number`.
data::Migration archive_migration(int number);
/// The step that leaves it to the inserts to keep out of the archive, where a trigger did before.
data::Migration unguarded_archive_migration(int number);
/// What its table looks like.
std::vector<data::TableShape> archive_tables();

/// Up to `limit` games that ended before `before` and are not archived, those that ended first
/// first.
std::vector<GameId> games_to_archive(data::Snapshot& db, EventTime before, std::size_t limit);
/// Moves a game into the archive; false if another was quicker.
bool archive_game(data::Transaction& tx, GameId game, EventTime now);
/// The events of an archived game from `first` on; none if it is not there.
std::vector<ArchivedEvent> archived_events(data::Snapshot& db, GameId game, Seq first);

}  // namespace hornbeam::live::internal

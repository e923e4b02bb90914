#pragma once

// Migration: the schema of a database as a list of numbered steps.
//
//   migrations/0001_create_games.sql
//   migrations/0001_create_games.down.sql      (optional: how to undo it)
//   migrations/0002_add_seats.sql
//   migrations/0002_add_seats.postgresql.sql   (optional: the same step in PostgreSQL's words)
//
// What has been applied is recorded in the table hornbeam_migrations, with a checksum. A step that
// was applied is never edited: write the next one. Each step is one transaction: after a failure
// the database is as the step before left it.

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/data/database.h"

namespace hornbeam::data {

/// One step of a schema. Numbers go 1, 2, 3, ...
struct Migration {
  int number = 0;                   ///< Its place in the order, from 1.
  std::string name;                 ///< Such as "create_games".
  std::string up;                   ///< SQL, one statement or many.
  std::optional<std::string> down;  ///< SQL that undoes it.
  /// The same step where PostgreSQL needs other words; the ones above if absent.
  std::optional<std::string> postgresql_up = {};
  std::optional<std::string> postgresql_down = {};  ///< As `postgresql_up`, to undo it.
};

/// A migration and whether it has been applied.
struct MigrationStatus {
  int number = 0;           ///< The migration's number.
  std::string name;         ///< The migration's name.
  bool is_applied = false;  ///< Whether the database has it.
};

/// Reads `NNNN_name.sql` and `NNNN_name.down.sql` from `folder`, and those with `.postgresql` after
/// the name, in the order of their numbers.
/// Throws: `DatabaseError` (`kMigration`) naming a file that is called otherwise.
std::vector<Migration> read_migrations(const std::filesystem::path& folder);

/// A file by its name, such as one that the program was built with.
struct MigrationFile {
  std::string_view name;  ///< As in `read_migrations`, such as "0001_create_games.sql".
  std::string_view text;  ///< The SQL.
};
/// The same of files at hand.
std::vector<Migration> parse_migrations(std::span<const MigrationFile> files);

/// For `migrate`: up to the last.
inline constexpr int kNewest = std::numeric_limits<int>::max();

/// Applies what is missing up to the step `last`, in order, and gives what it applied. Of two
/// processes that do this at once, one waits and then finds nothing left to do. Blocks: call it
/// before the loops run. Throws: `DatabaseError` (`kMigration`) naming a number that is missing or
/// there twice, or a step that was edited after it had been applied; any `DatabaseError` of a
/// step's own SQL, with its name.
std::vector<MigrationStatus> migrate(Database& database, std::span<const Migration> migrations,
                                     int last = kNewest);

/// Undoes every applied step above `number`, last first, and gives what it undid. 0 undoes all.
/// Throws: as `migrate`, and `DatabaseError` (`kMigration`) naming a step that has no `down`.
std::vector<MigrationStatus> downgrade(Database& database, std::span<const Migration> migrations,
                                       int number);

/// Every step, and whether it is applied. Throws: as `migrate`.
std::vector<MigrationStatus> migration_status(Database& database,
                                              std::span<const Migration> migrations);

}  // namespace hornbeam::data

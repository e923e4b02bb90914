#pragma once

// Tracking: which tables are followed, and the triggers that do it.
//
//   feed::Tracking tracking;
//   tracking.follow(feed::column("books.id"));
//   tracking.embed({feed::link("comments.book = books.id")});
//   data::Migration step = feed::tracking_migration(7, "track_books", tracking);
//
// Each change of a tracked table writes, in the same transaction, what a follower needs to find the
// documents it is about: the table's column that leads to them, and its value before and after. So
// a row that moves from one parent to another, and one that is gone, are found by both. Where a
// column leads over other tables, those are read by the follower and not by the trigger: a trigger
// does not see the links that others are writing at that moment, and would lose the change.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/data/connection.h"
#include "hornbeam/data/migration.h"
#include "hornbeam/feed/link.h"

namespace hornbeam::feed {

/// One table with triggers.
struct TrackedTable {
  /// As the database has it.
  std::string name;
  std::vector<std::string> columns{};  ///< Those whose values, old and new, are logged.
  std::vector<Path> touches{};         ///< To the roots whose `last_touched` its changes set.
  bool has_last_touched = false;       ///< It is a root, and has the column.
};

/// Whether roots have a column `last_touched` that every change of what they embed sets.
enum class Touch {
  /// For people, and for scans that repair. Changes of rows of one root then wait for each other,
  /// since each writes the root's row too.
  kRoots,
  kNothing,  ///< Followers lose nothing by it.
};

/// The column's name: milliseconds since 1970.
inline constexpr std::string_view kLastTouched = "last_touched";
/// The channel of PostgreSQL's NOTIFY.
inline constexpr std::string_view kChannel = "hornbeam_changes";

/// The declared list of tables.
class Tracking {
 public:
  /// Follows the rows of a table, each named by `key`, which is unique.
  Tracking& follow(const Column& key, Touch touch = Touch::kRoots);
  /// Follows what documents embed: every table of the path but the last, which must be one that is
  /// followed. Throws: std::invalid_argument for a broken path, or one that ends elsewhere.
  Tracking& embed(const Path& path);

  /// What was declared so far, in that order.
  const std::vector<TrackedTable>& tables() const noexcept { return tables_; }

 private:
  TrackedTable& table(const std::string& name);

  std::vector<TrackedTable> tables_;
};

/// What a database has of it already.
struct TrackingState {
  bool has_log = false;                   ///< The tables of the feed are there.
  std::vector<std::string> touched{};     ///< Tables with the column `last_touched`.
  std::vector<data::Setting> triggers{};  ///< Their names, and the SQL that makes them again.
  std::vector<std::string> functions{};   ///< PostgreSQL: those the triggers call, as SQL.
};
/// Reads it.
TrackingState read_tracking(data::Connection& connection);
/// The tables that have not all of their triggers: those of a table that was made anew are gone
/// with the old one, and nothing else would tell. Empty where there are no triggers at all, as with
/// a scan (touch_scan.h).
std::vector<std::string> untracked_tables(const Tracking& tracking, const TrackingState& state);

/// The step that makes the triggers as declared, and the tables of the feed where `state` does not
/// have them yet; triggers that `state` has are replaced. Undone, it is as `state` was.
data::Migration tracking_migration(int number, std::string name, const Tracking& tracking,
                                   const TrackingState& state = {});

/// Writes a step as the files that `data::read_migrations` reads, and gives their names. Throws:
/// `data::DatabaseError` (`kMigration`) if one is there already.
std::vector<std::filesystem::path> write_migration(const std::filesystem::path& folder,
                                                   const data::Migration& step);

}  // namespace hornbeam::feed

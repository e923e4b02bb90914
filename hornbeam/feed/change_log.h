#pragma once

// The change log: what the triggers of a `Tracking` have written, read from where one left off.
//
//   feed::Cursor cursor = database->read_now([](data::Snapshot& db) { return feed::newest(db); });
//   ...
//   database->read_now([&](data::Snapshot& db) {
//     const feed::Changes changes = feed::read_changes(db, cursor, 1000);
//     // rows read through `db` are as they were when these were all that had changed
//   });
//
// A change names a place and no more: rows are read anew, from the same snapshot. So changes may be
// read twice, or in any order, and the result is the same.

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "hornbeam/data/transaction.h"
#include "hornbeam/feed/cursor.h"

/// What has changed in a database, and who has read how far.
namespace hornbeam::feed {

/// A row changed that has, or had, this value in this column.
struct Change {
  std::string place;    ///< Table and column, such as "comments.book".
  std::string key;      ///< The value, as text.
  std::int64_t at = 0;  ///< When it was written, in milliseconds since 1970, by the database.
  bool operator==(const Change&) const = default;
};

/// Some of what has changed.
struct Changes {
  /// In the order of their commits; those of one transaction in any.
  std::vector<Change> changes;
  Cursor next;            ///< From where to read on, once these are dealt with.
  bool has_more = false;  ///< There was more than was asked for.
};

/// The cursor does not fit the log: what lies behind it was trimmed away, or it is of another
/// database, or of this one before it was restored. The view has to be built anew.
class CursorLost : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Where whoever reads this snapshot has seen everything.
Cursor newest(data::Snapshot& db);

/// What was committed since `after` and is in this snapshot, at most `most` changes. Throws:
/// `CursorLost`; `data::DatabaseError`.
Changes read_changes(data::Snapshot& db, const Cursor& after, std::size_t most);

/// Adds changes by hand, such as those of documents that are to be repaired; `at` is the database's
/// clock. Followers find them as any others.
void add_changes(data::Transaction& tx, std::span<const Change> changes);

/// How far a view is behind.
struct Lag {
  std::int64_t changes = 0;  ///< Written and not read.
  double seconds = 0;        ///< Since the oldest of them was written.
};
/// How far one who is at `cursor` is behind this snapshot. Throws: `CursorLost`.
Lag lag_of(data::Snapshot& db, const Cursor& cursor);

/// The database's clock, in milliseconds since 1970.
std::int64_t now_of(data::Snapshot& db);

}  // namespace hornbeam::feed

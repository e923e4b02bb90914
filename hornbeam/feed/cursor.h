#pragma once

// Cursor: how far a view has followed a database. A text that is stored with the view.
//
// SQLite has one writer at a time, so the number of the last change is a cursor. PostgreSQL has
// many, and they end in another order than they begin in: there the cursor is a snapshot, the set
// of transactions that were finished, as pg_current_snapshot() writes it. What is not in the set is
// still to come, whenever it began. A clock, or the greatest number seen, loses changes there.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/result.h"

namespace hornbeam::feed {

/// The transactions of PostgreSQL that were finished at one moment.
struct FinishedTransactions {
  std::int64_t xmin = 0;                    ///< Every one below it is.
  std::int64_t xmax = 0;                    ///< None from here on is.
  std::vector<std::int64_t> in_progress{};  ///< Those between them that are not, rising.

  /// Reads "10:20:10,14,15".
  static std::optional<FinishedTransactions> parse(std::string_view text);
  /// As it was read.
  std::string text() const;
  /// Whether a transaction was finished.
  bool contains(std::int64_t transaction) const;
  /// Whether all that `other` has is finished here too.
  bool covers(const FinishedTransactions& other) const;
  bool operator==(const FinishedTransactions&) const = default;
};

/// How far a part of what lies between two snapshots was read: so much changed that it is read in
/// pieces.
struct Interval {
  FinishedTransactions to{};     ///< Where it ends.
  std::int64_t transaction = 0;  ///< The last change that was read: its transaction ...
  std::int64_t seq = 0;          ///< ... and its number.
  bool operator==(const Interval&) const = default;
};

/// A place in the change log of one database.
struct Cursor {
  std::string log{};                           ///< Which log it is of: a database has its own.
  std::int64_t seq = 0;                        ///< SQLite: the last change.
  std::optional<FinishedTransactions> seen{};  ///< PostgreSQL: what was read.
  std::optional<Interval> reading{};           ///< PostgreSQL: what is being read.

  /// Reads what `text` wrote; the error says what is wrong with it.
  static base::Result<Cursor> parse(std::string_view text);
  /// Such as "4f9a01:17", or "4f9a01:10:20:11,12".
  std::string text() const;

  /// Whether whoever is here has read all that was there to read for one who is at `other`. False
  /// for cursors of different logs.
  bool covers(const Cursor& other) const;
  bool operator==(const Cursor&) const = default;
};

}  // namespace hornbeam::feed

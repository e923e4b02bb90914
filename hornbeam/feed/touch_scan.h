#pragma once

// TouchScan: following a database in which no triggers can be made, by a column that the program
// itself sets to the time whenever it changes a row, or a row that its document embeds.
//
//   feed::TouchScan scan(*database, feed::column("books.id"));
//   feed::FollowerThread thread({.name = "scan", .poll = std::chrono::seconds(1)}, nullptr,
//                               [&](const std::stop_token&) { return scan.step(); });
//
// It puts what it finds into the change log, from which everything goes on as with triggers. What
// it does not promise:
//   - A row that is committed later than `overlap` after the time it was given is not seen.
//   - A row that is deleted is not seen.
//   - A write that does not set the column is not seen; nor does it know clocks that differ by more
//     than `overlap`.
// A checker that compares samples (denorm::SampledChecker) finds those, by and by. Use triggers
// where you can.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "hornbeam/data/database.h"
#include "hornbeam/data/migration.h"
#include "hornbeam/feed/follower_thread.h"
#include "hornbeam/feed/link.h"
#include "hornbeam/feed/tracking.h"

namespace hornbeam::feed {

/// How a scan looks.
struct TouchScanOptions {
  /// How far back it looks each time: longer than the longest transaction, and than clocks differ.
  std::chrono::milliseconds overlap{30'000};
  /// Rows read at a time.
  std::size_t rows_at_once = 1'000;
};

/// One table of roots. Thread: one. Lifetime: `database` outlives it.
class TouchScan {
 public:
  /// `touched` is a column of milliseconds since 1970, with an index; `key` names the rows. The
  /// first scan begins with what is touched from now on: rows before are those that an index is
  /// built from.
  TouchScan(data::Database& database, const Column& key,
            std::string touched = std::string(kLastTouched), TouchScanOptions options = {});

  /// Reads some rows and logs those that were not seen as they are; gives `kDone` at the end. What
  /// was read is kept with the log, so that it goes on from there when the program begins again.
  /// Throws what the database throws.
  Work step();

 private:
  struct Seen {
    std::int64_t touched = 0;
    std::int64_t at = 0;  ///< When it was read.
  };
  struct Page;
  Page read(data::Transaction& tx) const;

  data::Database& database_;
  const Column key_;
  const std::string touched_;
  const TouchScanOptions options_;
  bool is_within_ = false;         ///< A pass is under way ...
  std::int64_t last_touched_ = 0;  ///< ... and has come to here.
  std::string last_key_;
  std::map<std::string, Seen> seen_;  ///< Of the time that is looked at again.
};

/// The step that makes the tables of the feed, where `state` does not have them, and the one that
/// scans keep their places in; no triggers.
data::Migration scan_migration(int number, std::string name, const TrackingState& state = {});

}  // namespace hornbeam::feed

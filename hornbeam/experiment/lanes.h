#pragma once

// Lanes: the configuration of a running program. The database holds every version that there was,
// which is the audit too; a process holds the newest as a snapshot, which readers share and which a
// change replaces as a whole.

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/base/task.h"
#include "hornbeam/data/database.h"
#include "hornbeam/data/migration.h"
#include "hornbeam/data/schema.h"
#include "hornbeam/experiment/change.h"
#include "hornbeam/experiment/snapshot.h"

namespace hornbeam::experiment {

/// The tables that experiments need: steps of an application's own migrations, numbered from
/// `first`.
std::vector<data::Migration> experiment_migrations(int first = 1);

/// One change that was made.
struct AuditEntry {
  std::int64_t version = 0;  ///< Of the configuration that it led to.
  /// When.
  Time at{};
  /// Who made it.
  std::string actor;
  /// What was done, such as "start experiment".
  std::string action;
  /// The key of what it was done to.
  std::string subject;
  /// Why, as the actor said.
  std::string reason;
};

/// A snapshot that everybody in this process now sees.
struct Published {
  std::shared_ptr<const Snapshot> snapshot;  ///< Never null.
};

/// The newest configuration, and the way to the next. Thread: any.
class Lanes {
 public:
  /// Begins with no lanes, version 0. `metrics` are what experiments that begin from now on are
  /// read by: see `AnalysisPlan`. Lifetime: `database`, migrated, outlives it.
  explicit Lanes(data::Database& database, std::vector<MetricDefinition> metrics = {});

  /// What this program knows of metrics.
  const std::vector<MetricDefinition>& metrics() const noexcept { return metrics_; }

  /// The configuration as of the last `refresh` or `change` here. Never null; never waits for more
  /// than another's copy of the pointer.
  std::shared_ptr<const Snapshot> snapshot() const {
    const std::lock_guard lock(mutex_);
    return snapshot_;
  }
  /// Reads the newest version, if there is a newer one, and gives it. Call it on a wake-up, and now
  /// and then. Errors: "configuration" if what is stored cannot be run by this program; the
  /// snapshot stays as it is. Throws: `data::DatabaseError`.
  base::Task<base::Result<Published>> refresh();
  /// Makes a change, as of `now`, and stores the version it leads to. Of two at once, the second is
  /// made upon the first. Errors: "configuration", "running", and those of the change: nothing is
  /// changed then. Throws: `data::DatabaseError`.
  base::Task<base::Result<Published>> change(Change change, Time now);

  /// The changes that led to versions after `version`, the oldest first, `limit` at most.
  base::Task<std::vector<AuditEntry>> audit(std::int64_t version, std::int64_t limit = 100);
  /// A version as it was; nothing if there never was one of the number.
  base::Task<std::optional<Configuration>> version(std::int64_t version);

 private:
  Published publish(std::shared_ptr<const Snapshot> snapshot);

  data::Database& database_;
  const std::vector<MetricDefinition> metrics_;
  // Not an atomic pointer: that of libstdc++ 12 lets its lock go without a release, so that a
  // reader and a writer race.
  mutable std::mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_;  // Guarded by mutex_.
};

}  // namespace hornbeam::experiment

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/data/database.h"
#include "hornbeam/data/migration.h"
#include "hornbeam/data/schema.h"
#include "hornbeam/site/dashboards/dashboard.h"

namespace hornbeam::site {

/// The table `dashboards`, as the step `number` of the application's migrations.
data::Migration dashboards_migration(int number);
/// What it looks like, for `db check`.
std::vector<data::TableShape> dashboards_tables();

/// A dashboard that is saved.
struct SavedDashboard {
  std::int64_t id = 0;       ///< Names it in links, for good.
  std::int64_t version = 1;  ///< One more with each change.
  Dashboard dashboard;       ///< What was saved.
};
/// How it stands in JSON.
constexpr auto describe(base::Type<SavedDashboard>) {
  return base::fields(base::field("id", &SavedDashboard::id),
                      base::field("version", &SavedDashboard::version),
                      base::field("dashboard", &SavedDashboard::dashboard));
}

/// Dashboards in the application's database. Thread: any; callers run on an executor.
class DashboardStore {
 public:
  /// Lifetime: `database`, migrated, outlives the store.
  explicit DashboardStore(data::Database& database) : database_(&database) {}

  /// All that there are, by name; 1000 at most.
  base::Task<std::vector<SavedDashboard>> all() const;
  /// The one of that id; nothing if there is none.
  base::Task<std::optional<SavedDashboard>> find(std::int64_t id) const;
  /// Adds one.
  base::Task<SavedDashboard> add(Dashboard dashboard) const;
  /// Puts `dashboard` in the place of the one of that id, if its version is still `version`:
  /// nothing if it is not, or gone.
  base::Task<std::optional<SavedDashboard>> replace(std::int64_t id, std::int64_t version,
                                                    Dashboard dashboard) const;
  /// False if there was none.
  base::Task<bool> remove(std::int64_t id) const;

 private:
  data::Database* database_;
};

}  // namespace hornbeam::site

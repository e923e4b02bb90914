#pragma once

// IndexOperations: what those who run a program want of its indices. The command `index`, metrics
// of the lag, an alarm in the log, and a check for whether the program is ready.
//
//   site::IndexOperations operations(indices, {.longest_lag = std::chrono::seconds(30)});
//   operations.add_to(app, *registry);                      // program index status;
//   hornbeam_index_* app.use(web::Health{.checks = {operations.check()}});

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "hornbeam/denorm/index_commands.h"
#include "hornbeam/denorm/status.h"
#include "hornbeam/feed/follower_thread.h"
#include "hornbeam/web/app.h"
#include "hornbeam/web/health.h"
#include "hornbeam/web/metric_registry.h"

namespace hornbeam::site {

/// When there is an alarm, and how often is looked.
struct IndexOperationsOptions {
  /// An index that is farther behind is one: a warning when that begins, and a word when it ends.
  /// One that is not there yet is one after so long.
  std::chrono::milliseconds longest_lag{30'000};
  /// Between two looks; metrics are as old as that.
  std::chrono::milliseconds every{5'000};
};

/// Thread: any. Lifetime: what it is given outlives it, and it outlives the application.
class IndexOperations {
 public:
  /// Looks by itself once `watch` is called.
  explicit IndexOperations(denorm::IndicesOfProgram indices, IndexOperationsOptions options = {});
  ~IndexOperations();
  IndexOperations(const IndexOperations&) = delete;
  IndexOperations& operator=(const IndexOperations&) = delete;

  /// Adds the command `index` to `app`, and to `registry`, by index: hornbeam_index_lag_changes,
  /// hornbeam_index_lag_seconds, hornbeam_index_documents, hornbeam_index_dead_letters and
  /// hornbeam_index_alarm (1 while there is one). Lifetime: `registry` outlives this.
  void add_to(web::App& app, web::MetricRegistry& registry);
  /// Begins to look on a thread of its own: for programs that serve, not for their other commands.
  void watch();
  /// Looks now. An index that cannot be looked at, since its cluster is away, is an alarm too.
  /// Blocks.
  void look();
  /// What the last look found. Empty before the first.
  std::vector<denorm::IndexStatus> last() const;
  /// Why there is an alarm, by index; empty: there is none.
  std::map<std::string, std::string> alarms() const;
  /// Fails while there is an alarm, by what the last look found.
  web::HealthCheck check();

 private:
  /// What is wrong; empty: nothing.
  std::string problem_of(const denorm::IndexStatus& status) const;
  void publish(const denorm::IndexStatus& status);
  void note(const std::string& index, const std::string& problem);

  const denorm::IndicesOfProgram indices_;
  const IndexOperationsOptions options_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  web::MetricRegistry* registry_ = nullptr;
  mutable std::mutex mutex_;
  std::vector<denorm::IndexStatus> last_;      // Guarded by mutex_.
  std::map<std::string, std::string> alarms_;  // Guarded by mutex_.
  std::unique_ptr<feed::FollowerThread> thread_;
};

}  // namespace hornbeam::site

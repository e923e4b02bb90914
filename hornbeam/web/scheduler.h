#pragma once

// Scheduler: what an application does again and again, in its own process.
//
//   Scheduler scheduler;
//   scheduler.every(std::chrono::minutes(5), "sweep", [&db]() -> Task<void> { co_await sweep(db);
//   }); scheduler.cron("0 3 * * mon-fri", "report", [&db]() -> Task<void> { ... },
//                  {.jitter = std::chrono::minutes(10)});
//   app.use(scheduler);
//
// A job never runs twice at once: it is due again only after its end, and however many times it was
// due meanwhile, it then runs once. One that throws is logged, counted, and runs again when it is
// due next. Jobs end with the server: a wait at once, a run within the server's patience.
//
// Each process of an application has a scheduler of its own and remembers nothing: what must happen
// exactly once in several processes, or must survive a restart, belongs into the database.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/web/app.h"
#include "hornbeam/web/cron.h"

namespace hornbeam::web {

class MetricRegistry;

/// How a scheduler knows the time; for tests. `sleep_for` is true once the time has passed, false
/// once the server ends.
struct SchedulerClock {
  /// What time it is.
  std::function<std::chrono::system_clock::time_point()> now;
  /// Waits, as `Background::sleep_for` does.
  std::function<base::Task<bool>(Background, std::chrono::nanoseconds)> sleep_for;
};

/// How one task runs.
struct ScheduleOptions {
  /// Each run begins up to this much later, by chance, so that processes do not all begin at once.
  std::chrono::nanoseconds jitter{0};
  /// The first run is when the server starts, besides the schedule.
  bool runs_at_start = false;
};

/// What schedules go by.
struct SchedulerOptions {
  /// The zone of cron expressions: UTC, or `local_zone()`, which the variable TZ names.
  ZoneOffset zone = utc_zone();
  /// If set, gets scheduled_job_runs_total by job and outcome, and
  /// scheduled_job_last_success_seconds.
  std::shared_ptr<MetricRegistry> registry{};
  std::optional<SchedulerClock> clock{};  ///< For tests; nothing takes the system's.
};

/// An extension: `app.use(scheduler)`. Copies are the same. Thread: jobs are added on one, before
/// `use`; `statistics` is for any.
class Scheduler {
 public:
  /// Has no thread of its own: tasks run once an application uses it.
  explicit Scheduler(SchedulerOptions options = {});

  /// Runs `task` each time `interval` has passed. Throws std::invalid_argument for a name that is
  /// taken, or an interval that is not above zero; std::logic_error after `use`.
  Scheduler& every(std::chrono::nanoseconds interval, std::string name,
                   std::function<base::Task<void>()> task, ScheduleOptions options = {});
  /// Runs `task` when `expression` says (see cron.h). Throws std::invalid_argument if it says
  /// nothing that can be read.
  Scheduler& cron(std::string_view expression, std::string name,
                  std::function<base::Task<void>()> task, ScheduleOptions options = {});

  /// What became of one task's runs.
  struct Statistics {
    std::string name;            ///< As it was given.
    std::uint64_t runs = 0;      ///< That have ended.
    std::uint64_t failures = 0;  ///< Of these.
    bool is_running = false;     ///< Whether it runs now.
    /// When it is due; nothing before the server starts, and for one that never is again.
    std::optional<std::chrono::system_clock::time_point> next{};
  };
  /// Of each task, in the order in which they were added. Thread: any.
  std::vector<Statistics> statistics() const;

  /// Called by `App::use`.
  void init_app(App& app);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hornbeam::web

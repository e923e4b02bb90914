#pragma once

// Jobs: work that a request starts and nobody waits for, such as sending a mail.
//
//   Jobs jobs({.concurrency = 4});
//   app.use(jobs);
//   app.post("/signup", [&jobs](Json<Signup> signup) {
//     const bool is_queued =
//         jobs.enqueue("welcome mail", [address = signup->email]() -> Task<void> {
//           co_await send_welcome(address);
//         });
//     return is_queued ? status(202) : status(503);
//   });
//
// A job that throws is tried again, after a wait that doubles each time, and in the end is logged
// and given up. The queue has an end: `enqueue` says false when it is full, so that a service that
// is down cannot fill the memory.
//
// Jobs live in this process and die with it. When the server ends, those that wait are run at once,
// waits between attempts are cut short, what fails then is given up, and what has not ended within
// `patience` is logged as lost.
// Work that must not be lost is written to the database in the transaction that asks for it.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "hornbeam/web/app.h"

namespace hornbeam::web {

class MetricRegistry;

/// How many jobs run, and how failed ones are tried again.
struct JobsOptions {
  /// How many jobs may wait, between attempts too.
  std::size_t capacity = 1000;
  /// How many run at once.
  std::size_t concurrency = 4;
  /// How often a job is tried.
  unsigned attempts = 5;
  /// Before the second attempt; twice that before the third, and so on up to `longest_delay`. Up to
  /// a quarter is added by chance.
  std::chrono::milliseconds first_delay{1000};
  /// The longest wait between two attempts.
  std::chrono::milliseconds longest_delay{60'000};
  /// How long the server's end waits for jobs. A server gives all background tasks 5 s.
  std::chrono::milliseconds patience{4000};
  /// If set, gets jobs_total by name and outcome, jobs_waiting and jobs_running.
  std::shared_ptr<MetricRegistry> registry{};
};

/// A queue of jobs and what runs them. An extension: `app.use(jobs)`. Copies are the same. Thread:
/// any; jobs run on one loop of the server.
class Jobs {
 public:
  /// Has no thread of its own: jobs run once an application uses it.
  explicit Jobs(JobsOptions options = {});

  /// Puts a job at the end of the queue. `task` is called for each attempt, so it copies what the
  /// coroutine needs. False if the queue is full, or the server ends. Names come from a small set.
  [[nodiscard]] bool enqueue(std::string name, std::function<base::Task<void>()> task) const;

  /// Counts since the start, and of now.
  struct Statistics {
    std::size_t waiting = 0;      ///< For their turn or their next attempt.
    std::size_t running = 0;      ///< Under way now.
    std::uint64_t succeeded = 0;  ///< That ended without an exception.
    std::uint64_t retried = 0;    ///< Attempts that failed and were not the last.
    std::uint64_t failed = 0;     ///< Jobs given up.
    std::uint64_t lost = 0;       ///< At the server's end.
  };
  /// The counts now. Thread: any.
  Statistics statistics() const;

  /// Called by `App::use`.
  void init_app(App& app) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hornbeam::web

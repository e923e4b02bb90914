#pragma once

// Health: what orchestrators and load balancers ask.
//
//   app.use(Health{.checks = {{"database", [&db]() -> Task<void> { co_await db.ping(); }}}});
//
//   GET /health/live     200 while the process answers at all: if not, restart it
//   GET /health/ready    200 {"status":"ready","checks":[{"name":"database","status":"ok",...}]}
//                        503 if a check fails, or once the server drains: send requests elsewhere
//
// A check fails by throwing, or by taking longer than its timeout. Checks run at the same time, and
// their outcome is kept for a second, so that however many ask, what is checked is not burdened. A
// check that hangs is not started again until it has ended. Why one failed is in the log, when that
// begins and when it ends; strangers see only that it did, unless `shows_errors` is set.

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "hornbeam/web/app.h"

namespace hornbeam::web {

/// Something that must work for the application to be ready.
struct HealthCheck {
  std::string name;  ///< As the response lists it, such as "database".
  /// Throws if it does not work.
  std::function<base::Task<void>()> run;
  std::chrono::milliseconds timeout{2000};  ///< Later it counts as failed.
  /// Whether the application is not ready while it fails. If not, it is listed as failing, and
  /// logged, and requests come as before: for what only a part of the application needs.
  bool is_essential = true;
};

/// An extension that serves whether the process lives and whether it can take requests, for load
/// balancers.
struct Health {
  std::vector<HealthCheck> checks{};       ///< What must work for the application to be ready.
  std::string live_path = "/health/live";  ///< Answers 200 as long as the process answers at all.
  /// Answers 200 if every check passed and the server does not end, else 503.
  std::string ready_path = "/health/ready";
  /// How long an outcome is good.
  std::chrono::milliseconds keeps_for{1000};
  /// Responses say why a check failed.
  bool shows_errors = false;

  /// Called by `App::use`.
  void init_app(App& app) const;
};

}  // namespace hornbeam::web

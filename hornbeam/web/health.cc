#include "hornbeam/web/health.h"

#include <deque>
#include <mutex>
#include <optional>

#include "hornbeam/base/completion.h"
#include "hornbeam/base/json.h"
#include "hornbeam/base/log.h"
#include "hornbeam/web/server_status.h"

namespace hornbeam::web {

namespace {

using base::Completion;
using base::Task;
using Clock = std::chrono::steady_clock;

struct Outcome {
  std::string name;
  std::string status;
  double seconds = 0;
  std::optional<std::string> error;
};
constexpr auto describe(base::Type<Outcome>) {
  return base::fields(base::field("name", &Outcome::name), base::field("status", &Outcome::status),
                      base::field("seconds", &Outcome::seconds),
                      base::field("error", &Outcome::error, base::omit_empty));
}

struct Report {
  std::string status;
  std::vector<Outcome> checks;
};
constexpr auto describe(base::Type<Report>) {
  return base::fields(base::field("status", &Report::status),
                      base::field("checks", &Report::checks));
}

/// What all requests for readiness share. Requires of members below the mutex: the mutex.
struct Checks {
  struct Each {
    HealthCheck check;
    bool is_running = false;
    bool was_failing = false;
  };

  explicit Checks(const Health& given) : options(given) {
    for (const HealthCheck& check : options.checks) all.push_back({check});
  }

  Health options;
  std::mutex mutex;
  std::deque<Each> all;
  bool is_running = false;
  std::optional<Report> last;
  Clock::time_point last_ended;
  std::vector<Completion<Report>> waiting;
};

using Shared = std::shared_ptr<Checks>;

/// How a check ended: empty, or what is wrong, and after how long.
struct Ended {
  std::string error;
  double seconds = 0;
};

double seconds_since(Clock::time_point begun) {
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

/// Runs one check to its end, however long that takes.
Task<void> run(Shared checks, std::size_t index, Completion<Ended> ended) {
  const Clock::time_point begun = Clock::now();
  std::string reason;
  try {
    co_await checks->all[index].check.run();
  } catch (const std::exception& failure) {
    reason = failure.what();
    if (reason.empty()) reason = "failed";
  } catch (...) {
    reason = "failed with something that is no std::exception";
  }
  {
    const std::lock_guard lock(checks->mutex);
    checks->all[index].is_running = false;
  }
  ended.set(Ended{std::move(reason), seconds_since(begun)});
}

void log_change(Checks::Each& each, const std::string& error) {
  if (!error.empty() && !each.was_failing) {
    base::log_error("a health check fails", {{"check", each.check.name}, {"error", error}});
  } else if (error.empty() && each.was_failing) {
    base::log_info("a health check passes again", {{"check", each.check.name}});
  }
  each.was_failing = !error.empty();
}

/// Begins a check, whose end comes within its timeout.
Completion<Ended> begin(const Shared& checks, std::size_t index) {
  Completion<Ended> ended;
  Checks::Each& each = checks->all[index];
  {
    const std::lock_guard lock(checks->mutex);
    if (each.is_running) {
      ended.set(Ended{"the check before has not ended yet", 0});
      return ended;
    }
    each.is_running = true;
  }
  base::Executor::current()->post_after(
      each.check.timeout, [ended, timeout = each.check.timeout]() mutable {
        ended.set(Ended{fmt::format("took longer than {} ms", timeout.count()),
                        std::chrono::duration<double>(timeout).count()});
      });
  base::spawn(run(checks, index, ended), "health check " + each.check.name);
  return ended;
}

Task<Report> run_all(Shared checks) {
  std::vector<Completion<Ended>> all;
  for (std::size_t i = 0; i < checks->all.size(); ++i) all.push_back(begin(checks, i));
  Report report{.status = "ready", .checks = {}};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto [error, seconds] = co_await all[i].wait();
    Outcome outcome{checks->all[i].check.name, error.empty() ? "ok" : "failing", seconds, {}};
    if (!error.empty() && checks->all[i].check.is_essential) report.status = "failing";
    if (!error.empty() && checks->options.shows_errors) outcome.error = error;
    report.checks.push_back(std::move(outcome));
    const std::lock_guard lock(checks->mutex);
    log_change(checks->all[i], error);
  }
  co_return report;
}

/// The report there is, if it is fresh; else a new one, which those who ask meanwhile get too.
Task<Report> report_of(Shared checks) {
  std::optional<Completion<Report>> others;
  {
    const std::lock_guard lock(checks->mutex);
    if (checks->last && Clock::now() - checks->last_ended < checks->options.keeps_for) {
      co_return *checks->last;
    }
    if (checks->is_running) others.emplace(checks->waiting.emplace_back());
    checks->is_running = true;
  }
  if (others) co_return co_await others->wait();
  Report report = co_await run_all(checks);
  std::vector<Completion<Report>> waiting;
  {
    const std::lock_guard lock(checks->mutex);
    checks->last = report;
    checks->last_ended = Clock::now();
    checks->is_running = false;
    waiting.swap(checks->waiting);
  }
  for (Completion<Report>& each : waiting) each.set(report);
  co_return report;
}

Response answer(const Report& report) {
  Response response(report.status == "ready" || report.status == "live" ? 200 : 503);
  response.set_body(base::to_json(report));
  response.set_content_type("application/json");
  response.set_field("Cache-Control", "no-store");
  return response;
}

Task<Response> answer_ready(Shared checks, ServerStatus server) {
  if (server.is_draining()) co_return answer({.status = "draining", .checks = {}});
  co_return answer(co_await report_of(std::move(checks)));
}

}  // namespace

void Health::init_app(App& app) const {
  app.get(runtime_path(live_path), [] { return answer({.status = "live", .checks = {}}); });
  app.get(runtime_path(ready_path),
          [checks = std::make_shared<Checks>(*this), server = app.server_status()] {
            return answer_ready(checks, server);
          });
}

}  // namespace hornbeam::web

#include "hornbeam/web/scheduler.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <mutex>
#include <stdexcept>

#include "hornbeam/base/log.h"
#include "hornbeam/web/internal/random.h"
#include "hornbeam/web/metric_registry.h"

namespace hornbeam::web {

namespace {

using base::Task;
using std::chrono::nanoseconds;
using Time = std::chrono::system_clock::time_point;

// The wall clock may be set: nobody sleeps longer than this without looking at it again.
constexpr std::chrono::seconds kLongestSleep{30};

nanoseconds up_to(nanoseconds most) {
  if (most <= nanoseconds(0)) return nanoseconds(0);
  std::uint64_t number = 0;
  std::memcpy(&number, random_bytes(sizeof(number)).data(), sizeof(number));
  return nanoseconds(static_cast<std::int64_t>(number % static_cast<std::uint64_t>(most.count())));
}

}  // namespace

struct Scheduler::State {
  struct Job {
    std::function<Task<void>()> task;
    ScheduleOptions options;
    nanoseconds interval{0};             // For `every`.
    std::optional<CronSchedule> cron{};  // Else.
    Statistics statistics{};             // Requires: the mutex.

    /// When it is due after `time`.
    std::optional<Time> next(Time time, const ZoneOffset& zone) const {
      if (!cron) return time + std::chrono::duration_cast<Time::duration>(interval);
      return cron->next(std::chrono::floor<std::chrono::seconds>(time), zone);
    }
  };

  SchedulerOptions options;
  SchedulerClock clock;
  std::deque<Job> jobs;
  mutable std::mutex mutex;
  bool is_used = false;
  MetricFamily<Counter>* runs = nullptr;
  MetricFamily<Gauge>* last_success = nullptr;

  void add(Job job, std::string name) {
    if (is_used) {
      throw std::logic_error("the scheduled job '" + name +
                             "' comes too late. Mend: add it before app.use(scheduler)");
    }
    for (const Job& each : jobs) {
      if (each.statistics.name != name) continue;
      throw std::invalid_argument("there are two scheduled jobs '" + name +
                                  "'. Mend: name one differently");
    }
    job.statistics.name = std::move(name);
    jobs.push_back(std::move(job));
  }

  void note(Job& job, const std::string& error) {
    const std::string& name = job.statistics.name;
    if (!error.empty()) {
      base::log_error("a scheduled job failed", {{"job", name}, {"error", error}});
    }
    if (runs != nullptr) {
      runs->with({name, error.empty() ? "success" : "failure"}).add();
      const std::chrono::duration<double> now = clock.now().time_since_epoch();
      if (error.empty()) last_success->with({name}).set(now.count());
    }
    const std::lock_guard lock(mutex);
    ++job.statistics.runs;
    if (!error.empty()) ++job.statistics.failures;
    job.statistics.is_running = false;
  }

  void set_next(Job& job, std::optional<Time> next) const {
    const std::lock_guard lock(mutex);
    job.statistics.next = next;
  }

  static Task<void> run_once(std::shared_ptr<State> state, Job& job) {
    {
      const std::lock_guard lock(state->mutex);
      job.statistics.is_running = true;
    }
    std::string error;
    try {
      co_await job.task();
    } catch (const std::exception& failure) {
      error = failure.what();
      if (error.empty()) error = "failed";
    } catch (...) {
      error = "something that is no std::exception";
    }
    state->note(job, error);
  }

  /// True once it is `due`; false once the server ends. Of a clock that is set back by more than an
  /// interval, an interval is waited for.
  static Task<bool> wait_until(std::shared_ptr<State> state, const Job& job, Time due,
                               Background background) {
    while (!background.is_stopping()) {
      nanoseconds left = due - state->clock.now();
      if (left <= nanoseconds(0)) co_return true;
      const nanoseconds most = job.interval + job.options.jitter;
      if (!job.cron && left > most) {
        left = most;
        due = state->clock.now() + std::chrono::duration_cast<Time::duration>(most);
      }
      const nanoseconds nap = std::min<nanoseconds>(left, kLongestSleep);
      if (!co_await state->clock.sleep_for(background, nap)) break;
    }
    co_return false;
  }

  static Task<void> keep_running(std::shared_ptr<State> state, Job& job, Background background) {
    if (job.options.runs_at_start) co_await run_once(state, job);
    std::optional<Time> due = job.next(state->clock.now(), state->options.zone);
    while (due) {
      state->set_next(job, due);
      const auto jitter = std::chrono::duration_cast<Time::duration>(up_to(job.options.jitter));
      if (!co_await wait_until(state, job, *due + jitter, background)) co_return;
      co_await run_once(state, job);
      // What fell due while it ran is made up for by one run, now.
      due = job.next(*due, state->options.zone);
      if (due && *due < state->clock.now()) due = state->clock.now();
    }
    state->set_next(job, std::nullopt);
  }
};

Scheduler::Scheduler(SchedulerOptions options) : state_(std::make_shared<State>()) {
  State& state = *state_;
  state.options = std::move(options);
  state.clock = state.options.clock.value_or(SchedulerClock{
      [] { return std::chrono::system_clock::now(); },
      [](const Background& background, nanoseconds delay) { return background.sleep_for(delay); }});
  if (state.options.registry == nullptr) return;
  state.runs = &state.options.registry->counter(
      "scheduled_job_runs_total", "Runs of scheduled jobs that ended.", {"job", "outcome"});
  state.last_success = &state.options.registry->gauge(
      "scheduled_job_last_success_seconds", "When a job last succeeded, in Unix time.", {"job"});
}

Scheduler& Scheduler::every(nanoseconds interval, std::string name,
                            std::function<Task<void>()> task, ScheduleOptions options) {
  if (interval <= nanoseconds(0)) {
    throw std::invalid_argument("the scheduled job '" + name + "' has no time between its runs");
  }
  state_->add({std::move(task), options, interval}, std::move(name));
  return *this;
}

Scheduler& Scheduler::cron(std::string_view expression, std::string name,
                           std::function<Task<void>()> task, ScheduleOptions options) {
  auto schedule = CronSchedule::parse(expression);
  if (!schedule) {
    throw std::invalid_argument("the scheduled job '" + name + "': " + schedule.error().message);
  }
  state_->add({std::move(task), options, nanoseconds(0), std::move(*schedule)}, std::move(name));
  return *this;
}

std::vector<Scheduler::Statistics> Scheduler::statistics() const {
  const std::lock_guard lock(state_->mutex);
  std::vector<Statistics> all;
  for (const State::Job& job : state_->jobs) all.push_back(job.statistics);
  return all;
}

void Scheduler::init_app(App& app) {
  state_->is_used = true;
  for (State::Job& job : state_->jobs) {
    app.background("scheduled job " + job.statistics.name,
                   [state = state_, &job](Background background) {
                     return State::keep_running(state, job, std::move(background));
                   });
  }
}

}  // namespace hornbeam::web

#include "hornbeam/web/jobs.h"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "hornbeam/base/completion.h"
#include "hornbeam/base/log.h"
#include "hornbeam/web/internal/random.h"
#include "hornbeam/web/metric_registry.h"

namespace hornbeam::web {

using base::Task;
using std::chrono::milliseconds;

struct Jobs::State : std::enable_shared_from_this<State> {
  struct Job {
    std::string name;
    std::function<Task<void>()> task;
    unsigned attempts = 0;
  };

  explicit State(JobsOptions given) : options(std::move(given)) {
    if (options.concurrency == 0 || options.attempts == 0) {
      throw std::invalid_argument("jobs with a concurrency or a number of attempts of zero");
    }
  }

  JobsOptions options;
  MetricFamily<Counter>* outcomes = nullptr;
  mutable std::mutex mutex;
  // Requires: the mutex.
  base::Executor* home = nullptr;  // The loop they run on, once there is one.
  bool is_ending = false;
  std::deque<Job> ready;
  std::map<std::uint64_t, Job> delayed;
  std::uint64_t last_delayed = 0;
  Statistics counts;
  std::optional<base::Completion<bool>> idle;  // Set once nothing is left to do.

  std::size_t waiting() const { return ready.size() + delayed.size(); }

  void count(std::string_view name, std::string_view outcome) const {
    if (outcomes != nullptr) outcomes->with({name, outcome}).add();
  }

  milliseconds delay_after(unsigned attempts) const {
    milliseconds delay = options.first_delay;
    for (unsigned i = 1; i < attempts && delay < options.longest_delay; ++i) delay *= 2;
    delay = std::min(delay, options.longest_delay);
    const auto chance = static_cast<unsigned char>(random_bytes(1).front());
    return delay + delay * chance / 1024;
  }

  /// Starts what may run. Thread: any.
  void pump() {
    std::unique_lock lock(mutex);
    while (home != nullptr && counts.running < options.concurrency && !ready.empty()) {
      ++counts.running;
      Job job = std::move(ready.front());
      ready.pop_front();
      const std::string name = "job " + job.name;
      base::spawn_on(*home, run(shared_from_this(), std::move(job)), name);
    }
    if (!idle || counts.running != 0 || waiting() != 0) return;
    base::Completion<bool> done = *std::exchange(idle, std::nullopt);
    lock.unlock();
    done.set(true);
  }

  static Task<void> run(std::shared_ptr<State> state, Job job) {
    std::string error;
    ++job.attempts;
    try {
      co_await job.task();
    } catch (const std::exception& failure) {
      error = failure.what();
      if (error.empty()) error = "failed";
    } catch (...) {
      error = "something that is no std::exception";
    }
    state->note(std::move(job), error);
    state->pump();
  }

  void note(Job job, const std::string& error) {
    bool is_last = false;
    const std::string name = job.name;
    const unsigned attempt = job.attempts;
    {
      const std::lock_guard lock(mutex);
      --counts.running;
      is_last = job.attempts >= options.attempts || is_ending;
      if (error.empty()) {
        ++counts.succeeded;
      } else if (is_last) {
        ++counts.failed;
      } else {
        ++counts.retried;
        delay(std::move(job));
      }
    }
    // Writing may take time, and nobody waits for it.
    count(name, error.empty() ? "success" : is_last ? "failure" : "retry");
    if (error.empty()) return;
    base::log(is_last ? base::LogLevel::kError : base::LogLevel::kWarning,
              is_last ? "a job failed and is given up" : "a job failed and is tried again",
              {{"job", name}, {"attempt", attempt}, {"error", error}});
  }

  /// Requires: the mutex, and a home.
  void delay(Job job) {
    const std::uint64_t id = ++last_delayed;
    const milliseconds wait = delay_after(job.attempts);
    delayed.emplace(id, std::move(job));
    home->post_after(wait, [weak = weak_from_this(), id] {
      const std::shared_ptr<State> state = weak.lock();
      if (state == nullptr) return;
      state->wake(id);
      state->pump();
    });
  }

  void wake(std::uint64_t id) {
    const std::lock_guard lock(mutex);
    auto node = delayed.extract(id);
    if (!node.empty()) ready.push_back(std::move(node.mapped()));
  }

  void begin(base::Executor& executor) {
    {
      const std::lock_guard lock(mutex);
      home = &executor;
      is_ending = false;
    }
    pump();
  }

  /// Takes nothing new, and has what waits run now.
  base::Completion<bool> begin_end() {
    base::Completion<bool> done;
    {
      const std::lock_guard lock(mutex);
      is_ending = true;
      for (auto& [id, job] : delayed) ready.push_back(std::move(job));
      delayed.clear();
      idle = done;
    }
    pump();
    return done;
  }

  /// Forgets what has not begun.
  void give_up() {
    std::deque<Job> lost;
    std::size_t running = 0;
    {
      const std::lock_guard lock(mutex);
      lost = std::exchange(ready, {});
      running = counts.running;
      counts.lost += lost.size() + running;
    }
    for (const Job& job : lost) base::log_error("a job is lost", {{"job", job.name}});
    if (running > 0) base::log_error("jobs have not ended in time", {{"running", running}});
  }

  static Task<void> serve(std::shared_ptr<State> state, Background background) {
    base::Executor& executor = *base::Executor::current();
    state->begin(executor);
    while (co_await background.sleep_for(std::chrono::hours(24))) {
    }
    base::Completion<bool> done = state->begin_end();
    const auto timer =
        executor.post_after(state->options.patience, [done]() mutable { done.set(false); });
    if (!co_await done.wait()) state->give_up();
    executor.cancel(timer);
    const std::lock_guard lock(state->mutex);
    state->home = nullptr;  // It ends with the server.
  }
};

Jobs::Jobs(JobsOptions options) : state_(std::make_shared<State>(std::move(options))) {
  const std::shared_ptr<MetricRegistry>& registry = state_->options.registry;
  if (registry == nullptr) return;
  state_->outcomes =
      &registry->counter("jobs_total", "Attempts at jobs, by outcome.", {"job", "outcome"});
  // The registry may outlive the jobs, which hold it.
  auto read = [weak = std::weak_ptr(state_)](std::size_t Statistics::* member) {
    return [weak, member] {
      const std::shared_ptr<State> state = weak.lock();
      if (state == nullptr) return 0.0;
      const std::lock_guard lock(state->mutex);
      Statistics now = state->counts;
      now.waiting = state->waiting();
      return static_cast<double>(now.*member);
    };
  };
  registry->gauge_from("jobs_waiting", "Jobs in the queue.", read(&Statistics::waiting));
  registry->gauge_from("jobs_running", "Jobs that run.", read(&Statistics::running));
}

bool Jobs::enqueue(std::string name, std::function<Task<void>()> task) const {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->is_ending || state_->waiting() >= state_->options.capacity) return false;
    state_->ready.push_back({std::move(name), std::move(task)});
  }
  state_->pump();
  return true;
}

Jobs::Statistics Jobs::statistics() const {
  const std::lock_guard lock(state_->mutex);
  Statistics now = state_->counts;
  now.waiting = state_->waiting();
  return now;
}

void Jobs::init_app(App& app) const {
  app.background("jobs", [state = state_](Background background) {
    return State::serve(state, std::move(background));
  });
}

}  // namespace hornbeam::web

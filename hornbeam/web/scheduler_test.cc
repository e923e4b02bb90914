#include "hornbeam/web/scheduler.h"

#include <algorithm>
#include <thread>

#include <gtest/gtest.h>

#include "hornbeam/base/completion.h"
#include "hornbeam/base/log_capture.h"
#include "hornbeam/web.h"
#include "hornbeam/web/metric_registry.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using Time = std::chrono::system_clock::time_point;

/// A clock that stands still until it is told to go on. One thread's.
class FakeClock {
 public:
  // Thursday, 1 January 2026, 00:00 UTC.
  Time now = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);

  SchedulerClock clock() {
    return {[this] { return now; },
            [this](const Background& background, nanoseconds delay) {
              return sleep_for(background, delay);
            }};
  }
  /// Goes on by `time` in steps, so that what sleeps wakes on time, and lets everything run.
  void advance(TestClient& client, nanoseconds time) {
    const Time end = now + std::chrono::duration_cast<Time::duration>(time);
    client.settle();
    while (now < end) {
      Time next = end;
      for (const auto& [due, woken] : sleepers_) next = std::min(next, due);
      now = std::max(now, next);
      for (auto each = sleepers_.begin(); each != sleepers_.end();) {
        if (each->first > now) {
          ++each;
          continue;
        }
        base::Completion<bool> woken = each->second;
        each = sleepers_.erase(each);
        woken.set(true);
        each = sleepers_.begin();
      }
      client.settle();
    }
  }

 private:
  Task<bool> sleep_for(Background background, nanoseconds delay) {
    base::Completion<bool> woken;
    sleepers_.emplace_back(now + std::chrono::duration_cast<Time::duration>(delay), woken);
    auto end = [](Background server, base::Completion<bool> sleeper) -> Task<void> {
      while (co_await server.sleep_for(std::chrono::hours(24))) {
      }
      sleeper.set(false);
    };
    base::spawn(end(background, woken), "the end of a sleep");
    co_return co_await woken.wait();
  }

  std::vector<std::pair<Time, base::Completion<bool>>> sleepers_;
};

TEST(Scheduler, RunsAJobEachTimeItsIntervalHasPassed) {
  FakeClock clock;
  std::vector<int> minutes_run;
  Scheduler scheduler({.clock = clock.clock()});
  scheduler.every(minutes(5), "sweep", [&, begun = clock.now]() -> Task<void> {
    minutes_run.push_back(static_cast<int>((clock.now - begun) / minutes(1)));
    co_return;
  });
  App app;
  app.use(scheduler);
  TestClient client(app);
  client.start_background();
  clock.advance(client, minutes(16));
  EXPECT_EQ(minutes_run, (std::vector{5, 10, 15}));
  const Scheduler::Statistics sweep = scheduler.statistics().at(0);
  EXPECT_EQ(sweep.name, "sweep");
  EXPECT_EQ(sweep.runs, 3U);
  EXPECT_EQ(sweep.next, clock.now + minutes(4));
}

TEST(Scheduler, RunsByCronInItsZone) {
  FakeClock clock;
  std::vector<Time> runs;
  Scheduler scheduler({.zone = [](auto) { return seconds(3600); }, .clock = clock.clock()});
  scheduler.cron("30 3 * * *", "report", [&]() -> Task<void> {
    runs.push_back(clock.now);
    co_return;
  });
  App app;
  app.use(scheduler);
  TestClient client(app);
  client.start_background();
  const Time midnight = clock.now;
  clock.advance(client, std::chrono::hours(48));
  EXPECT_EQ(runs, (std::vector{midnight + minutes(150), midnight + minutes(150 + 1440)}));
}

TEST(Scheduler, NeverRunsAJobTwiceAtOnceAndMakesUpForMissedRunsByOne) {
  FakeClock clock;
  int begun = 0;
  std::optional<base::Completion<>> gate;
  Scheduler scheduler({.clock = clock.clock()});
  scheduler.every(minutes(1), "slow", [&]() -> Task<void> {
    ++begun;
    if (begun == 1) co_await gate.emplace().wait();
  });
  App app;
  app.use(scheduler);
  TestClient client(app);
  client.start_background();
  clock.advance(client, minutes(1));
  EXPECT_EQ(begun, 1);
  clock.advance(client, seconds(270));
  EXPECT_EQ(begun, 1) << "four times it was due, and it still runs";
  EXPECT_TRUE(scheduler.statistics().at(0).is_running);
  gate->set();
  client.settle();
  EXPECT_EQ(begun, 2) << "once for all that was missed";
  clock.advance(client, seconds(60));
  EXPECT_EQ(begun, 3);
}

TEST(Scheduler, LogsAndCountsFailuresAndGoesOn) {
  FakeClock clock;
  auto registry = std::make_shared<MetricRegistry>();
  Scheduler scheduler({.registry = registry, .clock = clock.clock()});
  int runs = 0;
  scheduler.every(minutes(1), "flaky", [&]() -> Task<void> {
    if (++runs == 2) throw std::runtime_error("no paper");
    co_return;
  });
  App app;
  app.use(scheduler);
  TestClient client(app);
  const base::LogCapture log;
  client.start_background();
  clock.advance(client, minutes(3));
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(scheduler.statistics().at(0).failures, 1U);
  EXPECT_EQ(log.lines_with(R"("a scheduled job failed","job":"flaky","error":"no paper")").size(),
            1U);
  const std::string text = registry->expose(MetricFormat::kPrometheus);
  EXPECT_TRUE(text.contains(R"(scheduled_job_runs_total{job="flaky",outcome="success"} 2)"));
  EXPECT_TRUE(text.contains(R"(scheduled_job_runs_total{job="flaky",outcome="failure"} 1)"));
  EXPECT_TRUE(text.contains(R"(scheduled_job_last_success_seconds{job="flaky"} 1767225780.0)"));
}

TEST(Scheduler, AddsJitterAndRunsAtTheStartIfAsked) {
  FakeClock clock;
  const Time begun = clock.now;
  std::vector<nanoseconds> late;
  Scheduler scheduler({.clock = clock.clock()});
  scheduler.cron("0 * * * *", "jittered",
                 [&]() -> Task<void> {
                   late.push_back((clock.now - begun) % std::chrono::hours(1));
                   co_return;
                 },
                 {.jitter = minutes(10), .runs_at_start = true});
  App app;
  app.use(scheduler);
  TestClient client(app);
  client.start_background();
  clock.advance(client, std::chrono::hours(20) + minutes(30));
  ASSERT_EQ(late.size(), 21U);
  EXPECT_EQ(late[0], nanoseconds(0));
  EXPECT_LT(std::ranges::max(late), minutes(10));
  EXPECT_GT(std::ranges::max(late), nanoseconds(0));
}

TEST(Scheduler, EndsWithTheServer) {
  FakeClock clock;
  Scheduler scheduler({.clock = clock.clock()});
  scheduler.every(minutes(1), "a", []() -> Task<void> { co_return; });
  scheduler.cron("@daily", "b", []() -> Task<void> { co_return; });
  App app;
  app.use(scheduler);
  base::Loop loop;
  app.start_background(loop);
  std::thread thread([&loop] { loop.run(); });
  EXPECT_TRUE(app.stop_background(seconds(5)));
  loop.post([&loop] { loop.stop(); });
  thread.join();
}

TEST(Scheduler, RefusesWhatCannotBe) {
  auto task = []() -> Task<void> { co_return; };
  Scheduler scheduler;
  scheduler.every(minutes(1), "a", task);
  EXPECT_THROW(scheduler.every(minutes(1), "a", task), std::invalid_argument);
  EXPECT_THROW(scheduler.every(minutes(0), "b", task), std::invalid_argument);
  EXPECT_THROW(scheduler.cron("61 * * * *", "c", task), std::invalid_argument);
  App app;
  app.use(scheduler);
  EXPECT_THROW(scheduler.every(minutes(1), "d", task), std::logic_error);
}

}  // namespace
}  // namespace hornbeam::web

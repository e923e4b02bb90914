#include "hornbeam/web/jobs.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "hornbeam/base/completion.h"
#include "hornbeam/base/log_capture.h"
#include "hornbeam/base/sleep.h"
#include "hornbeam/web.h"
#include "hornbeam/web/metric_registry.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

using std::chrono::milliseconds;

/// Awaits until `is_so`, or for five seconds.
template <class Condition>
Task<bool> until(Condition is_so) {
  for (int i = 0; i < 5000 && !is_so(); ++i) co_await base::sleep_for(milliseconds(1));
  co_return is_so();
}

TEST(Jobs, RunWhatARequestStartsAfterItsAnswer) {
  App app;
  Jobs jobs;
  app.use(jobs);
  std::string sent;
  app.post("/signup", [&](const Request& request) {
    const bool is_taken =
        jobs.enqueue("mail", [&, to = std::string(request.body())]() -> Task<void> {
          sent = to;
          co_return;
        });
    return text(is_taken ? "taken" : "full");
  });
  TestClient client(app);
  client.start_background();
  client.settle();
  client.post("/signup", with_body("ann@example.org", "text/plain")).expect_body("taken");
  client.settle();
  EXPECT_EQ(sent, "ann@example.org");
  EXPECT_EQ(jobs.statistics().succeeded, 1U);
}

TEST(Jobs, KeepToTheirConcurrencyAndCapacity) {
  App app;
  Jobs jobs({.capacity = 3, .concurrency = 2});
  app.use(jobs);
  TestClient client(app);
  client.start_background();
  client.settle();
  std::vector<base::Completion<>> gates(5);
  std::size_t begun = 0;
  auto job = [&]() -> Task<void> { co_await gates[begun++].wait(); };
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(jobs.enqueue("job", job)) << i;
  EXPECT_FALSE(jobs.enqueue("job", job)) << "two run, three wait";
  client.settle();
  EXPECT_EQ(begun, 2U);
  EXPECT_EQ(jobs.statistics().running, 2U);
  EXPECT_EQ(jobs.statistics().waiting, 3U);
  for (auto& gate : gates) gate.set();
  EXPECT_TRUE(client.wait(until([&] { return jobs.statistics().succeeded == 5; })));
  EXPECT_EQ(begun, 5U);
}

TEST(Jobs, AreTriedAgainAndThenGivenUp) {
  App app;
  auto registry = std::make_shared<MetricRegistry>();
  Jobs jobs({.attempts = 3,
             .first_delay = milliseconds(1),
             .longest_delay = milliseconds(2),
             .registry = registry});
  app.use(jobs);
  TestClient client(app);
  client.start_background();
  const base::LogCapture log;
  int flaky = 0;
  int hopeless = 0;
  EXPECT_TRUE(jobs.enqueue("flaky", [&]() -> Task<void> {
    if (++flaky < 3) throw std::runtime_error("not yet");
    co_return;
  }));
  EXPECT_TRUE(jobs.enqueue("hopeless", [&]() -> Task<void> {
    ++hopeless;
    throw std::runtime_error("never");
    co_return;
  }));
  EXPECT_TRUE(client.wait(
      until([&] { return jobs.statistics().succeeded == 1 && jobs.statistics().failed == 1; })));
  EXPECT_EQ(flaky, 3);
  EXPECT_EQ(hopeless, 3);
  EXPECT_EQ(jobs.statistics().retried, 4U);
  EXPECT_TRUE(log.contains(
      R"("a job failed and is given up","job":"hopeless","attempt":3,"error":"never")"));
  const std::string text = registry->expose(MetricFormat::kPrometheus);
  EXPECT_TRUE(text.contains(R"(jobs_total{job="flaky",outcome="success"} 1)"));
  EXPECT_TRUE(text.contains(R"(jobs_total{job="hopeless",outcome="retry"} 2)"));
  EXPECT_TRUE(text.contains(R"(jobs_total{job="hopeless",outcome="failure"} 1)"));
  EXPECT_TRUE(text.contains("jobs_waiting 0.0"));
}

/// A loop on a thread of its own with the application's background tasks.
class Serving {
 public:
  explicit Serving(App& app) : app_(app), thread_([this] { loop_.run(); }) {
    app_.start_background(loop_);
  }
  ~Serving() {
    loop_.post([this] { loop_.stop(); });
    thread_.join();
  }
  bool stop() { return app_.stop_background(std::chrono::seconds(5)); }

 private:
  App& app_;
  base::Loop loop_;
  std::thread thread_;
};

TEST(Jobs, AreWaitedForWhenTheServerEnds) {
  App app;
  Jobs jobs({.concurrency = 1, .first_delay = std::chrono::hours(1)});
  app.use(jobs);
  std::atomic<int> attempts{0};
  Serving serving(app);
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(
        jobs.enqueue("slow", []() -> Task<void> { co_await base::sleep_for(milliseconds(1)); }));
  }
  EXPECT_TRUE(jobs.enqueue("flaky", [&]() -> Task<void> {
    if (++attempts == 1) throw std::runtime_error("not yet");
    co_return;
  }));
  EXPECT_TRUE(serving.stop());
  const Jobs::Statistics now = jobs.statistics();
  EXPECT_EQ(now.succeeded + now.failed, 11U);
  EXPECT_EQ(now.waiting + now.running + now.lost, 0U);
  EXPECT_FALSE(jobs.enqueue("late", []() -> Task<void> { co_return; }));
}

TEST(Jobs, AreLostAloudOnceThePatienceEnds) {
  App app;
  Jobs jobs({.concurrency = 1, .patience = milliseconds(10)});
  app.use(jobs);
  const base::LogCapture log;
  base::Completion<> never;
  Serving serving(app);
  EXPECT_TRUE(jobs.enqueue("hangs", [never]() -> Task<void> { co_await never.wait(); }));
  EXPECT_TRUE(jobs.enqueue("waits", []() -> Task<void> { co_return; }));
  EXPECT_TRUE(serving.stop());
  EXPECT_EQ(jobs.statistics().lost, 2U);
  EXPECT_TRUE(log.contains(R"("a job is lost","job":"waits")"));
  EXPECT_TRUE(log.contains(R"("jobs have not ended in time","running":1)"));
  never.set();
}

}  // namespace
}  // namespace hornbeam::web

#include "hornbeam/web/health.h"

#include <gtest/gtest.h>

#include "hornbeam/base/completion.h"
#include "hornbeam/base/log_capture.h"
#include "hornbeam/base/sleep.h"
#include "hornbeam/web.h"
#include "hornbeam/web/server_status.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

using std::chrono::milliseconds;

TEST(Health, IsLiveWhileTheProcessAnswers) {
  App app;
  app.use(Health{.checks = {{"broken", []() -> Task<void> {
                               throw std::runtime_error("no");
                               co_return;
                             }}}});
  TestClient client(app);
  client.get("/health/live").expect_status(200).expect_body(R"({"status":"live","checks":[]})");
}

TEST(Health, IsReadyWhenEveryCheckPasses) {
  App app;
  app.use(Health{.checks = {{"a", []() -> Task<void> { co_return; }},
                            {"b", []() -> Task<void> { co_return; }}}});
  TestClient client(app);
  client.get("/health/ready")
      .expect_status(200)
      .expect_header("Cache-Control", "no-store")
      .expect_header("Content-Type", "application/json")
      .expect_body_contains(R"({"status":"ready","checks":[{"name":"a","status":"ok",)")
      .expect_body_contains(R"({"name":"b","status":"ok",)");
}

TEST(Health, SaysWhichCheckFailsAndWhyInTheLogOnly) {
  App app;
  bool is_broken = true;
  app.use(Health{.checks = {{"fine", []() -> Task<void> { co_return; }},
                            {"database",
                             [&is_broken]() -> Task<void> {
                               if (is_broken) throw std::runtime_error("password 123 is wrong");
                               co_return;
                             }}},
                 .keeps_for = milliseconds(0)});
  TestClient client(app);
  const base::LogCapture log;
  for (int i = 0; i < 3; ++i) {
    const TestResponse response = client.get("/health/ready").expect_status(503);
    response.expect_body_contains(R"("status":"failing")")
        .expect_body_contains(R"({"name":"fine","status":"ok",)")
        .expect_body_contains(R"({"name":"database","status":"failing",)");
    EXPECT_FALSE(response.body().contains("password"));
  }
  EXPECT_EQ(log.lines_with("password 123 is wrong").size(), 1U) << "when it begins";
  is_broken = false;
  client.get("/health/ready").expect_status(200);
  EXPECT_EQ(log.lines_with("a health check passes again").size(), 1U);
}

TEST(Health, ListsAFailureThatIsNotEssentialAndStaysReady) {
  App app;
  app.use(Health{.checks = {{.name = "search",
                             .run = []() -> Task<void> {
                               throw std::runtime_error("away");
                               co_return;
                             },
                             .is_essential = false}}});
  TestClient client(app);
  client.get("/health/ready")
      .expect_status(200)
      .expect_body_contains(R"({"status":"ready","checks":[{"name":"search","status":"failing",)");
}

TEST(Health, RunsChecksAtTheSameTimeAndNotForever) {
  App app;
  // Each waits for the other: one after the other they would never end.
  base::Completion<> first;
  base::Completion<> second;
  base::Completion<> never;
  app.use(Health{
      .checks = {{"a",
                  [&]() -> Task<void> {
                    first.set();
                    co_await second.wait();
                  }},
                 {"b",
                  [&]() -> Task<void> {
                    second.set();
                    co_await first.wait();
                  }},
                 {"hangs", [&]() -> Task<void> { co_await never.wait(); }, milliseconds(20)}},
      .keeps_for = milliseconds(0),
      .shows_errors = true});
  TestClient client(app);
  client.get("/health/ready")
      .expect_status(503)
      .expect_body_contains(R"({"name":"a","status":"ok",)")
      .expect_body_contains(R"({"name":"b","status":"ok",)")
      .expect_body_contains(R"("error":"took longer than 20 ms")");
  client.get("/health/ready")
      .expect_status(503)
      .expect_body_contains(R"("error":"the check before has not ended yet")");
  never.set();
  client.settle();
}

TEST(Health, AsksOnceHoweverManyAskIt) {
  App app;
  int runs = 0;
  app.use(Health{.checks = {{"slow", [&runs]() -> Task<void> {
                               ++runs;
                               co_await base::sleep_for(milliseconds(5));
                             }}}});
  TestClient client(app);
  http::Handler& handler = app.handler();
  auto ask = [&handler]() -> Task<int> {
    http::Request request = http::Request::make(Method::kGet, "/health/ready");
    http::Reply reply = handler.handle(request);
    const Response response = co_await std::move(std::get<Task<Response>>(reply));
    co_return response.status();
  };
  auto ask_often = [&]() -> Task<int> {
    std::vector<base::Completion<int>> answers(10);
    for (auto& answer : answers) {
      auto one = [](Task<int> asked, base::Completion<int> out) -> Task<void> {
        out.set(co_await std::move(asked));
      };
      base::spawn(one(ask(), answer), "one who asks");
    }
    int fine = 0;
    for (auto& answer : answers) fine += co_await answer.wait() == 200 ? 1 : 0;
    co_return fine;
  };
  EXPECT_EQ(client.wait(ask_often()), 10);
  EXPECT_EQ(runs, 1);
  client.get("/health/ready").expect_status(200);
  EXPECT_EQ(runs, 1) << "the outcome is good for a second";
}

TEST(Health, IsNotReadyOnceTheServerDrains) {
  App app;
  int runs = 0;
  app.use(Health{.checks = {{"a", [&runs]() -> Task<void> {
                               ++runs;
                               co_return;
                             }}}});
  TestClient client(app);
  client.get("/health/ready").expect_status(200);
  app.server_status().begin_drain();
  client.get("/health/ready")
      .expect_status(503)
      .expect_body(R"({"status":"draining","checks":[]})");
  client.get("/health/live").expect_status(200);
  EXPECT_EQ(runs, 1);
}

}  // namespace
}  // namespace hornbeam::web

#include "arena/trials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "arena/arena.h"
#include "hornbeam/testing.h"

namespace arena {
namespace {

namespace experiment = hornbeam::experiment;
namespace web = hornbeam::web;
using hornbeam::base::run;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kBrowser = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0";

Options in_memory() {
  Options options;
  options.database = "sqlite://";
  return options;
}

std::int64_t exposed(Arena& arena, const std::string& experiment) {
  std::int64_t units = 0;
  for (const auto& row : run(arena.trials.service().ingest().results(experiment))) {
    if (row.metric.empty()) units += row.units;
  }
  return units;
}

TEST(Trials, GiveAVisitorACookieAndAlwaysTheSameLook) {
  Arena arena(in_memory());
  web::TestClient client(arena.app);
  const auto first = client.get("/", web::with_header("User-Agent", kBrowser));
  EXPECT_THAT(std::string(first.body()), HasSubstr("data-layout=\""));
  const auto again = client.get("/", web::with_header("User-Agent", kBrowser));
  EXPECT_EQ(first.body(), again.body());
  const auto header = again.find_header("set-cookie");
  EXPECT_FALSE(header) << "the cookie is kept";
}

TEST(Trials, DoNotCountRobots) {
  Arena arena(in_memory());
  web::TestClient client(arena.app);
  const auto page = client.get("/", web::with_header("User-Agent", "Googlebot/2.1"));
  EXPECT_THAT(std::string(page.body()), HasSubstr("data-layout=\"side\" data-pieces=\"leaf\""));
  EXPECT_EQ(arena.trials.service().exposures().waiting(), 0U);
}

TEST(Trials, CountGamesThatAreStartedAndCompleted) {
  Arena arena(in_memory());
  web::TestClient client(arena.app);
  std::string visitor;
  for (int i = 0; exposed(arena, "play-layout") == 0; ++i) {
    // A visitor of the control or of the lane: one in four is in the other.
    visitor = "visitor-" + std::to_string(i);
    web::TestClient other(arena.app);
    other.get("/", web::with_header("User-Agent", kBrowser),
              web::with_header("Cookie", "visitor=" + visitor));
    run(arena.trials.service().flush());
    if (run(arena.trials.service().ingest().arms_of(experiment::UnitKind::kSession, visitor))
            .contains("play-layout")) {
      break;
    }
  }
  auto socket = client.socket("/ws", web::with_header("Cookie", "visitor=" + visitor));
  const auto await = [&](std::string_view action) {
    while (!socket.receive().contains(action)) continue;  // Ends: by the client's patience.
  };
  socket.send(R"({"action": "new", "opponent": "bot", "level": "easy", "v": 1})");
  await("\"paired\"");
  socket.send(R"({"action": "resign", "v": 1})");
  await("\"end\"");
  run(arena.trials.service().flush());
  std::set<std::string> metrics;
  for (const auto& row : run(arena.trials.service().ingest().results("play-layout"))) {
    if (row.events > 0) metrics.insert(row.metric);
  }
  EXPECT_THAT(metrics, ::testing::UnorderedElementsAre("game_started", "game_completed"));
}

TEST(Trials, SendSimulatedVisitorsAndForgetThem) {
  Options options = in_memory();
  options.trials.simulates = true;
  Arena arena(options);
  send_simulated_visitors(arena, {.visitors = 200});
  EXPECT_GT(exposed(arena, "play-layout"), 120);
  web::TestClient client(arena.app);
  const std::string page(client.get("/experiments/e/play-layout").body());
  EXPECT_THAT(page, HasSubstr("Simulated visitors."));
  EXPECT_THAT(page, HasSubstr("complete days"));
  EXPECT_EQ(run_experiments(arena, {"forget-simulated"}), 0);
  EXPECT_EQ(exposed(arena, "play-layout"), 0);
  EXPECT_EQ(run_experiments(arena, {"simulate", "none"}), 2);
}

TEST(Trials, TakeNoVisitorsOfThePastFromStrangers) {
  Arena arena(in_memory());
  web::TestClient client(arena.app);
  client.get("/", web::with_header("User-Agent", kBrowser),
             web::with_header("X-Simulated-At", "0"));
  run(arena.trials.service().flush());
  for (const auto& each : run(arena.trials.service().ingest().results_by_day("play-layout"))) {
    EXPECT_GT(each.day, 19'000);
  }
}

TEST(Trials, AreChangedByThoseWhoHaveAToken) {
  Options options = in_memory();
  options.trials.operator_tokens = "ada:0123456789abcdef";
  Arena arena(options);
  web::TestClient client(arena.app);
  const auto end = [&](const std::string& authorization) {
    return client
        .post("/experiments/e/play-layout",
              web::with_body("action=end&reason=enough", "application/x-www-form-urlencoded"),
              web::with_header("Origin", "http://localhost"),
              web::with_header("Authorization", authorization))
        .status();
  };
  EXPECT_EQ(end("Basic bm9ib2R5Om5vdGhpbmc="), 401);
  EXPECT_EQ(end("Basic YWRhOjAxMjM0NTY3ODlhYmNkZWY="), 303);
  EXPECT_THAT(std::string(client.get("/experiments/audit").body()), HasSubstr("enough"));
}

}  // namespace
}  // namespace arena

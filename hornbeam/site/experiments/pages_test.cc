// Pages over a fortnight of made-up units, as strangers and as editors see them.

#include "hornbeam/site/experiments/pages.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/base/loop.h"
#include "hornbeam/experiment/segment.h"
#include "hornbeam/experiment/testing/example.h"
#include "hornbeam/site/experiments/calculator.h"
#include "hornbeam/site/experiments/charts.h"
#include "hornbeam/web/app.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::site {
namespace {

using base::run;
using experiment::testing_example::kDuring;
using std::chrono::hours;
using ::testing::HasSubstr;
using ::testing::Not;

// Salts of our own: the same units are in the same arms whenever the test runs.
experiment::Configuration two_lanes_with_salts() {
  experiment::Configuration configuration = experiment::testing_example::two_exclusive_lanes();
  experiment::Domain& domain = configuration.domains[0];
  domain.pool_salt = "pool";
  domain.lane_salt = "lane";
  for (auto& lane : domain.lanes) {
    experiment::Experiment& each = lane.experiments[0];
    experiment::Phase first{
        .starts_at = each.starts_at, .salt = each.key + " first", .weights = {}};
    for (const auto& arm : each.arms) first.weights.push_back(arm.weight);
    each.phases = {first};
  }
  return configuration;
}

class ExperimentPagesTest : public ::testing::Test {
 protected:
  ExperimentPagesTest() {
    data::migrate(*database_, experiment::experiment_migrations());
    service_.emplace(*database_, options());
    const auto made = run(service_->lanes().change(
        experiment::replace_configuration("ada", "to begin", two_lanes_with_salts()),
        kDuring - hours(24 * 9)));
    EXPECT_TRUE(made);
    app_.use(ExperimentPages(
        *service_,
        {.prefix = "/x",
         .product = "Shop",
         .simulated_prefix = "simulated-",
         .editor = [](const web::Request& request) -> base::Task<std::optional<std::string>> {
           const bool is_editor = request.find_header("x-editor").has_value();
           co_return is_editor ? std::optional<std::string>("ada") : std::nullopt;
         }}));
    client_.emplace(app_);
  }

  ExperimentServiceOptions options(double smallest_effect = 0.05) {
    return {.metrics = {{.key = "orders", .title = "Orders", .smallest_effect = smallest_effect}},
            .ingest = {.oldest = hours(24 * 60)},
            .clock = [this] { return now_; }};
  }
  // Two weeks of units. Red does more, by as much as `lift` says.
  void let_units_come(int count, double lift, const std::string& prefix = "u",
                      experiment::Time from = kDuring - hours(24 * 9)) {
    std::mt19937_64 random(7);
    const auto chance = [&](double p) {
      return static_cast<double>(random() >> 11U) * 0x1p-53 < p;
    };
    std::vector<experiment::Exposures> exposures;
    std::vector<experiment::MetricEvent> events;
    experiment::Assignments assignments;
    for (int i = 0; i < count; ++i) {
      const std::string unit = prefix + std::to_string(i);
      const auto at = from + hours(static_cast<int>(random() % (24 * 14)));
      service_->lanes().snapshot()->assign({.units = {.user = unit}}, at, assignments);
      double p = 0.3;
      for (const auto& each : assignments.all()) {
        if (!each.is_counted()) continue;
        if (each.arm_key() == "red") p += lift;
        if (each.arm_key() == "wide") p += lift / 2;
        exposures.push_back(
            {.experiment = std::string(each.experiment_key()),
             .arm = std::string(each.arm_key()),
             .unit = unit,
             .first_at = at,
             .last_at = at,
             .version = 1,
             .segment = experiment::segment_of({{"device", i % 3 == 0 ? "phone" : "desktop"},
                                                {"language", i % 2 == 0 ? "de" : "en"}})});
      }
      if (chance(p)) events.push_back({.id = "o", .user = unit, .metric = "orders", .at = at});
    }
    now_ = from + hours(24 * 14);
    run(service_->ingest().write(std::move(exposures), std::move(events), now_));
  }
  std::string page(const std::string& path, bool is_editor = false) {
    const auto response =
        is_editor ? client_->get(path, web::with_header("X-Editor", "yes")) : client_->get(path);
    EXPECT_EQ(response.status(), 200) << path;
    return std::string(response.body());
  }
  web::TestResponse post(const std::string& path, const std::string& form, bool is_editor = true) {
    return client_->post(path, web::with_body(form, "application/x-www-form-urlencoded"),
                         web::with_header("Origin", "http://localhost"),
                         web::with_header(is_editor ? "X-Editor" : "X-Other", "yes"));
  }

  experiment::Time now_ = kDuring;
  std::unique_ptr<data::Database> database_ = data::Database::open("sqlite://");
  std::optional<ExperimentService> service_;
  web::App app_;
  std::optional<web::TestClient> client_;
};

TEST_F(ExperimentPagesTest, DrawsTheLanesAndListsWhatRuns) {
  const std::string text = page("/x/");
  EXPECT_THAT(text, HasSubstr("<svg class=\"chart lanes\""));
  EXPECT_THAT(text, HasSubstr("href=\"/x/e/colour\""));
  EXPECT_THAT(text, HasSubstr("50 % of all: defaults"));
  EXPECT_THAT(text, Not(HasSubstr("Simulated"))) << "there is nobody yet";
}

TEST_F(ExperimentPagesTest, SaysThatThereIsNothingToReadYet) {
  EXPECT_THAT(page("/x/e/colour"), HasSubstr("no complete day has an exposure"));
  EXPECT_EQ(client_->get("/x/e/nothing").status(), 404);
}

TEST_F(ExperimentPagesTest, SaysFirstWhetherAResultMayBeBelieved) {
  let_units_come(6'000, 0.15);
  const std::string text = page("/x/e/colour?by=dimension");
  const auto belief = text.find("This may be believed.");
  ASSERT_NE(belief, std::string::npos) << text;
  EXPECT_LT(belief, text.find("What it says"));
  EXPECT_THAT(text, HasSubstr("2 whole weeks were seen."));
  EXPECT_THAT(text, HasSubstr("Ship it"));
  EXPECT_THAT(text, HasSubstr("class=\"chart intervals\""));
  EXPECT_THAT(text, HasSubstr("class=\"chart series\""));
  EXPECT_THAT(text, HasSubstr("<figcaption>phone"));
  EXPECT_THAT(text, HasSubstr("Corrected together by Holm: 4 parts of 2 dimensions, 2 arms each."));
}

TEST_F(ExperimentPagesTest, ReadsByThePlanThatWasWrittenDown) {
  let_units_come(6'000, 0.15);
  const std::string before = page("/x/e/colour");
  EXPECT_THAT(before, HasSubstr("written down on 1 Mar 2024"));
  EXPECT_THAT(before, HasSubstr("2 arms against one control, by Holm’s method"));
  EXPECT_THAT(before, HasSubstr("21 days, which are 3 weeks; 14 are over"));
  EXPECT_THAT(before, Not(HasSubstr("The program defines metrics otherwise")));
  // Another version of the program, to which an effect has to be ten times as great.
  ExperimentService later(*database_, options(0.5));
  ASSERT_TRUE(run(later.refresh()));
  web::App app;
  app.use(ExperimentPages(later, {.prefix = "/x", .product = "Shop"}));
  const std::string after(web::TestClient(app).get("/x/e/colour").body());
  EXPECT_THAT(after, HasSubstr("The program defines metrics otherwise by now; results go by what "
                               "was written down. Orders: “50 %” instead of “5 %”."));
  const auto results = [](const std::string& text) {
    const auto from = text.find("What it says");
    return text.substr(from, text.find("id=\"plan\"") - from);
  };
  EXPECT_EQ(results(after), results(before));
}

TEST_F(ExperimentPagesTest, KeepsEffectsBackUntilAFixedReadingIsDue) {
  now_ = kDuring + hours(24 * 14);
  const std::string form =
      "lane=colours&key=once&hypothesis=More&primary=orders&weeks=3&reading=fixed&units=400&"
      "reason=try&arms=red+50+button.colour%3Dred%0Ablue+50+button.colour%3Dblue";
  ASSERT_EQ(post("/x/start", form).status(), 303);
  EXPECT_EQ(post("/x/start", form + "&reading=often").status(), 422);
  let_units_come(3'000, 0.15, "u", now_);
  const std::string early = page("/x/e/once");
  EXPECT_THAT(early, HasSubstr("Effects are shown when the planned days are over."));
  EXPECT_THAT(early, HasSubstr("by Dunnett’s test"));
  EXPECT_THAT(early, HasSubstr("400 units of each arm; the smallest has"));
  EXPECT_THAT(early, Not(HasSubstr("class=\"chart intervals\"")));
  now_ += hours(24 * 8);
  EXPECT_THAT(page("/x/e/once"), HasSubstr("class=\"chart intervals\""));
}

TEST_F(ExperimentPagesTest, RefusesToBelieveArmsThatLackUnits) {
  let_units_come(6'000, 0.15);
  run(database_->write([](data::Transaction& tx) {
    tx.execute("UPDATE experiment_results SET units = units / 2 WHERE arm = 'red'");
  }));
  const std::string text = page("/x/e/colour");
  EXPECT_THAT(text, HasSubstr("Do not believe this"));
  EXPECT_THAT(text, HasSubstr("The arms do not have the units they should have"));
  EXPECT_THAT(text, Not(HasSubstr("Ship it")));
}

TEST_F(ExperimentPagesTest, SaysThatVisitorsAreSimulated) {
  let_units_come(50, 0, "simulated-");
  EXPECT_THAT(page("/x/"), HasSubstr("Simulated visitors."));
  EXPECT_THAT(page("/x/e/colour"), HasSubstr("Simulated visitors."));
}

TEST_F(ExperimentPagesTest, ShowsWhoIsInWhat) {
  let_units_come(50, 0);
  EXPECT_THAT(page("/x/who?unit=u1"), HasSubstr("since"));
  EXPECT_THAT(page("/x/who?unit=%3Cb%3E"), HasSubstr("&lt;b&gt;"));
}

TEST_F(ExperimentPagesTest, LetsStrangersChangeNothing) {
  EXPECT_EQ(post("/x/e/colour", "action=end&reason=x", false).status(), 403);
  EXPECT_EQ(client_->get("/x/start").status(), 403);
  EXPECT_EQ(post("/x/combine?one=colour/red&other=layout/wide", "", false).status(), 403);
  EXPECT_THAT(page("/x/e/colour"), Not(HasSubstr("name=\"action\"")));
  EXPECT_EQ(service_->lanes().snapshot()->version(), 1);
}

TEST_F(ExperimentPagesTest, EndsPhasesAndPromotesForEditors) {
  EXPECT_THAT(page("/x/e/colour", true), HasSubstr("value=\"kill\""));
  EXPECT_EQ(post("/x/e/colour", "action=phase&weights=90+10&coverage=100&reason=ramp").status(),
            303);
  const auto weights = post("/x/e/colour", "action=phase&weights=90+20&reason=ramp");
  EXPECT_EQ(weights.status(), 422);
  EXPECT_THAT(std::string(weights.body()), HasSubstr("mend:"));
  now_ += hours(1);
  EXPECT_EQ(post("/x/e/colour", "action=promote&arm=red&weeks=2&reason=it+won").status(), 303);
  const auto& lane = service_->lanes().snapshot()->configuration().domains[0].lanes[0];
  ASSERT_EQ(lane.launches.size(), 1U);
  EXPECT_EQ(lane.launches[0].ramp.size(), 4U);
  EXPECT_EQ(lane.launches[0].ramp.back().share, 100);
  EXPECT_THAT(page("/x/audit"), HasSubstr("it won"));
  EXPECT_THAT(page("/x/e/colour"), HasSubstr("launched: red"));
}

TEST_F(ExperimentPagesTest, StartsAnExperimentOrSaysWhatIsWrong) {
  const std::string form =
      "lane=colours&key=next&hypothesis=More&primary=orders&days=60&weeks=3&reason=try&arms=";
  const auto bad = post("/x/start", form + "green");
  EXPECT_EQ(bad.status(), 422);
  EXPECT_THAT(std::string(bad.body()), HasSubstr("has no weight; mend: write its key"));
  EXPECT_EQ(post("/x/start", form + "green+100+colour%3Dgreen").status(), 422)
      << "no such parameter";
  EXPECT_EQ(post("/x/start", form + "green+100+button.colour%3Dgreen").status(), 303);
  EXPECT_THAT(page("/x/"), HasSubstr("planned"));
}

TEST_F(ExperimentPagesTest, CombinesWinnersAsAnEstimateAndFollowsThemUp) {
  let_units_come(6'000, 0.15);
  const std::string text = page("/x/combine?one=colour/red&other=layout/wide", true);
  EXPECT_THAT(text, HasSubstr("No unit had both arms."));
  EXPECT_EQ(client_->get("/x/combine?one=colour/red&other=colour/blue").status(), 422);
  EXPECT_EQ(post("/x/combine?one=colour/red&other=layout/wide", "").status(), 303);
  const auto snapshot = service_->lanes().snapshot();
  for (const auto& lane : snapshot->configuration().domains[0].lanes) {
    EXPECT_EQ(lane.mode, experiment::LaneMode::kOrthogonal);
    EXPECT_EQ(lane.experiments.back().arms.size(), 2U);
  }
  const std::string follow_up = "red+wide:colours";
  EXPECT_EQ(snapshot->find_experiment(follow_up)->together_with, "red+wide:layout");
  EXPECT_THAT(page("/x/e/red%2Bwide:colours"), HasSubstr("Together with red+wide:layout"));

  let_units_come(8'000, 0.15, "v", now_);
  const std::string both = page("/x/e/red%2Bwide:colours");
  EXPECT_THAT(both, HasSubstr("together with red+wide:layout"));
  EXPECT_THAT(both, HasSubstr("measured</small>"));
  EXPECT_THAT(both,
              HasSubstr("Measured: units that had both arms against units that had neither."));
  EXPECT_THAT(both, HasSubstr("beyond the sum of their effects there is"));
  EXPECT_THAT(both, HasSubstr("The sum of both, as an estimate."));
  EXPECT_THAT(both, HasSubstr("(chi-square, p = "));
  EXPECT_THAT(both, HasSubstr("its own arm “without”"));
  EXPECT_THAT(both, Not(HasSubstr(">control</th>"))) << "it has nothing of the other lane";
  const std::string combined =
      page("/x/combine?one=red%2Bwide:colours/red&other=red%2Bwide:layout/wide", true);
  EXPECT_THAT(combined, HasSubstr("measured</small>"));
  EXPECT_THAT(combined, Not(HasSubstr("Run both together")));
}

TEST_F(ExperimentPagesTest, WarnsOfAControlThatHasNothingOfOtherLanes) {
  const auto change = [](auto edit) {
    return experiment::Change{
        .actor = "ada", .action = "x", .subject = {}, .reason = "x", .edit = edit};
  };
  now_ += hours(24 * 14);  // Both have ended.
  ASSERT_TRUE(run(service_->lanes().change(
      change([](experiment::Configuration& all, experiment::Time now) -> base::Result<void> {
        for (auto& lane : all.domains[0].lanes) {
          lane.mode = experiment::LaneMode::kOrthogonal;
          experiment::Experiment next = lane.experiments[0];
          next.key += " again";
          next.phases.clear();
          next.plan.reset();
          next.starts_at = now;
          next.ends_at = now + hours(24 * 21);
          lane.experiments.push_back(next);
        }
        return {};
      }),
      now_)));
  let_units_come(2'000, 0.15, "w", now_);
  EXPECT_THAT(page("/x/e/colour%20again"),
              HasSubstr("Give the next experiment an arm without values"));
}

TEST(Calculator, TellsWhatLanesCostInVisitors) {
  const CalculatorView view = calculate({.base = 10, .effect = 10, .arms = 5, .lanes = 2});
  EXPECT_EQ(view.problem, "");
  EXPECT_EQ(view.units, "14\u202f749");
  EXPECT_EQ(view.orthogonal.share, 50);
  EXPECT_THAT(calculate({.base = 60, .effect = 90}).problem,
              HasSubstr("more than everybody; mend"));
}

TEST(Charts, CutOffWhatIsEndless) {
  const double infinite = std::numeric_limits<double>::infinity();
  const std::string plot = interval_plot({{"a<b", 0.1, -infinite, infinite, 0}}, 0.05, "t");
  EXPECT_THAT(plot, HasSubstr("a&lt;b"));
  EXPECT_THAT(plot, Not(HasSubstr("\"inf")));
  EXPECT_EQ(time_series({{.day = 1}}, "t"), "") << "one day is no series";
}

}  // namespace
}  // namespace hornbeam::site

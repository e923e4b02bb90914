#include "hornbeam/site/experiments/growthbook_api.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/base/loop.h"
#include "hornbeam/experiment/growthbook/decrypt.h"
#include "hornbeam/experiment/growthbook/value.h"
#include "hornbeam/experiment/testing/example.h"
#include "hornbeam/web/app.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::site {
namespace {

using base::run;
using experiment::growthbook::Value;
using experiment::testing_example::kDuring;
using ::testing::HasSubstr;
using ::testing::Not;

struct Colour {
  static constexpr std::string_view kName = "button.colour";
  static constexpr std::string_view kDefault = "none";
};

constexpr const char* kSecret = "Zvwv/+uhpFDznZ6SX28Yjg==";

class GrowthBookApiTest : public ::testing::Test {
 protected:
  GrowthBookApiTest() {
    data::migrate(*database_, experiment::experiment_migrations());
    service_.emplace(*database_, ExperimentServiceOptions{.clock = [this] { return now_; }});
    const auto made = run(service_->lanes().change(
        experiment::replace_configuration("ada", "to begin",
                                          experiment::testing_example::two_exclusive_lanes()),
        kDuring));
    EXPECT_TRUE(made);
    app_.use(
        GrowthBookApi(*service_, {.prefix = "/ab",
                                  .keys = {{"sdk-a"}, {"sdk-r", true}, {"sdk-e", false, kSecret}},
                                  .keeps_arms = true}));
    client_.emplace(app_);
  }
  // An event of the plugin, about a user of the lane.
  std::string viewed(const std::string& user, const std::string& arm) {
    return R"({"event_name":"Experiment Viewed","device_id":")" + user +
           R"(","properties_json":{"experimentId":"colour","variationId":")" + arm +
           R"(","hashAttribute":"id","hashValue":")" + user + R"("}})";
  }
  std::string user_in(const std::string& arm, const std::string& other_than = {}) {
    experiment::Assignments assignments;
    for (int i = 0;; ++i) {
      std::string id = "u" + std::to_string(i);
      service_->lanes().snapshot()->assign({.units = {.user = id}}, now_, assignments);
      const experiment::Assignment& own = assignments.all()[0];
      if (own.arm_key() == arm && own.is_counted() && id != other_than) return id;
    }
  }
  web::TestResponse track(const std::string& body) {
    return client_->post("/ab/track?client_key=sdk-a", web::with_body(body, "text/plain"),
                         web::with_header("User-Agent", "Mozilla/5.0"));
  }

  experiment::Time now_ = kDuring;
  std::unique_ptr<data::Database> database_ = data::Database::open("sqlite://");
  std::optional<ExperimentService> service_;
  web::App app_;
  std::optional<web::TestClient> client_;
};

TEST_F(GrowthBookApiTest, GivesFeaturesAsGrowthBooksServersDo) {
  const auto response =
      client_->get("/ab/api/features/sdk-a", web::with_header("Origin", "https://shop.example"));
  response.expect_status(200)
      .expect_header("x-sse-support", "enabled")
      .expect_header("access-control-allow-origin", "*")
      .expect_header("access-control-expose-headers", "x-sse-support");
  const auto payload = Value::parse(response.body());
  ASSERT_TRUE(payload);
  EXPECT_EQ(payload->find("status")->json(), "200");
  EXPECT_NE(payload->find("features")->find("button.colour"), nullptr);
  EXPECT_EQ(payload->find("dateUpdated")->json(), "\"2024-03-10T00:00:00Z\"");
}

TEST_F(GrowthBookApiTest, RefusesUnknownKeysAndKeepsRulesFromRemoteOnes) {
  const auto unknown = client_->get("/ab/api/features/sdk-b");
  EXPECT_EQ(unknown.status(), 400);
  EXPECT_THAT(unknown.body(), HasSubstr(R"({"status":400,"error":"there is no client key)"));
  EXPECT_EQ(client_->get("/ab/api/features/sdk-r").status(), 403);
  EXPECT_EQ(client_->get("/ab/sub/sdk-b").status(), 400);
}

TEST_F(GrowthBookApiTest, EncryptsFeaturesForKeysThatHaveASecret) {
  const auto plain = Value::parse(client_->get("/ab/api/features/sdk-a").body());
  const auto hidden = Value::parse(client_->get("/ab/api/features/sdk-e").body());
  ASSERT_TRUE(plain && hidden);
  EXPECT_EQ(hidden->find("features")->json(), "{}");
  const auto features =
      experiment::growthbook::decrypt(*hidden->find("encryptedFeatures")->as_string(), kSecret);
  EXPECT_EQ(features, plain->find("features")->json());
  auto stream = client_->stream("/ab/sub/sdk-e");
  const std::string told = stream.next().value_or("");
  EXPECT_THAT(told, HasSubstr("encryptedFeatures"));
  EXPECT_THAT(told, Not(HasSubstr("button.colour")));
  EXPECT_THROW(GrowthBookApi(*service_, {.keys = {{"sdk-x", false, "short"}}}),
               std::invalid_argument);
  EXPECT_THROW(GrowthBookApi(*service_, {.keys = {{"sdk-x", true, kSecret}}}),
               std::invalid_argument);
}

TEST_F(GrowthBookApiTest, KeepsTheArmOfAUnitThatWasShownIt) {
  const std::string red = user_in("red");
  track("[" + viewed(red, "red") + "]");
  // From now on everybody gets blue.
  ASSERT_TRUE(run(service_->lanes().change(
      experiment::begin_phase("ada", "more blue", "colour", {0, 100}, 100), kDuring)));
  const auto colour_of = [&](const std::string& user) {
    const auto response = client_->post(
        "/ab/api/eval/sdk-r",
        web::with_body(R"({"attributes":{"id":")" + user + R"("}})", "application/json"));
    const auto payload = Value::parse(response.body());
    return payload->find("features")->find("button.colour")->find("defaultValue")->json();
  };
  EXPECT_EQ(colour_of(red), "\"red\"");
  EXPECT_EQ(colour_of(user_in("blue", red)), "\"blue\"");
}

TEST_F(GrowthBookApiTest, TakesWhatUnitsAreLikeWithTheirExposures) {
  const std::string red = user_in("red");
  std::string event = viewed(red, "red");
  event.insert(1, R"("context_json":{"country":"DE","browser":"firefox","secret":"x"},)");
  track("[" + event + "]");
  std::set<std::string> dimensions;
  for (const auto& each : run(service_->ingest().results_by_dimension("colour"))) {
    dimensions.insert(each.dimension + "=" + each.value);
  }
  EXPECT_THAT(dimensions, ::testing::UnorderedElementsAre("country=DE", "browser=firefox"));
}

TEST_F(GrowthBookApiTest, DatesEachPublicationLater) {
  const std::string before = service_->publication()->updated;
  ASSERT_TRUE(run(service_->lanes().change(experiment::end_experiment("ada", "done", "colour"),
                                           kDuring + std::chrono::seconds(1))));
  EXPECT_GT(service_->publication()->updated, before);
  const auto ended = service_->publication();
  now_ = *ended->until;
  EXPECT_GT(service_->publication()->updated, ended->updated) << "the clock ends the other";
}

TEST_F(GrowthBookApiTest, EvaluatesForOneUserWithoutShowingRules) {
  const std::string red = user_in("red");
  const auto response =
      client_->post("/ab/api/eval/sdk-r",
                    web::with_body(R"({"attributes":{"id":")" + red +
                                       R"("},"forcedVariations":{},)"
                                       R"("forcedFeatures":[["page.layout","odd"]],"url":""})",
                                   "application/json"));
  response.expect_status(200);
  const std::string text(response.body());
  EXPECT_THAT(text, Not(HasSubstr("filters")));
  EXPECT_THAT(text, Not(HasSubstr("blue"))) << "another arm's value";
  const auto payload = Value::parse(text);
  const Value& features = *payload->find("features");
  const Value& colour = *features.find("button.colour");
  EXPECT_EQ(colour.find("defaultValue")->json(), "\"red\"");
  const Value& rule = colour.find("rules")->as_array()->front();
  EXPECT_EQ(rule.find("tracks")->as_array()->front().find("result")->find("key")->json(),
            "\"red\"");
  EXPECT_EQ(features.find("page.layout")->find("defaultValue")->json(), "\"odd\"");
}

TEST_F(GrowthBookApiTest, TakesExposuresAndEventsOnceEach) {
  const std::string red = user_in("red");
  const std::string order = R"({"event_name":"orders","device_id":")" + red +
                            R"(","properties_json":{"value":3,"event_id":"o1"}})";
  track("[" + viewed(red, "red") + "," + order + "]")
      .expect_body(
          R"({"status":200,"exposures":1,"events":1,"duplicates":0,"refused":0,"ignored":0})");
  track("[" + order + "]")
      .expect_body(
          R"({"status":200,"exposures":0,"events":0,"duplicates":1,"refused":0,"ignored":0})");
  const auto results = run(service_->ingest().results("colour"));
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[1].arm, "red");
  EXPECT_EQ(results[1].total, 3);
}

TEST_F(GrowthBookApiTest, RefusesWhatIsForgedMalformedOrOfARobot) {
  const std::string red = user_in("red");
  track("[" + viewed(red, "blue") + R"(,{"event_name":null},{"event_name":"Feature Evaluated"}])")
      .expect_body(
          R"({"status":200,"exposures":0,"events":0,"duplicates":0,"refused":2,"ignored":1})");
  EXPECT_EQ(track("{}").status(), 400);
  EXPECT_THAT(track("not json").body(), HasSubstr("mend: send [{"));
  EXPECT_EQ(
      client_->post("/ab/track?client_key=other", web::with_body("[]", "text/plain")).status(),
      400);
  std::string many = "[";
  for (int i = 0; i < 1'001; ++i) many += i == 0 ? "{}" : ",{}";
  EXPECT_THAT(track(many + "]").body(), HasSubstr("1001 events are more than the 1000"));
  client_
      ->post("/ab/track?client_key=sdk-a",
             web::with_body("[" + viewed(red, "red") + "]", "text/plain"),
             web::with_header("User-Agent", "Googlebot/2.1"))
      .expect_body(
          R"({"status":200,"exposures":0,"events":0,"duplicates":0,"refused":1,"ignored":0})");
}

TEST_F(GrowthBookApiTest, TellsSubscribersOfEachChange) {
  auto stream = client_->stream("/ab/sub/sdk-a");
  EXPECT_THAT(stream.next().value_or(""),
              HasSubstr("event: features\nid: 1\nretry: 2000\ndata: {\"status\":200"));
  ASSERT_TRUE(run(service_->lanes().change(experiment::end_experiment("ada", "done", "colour"),
                                           kDuring + std::chrono::seconds(1))));
  EXPECT_THAT(stream.next().value_or(""), HasSubstr("2024-03-10T00:00:00Z0"));
}

TEST_F(GrowthBookApiTest, StoresVisitsAndEventsBehindTheRequest) {
  const std::string red = user_in("red");
  web::App app;
  app.get("/page", [&](const web::Request& request) {
    auto visit = service_->visit({.units = {.user = red}}, request);
    service_->happened({.id = "o", .user = red, .metric = "orders", .value = 1, .at = now_});
    return std::string(visit.get<Colour>());
  });
  web::TestClient(app).get("/page").expect_body("red");
  EXPECT_THAT(run(service_->ingest().results("colour")), ::testing::IsEmpty());
  run(service_->flush());
  EXPECT_EQ(run(service_->ingest().results("colour")).size(), 2U);
}

}  // namespace
}  // namespace hornbeam::site

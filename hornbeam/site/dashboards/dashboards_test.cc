#include "hornbeam/site/dashboards/dashboards.h"

#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/data/schema_difference.h"
#include "hornbeam/data/testing/fixture.h"
#include "hornbeam/web/app.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::site {
namespace {

namespace fs = std::filesystem;

using web::with_json;

constexpr std::string_view kPlants =
    R"({"name": "Plants", "index": "plants", "filters": [{"field": "bed", "value": "3"}],)"
    R"( "panels": [{"kind": "terms", "field": "name"}, {"kind": "metric", "metric": "avg",)"
    R"( "metric_field": "bed"}]})";

/// A new one, gone after everything that is declared below it.
struct Folder {
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "dashboards_test.XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path); }

  fs::path path;
};

class DashboardsTest : public data::OnEachDatabase {
 protected:
  void SetUp() override {
    OnEachDatabase::SetUp();
    if (!database_) return;
    data::migrate(*database_, std::vector{dashboards_migration(1)});
    app_.before_request(
        [this](const web::Request& request) { request.local<ConsoleRights>().saves = may_save_; });
    app_.mount("/dashboards", dashboards(node_, pool_, *database_));
    client_.emplace(app_);
  }

  SavedDashboard save() {
    const auto response = client_->post("/dashboards/", with_json(kPlants)).expect_status(201);
    return base::from_json<SavedDashboard>(response.body()).value();
  }

  bool may_save_ = true;

 private:
  const Folder folder_;
  search::Node node_{folder_.path};
  base::ThreadPool pool_{1};
  web::App app_;

 protected:
  std::optional<web::TestClient> client_;
};
INSTANTIATE_TEST_SUITE_P(On, DashboardsTest, data::kEachDatabase, data::database_name);

TEST_P(DashboardsTest, TheMigrationMakesWhatTheStructsDescribe) {
  const auto tables = dashboards_tables();
  const auto connection = database_->connect();
  for (const auto& each : data::differences(tables, read_schema(*connection), GetParam())) {
    ADD_FAILURE() << each.text;
  }
  data::downgrade(*database_, std::vector{dashboards_migration(1)}, 0);
  EXPECT_TRUE(read_schema(*database_->connect()).empty());
}

TEST_P(DashboardsTest, WhatIsSavedIsThereAtItsLink) {
  const SavedDashboard saved = save();
  EXPECT_EQ(saved.dashboard.panels.size(), 2U);
  const std::string link = fmt::format("/dashboards/{}", saved.id);
  client_->get(link).expect_status(200).expect_body_contains(R"("name":"Plants")");
  client_->get("/dashboards/").expect_status(200).expect_body_contains(">Plants</a>");
  client_->get("/dashboards/99").expect_status(404);
}

TEST_P(DashboardsTest, OfTwoWhoChangeTheSameTheSecondIsTold) {
  const SavedDashboard saved = save();
  const std::string link = fmt::format("/dashboards/{}?version=1", saved.id);
  const auto changed = client_->put(link, with_json(kPlants)).expect_status(200);
  EXPECT_EQ(base::from_json<SavedDashboard>(changed.body())->version, 2);
  client_->put(link, with_json(kPlants)).expect_status(409).expect_body_contains("open it again");
  client_->put("/dashboards/99?version=1", with_json(kPlants)).expect_status(404);
}

TEST_P(DashboardsTest, OnlyThoseWithTheRightSaveAndDelete) {
  const SavedDashboard saved = save();
  may_save_ = false;
  const std::string link = fmt::format("/dashboards/{}", saved.id);
  client_->post("/dashboards/", with_json(kPlants)).expect_status(403);
  client_->put(link + "?version=1", with_json(kPlants)).expect_status(403);
  client_->del(link).expect_status(403).expect_body_contains("right to save");
  client_->get(link).expect_status(200).expect_body_contains("data-saves=\"no\"");
  may_save_ = true;
  client_->del(link).expect_status(204);
  client_->del(link).expect_status(404);
}

TEST_P(DashboardsTest, RefusesWhatIsNoDashboardAndSaysWhy) {
  constexpr std::pair<std::string_view, std::string_view> kBad[] = {
      {"{}", "#/name"},
      {R"({"name": "", "index": "a"})", "#/name"},
      {R"({"name": "a", "index": "a", "extra": 1})", "#/extra"},
      {R"({"name": "a", "index": "a", "panels": [{"kind": "pie"}]})", "#/panels/0/kind"},
      {R"({"name": "a", "index": "a", "panels": [{"kind": "terms", "size": 1000000}]})",
       "#/panels/0/size"},
      {R"({"name": "a", "index": "a", "filters": [{"field": "f", "kind": "script"}]})",
       "#/filters/0/kind"},
  };
  for (const auto& [body, pointer] : kBad) {
    client_->post("/dashboards/", with_json(body)).expect_status(422).expect_body_contains(pointer);
  }
  std::string many = R"({"name": "a", "index": "a", "panels": [{"kind": "metric"})";
  for (int i = 0; i < 24; ++i) many += R"(,{"kind": "metric"})";
  client_->post("/dashboards/", with_json(many + "]}")).expect_status(422);
  client_->post("/dashboards/", with_json("{\"name\": ")).expect_status(400);
  const std::string deep(100'000, '[');
  EXPECT_GE(client_->post("/dashboards/", with_json(deep)).status(), 400);
}

TEST_P(DashboardsTest, ANameIsNeverMarkup) {
  constexpr std::string_view kHostile =
      R"({"name": "</script><img src=x onerror=alert(1)>", "index": "<b>"})";
  const auto response = client_->post("/dashboards/", with_json(kHostile)).expect_status(201);
  const std::int64_t id = base::from_json<SavedDashboard>(response.body())->id;
  for (const std::string& path : {std::string("/dashboards/"), fmt::format("/dashboards/{}", id)}) {
    EXPECT_EQ(client_->get(path).body().find("<img"), std::string_view::npos) << path;
  }
}

TEST_P(DashboardsTest, ItsPageAsksTheIndexAndMayOnlyRead) {
  const auto asked = client_->post("/dashboards/run?method=GET&path=/_cat/indices");
  EXPECT_EQ(asked.find_header("X-Search-Status").value_or(""), "200");
  client_->post("/dashboards/run?method=DELETE&path=/plants").expect_status(403);
}

}  // namespace
}  // namespace hornbeam::site

// A program with one experiment, for GrowthBook's client from npm. Beside their paths it has what
// the test asks: POST /phase gives the arm to a fifth of the lane by another salt, POST /end ends
// the experiment, GET /results tells what was counted, GET /dimensions by what.

#include <set>

#include <fmt/format.h>

#include "hornbeam/experiment/change.h"
#include "hornbeam/site/experiments/growthbook_api.h"
#include "hornbeam/web.h"

namespace hornbeam {
namespace {

using experiment::Time;

/// A sum of the results.
struct Row {
  std::string arm;
  std::string metric;
  std::int64_t units = 0;
  double total = 0;
};
constexpr auto describe(base::Type<Row>) {
  return base::fields(base::field("arm", &Row::arm), base::field("metric", &Row::metric),
                      base::field("units", &Row::units), base::field("total", &Row::total));
}

experiment::Configuration configuration(Time now) {
  using std::chrono::hours;
  experiment::Experiment colour;
  colour.key = "colour";
  colour.hypothesis = "People press what they see.";
  colour.arms = {{"green", 100, {{"button.colour", base::RawJson{"\"green\""}}}}};
  colour.primary_metric = "Order Completed";
  colour.starts_at = now - hours(1);
  colour.ends_at = now + hours(1);
  experiment::Lane lane;
  lane.key = "colours";
  lane.share = 100;
  lane.parameters = {{"button.colour", base::RawJson{"\"grey\""}}};
  lane.experiments = {colour};
  experiment::Domain domain;
  domain.key = "shop";
  domain.lanes = {lane};
  return {.domains = {domain}};
}

struct Shop {
  Shop() {
    data::migrate(*database, experiment::experiment_migrations());
    const auto made = base::run(service.lanes().change(
        experiment::replace_configuration("test", "to begin", configuration(service.now())),
        service.now()));
    if (!made) throw std::runtime_error(made.error().message);
    app.use(service);
    app.use(
        site::GrowthBookApi(service, {.keys = {{"sdk-shop"},
                                               {"sdk-remote", true},
                                               {"sdk-secret", false, "Zvwv/+uhpFDznZ6SX28Yjg=="}},
                                      .keeps_arms = true}));
    app.post("/phase", [this]() -> web::Task<std::string> {
      auto begun = co_await service.lanes().change(
          experiment::begin_phase("test", "to see who stays", "colour", {100}, 20), service.now());
      co_return begun ? "begun" : begun.error().message;
    });
    app.get("/dimensions", [this]() -> web::Task<std::string> {
      std::set<std::string> all;
      for (const auto& each : co_await service.ingest().results_by_dimension("colour")) {
        all.insert(each.dimension + "=" + each.value);
      }
      co_return fmt::format("{}", fmt::join(all, " "));
    });
    app.post("/end", [this]() -> web::Task<std::string> {
      auto ended = co_await service.lanes().change(
          experiment::end_experiment("test", "to see it", "colour"), service.now());
      co_return ended ? "ended" : ended.error().message;
    });
    app.get("/results", [this]() -> web::Task<std::vector<Row>> {
      std::vector<Row> rows;
      for (auto& each : co_await service.ingest().results("colour")) {
        rows.push_back({each.arm, each.metric, each.units, each.total});
      }
      co_return rows;
    });
  }

  std::unique_ptr<data::Database> database = data::Database::open("sqlite://");
  site::ExperimentService service{*database};
  web::App app;
};

}  // namespace
}  // namespace hornbeam

int main(int argc, char** argv) {
  return hornbeam::web::run(
      argc, argv, [](const hornbeam::web::Config&) { return std::make_unique<hornbeam::Shop>(); },
      {.name = "growthbook_server", .port = 0});
}

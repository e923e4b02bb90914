// A shop that tries out the colour of a button: docs/guide/experiments.md.

#include <iostream>

#include "hornbeam/data.h"
#include "hornbeam/experiment.h"
#include "hornbeam/site.h"
#include "hornbeam/web.h"

namespace {

using namespace hornbeam;
using web::Request;
using web::Response;

// [parameter]
struct ButtonColour {
  static constexpr std::string_view kName = "button.colour";
  static constexpr std::string_view kDefault = "grey";
};
// [/parameter]

// [lanes]
experiment::Configuration lanes(experiment::Time now) {
  experiment::Experiment colour;
  colour.key = "button-colour-1";
  colour.hypothesis = "A red button is seen, so more visitors order.";
  colour.arms = {{.key = "red", .weight = 50, .values = {{"button.colour", {"\"red\""}}}},
                 {.key = "blue", .weight = 50, .values = {{"button.colour", {"\"blue\""}}}}};
  colour.primary_metric = "order";
  colour.guardrail_metrics = {"return"};
  colour.starts_at = now;
  colour.ends_at = now + std::chrono::hours(24 * 14);

  experiment::Lane button;
  button.key = "button";
  button.share = 100;
  button.parameters = {{"button.colour", {"\"grey\""}}};
  button.experiments = {colour};

  experiment::Domain shop;
  shop.key = "shop";
  shop.control = 50;
  shop.lanes = {button};
  return {.domains = {shop}};
}
// [/lanes]

// [program]
struct Shop {
  Shop() {
    data::migrate(*database, experiment::experiment_migrations());
    app.use(experiments);
    app.use(site::GrowthBookApi(experiments, {.prefix = "/ab", .keys = {{"sdk-shop"}}}));
    app.use(site::ExperimentPages(experiments, {.prefix = "/experiments", .product = "Shop"}));
    app.get("/users/{user}", [this](const Request& request, const std::string& user) {
      auto visit = experiments.visit({.units = {.user = user}}, request);
      return web::html(
          fmt::format("<button class=\"{}\">Order</button>", visit.get<ButtonColour>()));
    });
    app.post("/users/{user}/orders/{number}", [this](std::string user, std::int64_t number) {
      experiments.happened({.id = fmt::format("order-{}", number),
                            .user = std::move(user),
                            .metric = "order",
                            .at = experiments.now()});
      return "Thank you.";
    });
    app.command("begin", "Begin the experiment", [this] { return begin(); });
    app.command("try", "Let a thousand made-up users come", [this] { return let_users_come(); });
  }

  int begin() {
    const auto made = base::run(experiments.lanes().change(
        experiment::replace_configuration("the shop", "to see", lanes(experiments.now())),
        experiments.now()));
    if (!made) std::cerr << made.error().message << '\n';
    return made ? 0 : 1;
  }

  int let_users_come();

  std::unique_ptr<data::Database> database = data::Database::open("sqlite://");
  site::ExperimentService experiments{*database,
                                      {.metrics = {{.key = "order", .title = "Ordered"},
                                                   {.key = "return",
                                                    .title = "Sent it back",
                                                    .better = experiment::stats::Better::kLower}}}};
  web::App app;
};
// [/program]

// [try]
int Shop::let_users_come() {
  if (const int failed = begin(); failed != 0) return failed;
  site::simulate(app, 1'000, [](std::size_t user, const site::Ask& ask) {
    const std::string path = fmt::format("/users/{}", user);
    const bool sees_red = ask({.target = path}).body.contains("red");
    if (user % (sees_red ? 3 : 4) != 0) return;
    ask({.method = "POST", .target = fmt::format("{}/orders/{}", path, user)});
  });
  base::run(experiments.flush());
  for (const auto& row : base::run(experiments.ingest().results("button-colour-1"))) {
    fmt::print("{}: {} units {}\n", row.arm, row.units, row.metric.empty() ? "" : row.metric);
  }
  return 0;
}
// [/try]

}  // namespace

int main(int argc, char** argv) {
  return web::run(argc, argv, [](const web::Config&) { return std::make_unique<Shop>(); },
                  {.name = "shop"});
}

#include "hornbeam/site/experiments/pages.h"

#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/site/experiments/assets.h"
#include "hornbeam/site/experiments/calculator.h"
#include "hornbeam/site/experiments/changes.h"
#include "hornbeam/site/experiments/combination_view.h"
#include "hornbeam/site/experiments/page_views.h"
#include "hornbeam/site/experiments/plan_view.h"
#include "hornbeam/site/experiments/results_view.h"
#include "hornbeam/web/app.h"
#include "hornbeam/web/csrf.h"
#include "hornbeam/web/extract.h"
#include "hornbeam/web/templates.h"

namespace hornbeam::site {
namespace {

using base::Task;
using web::PageValues;
using web::Request;
using web::Response;

constexpr std::int64_t kAuditRows = 200;

std::string query_of(const Request& request, std::string_view name) {
  return std::string(request.find_query(name).value_or("")).substr(0, 200);
}

// "experiment/arm", as the combination's form sends it. Keys may have slashes; arms less often.
std::optional<ArmOf> arm_in(const std::string& text) {
  const auto at = text.rfind('/');
  if (at == std::string::npos || at == 0 || at + 1 == text.size()) return std::nullopt;
  return ArmOf{text.substr(0, at), text.substr(at + 1)};
}

}  // namespace

/// All that the routes share; they hold it.
struct ExperimentPages::State {
  State(ExperimentService& of, ExperimentPagesOptions given)
      : service(of),
        options(std::move(given)),
        templates(experiment_assets::embedded_experiments_templates()) {}

  ExperimentService& service;
  const ExperimentPagesOptions options;
  web::Templates templates;
  bool has_tokens = false;  // Set before the application serves.

  auto configuration() const { return service.lanes().snapshot(); }
  const std::vector<MetricDefinition>& metrics() const { return service.lanes().metrics(); }
  Task<std::optional<std::string>> editor(const Request& request) const {
    if (!options.editor) co_return std::nullopt;
    co_return co_await options.editor(request);
  }
  Response challenge(const Request& request) const {
    if (options.challenge) return options.challenge(request);
    throw web::forbidden("changing experiments is for those who have the right to");
  }

  Response render(const Request& request, std::string_view name, PageValues values,
                  int status = 200) const {
    values.add({"prefix", options.prefix});
    values.add({"product", options.product});
    values.add({"home", options.home});
    values.add({"token", has_tokens ? web::csrf_field(request) : std::string()});
    Response response = templates.render(request, name, values, status);
    response.set_field("Cache-Control", "no-cache");
    return response;
  }

  Task<bool> has_simulated(std::string experiment, experiment::UnitKind kind) const {
    if (options.simulated_prefix.empty()) co_return false;
    co_return co_await service.ingest().count_units(experiment, kind, options.simulated_prefix) > 0;
  }

  // ---- reading

  Task<Response> overview(const Request& request) const;
  Task<Response> experiment(const Request& request, std::string key, std::string problem) const;
  Task<Response> who(const Request& request) const;
  Task<Response> audit(const Request& request) const;
  Task<Response> combine(const Request& request, std::string problem) const;
  Response plan(const Request& request) const;
  Task<base::Result<Reading>> reading_of(const std::string& key) const;
  Task<CombinationView> combination(const ArmOf& one, const ArmOf& other) const;
  Task<CombinationView> together(const PlacedExperiment& placed) const;

  // ---- changing

  Task<Response> change(const Request& request, std::string key, ChangeForm form) const;
  Task<Response> begin(const Request& request, StartForm form) const;
  Task<Response> follow_up(const Request& request) const;
  Task<Response> show_start(const Request& request, StartForm form, std::string problem) const;
  Response back_to(const std::string& path) const {
    return web::redirect(options.prefix + path, 303);
  }
};

Task<Response> ExperimentPages::State::overview(const Request& request) const {
  const auto snapshot = configuration();
  const auto actor = co_await editor(request);
  std::vector<DomainView> domains;
  bool is_simulated = false;
  for (const auto& domain : snapshot->configuration().domains) {
    domains.push_back(domain_of(domain, metrics(), service.now(), options.prefix));
    for (const auto& lane : domain.lanes) {
      for (const auto& each : lane.experiments) {
        if (!is_simulated) is_simulated = co_await has_simulated(each.key, domain.unit);
      }
    }
  }
  co_return render(
      request, "overview.html",
      {{"domains", domains}, {"is_simulated", is_simulated}, {"actor", actor.value_or("")}});
}

Task<base::Result<Reading>> ExperimentPages::State::reading_of(const std::string& key) const {
  const auto snapshot = configuration();
  const auto placed = find_experiment(snapshot->configuration(), key);
  if (!placed) co_return base::error("unknown", "There is no experiment " + key + ".");
  const auto counted = co_await service.ingest().results_by_day(key);
  const auto mixed = co_await service.ingest().units_in_several_arms(key);
  co_return make_reading(*placed, definitions_for(*placed->experiment, metrics()), counted, mixed,
                         service.now());
}

// Measured, if units had both arms; else estimated, and then it can be followed up.
Task<CombinationView> ExperimentPages::State::combination(const ArmOf& one,
                                                          const ArmOf& other) const {
  const auto problem = [](std::string text) {
    CombinationView view;
    view.problem = std::move(text);
    return view;
  };
  const auto snapshot = configuration();
  const auto first = find_experiment(snapshot->configuration(), one.experiment);
  const auto second = find_experiment(snapshot->configuration(), other.experiment);
  if (!first || !second) co_return problem("There is no such experiment.");
  const std::string metric = first->experiment->primary_metric;
  if (metric != second->experiment->primary_metric) {
    co_return problem("The two have different primary metrics; choose two with the same.");
  }
  const auto today = std::chrono::floor<std::chrono::days>(service.now());
  const auto cells =
      co_await service.ingest().cells(one.experiment, other.experiment, metric, today);
  const CombinedArm with_one{*first, one.arm};
  const CombinedArm with_other{*second, other.arm};
  if (has_cell(cells, with_one, with_other)) {
    const auto definition =
        experiment::definition_of(definitions_for(*first->experiment, metrics()), metric);
    co_return measured_combination(cells, with_one, with_other, definition);
  }
  const auto a = co_await reading_of(one.experiment);
  const auto b = co_await reading_of(other.experiment);
  if (!a || !b) co_return problem(!a ? a.error().message : b.error().message);
  const auto place = [](const Reading& reading, const std::string& arm) {
    const auto& arms = reading.plan.arms;
    return static_cast<std::size_t>(std::find(arms.begin(), arms.end(), arm) - arms.begin());
  };
  const std::size_t one_arm = place(*a, one.arm);
  const std::size_t other_arm = place(*b, other.arm);
  if (one_arm == a->plan.arms.size() || other_arm == b->plan.arms.size()) {
    co_return problem("There is no such arm.");
  }
  CombinationView view = estimated_combination(*a, one_arm, *b, other_arm);
  view.can_follow_up = view.problem.empty();
  co_return view;
}

// What a follow-up's two winners do together; nothing if the experiment is no follow-up.
Task<CombinationView> ExperimentPages::State::together(const PlacedExperiment& placed) const {
  const auto snapshot = configuration();
  const experiment::Experiment& one = *placed.experiment;
  const auto partner = find_experiment(snapshot->configuration(), one.together_with);
  if (one.together_with.empty() || !partner) co_return CombinationView{};
  const auto winner = [](const experiment::Experiment& each) {
    for (const auto& arm : each.arms) {
      if (!arm.values.empty()) return arm.key;
    }
    return std::string();
  };
  co_return co_await combination({one.key, winner(one)},
                                 {partner->experiment->key, winner(*partner->experiment)});
}

Task<Response> ExperimentPages::State::experiment(const Request& request, std::string key,
                                                  std::string problem) const {
  const auto snapshot = configuration();
  const auto placed = find_experiment(snapshot->configuration(), key);
  if (!placed) throw web::not_found("there is no experiment of this key");
  const auto actor = co_await editor(request);
  experiment::Ingest& ingest = service.ingest();
  const auto counted = co_await ingest.results_by_day(key);
  std::vector<experiment::DimensionResult> by_dimension;
  const bool has_dimensions = request.find_query("by").has_value();
  if (has_dimensions) by_dimension = co_await ingest.results_by_dimension(key);
  const auto mixed = co_await ingest.units_in_several_arms(key);
  const bool is_simulated = co_await has_simulated(key, placed->domain->unit);
  const CombinationView both = co_await together(*placed);
  const auto now = service.now();
  const ExperimentCard card = card_of(*placed, metrics(), now, options.prefix);
  const ResultsView results = read_for_page(*placed, metrics(), counted, by_dimension, mixed, now);
  std::vector<std::string> arms;
  for (const auto& each : placed->experiment->arms) arms.push_back(each.key);
  co_return render(request, "experiment.html",
                   {{"experiment", card},
                    {"plan", plan_view_of(*placed, metrics(), counted, now)},
                    {"results", results},
                    {"combination", both},
                    {"partner", placed->experiment->together_with},
                    {"arms", arms},
                    {"has_dimensions", has_dimensions},
                    {"is_simulated", is_simulated},
                    {"problem", problem},
                    {"actor", actor.value_or("")}},
                   problem.empty() ? 200 : 422);
}

Task<Response> ExperimentPages::State::who(const Request& request) const {
  const std::string unit = query_of(request, "unit");
  std::vector<WhoView> lanes;
  if (!unit.empty()) {
    const auto snapshot = configuration();
    std::vector<experiment::UnitRecord> records;
    for (const auto& domain : snapshot->configuration().domains) {
      auto more = co_await service.ingest().records_of(domain.unit, unit);
      records.insert(records.end(), more.begin(), more.end());
    }
    lanes = who_of(*snapshot, unit, service.now(), records);
  }
  co_return render(request, "who.html", {{"unit", unit}, {"lanes", lanes}});
}

Task<Response> ExperimentPages::State::audit(const Request& request) const {
  const std::int64_t newest = configuration()->version();
  const auto entries =
      co_await service.lanes().audit(std::max<std::int64_t>(0, newest - kAuditRows), kAuditRows);
  co_return render(request, "audit.html", {{"entries", audit_of(entries)}});
}

Response ExperimentPages::State::plan(const Request& request) const {
  CalculatorQuestion question;
  CalculatorView view;
  try {
    question = web::Extract<web::Query<CalculatorQuestion>>::from(request).value;
    view = calculate(question);
  } catch (const web::HttpError& failure) {
    for (const auto& each : failure.problems()) view.problem += each.to_string() + ". ";
    if (view.problem.empty()) view.problem = failure.message();
  }
  return render(request, "plan.html", {{"question", question}, {"answer", view}},
                view.problem.empty() ? 200 : 422);
}

Task<Response> ExperimentPages::State::combine(const Request& request, std::string problem) const {
  const std::string one = query_of(request, "one");
  const std::string other = query_of(request, "other");
  const auto snapshot = configuration();
  const auto actor = co_await editor(request);
  CombinationView view;
  bool is_simulated = false;
  const auto first = arm_in(one);
  const auto second = arm_in(other);
  if (first && second && first->experiment != second->experiment) {
    view = co_await combination(*first, *second);
    const auto placed = find_experiment(snapshot->configuration(), first->experiment);
    if (placed) is_simulated = co_await has_simulated(first->experiment, placed->domain->unit);
  } else if (!one.empty() || !other.empty()) {
    view.problem = "Choose arms of two experiments.";
  }
  if (!problem.empty()) view.problem = problem;
  co_return render(request, "combine.html",
                   {{"choices", choices_of(snapshot->configuration(), service.now(), one, other)},
                    {"one", one},
                    {"other", other},
                    {"combination", view},
                    {"is_simulated", is_simulated},
                    {"actor", actor.value_or("")}},
                   view.problem.empty() ? 200 : 422);
}

Task<Response> ExperimentPages::State::change(const Request& request, std::string key,
                                              ChangeForm form) const {
  const auto actor = co_await editor(request);
  if (!actor) co_return challenge(request);
  auto wanted = change_of(form, *actor, key, service.now());
  if (!wanted) co_return co_await experiment(request, key, wanted.error().message);
  const auto made = co_await service.lanes().change(*std::move(wanted), service.now());
  if (!made) co_return co_await experiment(request, key, made.error().message);
  co_return back_to("/e/" + base::percent_encode(key));
}

Task<Response> ExperimentPages::State::show_start(const Request& request, StartForm form,
                                                  std::string problem) const {
  const auto actor = co_await editor(request);
  if (!actor) co_return challenge(request);
  std::vector<std::string> lanes;
  std::vector<std::string> parameters;
  const auto snapshot = configuration();
  for (const auto& domain : snapshot->configuration().domains) {
    for (const auto& lane : domain.lanes) {
      lanes.push_back(lane.key);
      for (const auto& each : lane.parameters) {
        parameters.push_back(fmt::format("{}: {} ({})", lane.key, each.name, each.value.text));
      }
    }
  }
  std::vector<std::string> known;
  for (const auto& each : metrics()) {
    known.push_back(
        fmt::format("{}: {}, {:.3g} %", each.key, each.title, 100 * each.smallest_effect));
  }
  co_return render(request, "start.html",
                   {{"form", form},
                    {"lanes", lanes},
                    {"metrics", known},
                    {"parameters", parameters},
                    {"problem", problem},
                    {"actor", *actor}},
                   problem.empty() ? 200 : 422);
}

Task<Response> ExperimentPages::State::begin(const Request& request, StartForm form) const {
  const auto actor = co_await editor(request);
  if (!actor) co_return challenge(request);
  auto wanted = start_of(form, *actor);
  if (!wanted) co_return co_await show_start(request, form, wanted.error().message);
  const auto made = co_await service.lanes().change(*std::move(wanted), service.now());
  if (!made) co_return co_await show_start(request, form, made.error().message);
  co_return back_to("/e/" + base::percent_encode(form.key));
}

Task<Response> ExperimentPages::State::follow_up(const Request& request) const {
  const auto actor = co_await editor(request);
  if (!actor) co_return challenge(request);
  const auto one = arm_in(query_of(request, "one"));
  const auto other = arm_in(query_of(request, "other"));
  if (!one || !other) co_return co_await combine(request, "Choose arms of two experiments.");
  // What still runs ends: a lane's units may change only then.
  for (const ArmOf* each : {&*one, &*other}) {
    const auto snapshot = configuration();
    const auto placed = find_experiment(snapshot->configuration(), each->experiment);
    if (!placed || stage_of(*placed->experiment, service.now()) != Stage::kRunning) continue;
    const auto ended = co_await service.lanes().change(
        experiment::end_experiment(*actor, "its winner is followed up", each->experiment),
        service.now());
    if (!ended) co_return co_await combine(request, ended.error().message);
  }
  const auto made =
      co_await service.lanes().change(site::follow_up(*actor, *one, *other, 4), service.now());
  if (!made) co_return co_await combine(request, made.error().message);
  co_return back_to("");
}

ExperimentPages::ExperimentPages(ExperimentService& service, ExperimentPagesOptions options)
    : state_(std::make_shared<State>(service, std::move(options))) {}
ExperimentPages::ExperimentPages(ExperimentPages&&) noexcept = default;
ExperimentPages::~ExperimentPages() = default;

void ExperimentPages::init_app(web::App& app) {
  const auto state = state_;
  app.use(state->templates);
  app.keep(state);
  app.at_start([state](web::App& started) {
    state->has_tokens = !started.settings().session.secret_key.empty();
  });
  web::Blueprint pages("experiments", state->options.prefix);
  pages.get("/", [state](const Request& request) { return state->overview(request); });
  pages.get("/e/{key}", [state](const Request& request, std::string key) {
    return state->experiment(request, std::move(key), {});
  });
  pages.post("/e/{key}",
             [state](const Request& request, std::string key, web::Form<ChangeForm> form) {
               return state->change(request, std::move(key), std::move(form.value));
             });
  pages.get("/plan", [state](const Request& request) { return state->plan(request); });
  pages.get("/who", [state](const Request& request) { return state->who(request); });
  pages.get("/audit", [state](const Request& request) { return state->audit(request); });
  pages.get("/combine", [state](const Request& request) { return state->combine(request, {}); });
  pages.post("/combine", [state](const Request& request) { return state->follow_up(request); });
  pages.get("/start",
            [state](const Request& request) { return state->show_start(request, {}, {}); });
  pages.post("/start", [state](const Request& request, web::Form<StartForm> form) {
    return state->begin(request, std::move(form.value));
  });
  pages.static_files("/static", experiment_assets::embedded_experiments_static());
  app.mount(std::move(pages));
}

}  // namespace hornbeam::site

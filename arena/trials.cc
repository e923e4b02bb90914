#include "arena/trials.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <random>

namespace arena {
namespace {

namespace experiment = hornbeam::experiment;
namespace site = hornbeam::site;
namespace web = hornbeam::web;
using std::chrono::hours;

constexpr std::string_view kCookie = "visitor";
constexpr std::int64_t kYear = std::int64_t{3600} * 24 * 365;

struct Layout {
  static constexpr std::string_view kName = "play.layout";
  static constexpr std::string_view kDefault = "side";
};
struct Pieces {
  static constexpr std::string_view kName = "pieces.colour";
  static constexpr std::string_view kDefault = "leaf";
};

experiment::Lane lane(std::string key, std::string_view parameter, std::string_view value) {
  experiment::Lane made;
  made.key = std::move(key);
  made.share = 50;
  made.parameters = {{std::string(parameter), {hornbeam::to_json(value)}}};
  return made;
}

experiment::Experiment trial(std::string key, std::string hypothesis, std::string_view parameter,
                             const std::vector<std::string>& values, experiment::Time now) {
  experiment::Experiment made;
  made.key = std::move(key);
  made.hypothesis = std::move(hypothesis);
  for (const std::string& value : values) {
    made.arms.push_back({.key = value,
                         .weight = 100.0 / static_cast<double>(values.size()),
                         .values = {{std::string(parameter), {hornbeam::to_json(value)}}}});
  }
  made.primary_metric = "game_started";
  made.secondary_metrics = {"game_joined", "rematch"};
  made.guardrail_metrics = {"game_completed"};
  // Three weeks before now: so that the simulated visitors of those weeks find it running. Results
  // are counted from the first exposure, whoever it is.
  made.starts_at = std::chrono::floor<std::chrono::days>(now) - hours(24 * 21);
  made.ends_at = made.starts_at + hours(24 * 7 * 8);
  return made;
}

experiment::Configuration two_lanes(experiment::Time now) {
  experiment::Lane layout = lane("layout", Layout::kName, Layout::kDefault);
  layout.experiments = {trial(
      "play-layout", "With the board first, more visitors begin a game: it is what they came for.",
      Layout::kName, {"board-first", "centred"}, now)};
  experiment::Lane colour = lane("colour", Pieces::kName, Pieces::kDefault);
  colour.experiments = {trial("piece-colour",
                              "Pieces in a livelier colour than leaf and wood invite to play.",
                              Pieces::kName, {"green", "red", "blue", "violet", "amber"}, now)};
  experiment::Domain domain;
  domain.key = "arena";
  domain.unit = experiment::UnitKind::kSession;
  domain.lanes = {layout, colour};
  return {.domains = {domain}};
}

std::vector<experiment::MetricDefinition> metrics() {
  return {{.key = "game_started", .title = "Game started", .smallest_effect = 0.05},
          {.key = "game_joined", .title = "Joined a friend's game", .smallest_effect = 0.1},
          {.key = "game_completed", .title = "Game completed", .smallest_effect = 0.1},
          {.key = "rematch", .title = "Asked for a rematch", .smallest_effect = 0.1}};
}

// An id that nobody else has. It is no secret: it stands for a browser, and opens nothing.
// Sixteen digits: each is read at every page, and two visitors who had the same would only count as
// one (of a hundred million, a chance of one in four thousand).
std::string new_visitor() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

bool is_visitor(std::string_view text) {
  return text.size() >= 8 && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(),
                     [](const unsigned char c) { return std::isalnum(c) != 0 || c == '-'; });
}

// What results can be shown by. Whoever comes without a cookie is new; languages that few have are
// one, so that nobody is told apart by them.
std::string segment_of(const web::Request& request, std::string_view user_agent, bool is_new) {
  const std::string_view language =
      request.find_header("accept-language").value_or("").substr(0, 2);
  constexpr std::array<std::string_view, 5> kLanguages{"de", "en", "es", "fr", "it"};
  const bool is_known = std::ranges::find(kLanguages, language) != kLanguages.end();
  const bool is_phone = user_agent.find("Mobi") != std::string_view::npos;
  return experiment::segment_of({{"device", is_phone ? "phone" : "desktop"},
                                 {"language", is_known ? std::string(language) : "other"},
                                 {"visitor", is_new ? "new" : "returning"}});
}

std::optional<experiment::Time> simulated_time(const web::Request& request) {
  const auto field = request.find_header("x-simulated-at");
  if (!field) return std::nullopt;
  std::int64_t milliseconds = 0;
  std::from_chars(field->data(), field->data() + field->size(), milliseconds);
  return experiment::Time(std::chrono::milliseconds(milliseconds));
}

site::ExperimentServiceOptions service_options(const TrialOptions& options) {
  site::ExperimentServiceOptions made;
  made.metrics = metrics();
  if (options.simulates) {
    made.time_of = simulated_time;
    made.ingest.oldest = hours(24 * 90);
    made.exposures.most_waiting = 10'000'000;  // They come all at once.
  }
  return made;
}

}  // namespace

Trials::Trials(hornbeam::data::Database& database, TrialOptions options)
    : options_(std::move(options)),
      service_(database, service_options(options_)),
      operators_("arena's experiments", options_.operator_tokens) {}

void Trials::begin() {
  experiment::Change first{.actor = "arena",
                           .action = "begin",
                           .subject = {},
                           .reason = "the two lanes that the program comes with",
                           .edit = [](experiment::Configuration& configuration,
                                      experiment::Time now) -> hornbeam::Result<void> {
                             if (!configuration.domains.empty()) {
                               return hornbeam::error("present", "there are lanes already");
                             }
                             configuration = two_lanes(now);
                             return {};
                           }};
  const auto newest = hornbeam::base::run(service_.refresh());
  if (!newest || newest->snapshot->version() > 0) return;
  // Of two processes that begin at once, one is told that the other did.
  const auto made = hornbeam::base::run(service_.lanes().change(std::move(first), service_.now()));
  if (!made && made.error().code != "present") {
    hornbeam::base::log_error("the experiments did not begin", {{"reason", made.error().message}});
  }
}

void Trials::add_to(web::App& app) {
  app.use(service_);
  app.use(
      site::GrowthBookApi(service_, {.prefix = "/experiments", .keys = {{options_.client_key}}}));
  app.use(site::ExperimentPages(
      service_,
      {.prefix = "/experiments",
       .product = "Arena",
       .home = "/",
       .simulated_prefix = "simulated-",
       .editor = [this](const web::Request& request) -> hornbeam::Task<std::optional<std::string>> {
         co_return operators_.user(request);
       },
       .challenge = [this](const web::Request&) { return operators_.challenge(); }}));
}

std::string Trials::visitor_of(const web::Request& request) {
  const auto cookie = request.find_cookie(kCookie);
  return cookie && is_visitor(*cookie) ? std::string(*cookie) : std::string();
}

Look Trials::look_for(const web::Request& request) {
  const std::string_view agent = request.find_header("user-agent").value_or("");
  if (experiment::is_robot(agent))
    return {std::string(Layout::kDefault), std::string(Pieces::kDefault)};
  std::string visitor = visitor_of(request);
  const bool is_new =
      visitor.empty() || (options_.simulates && request.find_header("x-simulated-new"));
  if (visitor.empty()) {
    visitor = new_visitor();
    request.after_this_request([visitor, is_secure = request.is_secure()](web::Response& response) {
      const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
      response.add_field("Set-Cookie", web::Cookie{.name = std::string(kCookie),
                                                   .value = visitor,
                                                   .expires = now + kYear,
                                                   .is_secure = is_secure}
                                           .to_string());
    });
  }
  const std::string segment = segment_of(request, agent, is_new);
  experiment::Subject subject{.units = {.session = visitor}, .segment = segment};
  auto visit = service_.visit(subject, request);
  const std::string_view layout = visit.get<Layout>();
  return {std::string(layout), std::string(visit.get<Pieces>())};
}

void Trials::happened(const std::string& visitor, std::string metric, std::string_view occasion) {
  if (visitor.empty()) return;
  std::string id = fmt::format("{}-{}", metric, occasion);
  service_.happened({.id = std::move(id),
                     .user = {},
                     .session = visitor,
                     .organisation = {},
                     .metric = std::move(metric),
                     .value = 1,
                     .at = service_.now()});
}

}  // namespace arena

#include "hornbeam/site/experiments/growthbook_api.h"

#include <algorithm>
#include <stdexcept>

#include "hornbeam/base/check.h"
#include "hornbeam/data/error.h"
#include "hornbeam/experiment/growthbook/decrypt.h"
#include "hornbeam/experiment/growthbook/value.h"
#include "hornbeam/site/experiments/remote_evaluation.h"
#include "hornbeam/site/experiments/track.h"
#include "hornbeam/web/app.h"
#include "hornbeam/web/cors.h"
#include "hornbeam/web/event_stream.h"
#include "hornbeam/web/respond.h"

namespace hornbeam::site {
namespace {

using base::Task;
using web::Request;
using web::Response;

constexpr std::chrono::milliseconds kLookEvery{100};
constexpr std::chrono::milliseconds kComeBackAfter{2'000};

/// What `/track` answers.
struct TrackAnswer {
  int status = 200;
  std::int64_t exposures = 0;
  std::int64_t events = 0;
  std::int64_t duplicates = 0;
  std::int64_t refused = 0;
  std::int64_t ignored = 0;
};
constexpr auto describe(base::Type<TrackAnswer>) {
  return base::fields(base::field("status", &TrackAnswer::status),
                      base::field("exposures", &TrackAnswer::exposures),
                      base::field("events", &TrackAnswer::events),
                      base::field("duplicates", &TrackAnswer::duplicates),
                      base::field("refused", &TrackAnswer::refused),
                      base::field("ignored", &TrackAnswer::ignored));
}

/// An error in the words of GrowthBook's servers.
struct Refusal {
  int status = 400;
  std::string error;
};
constexpr auto describe(base::Type<Refusal>) {
  return base::fields(base::field("status", &Refusal::status),
                      base::field("error", &Refusal::error));
}

// The payload, as holders of a key are given it. Requires: the secret is empty, or was checked.
std::string json_for(const Publication& publication, const std::string& secret) {
  if (secret.empty()) return publication.json;
  using experiment::growthbook::Value;
  const auto hidden = experiment::growthbook::encrypt(publication.features_json, secret);
  base::check(hidden.has_value());
  return Value::object({{"status", 200},
                        {"features", Value::object()},
                        {"experiments", Value::Array{}},
                        {"dateUpdated", std::string_view(publication.updated)},
                        {"encryptedFeatures", std::string_view(*hidden)}})
      .json();
}

Response refuse(std::string error, int status = 400) {
  return web::json(Refusal{status, std::move(error)}, status);
}

// What answers. The routes hold it.
class Answers {
 public:
  Answers(ExperimentService& service, std::shared_ptr<const GrowthBookApiOptions> options)
      : service_(service), options_(std::move(options)) {}

  Response features(std::string_view key) const {
    const ClientKey* known = find(key);
    if (known == nullptr) return unknown(key);
    if (known->is_remote) {
      return refuse(
          "this key's rules stay on the server; mend: evaluate remotely "
          "(remoteEval: true)",
          403);
    }
    return payload(json_for(*service_.publication(), known->decryption_key));
  }

  Task<Response> evaluate(const Request& request, std::string_view key) const {
    if (find(key) == nullptr) co_return unknown(key);
    auto asked = read_remote(request.body());
    if (!asked) co_return refuse(asked.error().message);
    if (options_->keeps_arms) {
      for (const auto& [kind, id] : units_of(*asked)) {
        load_arms(*asked, kind, id, co_await service_.ingest().arms_of(kind, id));
      }
    }
    Response response = payload(evaluate_remotely(*service_.publication(), *asked));
    response.set_field("Cache-Control", "no-store");
    co_return response;
  }

  Response subscribe(std::string_view key) const {
    const ClientKey* known = find(key);
    if (known == nullptr) return unknown(key);
    return web::event_stream([&service = service_, is_remote = known->is_remote,
                              secret = known->decryption_key](web::EventStream& events) {
      return tell(service, is_remote, secret, events);
    });
  }

  Task<Response> track(const Request& request) const {
    const std::string key(request.find_query("client_key").value_or(""));
    if (find(key) == nullptr) co_return unknown(key);
    const auto at = service_.time_of(request);
    auto tracked = read_tracked(request.body(), *service_.lanes().snapshot(), at,
                                options_->most_events, options_->dimensions);
    if (!tracked) co_return refuse(tracked.error().message);
    TrackAnswer answer{.refused = tracked->malformed, .ignored = tracked->ignored};
    if (experiment::is_robot(request.find_header("user-agent").value_or(""))) {
      answer.refused +=
          static_cast<std::int64_t>(tracked->exposures.size() + tracked->events.size());
      co_return web::json(answer);
    }
    std::optional<Response> busy;
    try {
      const auto report = co_await service_.ingest().write(
          std::move(tracked->exposures), std::move(tracked->events), service_.now());
      answer.exposures = report.exposures;
      answer.events = report.events;
      answer.duplicates = report.duplicates;
      answer.refused +=
          report.late + report.early + report.malformed + report.forged + report.robots;
    } catch (const data::DatabaseError& failure) {
      if (failure.kind() != data::ErrorKind::kBusy) throw;
      busy = refuse("too much is waiting to be stored; mend: send it again in a second", 503);
      busy->set_field("Retry-After", "1");
    }
    if (busy) co_return *std::move(busy);
    co_return web::json(answer);
  }

 private:
  const ClientKey* find(std::string_view key) const {
    const auto& keys = options_->keys;
    const auto found = std::find_if(keys.begin(), keys.end(),
                                    [&](const ClientKey& each) { return each.key == key; });
    return found == keys.end() ? nullptr : &*found;
  }
  static Response unknown(std::string_view key) {
    return refuse("there is no client key \"" + std::string(key) +
                  "\"; mend: give the client one that this server is configured with");
  }
  static Response payload(std::string json) {
    Response response(200, web::kJson, std::move(json));
    response.set_field("x-sse-support", "enabled");
    // Shorter than upstream's half a minute would need a stream; with one, it is for proxies.
    response.set_field("Cache-Control",
                       "public, max-age=30, stale-while-revalidate=3600, stale-if-error=36000");
    return response;
  }

  // Ends when the client goes, or the server drains.
  static Task<void> tell(ExperimentService& service, bool is_remote, std::string secret,
                         web::EventStream& events) {
    std::string told;
    do {
      const auto publication = service.publication();
      if (publication->updated == told) continue;
      // One that evaluates here fetches anew; it has just done so when it comes.
      const bool is_first = told.empty();
      told = publication->updated;
      if (is_remote && is_first) continue;
      web::ServerEvent event{.data = is_remote ? std::string() : json_for(*publication, secret),
                             .event = is_remote ? "features-updated" : "features",
                             .id = "1",
                             .retry = kComeBackAfter};
      if (!co_await events.send(std::move(event))) co_return;
    } while (co_await events.wait(kLookEvery));
  }

  ExperimentService& service_;
  std::shared_ptr<const GrowthBookApiOptions> options_;
};

}  // namespace

GrowthBookApi::GrowthBookApi(ExperimentService& service, GrowthBookApiOptions options)
    : service_(&service),
      options_(std::make_shared<const GrowthBookApiOptions>(std::move(options))) {
  for (const ClientKey& each : options_->keys) {
    if (each.decryption_key.empty()) continue;
    if (!experiment::growthbook::encrypt("", each.decryption_key)) {
      throw std::invalid_argument("the decryption key of \"" + each.key +
                                  "\" is not 16, 24 or 32 bytes in base64; mend: make one with "
                                  "\"openssl rand -base64 16\"");
    }
    // Clients refuse the two together, too.
    if (each.is_remote) {
      throw std::invalid_argument("\"" + each.key +
                                  "\" is evaluated here, so that nothing is left to be encrypted; "
                                  "mend: leave its decryption key empty");
    }
  }
}

void GrowthBookApi::init_app(web::App& app) {
  const auto answers = std::make_shared<const Answers>(*service_, options_);
  web::Blueprint api("growthbook", options_->prefix);
  api.exempt_from_csrf();
  api.get("/api/features/{key}",
          [answers](std::string_view key) { return answers->features(key); });
  api.get("/sub/{key}", [answers](std::string_view key) { return answers->subscribe(key); });
  api.post("/api/eval/{key}", [answers](const Request& request, std::string_view key) {
    return answers->evaluate(request, key);
  });
  api.post("/track", [answers](const Request& request) { return answers->track(request); });
  const std::string& prefix = options_->prefix;
  app.use(web::Cors({.origins = options_->origins,
                     .paths = {prefix + "/api/features/", prefix + "/api/eval/", prefix + "/sub/",
                               prefix + "/track"},
                     .exposed_headers = {"x-sse-support"}}));
  app.mount(std::move(api));
}

}  // namespace hornbeam::site

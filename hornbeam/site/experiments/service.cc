#include "hornbeam/site/experiments/service.h"

#include <algorithm>

#include "hornbeam/base/check.h"
#include "hornbeam/base/json.h"
#include "hornbeam/base/log.h"
#include "hornbeam/data/error.h"
#include "hornbeam/experiment/growthbook_export.h"
#include "hornbeam/web/app.h"

namespace hornbeam::site {
namespace {

using experiment::Time;
using experiment::growthbook::Value;

std::string time_text(Time at) {
  std::string json;
  base::append_json_time(json, at);
  return json.substr(1, json.size() - 2);
}

// A publication of `snapshot` whose date is later than that of the one before.
std::shared_ptr<const Publication> publish(const experiment::Snapshot& snapshot, Time now,
                                           const Publication* before) {
  Value payload = experiment::growthbook_payload(snapshot, now);
  auto made = std::make_shared<Publication>();
  made->version = snapshot.version();
  made->until = snapshot.next_change(now);
  if (const Value* features = payload.find("features")) {
    for (const auto& each : features->members()) made->features.push_back(each.name);
    made->features_json = features->json();
  }
  auto compiled = experiment::growthbook::Payload::read(payload);
  base::check(compiled.has_value());
  made->payload = *std::move(compiled);
  made->updated = time_text(std::chrono::floor<std::chrono::milliseconds>(now));
  if (before != nullptr && made->updated <= before->updated) made->updated = before->updated + "0";
  Value whole = Value::object({{"status", 200}});
  for (const auto& each : payload.members()) whole.set(each.name, each.value);
  whole.set("experiments", Value::Array{});
  whole.set("dateUpdated", std::string_view(made->updated));
  made->json = whole.json();
  return made;
}

}  // namespace

ExperimentService::ExperimentService(data::Database& database, ExperimentServiceOptions options)
    : database_(database),
      options_(std::move(options)),
      lanes_(database, options_.metrics),
      ingest_(database, lanes_, options_.ingest),
      exposures_(options_.exposures) {}

Time ExperimentService::now() const {
  return options_.clock ? options_.clock() : std::chrono::system_clock::now();
}

Time ExperimentService::time_of(const web::Request& request) const {
  if (options_.time_of) {
    if (const auto at = options_.time_of(request)) return *at;
  }
  return now();
}

experiment::Visit ExperimentService::visit(const experiment::Subject& subject,
                                           const web::Request& request) {
  return {lanes_.snapshot(), subject, time_of(request), &exposures_};
}

base::Task<void> ExperimentService::flush() {
  co_await ingest_.flush(exposures_, now());
  co_await experiment::flush(ingest_, events_, now());
}

base::Task<base::Result<experiment::Published>> ExperimentService::refresh() {
  co_return co_await lanes_.refresh();
}

// What cannot be stored now waits for the next time, and the log says so.
base::Task<void> ExperimentService::flush_soundly() {
  try {
    co_await flush();
  } catch (const data::DatabaseError& failure) {
    base::log_warning("exposures and events wait: they could not be stored",
                      {{"reason", failure.what()}});
  }
}

void ExperimentService::init_app(web::App& app) {
  app.background("experiments.store", [this](web::Background background) -> base::Task<void> {
    while (co_await background.sleep_for(options_.flush_every)) co_await flush_soundly();
    co_await flush_soundly();
  });
  app.background("experiments.follow", [this](web::Background background) -> base::Task<void> {
    do {
      try {
        if (auto newest = co_await refresh(); !newest) {
          base::log_error("the experiments stay as they are", {{"reason", newest.error().message}});
        }
      } catch (const data::DatabaseError& failure) {
        base::log_warning("the experiments' configuration could not be read",
                          {{"reason", failure.what()}});
      }
    } while (co_await background.sleep_for(options_.refresh_every));
  });
}

std::shared_ptr<const Publication> ExperimentService::publication() {
  const auto snapshot = lanes_.snapshot();
  const Time at = now();
  const std::lock_guard lock(mutex_);
  const bool is_old = !publication_ || publication_->version < snapshot->version() ||
                      (publication_->until && *publication_->until <= at);
  if (is_old) publication_ = publish(*snapshot, at, publication_.get());
  return publication_;
}

}  // namespace hornbeam::site

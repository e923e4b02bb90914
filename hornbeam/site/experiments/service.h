#pragma once

// ExperimentService: experiments in a program that serves. It holds the lanes, takes exposures and
// events, stores them in batches behind the requests' backs, follows the configuration that other
// processes change, and makes the payload that GrowthBook's clients read.
//
//   site::ExperimentService experiments(*database);
//   app.use(experiments);
//   app.get("/", [&](const Request& request) {
//     auto visit = experiments.visit({.units = {.session = visitor}}, request);
//     return page(visit.get<ButtonColour>());
//   });

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "hornbeam/data/database.h"
#include "hornbeam/experiment/event_log.h"
#include "hornbeam/experiment/exposure_log.h"
#include "hornbeam/experiment/growthbook/payload.h"
#include "hornbeam/experiment/ingest.h"
#include "hornbeam/experiment/lanes.h"
#include "hornbeam/experiment/visit.h"

namespace hornbeam::web {
class App;
class Request;
}  // namespace hornbeam::web

namespace hornbeam::site {

/// How experiments are served.
struct ExperimentServiceOptions {
  /// What metrics are: experiments are read by what this says when they are written down.
  std::vector<experiment::MetricDefinition> metrics{};
  experiment::IngestOptions ingest{};          ///< Which events are taken.
  experiment::ExposureLogOptions exposures{};  ///< How much waits to be stored.
  /// How often what waits is stored: at most so much is lost when the process dies.
  std::chrono::milliseconds flush_every{300};
  /// How often it looks for what other processes changed.
  std::chrono::milliseconds refresh_every{2'000};
  /// What time it is; for tests.
  std::function<experiment::Time()> clock{};
  /// When a request happened, for programs that drive themselves with visitors of the past; an
  /// answer of nothing means now. Never set it where strangers send requests.
  std::function<std::optional<experiment::Time>(const web::Request&)> time_of{};
};

/// What clients are given until something changes.
struct Publication {
  std::int64_t version = 0;           ///< Of the configuration.
  std::string updated;                ///< When, as ISO 8601: another for each publication.
  std::string json;                   ///< The payload, in one line.
  std::string features_json;          ///< The payload's features alone, to be encrypted.
  std::vector<std::string> features;  ///< In their order.
  /// The payload, compiled, for evaluation here.
  std::shared_ptr<const experiment::growthbook::Payload> payload;
  std::optional<experiment::Time> until;  ///< When the clock alone changes it.
};

/// Experiments of one program. Thread: any.
class ExperimentService {
 public:
  /// Lifetime: `database`, migrated (`experiment::experiment_migrations`), outlives it.
  explicit ExperimentService(data::Database& database, ExperimentServiceOptions options = {});
  ExperimentService(const ExperimentService&) = delete;
  ExperimentService& operator=(const ExperimentService&) = delete;

  /// Called by `App::use`: follows the configuration and stores what waits while the server runs.
  /// Lifetime: the service outlives the application.
  void init_app(web::App& app);

  experiment::Lanes& lanes() noexcept { return lanes_; }
  experiment::Ingest& ingest() noexcept { return ingest_; }
  experiment::ExposureLog& exposures() noexcept { return exposures_; }
  data::Database& database() noexcept { return database_; }

  /// What time it is, and when `request` happened.
  experiment::Time now() const;
  experiment::Time time_of(const web::Request& request) const;

  /// What a subject gets while `request` is answered; what it asks for counts as an exposure.
  /// Lifetime: the subject's units outlive the visit.
  experiment::Visit visit(const experiment::Subject& subject, const web::Request& request);
  /// Something was done; stored soon. Never waits.
  void happened(experiment::MetricEvent event) { events_.happened(std::move(event)); }

  /// Stores what waits. Throws: `data::DatabaseError`, and what was not stored waits on.
  base::Task<void> flush();
  /// The newest configuration of all processes. Errors: those of `Lanes::refresh`.
  base::Task<base::Result<experiment::Published>> refresh();

  /// What clients are given now. Never null.
  std::shared_ptr<const Publication> publication();

 private:
  base::Task<void> flush_soundly();

  data::Database& database_;
  const ExperimentServiceOptions options_;
  experiment::Lanes lanes_;
  experiment::Ingest ingest_;
  experiment::ExposureLog exposures_;
  experiment::EventLog events_;
  std::mutex mutex_;
  std::shared_ptr<const Publication> publication_;  // Guarded by mutex_.
};

}  // namespace hornbeam::site

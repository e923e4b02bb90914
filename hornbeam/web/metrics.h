#pragma once

// Metrics for Prometheus: what an application does, and the process it is.
//
//   app.use(Metrics{});                                   // GET /metrics
//
//   auto registry = std::make_shared<MetricRegistry>();   // with counters of your own
//   app.use(Metrics{.registry = registry});
//
// Built in: http_requests_total by method, route and class of status;
// http_request_duration_seconds by method and route; http_requests_in_flight; what the server has
// open (hornbeam_server_connections, ..._websockets); process_* as Prometheus' own clients name
// them; hornbeam_build_info. A route is its pattern, "/users/{id}", or "none": what strangers ask
// for makes no new series.
//
// Whoever can read /metrics learns what the application does: keep it behind the proxy, or set
// `token`.

#include <memory>
#include <string>

#include "hornbeam/web/app.h"
#include "hornbeam/web/metric_registry.h"

namespace hornbeam::web {

/// An extension that counts and times requests, and serves the metrics to Prometheus.
struct Metrics {
  /// Where they are read.
  std::string path = "/metrics";
  /// If set, asked for as `Authorization: Bearer ...`; others get 401.
  std::string token{};
  /// Where they are kept; null: a registry of the application's own.
  std::shared_ptr<MetricRegistry> registry{};

  /// Called by `App::use`.
  void init_app(App& app) const;
};

/// Adds process_cpu_seconds_total and its kin, read from /proc when somebody looks.
void add_process_metrics(MetricRegistry& registry);

}  // namespace hornbeam::web

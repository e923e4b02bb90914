#include "hornbeam/web/metrics.h"

#include <algorithm>
#include <array>

#include "hornbeam/web/http_error.h"
#include "hornbeam/web/internal/random.h"
#include "hornbeam/web/negotiation.h"
#include "hornbeam/web/request.h"
#include "hornbeam/web/server_status.h"

namespace hornbeam::web {

namespace {

constexpr std::string_view kPrometheusType = "text/plain; version=0.0.4; charset=utf-8";
constexpr std::string_view kOpenMetricsType =
    "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A client can send any token as a method.
std::string_view method_label(std::string_view method) {
  static constexpr std::array kKnown = {"GET",    "HEAD",    "POST",  "PUT",
                                        "DELETE", "OPTIONS", "PATCH", "TRACE"};
  for (const std::string_view known : kKnown) {
    if (method == known) return known;
  }
  return "other";
}

std::string_view status_label(int status) {
  static constexpr std::array kClasses = {"none", "1xx", "2xx", "3xx", "4xx", "5xx"};
  const auto index = static_cast<std::size_t>(status / 100);
  return kClasses[index < kClasses.size() ? index : 0];
}

/// Whether OpenMetrics is named, and liked no less than the older format. Scrapers name both with
/// versions, by which media types are not matched elsewhere.
bool wants_open_metrics(std::string_view accept) {
  int open = 0;
  int plain = 0;
  for (const Accepted& each : parse_accept(accept)) {
    const std::string_view type = each.value.substr(0, each.value.find_first_of("; \t"));
    if (type == "application/openmetrics-text") open = std::max(open, each.quality);
    if (type == "text/plain") plain = std::max(plain, each.quality);
  }
  return open > 0 && open >= plain;
}

class Observer final : public RequestObserver {
 public:
  explicit Observer(std::shared_ptr<MetricRegistry> registry)
      : registry_(std::move(registry)),
        requests_(registry_->counter("http_requests_total", "Requests answered.",
                                     {"method", "route", "status"})),
        durations_(registry_->histogram("http_request_duration_seconds",
                                        "From a request's arrival to its response.",
                                        std::vector<std::string>{"method", "route"})),
        in_flight_(registry_->gauge("http_requests_in_flight", "Requests being answered.")) {}

  void request_begun() override { in_flight_.add(1); }
  void request_ended(const RequestRecord& record) override {
    in_flight_.add(-1);
    const std::string_view method = method_label(record.method);
    const std::string_view route = record.route.empty() ? "none" : record.route;
    requests_.with({method, route, status_label(record.status)}).add();
    durations_.with({method, route})
        .observe(std::chrono::duration<double>(record.duration).count());
  }

 private:
  std::shared_ptr<MetricRegistry> registry_;
  MetricFamily<Counter>& requests_;
  MetricFamily<Histogram>& durations_;
  Gauge& in_flight_;
};

void add_server_metrics(MetricRegistry& registry, const ServerStatus& server) {
  registry.gauge_from("hornbeam_server_connections", "Connections open.",
                      [server] { return static_cast<double>(server.statistics().connections); });
  registry.gauge_from("hornbeam_server_websockets", "WebSockets open.",
                      [server] { return static_cast<double>(server.statistics().websockets); });
  registry.counter_from("hornbeam_server_accepted_total", "Connections accepted.",
                        [server] { return static_cast<double>(server.statistics().accepted); });
  registry.gauge_from("hornbeam_server_draining", "1 once the server has been told to end.",
                      [server] { return server.is_draining() ? 1.0 : 0.0; });
  registry.gauge("hornbeam_build_info", "What this program was built with; always 1.", {"compiler"})
      .with({"clang " __clang_version__})
      .set(1);
}

}  // namespace

void Metrics::init_app(App& app) const {
  auto all = registry != nullptr ? registry : std::make_shared<MetricRegistry>();
  add_process_metrics(*all);
  add_server_metrics(*all, app.server_status());
  app.observe(std::make_shared<Observer>(all));
  app.get(runtime_path(path), [all, bearer = token.empty() ? "" : "Bearer " + token](
                                  const Request& request) {
    const std::string_view given = request.find_header("authorization").value_or("");
    if (!bearer.empty() && !equal_in_constant_time(given, bearer)) {
      throw HttpError(401, "metrics need their token").with_field("WWW-Authenticate", "Bearer");
    }
    const bool is_open = wants_open_metrics(request.find_header("accept").value_or(""));
    Response response(200);
    response.set_body(
        all->expose(is_open ? MetricFormat::kOpenMetrics : MetricFormat::kPrometheus));
    response.set_content_type(std::string(is_open ? kOpenMetricsType : kPrometheusType));
    response.set_field("Cache-Control", "no-store");
    add_vary(response, "Accept");
    return response;
  });
}

}  // namespace hornbeam::web

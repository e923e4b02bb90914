// A program as it is run in earnest: it says how it is, counts what it does, and works by itself.
#include "hornbeam/operations.h"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

#include "hornbeam/web.h"

using namespace hornbeam;
using namespace hornbeam::web;
using namespace std::chrono_literals;

// [program]
/// What the mail service would be: here it only counts.
struct Mailer {
  explicit Mailer(MetricRegistry& registry)
      : sent(registry.counter("mails_total", "Mails sent.", {"kind"})) {}

  Task<void> check() { co_return; }
  Task<void> send(std::string kind, std::string address) {
    if (!address.contains('@')) throw std::invalid_argument("'" + address + "' is no address");
    sent.with({kind}).add();
    base::log_info("mail sent", {{"kind", kind}});
    co_return;
  }

  MetricFamily<Counter>& sent;
};

struct Program {
  std::shared_ptr<MetricRegistry> registry = std::make_shared<MetricRegistry>();
  Mailer mailer{*registry};
  Jobs jobs{{.concurrency = 2, .first_delay = 100ms, .registry = registry}};
  Scheduler scheduler{{.registry = registry}};
  App app;

  explicit Program(const Config& config) {
    app.use(Metrics{.token = config.value("metrics.token", ""), .registry = registry});
    app.use(Health{.checks = {{"mailer", [this] { return mailer.check(); }}}});
    app.use(jobs);
    scheduler.every(1h, "sweep", [this] { return mailer.check(); })
        .cron("30 6 * * mon-fri", "newsletter",
              [this] { return mailer.send("newsletter", "all@example.org"); }, {.jitter = 5min});
    app.use(scheduler);

    app.get("/", [] { return "Hello, world!"; });
    app.post("/signup", [this](const Request& request) {
      const bool is_taken = jobs.enqueue("welcome", [this, to = std::string(request.body())] {
        return mailer.send("welcome", to);
      });
      return Response(is_taken ? 202 : 503);
    });
    app.get("/broken", []() -> std::string { throw std::runtime_error("out of order"); });
  }
};

int main(int argc, char** argv) {
  return run(argc, argv, [](const Config& config) { return std::make_unique<Program>(config); },
             {.name = "operations"});
}
// [/program]

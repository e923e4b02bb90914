#include "hornbeam/web/access_log.h"

#include <array>
#include <utility>

#include "hornbeam/base/log.h"

namespace hornbeam::web {

namespace {

class Observer final : public RequestObserver {
 public:
  explicit Observer(AccessLog options) : options_(options) {}

  bool names_requests() const override { return base::log_enabled(base::LogLevel::kInfo); }

  void request_ended(const RequestRecord& record) override {
    if (!base::log_enabled(base::LogLevel::kInfo)) return;
    std::array<base::LogField, kMaxFields> fields{
        {{"method", record.method}, {"path", record.path}, {"status", record.status}}};
    std::size_t count = 3;
    auto add = [&](std::string_view name, base::LogValue value) {
      fields.at(count++) = {name, value};
    };
    auto add_text = [&](std::string_view name, std::string_view text) {
      if (!text.empty()) add(name, text);
    };
    add("bytes", record.bytes);
    add("seconds", std::chrono::duration<double>(record.duration).count());
    add_text("route", record.route);
    add_text("request_id", record.request_id);
    add_text("trace_id", record.trace_id);
    add_text("span_id", record.span_id);
    if (options_.has_address) add_text("address", record.address);
    if (options_.has_user_agent) add_text("user_agent", record.user_agent);
    base::log_line(base::LogLevel::kInfo, "request", std::span(fields).first(count));
  }

 private:
  static constexpr std::size_t kMaxFields = 12;

  AccessLog options_;
};

}  // namespace

void AccessLog::init_app(App& app) const {
  // One line for each request: an application's own log goes before the configured one.
  if (std::exchange(app.settings().logs_access, true)) return;
  app.observe(std::make_shared<Observer>(*this));
}

}  // namespace hornbeam::web

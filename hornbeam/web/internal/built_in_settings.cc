#include "hornbeam/web/internal/built_in_settings.h"

#include "hornbeam/web/internal/security_config.h"

namespace hornbeam::web {

namespace {

template <class Value>
void take(const Config& config, std::string_view key, Value& setting) {
  if (auto value = config.find<Value>(key)) setting = std::move(*value);
}

void apply_session(const Config& config, SessionOptions& session) {
  take(config, "session.cookie_name", session.cookie_name);
  take(config, "session.path", session.path);
  take(config, "session.domain", session.domain);
  take(config, "session.same_site", session.same_site);
  take(config, "session.refreshes_permanent", session.refreshes_permanent);
  if (const auto seconds = config.find<std::int64_t>("session.lifetime_seconds")) {
    session.lifetime = std::chrono::seconds(*seconds);
  }
}

void apply_forms(const Config& config, FormLimits& form) {
  take(config, "form.parts", form.parts);
  take(config, "form.field_bytes", form.field_bytes);
  take(config, "form.file_bytes", form.file_bytes);
  take(config, "form.memory_file_bytes", form.memory_file_bytes);
  take(config, "form.folder", form.folder);
}

}  // namespace

void apply_built_in(const Config& config, Settings& settings) {
  for (const std::string_view key :
       {"host", "port", "loops", "tls.certificate", "tls.key", "shutdown.delay", "log.access",
        "log.user_agent", "log.address"}) {
    config.declare(key);
  }
  take(config, "debug", settings.is_debug);
  take(config, "max_body_bytes", settings.max_body_bytes);
  take(config, "server_name", settings.server_name);
  take(config, "preferred_scheme", settings.preferred_scheme);
  take(config, "secret_key", settings.session.secret_key);
  apply_session(config, settings.session);
  apply_forms(config, settings.form);
  apply_security(config, settings);
}

}  // namespace hornbeam::web

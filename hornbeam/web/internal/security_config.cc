#include "hornbeam/web/internal/security_config.h"

namespace hornbeam::web {

namespace {

template <class Value>
void take(const Config& config, std::string_view key, Value& setting) {
  if (auto value = config.find<Value>(key)) setting = std::move(*value);
}

}  // namespace

void apply_security(const Config& config, Settings& settings) {
  take(config, "secret_key_fallbacks", settings.session.fallback_keys);
  take(config, "session.sha1_compatible", settings.session.sha1_compatible);
  take(config, "security.headers", settings.security_headers.is_on);
  take(config, "security.content_policy", settings.security_headers.content_security_policy);
  take(config, "security.csrf", settings.csrf.is_on);
  take(config, "security.csrf_trusted_origins", settings.csrf.trusted_origins);
  take(config, "trusted_hosts", settings.trusted_hosts);
  TrustedProxies& proxies = settings.trusted_proxies;
  if (const auto count = config.find<int>("trusted_proxies.hops")) {
    proxies = TrustedProxies::hops(*count);
  }
  take(config, "trusted_proxies.address", proxies.address);
  take(config, "trusted_proxies.scheme", proxies.scheme);
  take(config, "trusted_proxies.host", proxies.host);
  take(config, "trusted_proxies.port", proxies.port);
  take(config, "trusted_proxies.prefix", proxies.prefix);
  take(config, "trusted_proxies.forwarded", proxies.forwarded);
  take(config, "trusted_proxies.request_id", proxies.request_id);
}

}  // namespace hornbeam::web

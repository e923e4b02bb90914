#include "hornbeam/web/internal/log_config.h"

#include <array>
#include <utility>

#include "hornbeam/base/log.h"
#include "hornbeam/web/access_log.h"

namespace hornbeam::web {

namespace {

template <class Value>
using Words = std::initializer_list<std::pair<std::string_view, Value>>;

template <class Value>
Value choose(const Config& config, std::string_view key, Value fallback, Words<Value> words) {
  const auto word = config.find<std::string>(key);
  if (!word) return fallback;
  std::string known;
  for (const auto& [name, value] : words) {
    if (name == *word) return value;
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  throw ConfigError(std::string(key) + " is '" + *word + "'. Mend: one of " + known);
}

}  // namespace

void apply_log(const Config& config) {
  using base::LogFormat;
  using base::LogLevel;
  const auto format = choose<LogFormat>(
      config, "log.format", LogFormat::kAuto,
      {{"auto", LogFormat::kAuto}, {"pretty", LogFormat::kPretty}, {"json", LogFormat::kJson}});
  const auto level = choose<LogLevel>(config, "log.level", LogLevel::kInfo,
                                      {{"debug", LogLevel::kDebug},
                                       {"info", LogLevel::kInfo},
                                       {"warning", LogLevel::kWarning},
                                       {"error", LogLevel::kError},
                                       {"off", LogLevel::kOff}});
  base::set_log_format(format);
  base::set_log_level(level);
}

void apply_access_log(const Config& config, App& app) {
  if (!config.value("log.access", config.value("debug", false))) return;
  AccessLog log;
  log.has_user_agent = config.value("log.user_agent", log.has_user_agent);
  log.has_address = config.value("log.address", log.has_address);
  app.use(log);
}

}  // namespace hornbeam::web

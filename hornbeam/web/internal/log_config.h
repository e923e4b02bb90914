#pragma once

#include "hornbeam/web/app.h"
#include "hornbeam/web/config.h"

namespace hornbeam::web {

/// Sets the process's log as `log.format` (auto, pretty, json) and `log.level` (debug, info,
/// warning, error, off) say. Throws ConfigError for another word.
void apply_log(const Config& config);

/// Gives `app` an access log if `log.access` says so; while debugging it has one unless that says
/// no. `log.user_agent` and `log.address` say what is in it.
void apply_access_log(const Config& config, App& app);

}  // namespace hornbeam::web

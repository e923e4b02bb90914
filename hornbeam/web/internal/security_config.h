#pragma once

#include "hornbeam/web/config.h"
#include "hornbeam/web/settings.h"

namespace hornbeam::web {

/// Takes from the configuration what concerns security; docs/design/security.md lists the keys.
void apply_security(const Config& config, Settings& settings);

}  // namespace hornbeam::web

#pragma once

#include "hornbeam/web/config.h"
#include "hornbeam/web/settings.h"

namespace hornbeam::web {

/// Takes from the configuration what every application understands, and declares the keys of it
/// that are asked for only when the program serves. docs/guide/command_line.md lists them.
void apply_built_in(const Config& config, Settings& settings);

}  // namespace hornbeam::web

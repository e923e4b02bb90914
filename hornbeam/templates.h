#pragma once

// Templates that read as Jinja's, in one include. Fine headers are under hornbeam/templates/.

#include "hornbeam/templates/environment.h"  // IWYU pragma: export
#include "hornbeam/templates/from.h"         // IWYU pragma: export
#include "hornbeam/templates/to_json.h"      // IWYU pragma: export

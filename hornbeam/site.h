#pragma once

// Pieces of a site that need its pages and its database both, in one include besides
// hornbeam/web.h and hornbeam/data.h.

#include "hornbeam/site/basic_auth.h"                  // IWYU pragma: export
#include "hornbeam/site/console/search_console.h"      // IWYU pragma: export
#include "hornbeam/site/dashboards/dashboards.h"       // IWYU pragma: export
#include "hornbeam/site/experiments/growthbook_api.h"  // IWYU pragma: export
#include "hornbeam/site/experiments/pages.h"           // IWYU pragma: export
#include "hornbeam/site/experiments/service.h"         // IWYU pragma: export
#include "hornbeam/site/experiments/simulation.h"      // IWYU pragma: export
#include "hornbeam/site/index_operations.h"            // IWYU pragma: export
#include "hornbeam/site/search_api/remote_index.h"     // IWYU pragma: export
#include "hornbeam/site/user_store.h"                  // IWYU pragma: export

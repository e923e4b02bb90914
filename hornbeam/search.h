#pragma once

// A search engine inside the program, in one include. Fine headers are under hornbeam/search/.

#include "hornbeam/base/describe.h"                 // IWYU pragma: export
#include "hornbeam/search/analysis/component.h"     // IWYU pragma: export
#include "hornbeam/search/analysis/registry.h"      // IWYU pragma: export
#include "hornbeam/search/collection/collection.h"  // IWYU pragma: export
#include "hornbeam/search/index.h"                  // IWYU pragma: export
#include "hornbeam/search/query/execute_search.h"   // IWYU pragma: export
#include "hornbeam/search/store/corrupt_index.h"    // IWYU pragma: export

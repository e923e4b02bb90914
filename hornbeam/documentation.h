#pragma once

// Documentation in a database, searched and read, in one include besides hornbeam/denorm.h. Fine
// headers are under hornbeam/site/documentation/.

#include "hornbeam/site/documentation/documentation_search.h"  // IWYU pragma: export
#include "hornbeam/site/documentation/import.h"                // IWYU pragma: export
#include "hornbeam/site/documentation/reading.h"               // IWYU pragma: export
#include "hornbeam/site/documentation/section_document.h"      // IWYU pragma: export
#include "hornbeam/site/documentation/tables.h"                // IWYU pragma: export

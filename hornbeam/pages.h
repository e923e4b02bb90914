#pragma once

// Pages: templates rendered for requests. Beside hornbeam/web.h, for files that render.

#include "hornbeam/web/templates.h"  // IWYU pragma: export

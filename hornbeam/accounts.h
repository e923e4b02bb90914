#pragma once

// Users who log in, and what guards them, in one include besides hornbeam/web.h: a program without
// users need not compile it.

#include "hornbeam/web/login.h"       // IWYU pragma: export
#include "hornbeam/web/password.h"    // IWYU pragma: export
#include "hornbeam/web/rate_limit.h"  // IWYU pragma: export
#include "hornbeam/web/user_store.h"  // IWYU pragma: export

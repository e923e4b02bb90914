#pragma once

// For the tests of a program built on Hornbeam: a client that needs no socket. Fine headers are
// under hornbeam/web/.

#include "hornbeam/web/test_client.h"  // IWYU pragma: export
#include "hornbeam/web/test_clock.h"   // IWYU pragma: export

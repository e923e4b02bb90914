#pragma once

// For the tests of a program built on Hornbeam: a client that needs no socket, and a log that can
// be read. Fine headers are under hornbeam/web/ and hornbeam/base/.

#include "hornbeam/base/log_capture.h"  // IWYU pragma: export
#include "hornbeam/web/test_client.h"   // IWYU pragma: export

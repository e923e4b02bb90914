#pragma once

#include "hornbeam/base/json_read.h"   // IWYU pragma: export
#include "hornbeam/base/json_write.h"  // IWYU pragma: export

#pragma once

// What those who run a program ask of it: logs of requests, metrics, traces, health, jobs. In one
// include besides hornbeam/web.h, for the file that puts the application together.

#include "hornbeam/web/access_log.h"     // IWYU pragma: export
#include "hornbeam/web/health.h"         // IWYU pragma: export
#include "hornbeam/web/jobs.h"           // IWYU pragma: export
#include "hornbeam/web/metrics.h"        // IWYU pragma: export
#include "hornbeam/web/scheduler.h"      // IWYU pragma: export
#include "hornbeam/web/trace_context.h"  // IWYU pragma: export

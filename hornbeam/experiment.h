#pragma once

/// A/B tests in swim lanes: domains, lanes, assignment, exposures; GrowthBook's payloads.

#include "hornbeam/experiment/analysis_plan.h"
#include "hornbeam/experiment/change.h"
#include "hornbeam/experiment/configuration.h"
#include "hornbeam/experiment/event_log.h"
#include "hornbeam/experiment/exposure_log.h"
#include "hornbeam/experiment/growthbook/decrypt.h"
#include "hornbeam/experiment/growthbook/evaluate.h"
#include "hornbeam/experiment/growthbook_export.h"
#include "hornbeam/experiment/ingest.h"
#include "hornbeam/experiment/lanes.h"
#include "hornbeam/experiment/segment.h"
#include "hornbeam/experiment/snapshot.h"
#include "hornbeam/experiment/split.h"
#include "hornbeam/experiment/visit.h"

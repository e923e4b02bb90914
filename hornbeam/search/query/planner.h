#pragma once

#include "hornbeam/base/result.h"
#include "hornbeam/search/mapping/mapping.h"
#include "hornbeam/search/query/plan_context.h"
#include "hornbeam/search/query/query.h"
#include "hornbeam/search/score/plan.h"

namespace hornbeam::search {

/// Makes a query ready for a snapshot: texts are analysed as their fields are, values read as their
/// types. An error is worded as Elasticsearch words it.
base::Result<PlannedQuery> plan_query(const Query& query, const PlanContext& context);

/// The same with the settings an index has unless told otherwise, names of parts aside.
base::Result<PlanPtr> plan_query(const Query& query, const Snapshot& snapshot,
                                 const Mapping& mapping, const Bm25Options& options);

}  // namespace hornbeam::search

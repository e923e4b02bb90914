#pragma once

#include "hornbeam/base/json_writer.h"
#include "hornbeam/search/query/query.h"

namespace hornbeam::denorm::internal {

/// Appends a query. Throws: std::invalid_argument for one that is not written yet.
void write_query(base::JsonWriter& out, const search::Query& query);

}  // namespace hornbeam::denorm::internal

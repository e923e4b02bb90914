#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/search/query/query.h"
#include "hornbeam/search/query/search_target.h"

namespace hornbeam::search {

/// The documents that match a query and the target's filters, all of them, by their numbers in the
/// snapshot, in order. `now` is in milliseconds since 1970.
base::Result<std::vector<DocId>> matching_documents(const SearchTarget& target, const Query& query,
                                                    std::int64_t now);

}  // namespace hornbeam::search

#pragma once

#include <span>
#include <vector>

#include "hornbeam/search/query/find_hits.h"

namespace hornbeam::search {

/// The second step of a search: what its hits say, which parts of the query they match, what is
/// highlighted in them, and why they score what they score.
base::Result<std::vector<Hit>> fetch_hits(std::span<const SearchTarget> targets,
                                          std::span<const PlannedSearch> searches,
                                          std::vector<FoundHit>& found,
                                          const SearchRequest& request, std::int64_t now);

}  // namespace hornbeam::search

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "hornbeam/base/result.h"
#include "hornbeam/search/query/search_request.h"
#include "hornbeam/search/query/search_target.h"

namespace hornbeam::search {

/// Searches some indices at once. Each is scored by its own statistics, as if it were a shard.
/// `now` is in milliseconds since 1970.
base::Result<SearchResult> execute_search(std::span<const SearchTarget> targets,
                                          const SearchRequest& request, std::int64_t now);

/// How many documents match.
base::Result<std::uint64_t> count_matches(const SearchTarget& target, const Query& query,
                                          std::int64_t now);
/// Why a document of an id scores what it scores; nothing if there is no such document.
base::Result<std::optional<Explanation>> explain_match(const SearchTarget& target,
                                                       const Query& query, std::string_view id,
                                                       std::int64_t now);
/// The query as Lucene prints it, such as `+title:foo #year:[1999 TO *]`; an error if it is wrong.
base::Result<std::string> explain_query(const SearchTarget& target, const Query& query,
                                        std::int64_t now);
/// Milliseconds since 1970.
std::int64_t current_time();

}  // namespace hornbeam::search

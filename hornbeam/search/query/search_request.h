#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "hornbeam/search/query/query.h"
#include "hornbeam/search/score/top_docs.h"

namespace hornbeam::search {

/// What hits are ordered by.
struct SortKey {
  std::string field;  ///< Also "_score" and "_doc".
  bool is_descending = false;
  bool is_missing_first = false;
};

/// What a hit is ordered by in one key: nothing, a number, a real or a keyword.
using SortValue = std::variant<std::monostate, std::int64_t, double, std::string>;

/// A search.
struct SearchRequest {
  Query query{};
  std::size_t from = 0;
  std::size_t size = 10;
  std::vector<SortKey> sort{};  ///< Empty: by score.
  /// The values of the last hit of the page before. Requires: as many as `sort` has keys.
  std::optional<std::vector<SortValue>> search_after{};
  /// How far matches are counted before only the best are looked for.
  std::uint64_t track_total_hits = 10'000;

  static constexpr std::uint64_t kCountAll = std::numeric_limits<std::uint64_t>::max();
};

struct Hit {
  std::string id;
  std::optional<float> score{};  ///< None if the hits are ordered otherwise.
  std::string source;
  std::vector<SortValue> sort{};
};

struct SearchResult {
  HitCount total{};
  std::optional<float> max_score{};
  std::vector<Hit> hits{};
};

/// Reads the body of `_search`. Errors are worded as Elasticsearch's.
base::Result<SearchRequest> parse_search_request(base::JsonView json);

}  // namespace hornbeam::search

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/search/mapping/mapping.h"
#include "hornbeam/search/query/term_queries.h"
#include "hornbeam/search/query/text_options.h"
#include "hornbeam/search/score/plan.h"

namespace hornbeam::search {

/// What the settings of an index say of searches.
struct SearchSettings {
  std::size_t max_clause_count = 1024;          ///< indices.query.bool.max_clause_count
  std::size_t max_bool_depth = 20;              ///< indices.query.bool.max_nested_depth
  std::size_t max_terms_count = 65'536;         ///< index.max_terms_count
  std::size_t max_regex_length = 1'000;         ///< index.max_regex_length
  std::size_t max_result_window = 10'000;       ///< index.max_result_window
  std::size_t max_slices = 1024;                ///< index.max_slices_per_scroll
  std::size_t max_rescore_window = 10'000;      ///< index.max_rescore_window
  std::size_t max_analyzed_offset = 1'000'000;  ///< index.highlight.max_analyzed_offset
  bool allows_expensive_queries = true;         ///< search.allow_expensive_queries
  bool is_lenient = false;                      ///< index.query_string.lenient
  std::vector<BoostedField> default_fields{};   ///< index.query.default_field; empty: all.
};

/// Finds the values of a terms query that are somewhere else: the caller knows the other indices.
using FindTerms = std::function<base::Result<std::vector<std::string>>(const TermsLookup&)>;

/// What a query is planned for.
struct PlanContext {
  const Snapshot& snapshot;
  const Mapping& mapping;
  const Bm25Options& bm25;
  SearchSettings settings{};
  std::int64_t now = 0;      ///< Milliseconds since 1970, for dates such as "now-1d".
  float boost = 1;           ///< Of all scores.
  std::string_view index{};  ///< The name of the index, for queries of `_index`.
  FindTerms find_terms{};    ///< Without it no query may look terms up.
};

/// A plan, and those of the parts of the query that have a name.
struct PlannedQuery {
  PlanPtr plan;
  std::vector<std::pair<std::string, PlanPtr>> named{};
};

}  // namespace hornbeam::search

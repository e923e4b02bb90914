#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hornbeam/search/query/execute_search.h"
#include "hornbeam/search/query/shown_fields.h"
#include "hornbeam/search/source/json_paths.h"
#include "hornbeam/site/search_api/rest.h"

namespace hornbeam::site {

/// A search as a request asks for it: what is searched, and what of the hits is shown.
struct SearchBody {
  search::SearchRequest request{};
  std::optional<search::SourceFilter> shown = search::SourceFilter{};
  std::vector<search::ShownField> docvalue_fields{};
  std::vector<search::ShownField> fields{};
  std::optional<std::vector<std::string>> stored_fields{};
  std::size_t script_fields = 0;  ///< How many are asked for.
  bool shows_version = false;
  bool shows_seq_no = false;
  bool counts_total = true;  ///< Whether the answer says how many there are.
  bool shows_total_as_int = false;
  bool typed_keys = false;
  bool is_tolerant = false;  ///< Names of indices that are none are left out.
  std::vector<std::pair<std::string, float>> index_boosts{};
  std::string name{};               ///< Of inner hits.
  std::vector<SearchBody> inner{};  ///< What of inner hits is shown.
};

/// Reads the parameters and the body, which may be missing. Throws NodeError.
SearchBody read_search(RestCall& call, std::optional<base::JsonView> body);

/// Reads a body such as `{"query": ...}`, or `q`; everything if there is none. Throws NodeError.
SearchBody read_query_only(RestCall& call);

/// The indices an expression names, as of now. Throws NodeError.
std::vector<search::SearchTarget> search_targets(search::Node& node, std::string_view expression,
                                                 const search::IndexOptionsOfRequest& options,
                                                 const SearchBody& body);

/// Finds the values of terms queries in documents of other indices. Lifetime: `node` outlives it.
search::FindTerms find_terms_in(search::Node& node);

/// Carries a search out. Throws NodeError.
search::SearchResult run_search(const std::vector<search::SearchTarget>& targets,
                                const SearchBody& body);

/// The members of what is said of a score.
void write_explanation(base::JsonWriter& out, const search::Explanation& explanation);
/// One hit as JSON.
std::string write_hit(const search::Hit& hit, const std::vector<search::SearchTarget>& targets,
                      const SearchBody& body);
/// `hits.total` as JSON.
std::string write_total(const search::HitCount& total, const SearchBody& body);
/// The whole answer, without the braces.
void write_result(base::JsonWriter& out, const search::SearchResult& result,
                  const std::vector<search::SearchTarget>& targets, const SearchBody& body,
                  std::int64_t took);

}  // namespace hornbeam::site

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hornbeam/search/query/execute_search.h"
#include "hornbeam/search/source/json_paths.h"
#include "hornbeam/site/search_api/rest.h"

namespace hornbeam::site {

/// A search as a request asks for it: what is searched, and what of the hits is shown.
struct SearchBody {
  search::SearchRequest request{};
  std::optional<search::SourceFilter> shown = search::SourceFilter{};
  /// A field whose values are shown, with the format they are to have.
  struct ShownField {
    std::string field;
    std::string format{};
  };
  std::vector<ShownField> docvalue_fields{};
  std::vector<ShownField> fields{};
  std::vector<std::string> stored_fields{};
  bool shows_version = false;
  bool shows_seq_no = false;
  bool counts_total = true;  ///< Whether the answer says how many there are.
  bool shows_total_as_int = false;
  bool typed_keys = false;
  std::vector<std::pair<std::string, float>> index_boosts{};
};

/// Reads the parameters and the body, which may be missing. Throws NodeError.
SearchBody read_search(RestCall& call, std::optional<base::JsonView> body);

/// The indices an expression names, as of now. Throws NodeError.
std::vector<search::SearchTarget> search_targets(search::Node& node, std::string_view expression,
                                                 const search::IndexOptionsOfRequest& options,
                                                 const SearchBody& body);

/// Carries a search out. Throws NodeError.
search::SearchResult run_search(const std::vector<search::SearchTarget>& targets,
                                const SearchBody& body);

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

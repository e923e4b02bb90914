#pragma once

// Facets: values of fields, each counted among all that match the words and the choices in the
// other facets, so that a choice can be changed for another.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/describe.h"
#include "hornbeam/base/result.h"
#include "hornbeam/search/query/search_request.h"

namespace hornbeam::site {

/// One value of a facet.
struct FacetValue {
  std::string value;
  std::uint64_t count = 0;
  bool is_chosen = false;
};
constexpr auto describe(base::Type<FacetValue>) {
  using base::field;
  return base::fields(field("value", &FacetValue::value), field("count", &FacetValue::count),
                      field("is_chosen", &FacetValue::is_chosen));
}

/// A facet of a search.
struct Facet {
  std::string_view name;   ///< Of the aggregation. Lifetime: a literal.
  std::string_view field;  ///< Of the documents. Lifetime: a literal.
  std::string chosen;      ///< The value that hits must have; empty: any.
  int most = 12;           ///< Values that are counted, the most common ones.
};

/// JSON for a search's body: the members "post_filter" and "aggs".
std::string facet_members(std::span<const Facet> facets);
/// The values of a facet, from a search's aggregations. One that is chosen and not among the most
/// common is there too, with its count unknown: 0.
std::vector<FacetValue> facet_values(const Facet& facet, std::string_view aggregations);

/// A search from its body, as `_search` takes it. The error says what is wrong with it.
base::Result<search::SearchRequest> read_search(std::string_view body);

/// `words` with those that no document has replaced by like ones that some have; empty if nothing
/// was replaced. `suggestions` are those of a term suggester over `words`.
std::string corrected(std::string_view words, std::span<const search::Suggestion> suggestions);

}  // namespace hornbeam::site

#pragma once

// Facets of a search, as its page lists them: values with counts, each a link that narrows the
// search or takes that back.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/pages.h"
#include "hornbeam/search.h"

namespace arena {

/// A value that narrows the search, or is taken back if it does so already.
struct FacetValue {
  std::string label;
  std::int64_t count = 0;
  std::string address;
  bool is_chosen = false;
};
constexpr auto describe(hornbeam::base::Type<FacetValue>) {
  using hornbeam::base::field;
  return hornbeam::base::fields(
      field("label", &FacetValue::label), field("count", &FacetValue::count),
      field("address", &FacetValue::address), field("is_chosen", &FacetValue::is_chosen));
}

/// The values of one member of a query.
struct Facet {
  std::string name;  ///< Of the parameter.
  std::string title;
  std::string chosen;  ///< Empty if nothing is.
  std::vector<FacetValue> values;
};
constexpr auto describe(hornbeam::base::Type<Facet>) {
  using hornbeam::base::field;
  return hornbeam::base::fields(field("name", &Facet::name), field("title", &Facet::title),
                                field("chosen", &Facet::chosen), field("values", &Facet::values));
}

/// The facet of `member`, made of the counts that `aggregations` has by the name `counts`. A query
/// has a `page`, and `address_of` gives its address.
template <class Query>
Facet facet_of(const Query& query, std::string Query::* member, std::string_view name,
               std::string_view title, const std::string& aggregations, std::string_view counts) {
  Facet facet{.name = std::string(name),
              .title = std::string(title),
              .chosen = query.*member,
              .values = {}};
  const auto add = [&](const std::string& value, std::uint64_t count) {
    const bool is_chosen = facet.chosen == value;
    Query next = query;
    next.page = 1;
    next.*member = is_chosen ? "" : value;
    facet.values.push_back({.label = value,
                            .count = static_cast<std::int64_t>(count),
                            .address = address_of(next),
                            .is_chosen = is_chosen});
  };
  for (const auto& each : hornbeam::search::buckets_of(aggregations, counts)) {
    if (!each.key.empty()) add(each.key, each.count);
  }
  // What was chosen can be taken back, also where nothing was found.
  const auto is_chosen = [](const FacetValue& value) { return value.is_chosen; };
  if (!facet.chosen.empty() && std::ranges::none_of(facet.values, is_chosen)) add(facet.chosen, 0);
  return facet;
}

}  // namespace arena

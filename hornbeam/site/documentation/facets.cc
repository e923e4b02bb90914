#include "hornbeam/site/documentation/facets.h"

#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/base/json.h"

namespace hornbeam::site {

namespace {

std::string term(const Facet& facet) {
  return fmt::format(R"({{"term":{{"{}":{}}}}})", facet.field, base::to_json(facet.chosen));
}

/// The choices in all facets but one.
std::string filter_without(std::span<const Facet> facets, std::string_view left_out) {
  std::string filters;
  for (const Facet& each : facets) {
    if (each.chosen.empty() || each.name == left_out) continue;
    filters += (filters.empty() ? "" : ",") + term(each);
  }
  if (filters.empty()) return R"({"match_all":{}})";
  return R"({"bool":{"filter":[)" + filters + "]}}";
}

}  // namespace

std::string facet_members(std::span<const Facet> facets) {
  std::string aggregations;
  for (const Facet& each : facets) {
    aggregations += fmt::format(
        R"({}"{}":{{"filter":{},"aggs":{{"values":{{"terms":{{"field":"{}","size":{}}}}}}}}})",
        aggregations.empty() ? "" : ",", each.name, filter_without(facets, each.name), each.field,
        each.most);
  }
  return fmt::format(R"("post_filter":{},"aggs":{{{}}})", filter_without(facets, {}), aggregations);
}

std::vector<FacetValue> facet_values(const Facet& facet, std::string_view aggregations) {
  std::vector<FacetValue> values;
  const auto document = base::JsonDocument::parse(aggregations);
  if (document) {
    std::optional<base::JsonView> at = document->root().find(facet.name);
    if (at) at = at->find("values");
    if (at) at = at->find("buckets");
    for (std::size_t index = 0; at && index < at->size(); ++index) {
      const auto key = at->element(index).find("key");
      const auto count = at->element(index).find("doc_count");
      if (!key || !count) continue;
      const auto text = key->find_string();
      if (!text) continue;
      values.push_back(
          {std::string(*text), count->find_unsigned().value_or(0), *text == facet.chosen});
    }
  }
  const auto is_chosen = [](const FacetValue& each) { return each.is_chosen; };
  if (!facet.chosen.empty() && std::ranges::none_of(values, is_chosen)) {
    values.push_back({facet.chosen, 0, true});
  }
  return values;
}

base::Result<search::SearchRequest> read_search(std::string_view body) {
  const auto json = base::JsonDocument::parse(body);
  if (!json) return base::error("bad_search", json.error().message());
  return search::parse_search_request(json->root());
}

std::string corrected(std::string_view words, std::span<const search::Suggestion> suggestions) {
  std::string text;
  std::size_t from = 0;
  bool is_corrected = false;
  const auto lower = [](std::string_view any) {
    std::string small(any);
    std::ranges::transform(small, small.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return small;
  };
  const std::string plain = lower(words);
  for (const search::Suggestion& suggestion : suggestions) {
    for (const search::SuggestEntry& entry : suggestion.entries) {
      const std::size_t at = plain.find(entry.text, from);
      if (at == std::string::npos || entry.options.empty()) continue;
      text += std::string(words.substr(from, at - from)) + entry.options.front().text;
      from = at + entry.text.size();
      is_corrected = true;
    }
  }
  if (!is_corrected) return {};
  return text + std::string(words.substr(from));
}

}  // namespace hornbeam::site

#include <set>

#include <fmt/format.h>

#include "hornbeam/site/search_api/search_body.h"
#include "hornbeam/site/search_api/writes.h"

namespace hornbeam::site {
namespace {

using search::NodeError;

/// The values that a source has at a path, nulls left out.
void collect(std::string_view source, const std::string& path, std::set<std::string>& terms) {
  const auto document = base::JsonDocument::parse(source);
  for (const base::JsonView value : search::values_at(document->root(), path)) {
    if (!value.is_null()) terms.insert(text_of(value));
  }
}

base::Result<std::vector<std::string>> find_terms(search::Node& node,
                                                  const search::TermsLookup& lookup) {
  std::set<std::string> terms;
  try {
    if (!lookup.query) {
      const auto found = index_to_read(node, lookup.index)->index->get(lookup.id);
      if (found) collect(found->source, lookup.path, terms);
    } else {
      const auto targets = search_targets(node, lookup.index, {}, {});
      search::SearchRequest request{.query = *lookup.query};
      if (!targets.empty()) request.size = targets.front().settings.max_result_window;
      const auto result = search::execute_search(targets, request, search::current_time());
      if (!result) return std::unexpected(result.error());
      for (const search::Hit& hit : result->hits) collect(hit.source, lookup.path, terms);
    }
  } catch (const NodeError& error) {
    return base::error(error.type(), error.what());
  }
  return std::vector<std::string>(terms.begin(), terms.end());
}

}  // namespace

search::FindTerms find_terms_in(search::Node& node) {
  return [&node](const search::TermsLookup& lookup) { return find_terms(node, lookup); };
}

}  // namespace hornbeam::site

#include <fmt/format.h>

#include "hornbeam/search/query/query_reader.h"
#include "hornbeam/search/query/search_request.h"

namespace hornbeam::search {
namespace {

void collect(const Query& query, std::vector<const NestedQuery*>& found);

void collect_each(const std::vector<Query>& queries, std::vector<const NestedQuery*>& found) {
  for (const Query& one : queries) collect(one, found);
}

void collect(const Query& query, std::vector<const NestedQuery*>& found) {
  if (const auto* const nested = std::get_if<NestedQuery>(&query.node)) {
    if (nested->inner_hits) found.push_back(nested);
  } else if (const auto* const all = std::get_if<BoolQuery>(&query.node)) {
    collect_each(all->filter, found);
    collect_each(all->must, found);
    collect_each(all->should, found);
  } else if (const auto* const constant = std::get_if<ConstantScoreQuery>(&query.node)) {
    collect(*constant->filter, found);
  } else if (const auto* const best = std::get_if<DisMaxQuery>(&query.node)) {
    collect_each(best->queries, found);
  } else if (const auto* const boosting = std::get_if<BoostingQuery>(&query.node)) {
    collect(*boosting->positive, found);
    collect(*boosting->negative, found);
  } else if (const auto* const scored = std::get_if<FunctionScoreQuery>(&query.node)) {
    if (scored->query) collect(*scored->query, found);
  }
}

}  // namespace

std::vector<const NestedQuery*> nested_with_inner_hits(const Query& query) {
  std::vector<const NestedQuery*> found;
  collect(query, found);
  return found;
}

namespace query_reader {
namespace {

NestedScore score_mode(base::JsonView json) {
  static constexpr std::pair<std::string_view, NestedScore> kModes[] = {
      {"avg", NestedScore::kAverage}, {"sum", NestedScore::kSum},   {"min", NestedScore::kMin},
      {"max", NestedScore::kMax},     {"none", NestedScore::kNone},
  };
  const std::string text = scalar("nested", json);
  for (const auto& [name, mode] : kModes) {
    if (text == name) return mode;
  }
  throw Refusal{{.code = "illegal_argument_exception",
                 .message = fmt::format("No score mode for child query [{}] found", text)}};
}

}  // namespace

Query read_nested(base::JsonView json) {
  Query query;
  NestedQuery nested;
  std::optional<base::JsonView> inner_hits;
  members("nested", json, query, [&](std::string_view name, base::JsonView value) {
    if (name == "path") {
      nested.path = scalar("nested", value);
    } else if (name == "query") {
      nested.query = std::make_shared<const Query>(read_query(value));
    } else if (name == "score_mode") {
      nested.score_mode = score_mode(value);
    } else if (name == "ignore_unmapped") {
      nested.ignores_unmapped = flag("nested", name, value);
    } else if (name == "inner_hits") {
      inner_hits = value;
    } else {
      return false;
    }
    return true;
  });
  for (const auto& [name, is_there] :
       {std::pair("path", !nested.path.empty()), std::pair("query", nested.query != nullptr)}) {
    if (is_there) continue;
    throw Refusal{{.code = "illegal_argument_exception",
                   .message = fmt::format("[nested] requires '{}' field", name)}};
  }
  if (inner_hits) {
    InnerHits inner = read_inner_hits(*inner_hits, nested.path);
    SearchRequest request = *inner.request;
    request.query = *nested.query;
    inner.request = std::make_shared<const SearchRequest>(std::move(request));
    nested.inner_hits = std::make_shared<const InnerHits>(std::move(inner));
  }
  query.node = std::move(nested);
  return query;
}

}  // namespace query_reader
}  // namespace hornbeam::search

#include "hornbeam/search/collection/queries.h"

namespace hornbeam::search {
namespace {

std::vector<BoostedField> names_of(const std::vector<FieldPath>& fields) {
  std::vector<BoostedField> names;
  for (const FieldPath& field : fields) names.push_back({.name = field.words()});
  return names;
}

/// The clauses of a query that is nothing but such a list, so that a chain stays one list.
std::vector<Query>* find_clauses(Query& query, std::vector<Query> BoolQuery::* list) {
  auto* const node = std::get_if<BoolQuery>(&query.node);
  if (!node || query.boost != 1 || !query.name.empty()) return nullptr;
  const bool has_others = node->minimum_should_match.has_value();
  const std::size_t all =
      node->must.size() + node->filter.size() + node->should.size() + node->must_not.size();
  return !has_others && all > 0 && (node->*list).size() == all ? &(node->*list) : nullptr;
}

Query join(Query a, Query b, std::vector<Query> BoolQuery::* list) {
  if (std::vector<Query>* const clauses = find_clauses(a, list)) {
    clauses->push_back(std::move(b));
    return a;
  }
  BoolQuery both;
  (both.*list).push_back(std::move(a));
  (both.*list).push_back(std::move(b));
  return {.node = std::move(both)};
}

}  // namespace

Query everything() {
  return {.node = MatchAllQuery{}};
}

Query match(const FieldPath& field, std::string_view text, TextOperator text_operator) {
  return {.node = MatchQuery{
              .field = field.words(), .text = std::string(text), .text_operator = text_operator}};
}

Query match_any(const std::vector<FieldPath>& fields, std::string_view text) {
  return {.node = MultiMatchQuery{.fields = names_of(fields), .text = std::string(text)}};
}

Query phrase(const FieldPath& field, std::string_view text, std::uint32_t slop) {
  return {.node =
              MatchPhraseQuery{.field = field.words(), .text = std::string(text), .slop = slop}};
}

Query starts_with(const FieldPath& field, std::string_view prefix) {
  return {.node = PrefixQuery{.field = field.whole(), .prefix = std::string(prefix)}};
}

Query exists(const FieldPath& field) {
  return {.node = ExistsQuery{.field = field.words()}};
}

Query in_one(const FieldPath& objects, Query query) {
  return {.node = NestedQuery{.path = objects.words(),
                              .query = std::make_shared<const Query>(std::move(query))}};
}

Query query_string(std::string_view text, const std::vector<FieldPath>& fields) {
  return {.node = QueryStringQuery{.text = std::string(text), .fields = names_of(fields)}};
}

Query operator&&(Query a, Query b) {
  return join(std::move(a), std::move(b), &BoolQuery::must);
}

Query operator||(Query a, Query b) {
  return join(std::move(a), std::move(b), &BoolQuery::should);
}

Query operator!(Query query) {
  BoolQuery none;
  none.must_not.push_back(std::move(query));
  return {.node = std::move(none)};
}

Query filtered_by(Query query, Query filter) {
  BoolQuery both;
  both.must.push_back(std::move(query));
  both.filter.push_back(std::move(filter));
  return {.node = std::move(both)};
}

Query boosted(Query query, float factor) {
  query.boost *= factor;
  return query;
}

}  // namespace hornbeam::search

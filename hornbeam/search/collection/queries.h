#pragma once

// Queries as a program writes them. Members name fields, so that a typing error does not compile:
//
//   match(&Book::title, "quick foxes") && at_least(&Book::year, 1990) && !is(&Book::shelf,
//   "cellar")
//
// What these do not say, the values of query/query.h and the JSON of `parse_query` do.

#include <chrono>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "hornbeam/base/json_write.h"
#include "hornbeam/search/collection/field_path.h"
#include "hornbeam/search/query/query.h"

namespace hornbeam::search {

namespace collection_detail {

/// A value as queries have it: text.
template <class Value>
std::string value_text(const Value& value) {
  if constexpr (std::convertible_to<const Value&, std::string_view>) {
    return std::string(std::string_view(value));
  } else if constexpr (std::convertible_to<const Value&, std::chrono::system_clock::time_point>) {
    std::string text;
    base::append_json_time(text, value);
    return text.substr(1, text.size() - 2);
  } else {
    static_assert(std::is_arithmetic_v<Value>, "a field is compared with a text, number or time");
    return base::to_json(value);
  }
}

}  // namespace collection_detail

/// Every document.
Query everything();
/// Documents whose text has words of `text`, better ones first; `kAnd` asks for all of them.
Query match(const FieldPath& field, std::string_view text,
            TextOperator text_operator = TextOperator::kOr);
/// The same in several fields, the best of which counts.
Query match_any(const std::vector<FieldPath>& fields, std::string_view text);
/// Documents in which the words of `text` stand together; `slop` may stand between.
Query phrase(const FieldPath& field, std::string_view text, std::uint32_t slop = 0);
/// Documents with a value that begins with `prefix`.
Query starts_with(const FieldPath& field, std::string_view prefix);
/// Documents that have a value.
Query exists(const FieldPath& field);
/// Documents with one object at a path that is marked `nested` for which all of `query` is true:
/// `in_one(&Book::reviews, is(path(&Book::reviews, &Review::by), "ann") && ...)`.
Query in_one(const FieldPath& objects, Query query);
/// A text in Lucene's syntax, as a person types it: `title:(quick AND fox) -year:[* TO 1999]`.
Query query_string(std::string_view text, const std::vector<FieldPath>& fields = {});

/// Documents that have this value as a whole.
template <class Value>
Query is(const FieldPath& field, const Value& value) {
  return {.node = TermQuery{.field = field.whole(), .value = collection_detail::value_text(value)}};
}
/// Documents that have one of some values.
template <class Values>
Query is_any_of(const FieldPath& field, const Values& values) {
  TermsQuery query{.field = field.whole(), .values = {}};
  for (const auto& value : values) query.values.push_back(collection_detail::value_text(value));
  return {.node = std::move(query)};
}
/// Documents with a value from `lower` on.
template <class Value>
Query at_least(const FieldPath& field, const Value& lower) {
  return {.node = RangeQuery{.field = field.whole(),
                             .lower = RangeQuery::Bound{collection_detail::value_text(lower)}}};
}
/// Documents with a value up to `upper`.
template <class Value>
Query at_most(const FieldPath& field, const Value& upper) {
  return {.node = RangeQuery{.field = field.whole(),
                             .upper = RangeQuery::Bound{collection_detail::value_text(upper)}}};
}
/// Documents with a value from `lower` to `upper`, both included.
template <class Lower, class Upper>
Query between(const FieldPath& field, const Lower& lower, const Upper& upper) {
  return {.node = RangeQuery{.field = field.whole(),
                             .lower = RangeQuery::Bound{collection_detail::value_text(lower)},
                             .upper = RangeQuery::Bound{collection_detail::value_text(upper)}}};
}

/// Both match; scores add up.
Query operator&&(Query a, Query b);
/// One or both match; scores add up.
Query operator||(Query a, Query b);
/// It does not match; scores nothing.
Query operator!(Query query);
/// Documents that match `query`, of which `filter` says nothing about the score.
Query filtered_by(Query query, Query filter);
/// The same query, whose score counts `factor` times.
Query boosted(Query query, float factor);

}  // namespace hornbeam::search

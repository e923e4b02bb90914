#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/result.h"
#include "hornbeam/search/query/query.h"

// What the readers of single queries share.
namespace hornbeam::search::query_reader {

/// What a failed reading throws inside the parser; `parse_query` gives it back as an error.
struct Refusal {
  base::Error error;
};

[[noreturn]] void refuse(std::string message);

/// A text, number or boolean as the text it is.
std::string scalar(std::string_view query, base::JsonView json);
float number(std::string_view query, std::string_view name, base::JsonView json);
bool flag(std::string_view query, std::string_view name, base::JsonView json);
std::size_t count(std::string_view query, std::string_view name, base::JsonView json);
TextOperator text_operator(std::string_view query, base::JsonView json);
/// One value, or an array of them.
std::vector<std::string> scalars(std::string_view query, base::JsonView json);
/// Names with boosts: "title^2".
std::vector<BoostedField> boosted_fields(std::string_view query, base::JsonView json);
/// Reads a member of those that fuzzy searches share ("fuzziness", "prefix_length", ...); false if
/// it is none of them. What is not there yet is made.
bool fuzzy_member(std::string_view query, std::string_view name, base::JsonView json,
                  std::optional<FuzzyOptions>& options);

/// Reads the members of an object: `read(name, value)` is false for those it does not know, which
/// are refused. "boost" and "_name" are read here, into `common`.
void members(std::string_view query, base::JsonView json, Query& common,
             const std::function<bool(std::string_view, base::JsonView)>& read);

/// Reads `{"FIELD": value}` or `{"FIELD": {"KEY": value, ...}}` and gives the field. `read` is
/// asked as in `members`; a value alone is read as the member `key`.
std::string field(std::string_view query, base::JsonView json, std::string_view key, Query& common,
                  const std::function<bool(std::string_view, base::JsonView)>& read);

Query read_query(base::JsonView json);
std::vector<Query> read_queries(base::JsonView json);

Query read_match(base::JsonView json);
Query read_match_phrase(base::JsonView json);
Query read_multi_match(base::JsonView json);
Query read_term(base::JsonView json);
Query read_terms(base::JsonView json);
Query read_range(base::JsonView json);
Query read_exists(base::JsonView json);
Query read_ids(base::JsonView json);
Query read_prefix(base::JsonView json);
Query read_bool(base::JsonView json);
Query read_constant_score(base::JsonView json);
Query read_dis_max(base::JsonView json);
Query read_wildcard(base::JsonView json);
Query read_regexp(base::JsonView json);
Query read_fuzzy(base::JsonView json);
Query read_terms_set(base::JsonView json);
Query read_match_phrase_prefix(base::JsonView json);
Query read_match_bool_prefix(base::JsonView json);
Query read_query_string(base::JsonView json);
Query read_simple_query_string(base::JsonView json);
Query read_more_like_this(base::JsonView json);
Query read_boosting(base::JsonView json);
Query read_nested(base::JsonView json);
Query read_function_score(base::JsonView json);
Query read_wrapper(base::JsonView json);
Query read_intervals(base::JsonView json);
/// One of the span queries, by its name.
Query read_span_query(std::string_view kind, base::JsonView json);
Query read_distance_feature(base::JsonView json);
Query read_geo_distance(base::JsonView json);
Query read_geo_bounding_box(base::JsonView json);

}  // namespace hornbeam::search::query_reader

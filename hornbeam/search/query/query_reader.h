#pragma once

#include <functional>
#include <string>
#include <string_view>

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

/// Reads the members of an object: `read(name, value)` is false for those it does not know, which
/// are refused. "boost" and "_name" are read here.
void members(std::string_view query, base::JsonView json, float& boost,
             const std::function<bool(std::string_view, base::JsonView)>& read);

/// Reads `{"FIELD": value}` or `{"FIELD": {"KEY": value, ...}}` and gives the field. `read` is
/// asked as in `members`; a value alone is read as the member `key`.
std::string field(std::string_view query, base::JsonView json, std::string_view key, float& boost,
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

}  // namespace hornbeam::search::query_reader

#include "hornbeam/search/query/query_reader.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace hornbeam::search {
namespace query_reader {
namespace {

using Reader = Query (*)(base::JsonView);

Query read_match_all(base::JsonView json) {
  Query query{MatchAllQuery{}};
  members("match_all", json, query, [](auto, auto) { return false; });
  return query;
}

Query read_match_none(base::JsonView json) {
  Query query{MatchNoneQuery{}};
  members("match_none", json, query, [](auto, auto) { return false; });
  return query;
}

/// A text as the argument of a template.
template <std::size_t Size>
struct Name {
  // Not explicit, so that a literal becomes one.
  constexpr Name(const char (&text)[Size]) { std::copy_n(text, Size, characters); }
  char characters[Size];
};

template <Name kind>
Query read_span(base::JsonView json) {
  return read_span_query(kind.characters, json);
}

constexpr std::pair<std::string_view, Reader> kReaders[] = {
    {"match", &read_match},
    {"match_phrase", &read_match_phrase},
    {"match_phrase_prefix", &read_match_phrase_prefix},
    {"match_bool_prefix", &read_match_bool_prefix},
    {"multi_match", &read_multi_match},
    {"query_string", &read_query_string},
    {"simple_query_string", &read_simple_query_string},
    {"more_like_this", &read_more_like_this},
    {"term", &read_term},
    {"terms", &read_terms},
    {"terms_set", &read_terms_set},
    {"range", &read_range},
    {"exists", &read_exists},
    {"ids", &read_ids},
    {"prefix", &read_prefix},
    {"wildcard", &read_wildcard},
    {"regexp", &read_regexp},
    {"fuzzy", &read_fuzzy},
    {"bool", &read_bool},
    {"boosting", &read_boosting},
    {"constant_score", &read_constant_score},
    {"nested", &read_nested},
    {"dis_max", &read_dis_max},
    {"function_score", &read_function_score},
    {"wrapper", &read_wrapper},
    {"intervals", &read_intervals},
    {"span_term", &read_span<"span_term">},
    {"span_near", &read_span<"span_near">},
    {"span_or", &read_span<"span_or">},
    {"span_not", &read_span<"span_not">},
    {"span_first", &read_span<"span_first">},
    {"span_multi", &read_span<"span_multi">},
    {"span_containing", &read_span<"span_containing">},
    {"span_within", &read_span<"span_within">},
    {"distance_feature", &read_distance_feature},
    {"geo_distance", &read_geo_distance},
    {"geo_bounding_box", &read_geo_bounding_box},
    {"match_all", &read_match_all},
    {"match_none", &read_match_none},
};

}  // namespace

void refuse(std::string message) {
  throw Refusal{{.code = "parsing_exception", .message = std::move(message)}};
}

std::string scalar(std::string_view query, base::JsonView json) {
  if (const auto text = json.find_string()) return std::string(*text);
  const bool is_plain = json.kind() == base::JsonKind::kBool ||
                        json.kind() == base::JsonKind::kInt ||
                        json.kind() == base::JsonKind::kFloat;
  if (!is_plain) refuse(fmt::format("[{}] query does not support [{}]", query, json.text()));
  return json.text();
}

float number(std::string_view query, std::string_view name, base::JsonView json) {
  std::optional<double> found = json.find_number();
  if (const auto text = json.find_string()) {
    double value = 0;
    const auto parsed = std::from_chars(text->data(), text->data() + text->size(), value);
    if (parsed.ec == std::errc() && parsed.ptr == text->data() + text->size()) found = value;
  }
  if (!found) refuse(fmt::format("[{}] [{}] must be a number", query, name));
  return static_cast<float>(*found);
}

bool flag(std::string_view query, std::string_view, base::JsonView json) {
  if (const auto value = json.find_bool()) return *value;
  const std::string text = scalar(query, json);
  if (text == "true") return true;
  if (text == "false") return false;
  throw Refusal{{.code = "illegal_argument_exception",
                 .message = fmt::format("Failed to parse value [{}] as only [true] or [false] are "
                                        "allowed.",
                                        text)}};
}

std::size_t count(std::string_view query, std::string_view name, base::JsonView json) {
  const float value = number(query, name, json);
  if (!(value >= 0 && value <= 2147483647.0F)) {
    throw Refusal{
        {.code = "illegal_argument_exception",
         .message = fmt::format("[{}] [{}] must be a whole number that is not negative, found [{}]",
                                query, name, json.text())}};
  }
  return static_cast<std::size_t>(value);
}

namespace {

/// The members that every query has.
bool read_common(std::string_view query, std::string_view name, base::JsonView value,
                 Query& common) {
  if (name == "_name") {
    common.name = scalar(query, value);
  } else if (name == "boost") {
    common.boost = number(query, name, value);
    if (common.boost < 0) {
      throw Refusal{{.code = "illegal_argument_exception",
                     .message = fmt::format("negative [boost] are not allowed in [{}], use a value "
                                            "between 0 and 1 to deboost",
                                            value.text())}};
    }
  } else {
    return false;
  }
  return true;
}

}  // namespace

void members(std::string_view query, base::JsonView json, Query& common,
             const std::function<bool(std::string_view, base::JsonView)>& read) {
  if (json.kind() != base::JsonKind::kObject) {
    refuse(fmt::format("[{}] query malformed, no start_object after query name", query));
  }
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (read_common(query, name, value, common)) continue;
    if (!read(name, value)) {
      refuse(fmt::format("[{}] query does not support [{}]", query, name));
    }
  }
}

std::string field(std::string_view query, base::JsonView json, std::string_view key, Query& common,
                  const std::function<bool(std::string_view, base::JsonView)>& read) {
  if (json.kind() != base::JsonKind::kObject) {
    refuse(fmt::format("[{}] query malformed, no start_object after query name", query));
  }
  std::string found;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (read_common(query, name, value, common)) continue;
    if (!found.empty()) {
      refuse(fmt::format("[{0}] query doesn't support multiple fields, found [{1}] and [{2}]",
                         query, found, name));
    }
    found = name;
    if (value.kind() == base::JsonKind::kObject) {
      members(query, value, common, read);
    } else {
      read(key, value);
    }
  }
  if (found.empty()) refuse(fmt::format("[{}] requires fieldName", query));
  return found;
}

Query read_query(base::JsonView json) {
  if (json.kind() != base::JsonKind::kObject) {
    refuse("[_na] query malformed, must start with start_object");
  }
  if (json.size() == 0) {
    throw Refusal{
        {.code = "illegal_argument_exception", .message = "query malformed, empty clause found"}};
  }
  const auto [name, body] = json.member(0);
  const auto reader =
      std::ranges::find(kReaders, name, &std::pair<std::string_view, Reader>::first);
  if (reader == std::end(kReaders)) refuse(fmt::format("unknown query [{}]", name));
  if (body.kind() != base::JsonKind::kObject) {
    refuse(fmt::format("[{}] query malformed, no start_object after query name", name));
  }
  if (json.size() > 1) {
    refuse(fmt::format("[{}] malformed query, expected [END_OBJECT] but found [FIELD_NAME]", name));
  }
  return reader->second(body);
}

std::vector<Query> read_queries(base::JsonView json) {
  if (json.kind() != base::JsonKind::kArray) return {read_query(json)};
  std::vector<Query> queries;
  for (std::size_t i = 0; i < json.size(); ++i) queries.push_back(read_query(json.element(i)));
  return queries;
}

}  // namespace query_reader

base::Result<Query> parse_query(base::JsonView json) {
  try {
    return query_reader::read_query(json);
  } catch (const query_reader::Refusal& refusal) {
    return std::unexpected(refusal.error);
  }
}

}  // namespace hornbeam::search

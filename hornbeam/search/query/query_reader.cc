#include "hornbeam/search/query/query_reader.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace hornbeam::search {
namespace query_reader {
namespace {

using Reader = Query (*)(base::JsonView);

Query read_match_all(base::JsonView json) {
  Query query{MatchAllQuery{}};
  members("match_all", json, query.boost, [](auto, auto) { return false; });
  return query;
}

Query read_match_none(base::JsonView json) {
  Query query{MatchNoneQuery{}};
  members("match_none", json, query.boost, [](auto, auto) { return false; });
  return query;
}

constexpr std::array<std::pair<std::string_view, Reader>, 14> kReaders = {{
    {"match", &read_match},
    {"match_phrase", &read_match_phrase},
    {"multi_match", &read_multi_match},
    {"term", &read_term},
    {"terms", &read_terms},
    {"range", &read_range},
    {"exists", &read_exists},
    {"ids", &read_ids},
    {"prefix", &read_prefix},
    {"bool", &read_bool},
    {"constant_score", &read_constant_score},
    {"dis_max", &read_dis_max},
    {"match_all", &read_match_all},
    {"match_none", &read_match_none},
}};

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
  const std::optional<double> found = json.find_number();
  if (!found) refuse(fmt::format("[{}] [{}] must be a number", query, name));
  return static_cast<float>(*found);
}

void members(std::string_view query, base::JsonView json, float& boost,
             const std::function<bool(std::string_view, base::JsonView)>& read) {
  if (json.kind() != base::JsonKind::kObject) {
    refuse(fmt::format("[{}] query malformed, no start_object after query name", query));
  }
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name == "_name") continue;
    if (name == "boost") {
      boost = number(query, name, value);
    } else if (!read(name, value)) {
      refuse(fmt::format("[{}] query does not support [{}]", query, name));
    }
  }
}

std::string field(std::string_view query, base::JsonView json, std::string_view key, float& boost,
                  const std::function<bool(std::string_view, base::JsonView)>& read) {
  if (json.kind() != base::JsonKind::kObject) {
    refuse(fmt::format("[{}] query malformed, no start_object after query name", query));
  }
  std::string found;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name == "_name") continue;
    if (name == "boost") {
      boost = number(query, name, value);
      continue;
    }
    if (!found.empty()) {
      refuse(fmt::format("[{0}] query doesn't support multiple fields, found [{1}] and [{2}]",
                         query, found, name));
    }
    found = name;
    if (value.kind() == base::JsonKind::kObject) {
      members(query, value, boost, read);
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
  if (reader == kReaders.end()) refuse(fmt::format("unknown query [{}]", name));
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

#include "hornbeam/search/query/search_request.h"

#include <fmt/format.h>

#include "hornbeam/search/query/query_reader.h"

namespace hornbeam::search {
namespace {

using query_reader::Refusal;

[[noreturn]] void refuse(std::string code, std::string message) {
  throw Refusal{{.code = std::move(code), .message = std::move(message)}};
}

std::size_t count(std::string_view name, base::JsonView value) {
  const std::optional<std::int64_t> number = value.find_int();
  if (!number) {
    query_reader::refuse(
        fmt::format("Failed to parse int parameter [{}] with value [{}]", name, value.text()));
  }
  if (*number < 0) {
    refuse("illegal_argument_exception",
           fmt::format("[{}] parameter cannot be negative, found [{}]", name, *number));
  }
  if (*number > std::numeric_limits<std::int32_t>::max()) {
    refuse("input_coercion_exception",
           fmt::format("Numeric value ({}) out of range of int ({} - {})", *number,
                       std::numeric_limits<std::int32_t>::min(),
                       std::numeric_limits<std::int32_t>::max()));
  }
  return static_cast<std::size_t>(*number);
}

bool is_descending(std::string_view order) {
  if (order != "asc" && order != "desc") {
    refuse("illegal_argument_exception", fmt::format("Unknown SortOrder [{}]", order));
  }
  return order == "desc";
}

NestedSort nested_sort(base::JsonView json) {
  NestedSort sort;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name == "path") {
      sort.path = query_reader::scalar("sort", value);
    } else if (name == "filter") {
      sort.filter = std::make_shared<const Query>(query_reader::read_query(value));
    } else if (name == "max_children") {
      sort.max_children = query_reader::count("sort", name, value);
    } else if (name == "nested") {
      sort.inner = std::make_shared<const NestedSort>(nested_sort(value));
    } else {
      refuse("parse_exception",
             fmt::format("malformed nested sort format, unknown field [{}]", name));
    }
  }
  if (sort.path.empty()) {
    refuse("parse_exception", "malformed nested sort format, [path] is missing");
  }
  return sort;
}

SortMode sort_mode(const std::string& text) {
  static constexpr std::pair<std::string_view, SortMode> kModes[] = {
      {"min", SortMode::kMin},     {"max", SortMode::kMax},       {"sum", SortMode::kSum},
      {"avg", SortMode::kAverage}, {"median", SortMode::kMedian},
  };
  for (const auto& [name, mode] : kModes) {
    if (text == name) return mode;
  }
  refuse("illegal_argument_exception", fmt::format("Unknown SortMode [{}]", text));
}

void read_missing(SortKey& key, base::JsonView setting) {
  const std::string text = query_reader::scalar("sort", setting);
  key.is_missing_first = text == "_first";
  if (text != "_first" && text != "_last") key.missing = text;
}

void read_sort_option(SortKey& key, std::string_view option, base::JsonView setting) {
  if (option == "order") {
    key.is_descending = is_descending(query_reader::scalar("sort", setting));
  } else if (option == "missing") {
    read_missing(key, setting);
  } else if (option == "mode") {
    key.mode = sort_mode(query_reader::scalar("sort", setting));
  } else if (option == "numeric_type") {
    key.numeric_type = query_reader::scalar("sort", setting);
  } else if (option == "unmapped_type") {
    key.unmapped_type = query_reader::scalar("sort", setting);
  } else if (option == "format") {
    key.format = query_reader::scalar("sort", setting);
  } else if (option == "nested") {
    key.nested = std::make_shared<const NestedSort>(nested_sort(setting));
  } else {
    query_reader::refuse(fmt::format("[field_sort] unknown field [{}]", option));
  }
}

SortKey distance_key(base::JsonView json) {
  SortKey key{.field = {}, .distance = DistanceSort{}};
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [option, setting] = json.member(i);
    if (option == "unit") {
      key.distance->unit = query_reader::metres_of_unit(query_reader::scalar("sort", setting));
    } else if (option == "ignore_unmapped") {
      key.distance->ignores_unmapped = query_reader::flag("sort", option, setting);
    } else if (option == "order" || option == "mode" || option == "nested") {
      read_sort_option(key, option, setting);
    } else if (option != "distance_type" && option != "validation_method") {
      key.field = option;
      key.distance->points = query_reader::read_places(setting);
    }
  }
  if (key.distance->points.empty()) {
    refuse("parse_exception", "no points provided for _geo_distance sort.");
  }
  if (key.mode == SortMode::kSum) {
    refuse("illegal_argument_exception",
           "sort_mode [sum] isn't supported for sorting by geo distance");
  }
  return key;
}

SortKey sort_key(base::JsonView json) {
  if (const auto name = json.find_string()) {
    return {.field = std::string(*name), .is_descending = *name == "_score"};
  }
  if (json.kind() != base::JsonKind::kObject || json.size() != 1) {
    query_reader::refuse("[sort] must be a field, or an object with one field");
  }
  const auto [name, value] = json.member(0);
  if (name == "_geo_distance") return distance_key(value);
  SortKey key{.field = std::string(name), .is_descending = name == "_score"};
  if (const auto order = value.find_string()) key.is_descending = is_descending(*order);
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto [option, setting] = value.member(i);
    read_sort_option(key, option, setting);
  }
  return key;
}

SortValue sort_value(base::JsonView json) {
  if (const auto text = json.find_string()) return std::string(*text);
  if (const auto number = json.find_int()) return *number;
  if (const auto number = json.find_unsigned()) return *number;
  if (const auto real = json.find_number()) return *real;
  if (const auto flag = json.find_bool()) return std::int64_t{*flag};
  return {};
}

std::uint64_t total_hits(base::JsonView json) {
  if (const auto flag = json.find_bool()) return *flag ? SearchRequest::kCountAll : 0;
  const std::optional<std::int64_t> number = json.find_int();
  if (number && *number < 0) {
    if (*number == -1) return SearchRequest::kCountAll;
    refuse("illegal_argument_exception",
           fmt::format("[track_total_hits] parameter must be positive or equals to -1, got {}",
                       *number));
  }
  return count("track_total_hits", json);
}

/// How Elasticsearch calls the first token of a value.
std::string_view token_of(base::JsonView value) {
  switch (value.kind()) {
    case base::JsonKind::kNull:
      return "VALUE_NULL";
    case base::JsonKind::kBool:
      return "VALUE_BOOLEAN";
    case base::JsonKind::kInt:
    case base::JsonKind::kFloat:
      return "VALUE_NUMBER";
    case base::JsonKind::kString:
      return "VALUE_STRING";
    case base::JsonKind::kArray:
      return "START_ARRAY";
    case base::JsonKind::kObject:
      return "START_OBJECT";
  }
  return "";
}

/// What changes hits, or adds to them.
bool read_more(SearchRequest& request, std::string_view name, base::JsonView value) {
  if (name == "post_filter") {
    request.post_filter = query_reader::read_query(value);
  } else if (name == "min_score") {
    request.min_score = query_reader::number("search", name, value);
  } else if (name == "rescore") {
    if (value.kind() != base::JsonKind::kArray) request.rescore.push_back(read_rescore(value));
    for (std::size_t i = 0; value.kind() == base::JsonKind::kArray && i < value.size(); ++i) {
      request.rescore.push_back(read_rescore(value.element(i)));
    }
  } else if (name == "collapse") {
    request.collapse = read_collapse(value);
  } else if (name == "slice") {
    request.slice = read_slice(value);
  } else if (name == "highlight") {
    request.highlight = read_highlight(value);
  } else if (name == "suggest") {
    request.suggest = read_suggest(value);
  } else if (name == "terminate_after") {
    request.terminate_after = count(name, value);
  } else if (name == "explain") {
    request.explains = query_reader::flag("search", name, value);
  } else if (name == "track_scores") {
    request.tracks_scores = query_reader::flag("search", name, value);
  } else if (name == "include_named_queries_score") {
    request.reports_query_scores = query_reader::flag("search", name, value);
  } else {
    return false;
  }
  return true;
}

void read(SearchRequest& request, std::string_view name, base::JsonView value,
          const OtherMember& other) {
  if (name == "query") {
    request.query = query_reader::read_query(value);
  } else if (name == "from") {
    request.from = count(name, value);
  } else if (name == "size") {
    request.size = count(name, value);
  } else if (name == "track_total_hits") {
    request.track_total_hits = total_hits(value);
  } else if (name == "sort") {
    if (value.kind() != base::JsonKind::kArray) request.sort.push_back(sort_key(value));
    for (std::size_t i = 0; value.kind() == base::JsonKind::kArray && i < value.size(); ++i) {
      request.sort.push_back(sort_key(value.element(i)));
    }
  } else if (name == "aggs" || name == "aggregations") {
    base::Result<Aggregations> aggregations = parse_aggregations(value);
    if (!aggregations) throw Refusal{aggregations.error()};
    request.aggregations = std::move(*aggregations);
    request.aggregations_text = value.text();
  } else if (name == "search_after") {
    request.search_after.emplace();
    for (std::size_t i = 0; i < value.size(); ++i) {
      request.search_after->push_back(sort_value(value.element(i)));
    }
  } else if (!read_more(request, name, value) && !(other && other(name, value))) {
    query_reader::refuse(
        fmt::format("unknown key [{}] for a [{}] in [{}].", name, token_of(value), name));
  }
}

void check_request(const SearchRequest& request) {
  if (request.collapse && !request.rescore.empty()) {
    refuse("search_phase_execution_exception",
           "cannot use `collapse` in conjunction with `rescore`");
  }
  if (!request.rescore.empty() && !request.sort.empty()) {
    refuse("illegal_argument_exception", "Cannot use [sort] option in conjunction with [rescore].");
  }
  if (!request.search_after) return;
  if (request.collapse &&
      (request.sort.size() != 1 || request.sort.front().field != request.collapse->field)) {
    refuse("illegal_argument_exception",
           "collapse field and sort field must be the same when use `collapse` in conjunction with "
           "`search_after`");
  }
  if (request.from > 0) {
    refuse("illegal_argument_exception",
           "`from` parameter must be set to 0 when `search_after` is used.");
  }
  if (request.search_after->size() != request.sort.size()) {
    refuse("illegal_argument_exception",
           fmt::format("search_after has {} value(s) but sort has {}.",
                       request.search_after->size(), request.sort.size()));
  }
}

}  // namespace

base::Result<SearchRequest> parse_search_request(base::JsonView json, const OtherMember& other) {
  SearchRequest request;
  try {
    if (json.kind() != base::JsonKind::kObject) query_reader::refuse("a search is an object");
    for (std::size_t i = 0; i < json.size(); ++i) {
      const auto [name, value] = json.member(i);
      read(request, name, value, other);
    }
    check_request(request);
  } catch (const Refusal& refusal) {
    return std::unexpected(refusal.error);
  }
  return request;
}

}  // namespace hornbeam::search

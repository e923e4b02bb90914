#include "hornbeam/site/search_api/search_body.h"

#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/search/query/query.h"
#include "hornbeam/site/search_api/writes.h"

namespace hornbeam::site {
namespace {

using search::NodeError;

std::vector<search::ShownField> read_shown_fields(base::JsonView json) {
  std::vector<search::ShownField> fields;
  const auto add = [&](base::JsonView one) {
    if (one.kind() != base::JsonKind::kObject) {
      fields.push_back({.field = text_of(one)});
      return;
    }
    search::ShownField field;
    if (const auto name = one.find("field")) field.field = text_of(*name);
    if (const auto format = one.find("format")) field.format = text_of(*format);
    fields.push_back(std::move(field));
  };
  if (json.kind() != base::JsonKind::kArray) add(json);
  for (std::size_t i = 0; json.kind() == base::JsonKind::kArray && i < json.size(); ++i) {
    add(json.element(i));
  }
  return fields;
}

void read_index_boosts(SearchBody& body, base::JsonView json) {
  const auto add = [&](base::JsonView object) {
    for (std::size_t i = 0; i < object.size(); ++i) {
      const auto [name, value] = object.member(i);
      body.index_boosts.emplace_back(name, static_cast<float>(value.find_number().value_or(1)));
    }
  };
  if (json.kind() == base::JsonKind::kObject) return add(json);
  for (std::size_t i = 0; i < json.size(); ++i) add(json.element(i));
}

/// What of a body is about what is shown.
bool read_shown(SearchBody& body, std::string_view name, base::JsonView value) {
  if (name == "_source") {
    body.shown = source_filter(value);
  } else if (name == "docvalue_fields") {
    body.docvalue_fields = read_shown_fields(value);
  } else if (name == "fields") {
    body.fields = read_shown_fields(value);
  } else if (name == "stored_fields") {
    body.stored_fields = texts_of(value);
  } else if (name == "script_fields") {
    body.script_fields = value.size();
  } else if (name == "version") {
    body.shows_version = value.find_bool().value_or(false);
  } else if (name == "seq_no_primary_term") {
    body.shows_seq_no = value.find_bool().value_or(false);
  } else if (name == "indices_boost") {
    read_index_boosts(body, value);
  } else {
    return name == "timeout" || name == "profile" || name == "stats" || name == "ext" ||
           name == "pit";
  }
  return true;
}

/// Who asks for stored fields wants no source, unless it is asked for too.
void hide_source(SearchBody& body, bool is_asked_for) {
  if (!body.stored_fields || is_asked_for) return;
  const auto& stored = *body.stored_fields;
  if (std::ranges::find(stored, "_source") == stored.end()) body.shown.reset();
}

/// What of the inner hits of a collapsed search, and of nested queries, is shown.
/// Each step goes deeper into the query, which bounds it.
void read_inner(SearchBody& body) {
  const auto add = [&](const search::InnerHits& inner) {
    SearchBody shown{.request = *inner.request,
                     .shows_total_as_int = body.shows_total_as_int,
                     .name = inner.name};
    const auto json = base::JsonDocument::parse(inner.json);
    for (std::size_t i = 0; i < json->root().size(); ++i) {
      const auto [name, value] = json->root().member(i);
      read_shown(shown, name, value);
    }
    hide_source(shown, json->root().find("_source").has_value());
    read_inner(shown);
    body.inner.push_back(std::move(shown));
  };
  if (body.request.collapse) {
    for (const search::InnerHits& inner : body.request.collapse->inner_hits) add(inner);
  }
  const search::SearchRequest& request = body.request;
  for (const auto* const nested : search::nested_with_inner_hits(request.query)) {
    add(*nested->inner_hits);
  }
  if (!request.post_filter) return;
  for (const auto* const nested : search::nested_with_inner_hits(*request.post_filter)) {
    add(*nested->inner_hits);
  }
}

/// A search in the query string: `q` and its company.
search::Query query_of(const RestCall& call) {
  base::JsonWriter out;
  out.begin_object().key("query_string").begin_object().member("query", call.text("q"));
  if (const auto field = call.find("df")) out.member("default_field", *field);
  if (const auto analyzer = call.find("analyzer")) out.member("analyzer", *analyzer);
  if (const auto words = call.find("default_operator")) out.member("default_operator", *words);
  if (call.has("lenient")) out.member("lenient", call.flag("lenient"));
  if (call.has("analyze_wildcard")) out.member("analyze_wildcard", call.flag("analyze_wildcard"));
  out.end_object().end_object();
  const auto document = base::JsonDocument::parse(out.take());
  return search::value_or_throw(search::parse_query(document->root()));
}

void read_sort(SearchBody& body, const RestCall& call) {
  if (!call.has("sort")) return;
  for (const std::string& one : call.list("sort")) {
    const std::size_t colon = one.find(':');
    const std::string field = one.substr(0, colon);
    const std::string order = colon == std::string::npos ? "" : one.substr(colon + 1);
    body.request.sort.push_back(
        {.field = field, .is_descending = order == "desc" || (order.empty() && field == "_score")});
  }
}

/// A search of one type only is known here: each index is asked once.
void check_parameters(const RestCall& call) {
  if (const auto type = call.find("search_type");
      type && *type != "query_then_fetch" && *type != "dfs_query_then_fetch") {
    throw NodeError("illegal_argument_exception", fmt::format("No search type for [{}]", *type));
  }
  if (const auto size = call.number("batched_reduce_size"); size && *size < 2) {
    throw NodeError("illegal_argument_exception", "batchedReduceSize must be >= 2");
  }
}

std::size_t count_of(const RestCall& call, std::string_view name, std::size_t otherwise) {
  const std::optional<std::int64_t> number = call.number(name);
  if (number && *number < 0) {
    throw NodeError("illegal_argument_exception",
                    fmt::format("[{}] parameter cannot be negative, found [{}]", name, *number));
  }
  return number ? static_cast<std::size_t>(*number) : otherwise;
}

void read_total(SearchBody& body, const RestCall& call) {
  body.shows_total_as_int = call.flag("rest_total_hits_as_int");
  if (const auto tracked = call.find("track_total_hits")) {
    if (*tracked == "true" || *tracked == "false") {
      body.request.track_total_hits = *tracked == "true" ? search::SearchRequest::kCountAll : 0;
    } else if (call.number("track_total_hits") == -1) {
      body.request.track_total_hits = search::SearchRequest::kCountAll;
    } else if (const auto count = call.number("track_total_hits"); count && *count < 0) {
      throw NodeError(
          "illegal_argument_exception",
          fmt::format("[track_total_hits] parameter must be positive or equals to -1, got {}",
                      *count));
    } else {
      body.request.track_total_hits = count_of(call, "track_total_hits", 0);
    }
  }
  const std::uint64_t tracked = body.request.track_total_hits;
  if (body.shows_total_as_int && tracked != 0 && tracked != search::SearchRequest::kCountAll) {
    if (tracked != search::SearchRequest{}.track_total_hits || call.has("track_total_hits")) {
      throw NodeError("illegal_argument_exception",
                      fmt::format("[rest_total_hits_as_int] cannot be used if the tracking of "
                                  "total hits is not accurate, got {}",
                                  tracked));
    }
    body.request.track_total_hits = search::SearchRequest::kCountAll;
  }
  body.counts_total = body.request.track_total_hits != 0;
}

void check_counts(const search::Settings& settings, const SearchBody& body) {
  const auto check = [&](std::string_view what, std::size_t count, std::int64_t otherwise) {
    const std::string name =
        fmt::format("index.max_{}", what == "docvalue_fields" ? "docvalue_fields_search" : what);
    const auto most = static_cast<std::size_t>(settings.find_int(name).value_or(otherwise));
    if (count <= most) return;
    throw NodeError("illegal_argument_exception",
                    fmt::format("Trying to retrieve too many {}. Must be less than or equal to: "
                                "[{}] but was [{}]. This limit can be set by changing the [{}] "
                                "index level setting.",
                                what, most, count, name));
  };
  check("docvalue_fields", body.docvalue_fields.size(), 100);
  check("script_fields", body.script_fields, 32);
  if (body.script_fields > 0) {
    throw NodeError("illegal_argument_exception", "[script_fields] are not possible here");
  }
}

/// Every index that is boosted by name is one.
void check_boosts(const search::Node& node, const SearchBody& body) {
  if (body.is_tolerant) return;
  for (const auto& [name, boost] : body.index_boosts) node.resolve(name);
}

}  // namespace

SearchBody read_search(RestCall& call, std::optional<base::JsonView> json) {
  check_parameters(call);
  SearchBody body{.is_tolerant = call.flag("ignore_unavailable")};
  if (json) {
    body.request = search::value_or_throw(
        search::parse_search_request(*json, [&](std::string_view name, base::JsonView value) {
          return read_shown(body, name, value);
        }));
  }
  if (call.has("q")) body.request.query = query_of(call);
  body.request.from = count_of(call, "from", body.request.from);
  body.request.size = count_of(call, "size", body.request.size);
  body.request.terminate_after = count_of(call, "terminate_after", body.request.terminate_after);
  read_sort(body, call);
  if (call.has("_source") || call.has("_source_includes") || call.has("_source_excludes")) {
    body.shown = source_filter(call);
  }
  for (const std::string& field : call.list("docvalue_fields")) {
    body.docvalue_fields.push_back({.field = field});
  }
  if (call.has("stored_fields")) body.stored_fields = call.list("stored_fields");
  hide_source(body, call.has("_source") || (json && json->find("_source")));
  body.request.loads_sources = body.shown || !body.fields.empty() || body.stored_fields;
  body.shows_version = call.flag("version", body.shows_version);
  body.shows_seq_no = call.flag("seq_no_primary_term", body.shows_seq_no);
  body.request.explains = call.flag("explain", body.request.explains);
  body.request.tracks_scores = call.flag("track_scores", body.request.tracks_scores);
  body.request.reports_query_scores =
      call.flag("include_named_queries_score", body.request.reports_query_scores);
  body.typed_keys = call.flag("typed_keys");
  body.request.aggregation_options.typed_keys = body.typed_keys;
  read_total(body, call);
  read_inner(body);
  return body;
}

SearchBody read_query_only(RestCall& call) {
  const auto json = call.find_json();
  for (std::size_t i = 0; json && i < json->size(); ++i) {
    const auto [name, value] = json->member(i);
    if (name == "query") continue;
    throw NodeError("parsing_exception", fmt::format("request does not support [{}]", name));
  }
  return read_search(call, json);
}

std::vector<search::SearchTarget> search_targets(search::Node& node, std::string_view expression,
                                                 const search::IndexOptionsOfRequest& options,
                                                 const SearchBody& body) {
  std::vector<search::SearchTarget> targets;
  for (const search::ResolvedIndex& found : node.resolve(expression, options)) {
    search::SearchTarget target = found.index->index->target();
    target.name = found.index->name;
    ++found.index->counts->searches;
    const search::Settings& settings = found.index->settings;
    const auto limit = [&](std::string_view name, std::size_t& value) {
      if (const auto given = settings.find_int(name)) value = static_cast<std::size_t>(*given);
    };
    limit("index.max_result_window", target.settings.max_result_window);
    limit("index.max_slices_per_scroll", target.settings.max_slices);
    limit("index.max_rescore_window", target.settings.max_rescore_window);
    limit("index.max_regex_length", target.settings.max_regex_length);
    limit("index.max_terms_count", target.settings.max_terms_count);
    limit("index.highlight.max_analyzed_offset", target.settings.max_analyzed_offset);
    target.settings.is_lenient = settings.flag("index.query_string.lenient", false);
    target.settings.allows_expensive_queries =
        node.find_setting("search.allow_expensive_queries") != "false";
    target.find_terms = find_terms_in(node);
    check_counts(settings, body);
    for (const auto& [pattern, boost] : body.index_boosts) {
      const bool is_meant =
          search::matches_pattern(pattern, target.name) || found.index->aliases.contains(pattern);
      if (!is_meant) continue;
      target.boost = boost;
      break;
    }
    for (const std::string& filter : found.filters) {
      const auto document = base::JsonDocument::parse(filter);
      target.filters.push_back(search::value_or_throw(search::parse_query(document->root())));
    }
    targets.push_back(std::move(target));
  }
  check_boosts(node, body);
  return targets;
}

search::SearchResult run_search(const std::vector<search::SearchTarget>& targets,
                                const SearchBody& body) {
  base::Result<search::SearchResult> result =
      search::execute_search(targets, body.request, search::current_time());
  if (!result) {
    throw NodeError::of_search(result.error(), targets.empty() ? "" : targets.front().name);
  }
  return std::move(*result);
}

}  // namespace hornbeam::site

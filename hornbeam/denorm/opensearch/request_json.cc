#include "hornbeam/denorm/opensearch/request_json.h"

#include <stdexcept>

#include <fmt/format.h>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/json_writer.h"
#include "hornbeam/denorm/internal/query_json.h"

namespace hornbeam::denorm {

namespace {

using base::JsonView;
using base::JsonWriter;

void write_sort(JsonWriter& out, const search::SearchRequest& request) {
  constexpr const char* kModes[] = {"", "min", "max", "sum", "avg", "median"};
  if (request.sort.empty()) return;
  out.key("sort").begin_array();
  for (const search::SortKey& each : request.sort) {
    if (each.distance) throw std::invalid_argument("an order by distance is not sent to a cluster");
    out.begin_object().key(each.field).begin_object();
    out.member("order", each.is_descending ? "desc" : "asc");
    if (each.field != "_score" && each.field != "_doc") {
      if (!each.missing.empty()) {
        out.member("missing", each.missing);
      } else if (each.is_missing_first) {
        out.member("missing", "_first");
      }
      if (each.mode != search::SortMode::kDefault) {
        out.member("mode", std::string_view(kModes[static_cast<int>(each.mode)]));
      }
      if (!each.unmapped_type.empty()) out.member("unmapped_type", each.unmapped_type);
      if (!each.numeric_type.empty()) out.member("numeric_type", each.numeric_type);
      if (!each.format.empty()) out.member("format", each.format);
    }
    out.end_object().end_object();
  }
  out.end_array();
}

void write_search_after(JsonWriter& out, const search::SearchRequest& request) {
  if (!request.search_after) return;
  out.key("search_after").begin_array();
  for (const search::SortValue& each : *request.search_after) {
    std::visit(
        [&](const auto& value) {
          if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::monostate>) {
            out.raw("null");
          } else {
            out.value(value);
          }
        },
        each);
  }
  out.end_array();
}

void write_highlight_options(JsonWriter& out, const search::HighlightOptions& options) {
  if (options.query) throw std::invalid_argument("a highlight_query is not sent to a cluster yet");
  if (options.type) out.member("type", *options.type);
  if (options.pre_tags) out.member("pre_tags", *options.pre_tags);
  if (options.post_tags) out.member("post_tags", *options.post_tags);
  if (options.fragment_size) out.member("fragment_size", *options.fragment_size);
  if (options.number_of_fragments) {
    out.member("number_of_fragments", *options.number_of_fragments);
  }
  if (options.no_match_size) out.member("no_match_size", *options.no_match_size);
  if (options.require_field_match) out.member("require_field_match", *options.require_field_match);
  if (options.is_ordered_by_score.value_or(false)) out.member("order", "score");
  if (options.escapes_html.value_or(false)) out.member("encoder", "html");
  if (options.boundary_scanner) out.member("boundary_scanner", *options.boundary_scanner);
  if (!options.matched_fields.empty()) out.member("matched_fields", options.matched_fields);
}

void write_highlight(JsonWriter& out, const search::SearchRequest& request) {
  if (!request.highlight) return;
  out.key("highlight").begin_object();
  write_highlight_options(out, request.highlight->options);
  out.key("fields").begin_object();
  for (const auto& field : request.highlight->fields) {
    out.key(field.name).begin_object();
    write_highlight_options(out, field.options);
    out.end_object();
  }
  out.end_object().end_object();
}

void refuse_what_is_not_written(const search::SearchRequest& request) {
  const std::pair<bool, const char*> parts[] = {
      {!request.rescore.empty(), "rescore"}, {request.collapse.has_value(), "collapse"},
      {request.slice.has_value(), "slice"},  {request.suggest.has_value(), "suggest"},
      {request.explains, "explain"},         {request.reports_query_scores, "scores of queries"},
  };
  for (const auto& [is_there, name] : parts) {
    if (is_there) {
      throw std::invalid_argument(fmt::format("{} is not sent to a cluster yet", name));
    }
  }
}

std::string write_request(const search::SearchRequest& request) {
  refuse_what_is_not_written(request);
  JsonWriter out;
  out.begin_object().key("query");
  internal::write_query(out, request.query);
  out.member("from", request.from).member("size", request.size);
  write_sort(out, request);
  write_search_after(out, request);
  if (request.track_total_hits == search::SearchRequest::kCountAll) {
    out.member("track_total_hits", true);
  } else {
    out.member("track_total_hits", request.track_total_hits);
  }
  if (request.post_filter) {
    out.key("post_filter");
    internal::write_query(out, *request.post_filter);
  }
  if (request.min_score) out.member("min_score", *request.min_score);
  if (request.terminate_after > 0) out.member("terminate_after", request.terminate_after);
  if (request.tracks_scores) out.member("track_scores", true);
  if (!request.loads_sources) out.member("_source", false);
  write_highlight(out, request);
  if (!request.aggregations_text.empty()) out.raw_member("aggs", request.aggregations_text);
  out.end_object();
  return out.take();
}

std::string text_of(const std::optional<JsonView>& value) {
  const auto text = value ? value->find_string() : std::nullopt;
  return text ? std::string(*text) : "";
}

/// What was rendered: all but the hash.
std::string source_of(JsonView source) {
  JsonWriter out;
  out.begin_object();
  for (std::size_t at = 0; at < source.size(); ++at) {
    const auto [name, value] = source.member(at);
    if (name != kHashField) out.raw_member(name, value.text());
  }
  out.end_object();
  return out.take();
}

search::SortValue sort_value(JsonView value) {
  if (const auto whole = value.find_int()) return *whole;
  if (const auto large = value.find_unsigned()) return *large;
  if (const auto number = value.find_number()) return *number;
  if (const auto text = value.find_string()) return std::string(*text);
  return std::monostate();
}

search::Hit read_hit(JsonView json) {
  search::Hit hit{.id = text_of(json.find("_id")), .source = {}};
  if (const auto score = json.find("_score")) {
    if (const auto number = score->find_number()) hit.score = static_cast<float>(*number);
  }
  if (const auto source = json.find("_source")) hit.source = source_of(*source);
  if (const auto sort = json.find("sort")) {
    for (std::size_t at = 0; at < sort->size(); ++at)
      hit.sort.push_back(sort_value(sort->element(at)));
  }
  if (const auto names = json.find("matched_queries")) {
    for (std::size_t at = 0; at < names->size(); ++at) {
      hit.matched_queries.push_back(text_of(names->element(at)));
    }
  }
  const auto highlight = json.find("highlight");
  for (std::size_t at = 0; highlight && at < highlight->size(); ++at) {
    const auto [field, fragments] = highlight->member(at);
    auto& kept = hit.highlight[std::string(field)];
    for (std::size_t each = 0; each < fragments.size(); ++each) {
      kept.push_back(text_of(fragments.element(each)));
    }
  }
  return hit;
}

search::SearchResult read_result(JsonView json) {
  search::SearchResult result;
  const JsonView hits = json.find("hits").value_or(JsonView());
  if (const auto total = hits.find("total")) {
    result.total.value = total->find("value").value_or(JsonView()).find_unsigned().value_or(0);
    result.total.is_exact = text_of(total->find("relation")) != "gte";
  }
  if (const auto best = hits.find("max_score")) {
    if (const auto number = best->find_number()) result.max_score = static_cast<float>(*number);
  }
  const JsonView found = hits.find("hits").value_or(JsonView());
  for (std::size_t at = 0; at < found.size(); ++at) {
    result.hits.push_back(read_hit(found.element(at)));
  }
  if (const auto aggregations = json.find("aggregations")) {
    result.aggregations = aggregations->text();
  }
  return result;
}

}  // namespace

base::Result<std::string> request_json(const search::SearchRequest& request) {
  try {
    return write_request(request);
  } catch (const std::invalid_argument& refusal) {
    return base::error("not_sent_to_a_cluster", refusal.what());
  }
}

base::Result<search::SearchResult> read_search_answer(std::string_view json) {
  const auto document = base::JsonDocument::parse(json);
  if (!document) {
    return base::error("no_answer", "the answer is no JSON: " + document.error().message());
  }
  const JsonView root = document->root();
  if (const auto error = root.find("error")) {
    const auto causes = error->find("root_cause");
    const JsonView cause = causes && causes->size() > 0 ? causes->element(0) : *error;
    return base::error(text_of(cause.find("type")), text_of(cause.find("reason")));
  }
  return read_result(root);
}

std::string with_hash(std::string_view json, std::string_view hash) {
  const std::size_t end = json.rfind('}');
  const std::size_t last = json.find_last_not_of(" \t\r\n", end - 1);
  const bool is_empty = json[last] == '{';
  return fmt::format(R"({}{}"{}":"{}"}})", json.substr(0, end), is_empty ? "" : ",", kHashField,
                     hash);
}

}  // namespace hornbeam::denorm

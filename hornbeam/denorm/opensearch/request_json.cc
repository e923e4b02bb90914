#include "hornbeam/denorm/opensearch/request_json.h"

#include <stdexcept>

#include <fmt/format.h>

#include "hornbeam/base/json_writer.h"
#include "hornbeam/denorm/internal/query_json.h"

namespace hornbeam::denorm {

namespace {

using base::JsonWriter;

void write_nested_sort(JsonWriter& out, const search::NestedSort& nested) {
  out.key("nested").begin_object().member("path", nested.path);
  if (nested.filter) {
    out.key("filter");
    internal::write_query(out, *nested.filter);
  }
  if (nested.max_children > 0) out.member("max_children", nested.max_children);
  if (nested.inner) write_nested_sort(out, *nested.inner);
  out.end_object();
}

/// The name of a unit of so many metres.
std::string_view unit_of(double metres) {
  constexpr std::pair<double, std::string_view> kUnits[] = {
      {1, "m"},       {1'000, "km"},  {0.01, "cm"},   {0.001, "mm"}, {1'609.344, "mi"},
      {0.9144, "yd"}, {0.3048, "ft"}, {0.0254, "in"}, {1'852, "nmi"}};
  for (const auto& [size, name] : kUnits) {
    if (size == metres) return name;
  }
  throw std::invalid_argument(
      fmt::format("a distance in units of {} m has no name. Mend: order by metres", metres));
}

void write_field_sort(JsonWriter& out, const search::SortKey& key) {
  if (!key.missing.empty()) {
    out.member("missing", key.missing);
  } else if (key.is_missing_first) {
    out.member("missing", "_first");
  }
  if (!key.unmapped_type.empty()) out.member("unmapped_type", key.unmapped_type);
  if (!key.numeric_type.empty()) out.member("numeric_type", key.numeric_type);
  if (!key.format.empty()) out.member("format", key.format);
}

void write_sort_key(JsonWriter& out, const search::SortKey& key) {
  constexpr const char* kModes[] = {"", "min", "max", "sum", "avg", "median"};
  out.begin_object().key(key.distance ? "_geo_distance" : key.field).begin_object();
  if (key.distance) {
    out.key(key.field).begin_array();
    for (const search::Place& each : key.distance->points) internal::write_place(out, each);
    out.end_array().member("unit", unit_of(key.distance->unit));
    if (key.distance->ignores_unmapped) out.member("ignore_unmapped", true);
  }
  out.member("order", key.is_descending ? "desc" : "asc");
  if (key.field != "_score" && key.field != "_doc") {
    if (!key.distance) write_field_sort(out, key);
    if (key.mode != search::SortMode::kDefault) {
      out.member("mode", std::string_view(kModes[static_cast<int>(key.mode)]));
    }
    if (key.nested) write_nested_sort(out, *key.nested);
  }
  out.end_object().end_object();
}

void write_sort(JsonWriter& out, const search::SearchRequest& request) {
  if (request.sort.empty()) return;
  out.key("sort").begin_array();
  for (const search::SortKey& each : request.sort) write_sort_key(out, each);
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

void write_highlight_options(JsonWriter& out, const search::HighlightOptions& options,
                             ClusterKind kind) {
  const bool is_opensearch = kind == ClusterKind::kOpenSearch;
  if (options.type) out.member("type", *options.type);
  if (options.pre_tags) out.member("pre_tags", *options.pre_tags);
  if (options.post_tags) out.member("post_tags", *options.post_tags);
  if (options.fragment_size) out.member("fragment_size", *options.fragment_size);
  if (options.number_of_fragments) {
    out.member("number_of_fragments", *options.number_of_fragments);
  }
  if (options.no_match_size) out.member("no_match_size", *options.no_match_size);
  if (options.max_analyzer_offset) {
    out.member(is_opensearch ? "max_analyzer_offset" : "max_analyzed_offset",
               *options.max_analyzer_offset);
  }
  if (options.require_field_match) out.member("require_field_match", *options.require_field_match);
  if (options.is_ordered_by_score) {
    out.member("order", *options.is_ordered_by_score ? "score" : "none");
  }
  if (options.escapes_html) out.member("encoder", *options.escapes_html ? "html" : "default");
  if (options.boundary_scanner) out.member("boundary_scanner", *options.boundary_scanner);
  if (!options.matched_fields.empty()) out.member("matched_fields", options.matched_fields);
  if (options.query) {
    out.key("highlight_query");
    internal::write_query(out, *options.query);
  }
}

void write_highlight(JsonWriter& out, const search::SearchRequest& request, ClusterKind kind) {
  if (!request.highlight) return;
  out.key("highlight").begin_object();
  write_highlight_options(out, request.highlight->options, kind);
  out.key("fields").begin_object();
  for (const auto& field : request.highlight->fields) {
    out.key(field.name).begin_object();
    write_highlight_options(out, field.options, kind);
    out.end_object();
  }
  out.end_object().end_object();
}

void write_rescore(JsonWriter& out, const search::SearchRequest& request) {
  constexpr const char* kModes[] = {"total", "multiply", "avg", "max", "min"};
  if (request.rescore.empty()) return;
  out.key("rescore").begin_array();
  for (const search::Rescore& each : request.rescore) {
    out.begin_object().member("window_size", each.window_size).key("query").begin_object();
    out.key("rescore_query");
    internal::write_query(out, each.query);
    out.member("query_weight", each.query_weight)
        .member("rescore_query_weight", each.rescore_query_weight)
        .member("score_mode", std::string_view(kModes[static_cast<int>(each.mode)]));
    out.end_object().end_object();
  }
  out.end_array();
}

void write_collapse(JsonWriter& out, const search::SearchRequest& request) {
  if (!request.collapse) return;
  out.key("collapse").begin_object().member("field", request.collapse->field);
  if (!request.collapse->inner_hits.empty()) {
    out.key("inner_hits").begin_array();
    for (const search::InnerHits& each : request.collapse->inner_hits) out.raw(each.json);
    out.end_array();
  }
  out.end_object();
}

void write_slice(JsonWriter& out, const search::SearchRequest& request) {
  if (!request.slice) return;
  out.key("slice").begin_object().member("field", request.slice->field);
  out.member("id", request.slice->id).member("max", request.slice->max).end_object();
}

void write_term_suggest(JsonWriter& out, const search::TermSuggest& term) {
  constexpr const char* kModes[] = {"missing", "popular", "always"};
  out.member("field", term.field).member("size", term.size);
  if (!term.analyzer.empty()) out.member("analyzer", term.analyzer);
  out.member("suggest_mode", std::string_view(kModes[static_cast<int>(term.mode)]))
      .member("max_edits", term.max_edits)
      .member("prefix_length", term.prefix_length)
      .member("min_word_length", term.min_word_length)
      .member("min_doc_freq", term.min_doc_freq)
      .member("max_term_freq", term.max_term_freq);
}

void write_suggester(JsonWriter& out, const search::TermSuggest& term) {
  out.key("term").begin_object();
  write_term_suggest(out, term);
  out.member("sort", term.is_by_frequency ? "frequency" : "score").end_object();
}

void write_suggester(JsonWriter& out, const search::PhraseSuggest& phrase) {
  out.key("phrase").begin_object().member("field", phrase.field).member("size", phrase.size);
  if (!phrase.analyzer.empty()) out.member("analyzer", phrase.analyzer);
  out.member("real_word_error_likelihood", phrase.real_word_error_likelihood)
      .member("confidence", phrase.confidence)
      .member("max_errors", phrase.max_errors);
  if (!phrase.pre_tag.empty() || !phrase.post_tag.empty()) {
    out.key("highlight").begin_object().member("pre_tag", phrase.pre_tag);
    out.member("post_tag", phrase.post_tag).end_object();
  }
  out.key("direct_generator").begin_array().begin_object();
  write_term_suggest(out, phrase.generator);
  out.end_object().end_array().end_object();
}

void write_suggester(JsonWriter& out, const search::CompletionSuggest& completion) {
  out.key("completion").begin_object().member("field", completion.field);
  out.member("size", completion.size);
  if (completion.skips_duplicates) out.member("skip_duplicates", true);
  if (completion.fuzzy) {
    out.key("fuzzy").begin_object();
    internal::write_fuzzy(out, *completion.fuzzy,
                          {.max_expansions = {}, .transpositions = "transpositions"});
    out.member("min_length", completion.fuzzy_min_length).end_object();
  }
  if (!completion.contexts.empty()) out.key("contexts").begin_object();
  for (const auto& [name, values] : completion.contexts) {
    out.key(name).begin_array();
    for (const auto& each : values) {
      out.begin_object().member("context", each.value).member("boost", each.boost);
      out.member("prefix", each.is_prefix).end_object();
    }
    out.end_array();
  }
  if (!completion.contexts.empty()) out.end_object();
  out.end_object();
}

void write_suggest(JsonWriter& out, const search::SearchRequest& request) {
  if (!request.suggest) return;
  out.key("suggest").begin_object();
  for (const search::SuggestRequest::Entry& each : request.suggest->entries) {
    const auto* const completion = std::get_if<search::CompletionSuggest>(&each.suggester);
    std::string_view text = "text";
    if (completion != nullptr) text = completion->is_regexp ? "regex" : "prefix";
    out.key(each.name).begin_object().member(text, each.text);
    std::visit([&](const auto& suggester) { write_suggester(out, suggester); }, each.suggester);
    out.end_object();
  }
  out.end_object();
}

std::string write_request(const search::SearchRequest& request, ClusterKind kind) {
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
  if (request.explains) out.member("explain", true);
  // Elasticsearch takes it beside the path.
  const bool in_body = request.reports_query_scores && kind == ClusterKind::kOpenSearch;
  if (in_body) out.member("include_named_queries_score", true);
  write_rescore(out, request);
  write_collapse(out, request);
  write_slice(out, request);
  write_highlight(out, request, kind);
  write_suggest(out, request);
  if (request.aggregations_text.empty() && !request.aggregations.empty()) {
    throw std::invalid_argument(
        "aggregations are sent to a cluster as they were written, and that is not there. Mend: set "
        "SearchRequest::aggregations_text");
  }
  if (!request.aggregations_text.empty()) out.raw_member("aggs", request.aggregations_text);
  out.end_object();
  return out.take();
}

}  // namespace

base::Result<std::string> request_json(const search::SearchRequest& request, ClusterKind kind) {
  try {
    return write_request(request, kind);
  } catch (const std::invalid_argument& refusal) {
    return base::error("not_sent_to_a_cluster", refusal.what());
  }
}

std::string with_hash(std::string_view json, std::string_view hash) {
  const std::size_t end = json.rfind('}');
  const std::size_t last = json.find_last_not_of(" \t\r\n", end - 1);
  const bool is_empty = json[last] == '{';
  return fmt::format(R"({}{}"{}":"{}"}})", json.substr(0, end), is_empty ? "" : ",", kHashField,
                     hash);
}

}  // namespace hornbeam::denorm

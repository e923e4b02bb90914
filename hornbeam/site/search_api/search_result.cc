#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "hornbeam/search/mapping/meta_fields.h"
#include "hornbeam/search/nested/nested_documents.h"
#include "hornbeam/site/search_api/search_body.h"

namespace hornbeam::site {
namespace {

void write_sort_value(base::JsonWriter& out, const search::SortValue& value) {
  std::visit(
      [&](const auto& one) {
        using Value = std::decay_t<decltype(one)>;
        if constexpr (std::is_same_v<Value, std::monostate>) {
          out.raw("null");
        } else if constexpr (std::is_same_v<Value, double>) {
          if (std::isinf(one)) {
            out.value(std::string_view(one < 0 ? "-Infinity" : "Infinity"));
          } else {
            out.value(one);
          }
        } else {
          out.value(one);
        }
      },
      value);
}

std::int64_t version_of(const search::SnapshotPlace& place) {
  const search::RootDocument root = search::root_of(*place.view.segment, place.doc);
  return root.segment.column(search::kVersionField)->first(root.doc).value_or(0);
}

/// The keywords that a document has in a column.
std::vector<std::string> keywords_of(const search::SnapshotPlace& place, std::string_view field) {
  std::vector<std::string> keywords;
  const search::Column* const column = place.view.segment->column(field);
  if (!column) return keywords;
  const auto [begin, end] = column->range(place.doc);
  for (std::size_t i = begin; i < end; ++i) {
    keywords.emplace_back(column->term(static_cast<std::size_t>(column->value(i))));
  }
  return keywords;
}

/// What a hit has of the source by its mapping.
std::string source_of(const search::Hit& hit, const search::SnapshotPlace& place,
                      const search::SearchTarget& target) {
  return search::filter_nested_source(place.view.segment->path(), hit.source,
                                      target.mapping->source_filter());
}

void check_source(const search::SearchTarget& target) {
  if (target.mapping->has_source()) return;
  throw search::NodeError::of_search(
      {.code = "illegal_argument_exception",
       .message = fmt::format("Unable to retrieve the requested [fields] since _source is disabled "
                              "in the mappings for index [{}]",
                              target.name)},
      target.name);
}

void write_fields(base::JsonWriter& out, const search::Hit& hit, const search::SnapshotPlace& place,
                  const search::SearchTarget& target, const SearchBody& body) {
  search::ShownValues shown;
  const auto check = [&](const base::Result<void>& added) {
    if (!added) throw search::NodeError::of_search(added.error(), target.name);
  };
  if (body.request.collapse) {
    const std::vector<search::ShownField> collapsed = {{.field = body.request.collapse->field}};
    check(search::add_column_values(target, place, collapsed, shown));
  }
  check(search::add_column_values(target, place, body.docvalue_fields, shown));
  if (!body.fields.empty() || body.stored_fields) {
    const std::string& path = place.view.segment->path();
    const auto source = base::JsonDocument::parse(search::inside_of_path(path, hit.source));
    if (body.stored_fields) {
      search::add_stored_values(target, source->root(), *body.stored_fields, shown);
    }
    if (!body.fields.empty()) check_source(target);
    const auto own =
        base::JsonDocument::parse(search::inside_of_path(path, source_of(hit, place, target)));
    check(search::add_source_values(target, own->root(), body.fields, shown));
  }
  if (shown.empty()) return;
  out.key("fields").begin_object();
  for (const auto& [name, values] : shown) {
    out.key(name).begin_array();
    for (const std::string& value : values) out.raw(value);
    out.end_array();
  }
  out.end_object();
}

void write_option(base::JsonWriter& out, const search::SuggestOption& option, std::string_view type,
                  const std::vector<search::SearchTarget>& targets) {
  out.begin_object().member("text", option.text);
  if (type == "completion") {
    out.member("_index", targets[option.target].name).member("_id", option.id);
    out.member("_score", option.score).raw_member("_source", option.source);
    if (!option.contexts.empty()) out.member("contexts", option.contexts);
  } else {
    out.member("score", option.score);
    if (type == "term") out.member("freq", option.freq);
    if (!option.highlighted.empty()) out.member("highlighted", option.highlighted);
  }
  out.end_object();
}

void write_suggestions(base::JsonWriter& out, const std::vector<search::Suggestion>& suggestions,
                       const std::vector<search::SearchTarget>& targets, bool typed_keys) {
  out.key("suggest").begin_object();
  for (const search::Suggestion& suggestion : suggestions) {
    out.key(typed_keys ? fmt::format("{}#{}", suggestion.type, suggestion.name) : suggestion.name);
    out.begin_array();
    for (const search::SuggestEntry& entry : suggestion.entries) {
      out.begin_object().member("text", entry.text).member("offset", entry.offset);
      out.member("length", entry.length).key("options").begin_array();
      for (const search::SuggestOption& option : entry.options) {
        write_option(out, option, suggestion.type, targets);
      }
      out.end_array().end_object();
    }
    out.end_array();
  }
  out.end_object();
}

/// `hits` of an answer.
void write_hits(base::JsonWriter& out, const search::SearchResult& result,
                const std::vector<search::SearchTarget>& targets, const SearchBody& body) {
  out.key("hits").begin_object();
  if (body.counts_total || body.shows_total_as_int) {
    out.raw_member("total", write_total(result.total, body));
  }
  out.member("max_score", result.max_score).key("hits").begin_array();
  for (const search::Hit& hit : result.hits) out.raw(write_hit(hit, targets, body));
  out.end_array().end_object();
}

void write_inner_hits(base::JsonWriter& out, const search::Hit& hit,
                      const std::vector<search::SearchTarget>& targets, const SearchBody& body) {
  out.key("inner_hits").begin_object();
  for (const search::InnerResult& inner : hit.inner_hits) {
    const auto shown = std::ranges::find(body.inner, inner.name, &SearchBody::name);
    if (shown == body.inner.end()) continue;
    out.key(inner.name).begin_object();
    if (inner.target) {
      write_hits(out, *inner.result, {*inner.target}, *shown);
    } else {
      write_hits(out, *inner.result, targets, *shown);
    }
    out.end_object();
  }
  out.end_object();
}

void write_matched_queries(base::JsonWriter& out, const search::Hit& hit, bool with_scores) {
  if (!with_scores) {
    out.member("matched_queries", hit.matched_queries);
    return;
  }
  out.key("matched_queries").begin_object();
  for (std::size_t i = 0; i < hit.matched_queries.size(); ++i) {
    out.member(hit.matched_queries[i], hit.matched_scores[i]);
  }
  out.end_object();
}

}  // namespace

void write_explanation(base::JsonWriter& out, const search::Explanation& explanation) {
  out.begin_object().member("value", explanation.value);
  out.member("description", explanation.description).key("details").begin_array();
  for (const search::Explanation& one : explanation.details) write_explanation(out, one);
  out.end_array().end_object();
}

std::string write_total(const search::HitCount& total, const SearchBody& body) {
  base::JsonWriter out;
  if (body.shows_total_as_int) {
    out.value(body.counts_total ? static_cast<std::int64_t>(total.value) : std::int64_t{-1});
  } else {
    out.begin_object().member("value", total.value);
    out.member("relation", total.is_exact ? "eq" : "gte").end_object();
  }
  return out.take();
}

std::string write_hit(const search::Hit& hit, const std::vector<search::SearchTarget>& targets,
                      const SearchBody& body) {
  const search::SearchTarget& target = targets[hit.target];
  const search::SnapshotPlace place = search::SnapshotPlace::of(*target.snapshot, hit.doc);
  base::JsonWriter out;
  out.begin_object().member("_index", target.name);
  const bool shows_id =
      !body.stored_fields || body.stored_fields->empty() || body.stored_fields->front() != "_none_";
  if (shows_id) out.member("_id", hit.id);
  if (!hit.nested.empty()) out.raw_member("_nested", search::nested_json(hit.nested));
  if (body.shows_version) out.member("_version", version_of(place));
  if (body.shows_seq_no) {
    out.member("_seq_no", place.view.segment->seq_no(place.doc)).member("_primary_term", 1);
  }
  out.member("_score", hit.score);
  const std::vector<std::string> ignored = keywords_of(place, search::kIgnoredField);
  if (!ignored.empty()) out.member("_ignored", ignored);
  const std::vector<std::string> routing = keywords_of(place, search::kRoutingField);
  if (!routing.empty()) out.member("_routing", routing.front());
  if (body.shown && target.mapping->has_source()) {
    out.raw_member("_source",
                   search::filter_nested_source(place.view.segment->path(),
                                                source_of(hit, place, target), *body.shown));
  }
  write_fields(out, hit, place, target, body);
  if (!hit.highlight.empty()) out.member("highlight", hit.highlight);
  if (!hit.sort.empty()) {
    out.key("sort").begin_array();
    for (const search::SortValue& value : hit.sort) write_sort_value(out, value);
    out.end_array();
  }
  if (!hit.matched_queries.empty()) {
    write_matched_queries(out, hit, body.request.reports_query_scores);
  }
  if (!hit.inner_hits.empty()) write_inner_hits(out, hit, targets, body);
  if (hit.explanation) {
    out.member("_shard", fmt::format("[{}][0]", target.name)).member("_node", "hornbeam");
    out.key("_explanation");
    write_explanation(out, *hit.explanation);
  }
  out.end_object();
  return out.take();
}

void write_result(base::JsonWriter& out, const search::SearchResult& result,
                  const std::vector<search::SearchTarget>& targets, const SearchBody& body,
                  std::int64_t took) {
  out.member("took", took).member("timed_out", false);
  if (body.request.terminate_after > 0) out.member("terminated_early", result.terminated_early);
  write_shards(out, targets.size(), targets.size());
  write_hits(out, result, targets, body);
  if (!result.aggregations.empty()) out.raw_member("aggregations", result.aggregations);
  if (body.request.suggest) {
    write_suggestions(out, result.suggestions, targets, body.typed_keys);
  }
}

}  // namespace hornbeam::site

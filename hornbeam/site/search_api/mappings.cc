#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/search/source/json_paths.h"
#include "hornbeam/site/search_api/field_paths.h"
#include "hornbeam/site/search_api/handlers.h"
#include "hornbeam/site/search_api/index_json.h"
#include "hornbeam/site/search_api/settings_json.h"

namespace hornbeam::site::search_handlers {
namespace {

using search::FieldMapping;
using search::NodeError;
using search::ResolvedIndex;

std::vector<ResolvedIndex> named(SearchApi& api, const RestCall& call) {
  return api.node().resolve(call.text("index"),
                            call.index_options({.expands_closed = true, .forbids_closed = false}));
}

/// The definition of the field at a path, as the mapping's JSON has it; none if it has no such.
std::optional<base::JsonView> definition_of(base::JsonView mapping, std::string_view path) {
  std::optional<base::JsonView> at = mapping;
  while (at) {
    const std::size_t dot = path.find('.');
    const std::string_view name = path.substr(0, dot);
    const auto properties = at->find("properties");
    const auto fields = at->find("fields");
    std::optional<base::JsonView> next = properties ? properties->find(name) : std::nullopt;
    if (!next && fields) next = fields->find(name);
    if (dot == std::string_view::npos) return next;
    path.remove_prefix(dot + 1);
    at = next;
  }
  return std::nullopt;
}

bool matches_any(const std::vector<std::string>& patterns, std::string_view name) {
  return std::ranges::any_of(
      patterns, [&](const std::string& pattern) { return search::matches_pattern(pattern, name); });
}

void check_settings(const search::NodeIndex& index, const search::Settings& changes) {
  for (const auto& [name, value] : changes.all()) {
    const bool is_fixed = name == "index.number_of_shards" || name.starts_with("index.analysis.") ||
                          name == "index.uuid" || name == "index.creation_date";
    if (is_fixed && index.is_open) {
      throw NodeError("illegal_argument_exception",
                      fmt::format("Can't update non dynamic settings [[{}]] for open indices "
                                  "[[{}/{}]]",
                                  name, index.name, index.uuid));
    }
  }
}

}  // namespace

RestResponse put_mapping(SearchApi& api, RestCall& call) {
  const base::JsonView json = call.json();
  if (json.size() == 1 && json.member(0).first == "_doc") {
    throw NodeError("illegal_argument_exception",
                    "Types cannot be provided in put mapping requests");
  }
  const std::string text = json.text();
  for (const ResolvedIndex& one : named(api, call)) {
    search::value_or_throw(one.index->index->put_mapping(text), one.index->name);
  }
  return acknowledged();
}

RestResponse get_mapping(SearchApi& api, RestCall& call) {
  base::JsonWriter out;
  out.begin_object();
  for (const ResolvedIndex& one : named(api, call)) {
    out.key(one.index->name).begin_object();
    out.raw_member("mappings", one.index->index->mapping()).end_object();
  }
  out.end_object();
  return answer(out);
}

RestResponse get_field_mapping(SearchApi& api, RestCall& call) {
  const std::vector<std::string> patterns = call.list("fields");
  base::JsonWriter out;
  out.begin_object();
  bool is_any = false;
  for (const ResolvedIndex& one : named(api, call)) {
    const auto mapping = one.index->index->current_mapping();
    const std::string text = mapping->json();
    const auto json = base::JsonDocument::parse(text);
    out.key(one.index->name).begin_object().key("mappings").begin_object();
    for (const auto& [path, field] : all_fields(*mapping)) {
      if (field->type == search::FieldType::kObject) continue;
      const std::string leaf = path.substr(path.rfind('.') + 1);
      if (!matches_any(patterns, path)) continue;
      const auto definition = definition_of(json->root(), path);
      if (!definition) continue;
      is_any = true;
      std::string shown = definition->text();
      if (call.flag("include_defaults") && field->type == search::FieldType::kText &&
          !definition->find("analyzer")) {
        shown = search::merge_json(*definition,
                                   base::JsonDocument::parse(R"({"analyzer":"default"})")->root());
      }
      out.key(path).begin_object().member("full_name", path).key("mapping").begin_object();
      out.raw_member(leaf, shown).end_object().end_object();
    }
    out.end_object().end_object();
  }
  out.end_object();
  const bool is_missing = !is_any && named(api, call).empty();
  return answer(out, is_missing ? 404 : 200);
}

RestResponse put_settings(SearchApi& api, RestCall& call) {
  const base::JsonView body = call.json();
  const auto inner = body.find("settings");
  const search::Settings changes =
      search::value_or_throw(search::Settings::parse(inner ? *inner : body, "index."));
  const bool preserves = call.flag("preserve_existing");
  const auto options = call.index_options({.expands_closed = true, .forbids_closed = false});
  for (const ResolvedIndex& one : api.node().resolve(call.text("index"), options)) {
    check_settings(*one.index, changes);
    api.node().change(one.index->name, [&](search::NodeIndex& index) {
      if (preserves) {
        index.settings.merge_missing(changes);
      } else {
        index.settings.merge(changes);
      }
      search::Settings defaults;
      defaults.set("index.number_of_replicas", "1");
      index.settings.merge_missing(defaults);
    });
  }
  return acknowledged();
}

RestResponse get_settings(SearchApi& api, RestCall& call) {
  std::vector<std::string> patterns = call.list("name");
  std::erase(patterns, "_all");
  const bool is_flat = call.flag("flat_settings");
  base::JsonWriter out;
  out.begin_object();
  for (const ResolvedIndex& one : named(api, call)) {
    out.key(one.index->name).begin_object();
    out.raw_member("settings", settings_json(call, *one.index, patterns));
    if (call.flag("include_defaults")) {
      search::Settings defaults;
      for (const auto& [name, value] :
           std::initializer_list<std::pair<std::string_view, std::string_view>>{
               {"index.refresh_interval", "1s"},
               {"index.max_result_window", "10000"},
               {"index.max_regex_length", "1000"},
               {"index.max_terms_count", "65536"},
               {"index.analyze.max_token_count", "10000"},
               {"index.highlight.max_analyzed_offset", "1000000"}}) {
        if (!one.index->settings.find(name)) defaults.set(std::string(name), std::string(value));
      }
      out.raw_member("defaults", defaults.matching(patterns).json(is_flat));
    }
    out.end_object();
  }
  out.end_object();
  return answer(out);
}

}  // namespace hornbeam::site::search_handlers

#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/search/nested/nested_documents.h"
#include "hornbeam/search/node/node_state.h"
#include "hornbeam/site/search_api/handlers.h"
#include "hornbeam/site/search_api/writes.h"

namespace hornbeam::site::search_handlers {
namespace {

using search::Document;
using search::NodeError;
using search::NodeIndex;
using search::SourceFilter;

/// One document that is asked for, and what of it is shown.
struct Wanted {
  std::string index;
  std::string id;
  std::optional<std::string> routing{};
  std::optional<std::int64_t> version{};
  std::vector<std::string> stored_fields{};
  bool names_source = false;  ///< Not only by default.
  std::optional<SourceFilter> shown{};
};

/// A list of stored fields takes the place of the source, unless that is asked for as well.
void choose_source(Wanted& wanted) {
  if (wanted.stored_fields.empty() || wanted.names_source) return;
  if (std::ranges::find(wanted.stored_fields, "_source") == wanted.stored_fields.end()) {
    wanted.shown.reset();
  }
}

bool names_source(const RestCall& call) {
  return call.has("_source") || call.has("_source_includes") || call.has("_source_excludes");
}

Wanted read_wanted(const RestCall& call) {
  Wanted wanted{.index = call.text("index"),
                .id = call.text("id"),
                .routing = call.find("routing"),
                .version = call.number("version"),
                .stored_fields = call.list("stored_fields"),
                .names_source = names_source(call),
                .shown = source_filter(call)};
  choose_source(wanted);
  return wanted;
}

void read_member(Wanted& wanted, std::string_view name, base::JsonView value) {
  if (name == "_index") {
    wanted.index = text_of(value);
  } else if (name == "_id") {
    wanted.id = text_of(value);
  } else if (name == "routing") {
    wanted.routing = text_of(value);
  } else if (name == "version") {
    wanted.version = value.find_int();
  } else if (name == "stored_fields") {
    wanted.stored_fields = texts_of(value);
  } else if (name == "_source") {
    wanted.shown = source_filter(value);
    wanted.names_source = true;
  } else if (name != "version_type") {
    throw NodeError("parse_exception",
                    fmt::format("failed to parse multi get request. unknown field [{}]", name));
  }
}

/// An item of `_mget`: an object, or only an id.
Wanted read_wanted(const RestCall& call, base::JsonView json) {
  Wanted wanted = read_wanted(call);
  wanted.id.clear();
  if (json.kind() != base::JsonKind::kObject) {
    wanted.id = text_of(json);
    return wanted;
  }
  if (json.find("stored_fields") || json.find("_source")) wanted.shown = SourceFilter{};
  if (json.find("stored_fields")) wanted.names_source = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    read_member(wanted, name, value);
  }
  choose_source(wanted);
  return wanted;
}

std::vector<Wanted> read_all_wanted(RestCall& call) {
  const base::JsonView body = call.json();
  std::vector<Wanted> all;
  std::string problems;
  std::size_t count = 0;
  for (const std::string_view list : {"docs", "ids"}) {
    const auto found = body.find(list);
    for (std::size_t i = 0; found && i < found->size(); ++i) {
      all.push_back(read_wanted(call, found->element(i)));
      const Wanted& wanted = all.back();
      if (wanted.index.empty()) {
        problems += fmt::format(" {}: index is missing for doc {};", ++count, i);
      }
      if (wanted.id.empty()) {
        problems += fmt::format(" {}: id is missing for doc {};", ++count, i);
      }
    }
  }
  if (all.empty()) problems = " 1: no documents to get;";
  if (!problems.empty()) {
    throw NodeError("action_request_validation_exception", "Validation Failed:" + problems);
  }
  return all;
}

std::optional<Document> read(const NodeIndex& index, const RestCall& call, const Wanted& wanted) {
  ++index.counts->gets;
  if (call.flag("refresh")) index.index->refresh();
  auto found =
      read_document(index, wanted.index, wanted.id, wanted.routing, call.flag("realtime", true));
  if (found && wanted.version && *wanted.version != found->version) {
    throw NodeError("version_conflict_engine_exception",
                    fmt::format("[{}]: version conflict, current version [{}] is different than "
                                "the one provided [{}]",
                                wanted.id, found->version, *wanted.version),
                    index.name);
  }
  return found;
}

/// Whether a field's values are kept beside the source, as far as one who asks can tell.
bool is_stored(const search::Mapping& mapping, std::string_view path) {
  const search::FieldMapping* const field = mapping.find(path);
  if (!field) return false;
  const auto stored = field->others.find("store");
  return stored != field->others.end() &&
         (stored->second == "true" || stored->second == "\"true\"");
}

void write_stored_fields(base::JsonWriter& out, const NodeIndex& index, const Wanted& wanted,
                         base::JsonView source) {
  const auto mapping = index.index->current_mapping();
  base::JsonWriter fields;
  fields.begin_object();
  for (const std::string& path : wanted.stored_fields) {
    if (!is_stored(*mapping, path)) continue;
    const std::vector<base::JsonView> values = search::values_at(source, path);
    if (values.empty()) continue;
    fields.key(path).begin_array();
    for (const base::JsonView& value : values) fields.raw(value.text());
    fields.end_array();
  }
  fields.end_object();
  if (fields.text() != "{}") out.raw_member("fields", fields.text());
}

/// The part that is asked for of what the mapping says that there is.
std::string shown_source(const search::Mapping& mapping, const std::string& source,
                         const SourceFilter& filter) {
  return search::filter_nested_source(
      "", search::filter_nested_source("", source, mapping.source_filter()), filter);
}

/// Writes what `_doc/ID` and an item of `_mget` answer.
void write_found(base::JsonWriter& out, const NodeIndex& index, const Wanted& wanted,
                 const std::optional<Document>& found) {
  out.begin_object().member("_index", index.name).member("_id", wanted.id);
  if (found) {
    out.member("_version", found->version).member("_seq_no", found->seq_no);
    out.member("_primary_term", 1);
    if (!found->routing.empty()) out.member("_routing", found->routing);
  }
  out.member("found", found.has_value());
  if (found) {
    const auto source = base::JsonDocument::parse(found->source);
    const auto mapping = index.index->current_mapping();
    if (wanted.shown && mapping->has_source()) {
      out.raw_member("_source", shown_source(*mapping, found->source, *wanted.shown));
    }
    write_stored_fields(out, index, wanted, source->root());
  }
  out.end_object();
}

}  // namespace

RestResponse get_document(SearchApi& api, RestCall& call) {
  const auto index = index_to_read(api.node(), call.text("index"));
  const Wanted wanted = read_wanted(call);
  const std::optional<Document> found = read(*index, call, wanted);
  base::JsonWriter out;
  write_found(out, *index, wanted, found);
  return answer(out, found ? 200 : 404);
}

RestResponse get_source(SearchApi& api, RestCall& call) {
  const auto index = index_to_read(api.node(), call.text("index"));
  const Wanted wanted = read_wanted(call);
  const std::optional<Document> found = read(*index, call, wanted);
  const auto mapping = index->index->current_mapping();
  if (!found || !wanted.shown || !mapping->has_source()) {
    throw NodeError("resource_not_found_exception",
                    fmt::format("Document not found [{}]/[{}]", index->name, wanted.id));
  }
  return {.body = shown_source(*mapping, found->source, *wanted.shown)};
}

RestResponse multi_get(SearchApi& api, RestCall& call) {
  base::JsonWriter out;
  out.begin_object().key("docs").begin_array();
  for (const Wanted& wanted : read_all_wanted(call)) {
    try {
      const auto index = index_to_read(api.node(), wanted.index);
      const std::optional<Document> found = read(*index, call, wanted);
      write_found(out, *index, wanted, found);
    } catch (const NodeError& error) {
      out.begin_object().member("_index", wanted.index).member("_id", wanted.id);
      out.raw_member("error", error_json(error, call.flag("error_trace"))).end_object();
    }
  }
  out.end_array().end_object();
  return answer(out);
}

}  // namespace hornbeam::site::search_handlers

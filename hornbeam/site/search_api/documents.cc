#include <fmt/format.h>

#include "hornbeam/search/node/node_state.h"
#include "hornbeam/site/search_api/handlers.h"
#include "hornbeam/site/search_api/writes.h"

namespace hornbeam::site::search_handlers {
namespace {

using search::NodeError;
using search::SourceFilter;

WriteRequest write_request(const RestCall& call) {
  WriteRequest request{.index = call.text("index"),
                       .id = call.find("id"),
                       .routing = call.find("routing"),
                       .version = call.number("version"),
                       .version_type = call.text("version_type", "internal"),
                       .if_seq_no = call.number("if_seq_no"),
                       .if_primary_term = call.number("if_primary_term")};
  const std::string operation = call.text("op_type", "index");
  if (operation != "index" && operation != "create") {
    throw NodeError("illegal_argument_exception",
                    fmt::format("opType must be 'create' or 'index', found: [{}]", operation));
  }
  request.creates = operation == "create";
  request.requires_alias = call.flag("require_alias");
  return request;
}

/// Makes the write visible if the call asks for that.
bool refresh_if_asked(SearchApi& api, const RestCall& call, const std::string& index) {
  const std::string refresh = call.text("refresh", "false");
  if (refresh == "false") return false;
  if (refresh != "true" && refresh != "wait_for" && !refresh.empty()) {
    throw NodeError("illegal_argument_exception",
                    fmt::format("Unknown value for refresh: [{}].", refresh));
  }
  if (const auto found = api.node().find(index)) found->index->refresh();
  return refresh != "wait_for";
}

RestResponse answer_write(SearchApi& api, const RestCall& call, const WriteAnswer& written) {
  const bool is_refreshed = refresh_if_asked(api, call, written.index);
  base::JsonWriter out;
  out.begin_object();
  write_answer(out, written, is_refreshed);
  out.end_object();
  return answer(out, status_of(written));
}

/// Writes what `_doc/ID` and an item of `_mget` answer.
void write_document_found(base::JsonWriter& out, const std::string& index, const std::string& id,
                          const std::optional<search::Document>& found,
                          const std::optional<SourceFilter>& shown) {
  out.begin_object().member("_index", index).member("_id", id);
  if (found) {
    out.member("_version", found->version).member("_seq_no", found->seq_no);
    out.member("_primary_term", 1);
    if (!found->routing.empty()) out.member("_routing", found->routing);
  }
  out.member("found", found.has_value());
  if (found && shown) {
    const auto source = base::JsonDocument::parse(found->source);
    out.raw_member("_source", search::filter_source(source->root(), *shown));
  }
  out.end_object();
}

std::optional<search::Document> read(const search::NodeIndex& index, const RestCall& call,
                                     const std::string& id) {
  if (call.flag("refresh")) index.index->refresh();
  auto found = call.flag("realtime", true) ? index.index->get(id) : index.index->find(id);
  const std::optional<std::int64_t> version = call.number("version");
  if (found && version && *version != found->version) {
    throw NodeError("version_conflict_engine_exception",
                    fmt::format("[{}]: version conflict, current version [{}] is different than "
                                "the one provided [{}]",
                                id, found->version, *version),
                    index.name);
  }
  return found;
}

/// One document that `_mget` asks for.
struct Wanted {
  std::string index;
  std::string id;
  std::optional<SourceFilter> shown;
};

Wanted read_wanted(const RestCall& call, base::JsonView json) {
  Wanted wanted{.index = call.text("index"), .id = {}, .shown = source_filter(call)};
  if (json.kind() != base::JsonKind::kObject) {
    wanted.id = text_of(json);
    return wanted;
  }
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name == "_index") wanted.index = text_of(value);
    if (name == "_id") wanted.id = text_of(value);
    if (name == "_source") wanted.shown = source_filter(value);
  }
  return wanted;
}

std::vector<Wanted> read_all_wanted(RestCall& call) {
  const base::JsonView body = call.json();
  std::vector<Wanted> all;
  std::string problems;
  for (const std::string_view list : {"docs", "ids"}) {
    const auto found = body.find(list);
    for (std::size_t i = 0; found && i < found->size(); ++i) {
      all.push_back(read_wanted(call, found->element(i)));
      const Wanted& wanted = all.back();
      if (wanted.index.empty())
        problems += fmt::format(" {}: index is missing for doc {};", problems.empty() ? 1 : 2, i);
      if (wanted.id.empty())
        problems += fmt::format(" {}: id is missing for doc {};", problems.empty() ? 1 : 2, i);
    }
  }
  if (all.empty()) problems = " 1: no documents to get;";
  if (!problems.empty()) {
    throw NodeError("action_request_validation_exception", "Validation Failed:" + problems);
  }
  return all;
}

}  // namespace

RestResponse index_document(SearchApi& api, RestCall& call) {
  if (call.body().empty()) throw NodeError("parse_exception", "request body is required");
  return answer_write(api, call, write_document(api.node(), write_request(call), call.body()));
}

RestResponse create_document(SearchApi& api, RestCall& call) {
  WriteRequest request = write_request(call);
  request.creates = true;
  return answer_write(api, call, write_document(api.node(), request, call.body()));
}

RestResponse delete_document(SearchApi& api, RestCall& call) {
  return answer_write(api, call, delete_one(api.node(), write_request(call)));
}

RestResponse update_document(SearchApi& api, RestCall& call) {
  const base::JsonView body = call.json();
  std::optional<SourceFilter> shown;
  if (call.has("_source") || call.has("_source_includes") || call.has("_source_excludes")) {
    shown = source_filter(call);
  }
  if (const auto source = body.find("_source")) shown = source_filter(*source);
  return answer_write(api, call,
                      update_one(api.node(), write_request(call), body, shown ? &*shown : nullptr));
}

RestResponse get_document(SearchApi& api, RestCall& call) {
  const auto index = index_to_read(api.node(), call.text("index"));
  const std::string id = call.text("id");
  const std::optional<search::Document> found = read(*index, call, id);
  base::JsonWriter out;
  write_document_found(out, index->name, id, found, source_filter(call));
  return answer(out, found ? 200 : 404);
}

RestResponse get_source(SearchApi& api, RestCall& call) {
  const auto index = index_to_read(api.node(), call.text("index"));
  const std::string id = call.text("id");
  const std::optional<search::Document> found = read(*index, call, id);
  const std::optional<SourceFilter> shown = source_filter(call);
  if (!found || !shown) {
    throw NodeError("resource_not_found_exception",
                    fmt::format("Document not found [{}]/[{}]", index->name, id));
  }
  const auto source = base::JsonDocument::parse(found->source);
  return {.body = search::filter_source(source->root(), *shown)};
}

RestResponse multi_get(SearchApi& api, RestCall& call) {
  base::JsonWriter out;
  out.begin_object().key("docs").begin_array();
  for (const Wanted& wanted : read_all_wanted(call)) {
    try {
      const auto index = index_to_read(api.node(), wanted.index);
      write_document_found(out, index->name, wanted.id, read(*index, call, wanted.id),
                           wanted.shown);
    } catch (const NodeError& error) {
      out.begin_object().member("_index", wanted.index).member("_id", wanted.id).key("error");
      out.begin_object().key("root_cause").begin_array();
      write_error(out, error);
      out.end_array().member("type", error.type());
      out.member("reason", std::string_view(error.what())).end_object().end_object();
    }
  }
  out.end_array().end_object();
  return answer(out);
}

}  // namespace hornbeam::site::search_handlers

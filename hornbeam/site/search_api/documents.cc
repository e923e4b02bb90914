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
  request.pipeline = call.text("pipeline");
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

}  // namespace hornbeam::site::search_handlers

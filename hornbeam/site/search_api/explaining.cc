#include <fmt/format.h>

#include "hornbeam/site/search_api/handlers.h"
#include "hornbeam/site/search_api/search_body.h"
#include "hornbeam/site/search_api/writes.h"

namespace hornbeam::site::search_handlers {

using search::NodeError;

namespace {

/// What `_explain` says of the document itself, if it is asked for.
void write_got(base::JsonWriter& out, const search::Document& document,
               const search::SourceFilter& shown) {
  out.key("get").begin_object().member("_seq_no", document.seq_no).member("_primary_term", 1);
  if (!document.routing.empty()) out.member("_routing", document.routing);
  const auto source = base::JsonDocument::parse(document.source);
  out.member("found", true);
  out.raw_member("_source", search::filter_source(source->root(), shown)).end_object();
}

}  // namespace

RestResponse explain(SearchApi& api, RestCall& call) {
  const std::string id = call.text("id");
  const auto json = call.find_json();
  if (!call.has("q") && !(json && json->find("query"))) {
    throw NodeError("action_request_validation_exception",
                    "Validation Failed: 1: query is missing;");
  }
  const SearchBody body = read_query_only(call);
  const auto targets = search_targets(api.node(), call.text("index"), {}, body);
  if (targets.size() != 1) {
    throw NodeError("illegal_argument_exception",
                    fmt::format("[{}] names more than one index, or none", call.text("index")));
  }
  const search::SearchTarget& target = targets.front();
  const std::int64_t now = search::current_time();
  search::Query query = body.request.query;
  if (!target.filters.empty()) {
    query = {
        search::BoolQuery{.must = {std::move(query)},
                          .filter = {{search::BoolQuery{
                              .must = {}, .filter = {}, .should = target.filters, .must_not = {}}}},
                          .should = {},
                          .must_not = {}}};
  }
  const auto explained = search::explain_match(target, query, id, now);
  if (!explained) throw NodeError::of_search(explained.error(), target.name);
  base::JsonWriter out;
  out.begin_object().member("_index", target.name).member("_id", id);
  const bool is_match = *explained && (*explained)->is_match;
  out.member("matched", is_match);
  if (*explained) {
    out.key("explanation");
    write_explanation(out, **explained);
  }
  const bool asks = call.has("_source") || call.has("_source_includes") ||
                    call.has("_source_excludes") || call.has("stored_fields");
  const std::optional<search::SourceFilter> shown = source_filter(call);
  if (*explained && asks && shown) {
    const auto index = index_to_read(api.node(), call.text("index"));
    const auto document =
        read_document(*index, call.text("index"), id, call.find("routing"), false);
    if (document) write_got(out, *document, *shown);
  }
  out.end_object();
  return answer(out, *explained ? 200 : 404);
}

}  // namespace hornbeam::site::search_handlers

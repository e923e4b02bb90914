#include <chrono>

#include <fmt/format.h>

#include "hornbeam/search/query/matching_documents.h"
#include "hornbeam/site/search_api/by_query.h"
#include "hornbeam/site/search_api/handlers.h"
#include "hornbeam/site/search_api/task_answers.h"

// Changes of all documents that a query finds.
namespace hornbeam::site::search_handlers {
namespace {

using search::NodeError;
using Clock = std::chrono::steady_clock;

/// A write of a document as it was found: refused if it has changed since.
WriteRequest write_of(const ChosenDocument& chosen) {
  return {.index = chosen.index,
          .id = chosen.id,
          .routing = chosen.document.routing.empty() ? std::optional<std::string>()
                                                     : std::optional(chosen.document.routing),
          .if_seq_no = chosen.document.seq_no,
          .if_primary_term = 1};
}

/// Only what is about finding.
std::string query_json(std::optional<base::JsonView> body) {
  base::JsonWriter out;
  out.begin_object();
  if (const auto query = body ? body->find("query") : std::nullopt) {
    out.raw_member("query", query->text());
  }
  return out.end_object().take();
}

void check_members(std::optional<base::JsonView> body,
                   std::initializer_list<std::string_view> known) {
  for (std::size_t i = 0; body && i < body->size(); ++i) {
    const std::string_view name = body->member(i).first;
    if (std::ranges::find(known, name) != known.end()) continue;
    throw NodeError("parsing_exception", fmt::format("unknown field [{}]", name));
  }
}

ByQuery read_by_query(SearchApi& api, RestCall& call, bool needs_query) {
  const auto body = call.find_json();
  check_members(body, {"query", "max_docs", "conflicts", "script", "slice", "sort", "size"});
  if (needs_query && !call.has("q") && !(body && body->find("query"))) {
    throw NodeError("action_request_validation_exception",
                    "Validation Failed: 1: query is missing;");
  }
  ByQuery query;
  read_common(query, call, body);
  const std::string json = query_json(body);
  const auto document = base::JsonDocument::parse(json);
  query.body = read_search(call, document->root());
  query.targets = search_targets(api.node(), call.text("index"), call.index_options(), query.body);
  return query;
}

std::string outcome_json(const ByQueryOutcome& outcome, Clock::time_point start,
                         bool counts_created) {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
  base::JsonWriter out;
  out.begin_object().member("took", took.count()).member("timed_out", false);
  out.member("total", outcome.total).member("updated", outcome.updated);
  if (counts_created) out.member("created", outcome.created);
  out.member("deleted", outcome.deleted).member("batches", outcome.batches);
  out.member("version_conflicts", outcome.conflicts).member("noops", outcome.noops);
  out.key("retries").begin_object().member("bulk", 0).member("search", 0).end_object();
  out.member("throttled_millis", 0).member("requests_per_second", -1.0);
  out.member("throttled_until_millis", 0);
  if (outcome.was_cancelled) out.member("canceled", "by user request");
  out.key("failures").begin_array();
  for (const std::string& failure : outcome.failures) out.raw(failure);
  return out.end_array().end_object().take();
}

/// One of the three, read and ready to be carried out.
struct Change {
  std::string action;
  std::string description;
  std::function<ByQueryOutcome(const std::stop_token&)> run;
  std::function<void()> refresh;
  bool counts_created = false;
};

/// Carries it out and waits for it, or says by which number it can be asked after.
RestResponse carry_out(SearchApi& api, const RestCall& call, Change change) {
  const Clock::time_point start = Clock::now();
  const bool refreshes = call.flag("refresh");
  const std::string action = change.action;
  const std::string description = change.description;
  const auto run = [change = std::move(change), refreshes, start](const std::stop_token& stop) {
    const ByQueryOutcome outcome = change.run(stop);
    if (refreshes) change.refresh();
    return RestResponse{.status = outcome.status,
                        .body = outcome_json(outcome, start, change.counts_created)};
  };
  if (call.flag("wait_for_completion", true)) return run({});
  return start_task(api, action, description, run);
}

void refresh_targets(search::Node& node, const std::vector<search::SearchTarget>& targets) {
  for (const search::SearchTarget& target : targets) {
    if (const auto index = node.find(target.name)) index->index->refresh();
  }
}

/// Where documents are copied to.
struct Destination {
  WriteRequest write{};
  std::string routing = "keep";
};

Destination read_destination(base::JsonView json) {
  check_members(json, {"index", "op_type", "version_type", "routing", "pipeline"});
  Destination destination;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name == "index") destination.write.index = text_of(value);
    if (name == "version_type") destination.write.version_type = text_of(value);
    if (name == "routing") destination.routing = text_of(value);
    if (name == "pipeline") destination.write.pipeline = text_of(value);
    if (name == "op_type") destination.write.creates = text_of(value) == "create";
  }
  const std::string& routing = destination.routing;
  if (routing != "keep" && routing != "discard" && !routing.starts_with('=')) {
    throw NodeError("illegal_argument_exception",
                    fmt::format("Unsupported routing value [{}]: it must be [keep], [discard] or "
                                "begin with [=]",
                                routing));
  }
  return destination;
}

WriteRequest write_of(const Destination& destination, const ChosenDocument& chosen) {
  WriteRequest write = destination.write;
  write.id = chosen.id;
  if (destination.routing == "keep" && !chosen.document.routing.empty()) {
    write.routing = chosen.document.routing;
  }
  if (destination.routing.starts_with('=')) write.routing = destination.routing.substr(1);
  if (write.version_type != "internal") write.version = chosen.document.version;
  return write;
}

/// Copying an index into itself would find its own copies.
void check_destination(search::Node& node, const ByQuery& query, const std::string& name) {
  const auto destination = node.find(name);
  for (const search::SearchTarget& target : query.targets) {
    if (target.name != name && !(destination && destination->name == target.name)) continue;
    throw NodeError("action_request_validation_exception",
                    fmt::format("Validation Failed: 1: reindex cannot write into an index its "
                                "reading from [{}];",
                                target.name));
  }
}

base::JsonView member_or_refuse(base::JsonView body, std::string_view name) {
  const auto found = body.find(name);
  if (found && found->kind() == base::JsonKind::kObject) return *found;
  throw NodeError("parsing_exception", fmt::format("[reindex] needs an object [{}]", name));
}

ByQuery read_source(SearchApi& api, RestCall& call, base::JsonView body) {
  const base::JsonView source = member_or_refuse(body, "source");
  check_members(source, {"index", "query", "size", "_source", "sort", "slice", "remote"});
  if (source.find("remote")) {
    throw NodeError("illegal_argument_exception", "[remote] is not supported: copy from here only");
  }
  ByQuery query;
  read_common(query, call, body);
  if (const auto size = source.find("size")) {
    query.batch =
        static_cast<std::size_t>(std::max<std::int64_t>(size->find_int().value_or(1000), 1));
  }
  const auto index = source.find("index");
  if (!index || texts_of(*index).empty()) {
    throw NodeError("action_request_validation_exception",
                    "Validation Failed: 1: use _all if you really want to copy from all existing "
                    "indexes;");
  }
  const std::string json = query_json(source);
  const auto document = base::JsonDocument::parse(json);
  query.body = read_search(call, document->root());
  if (const auto shown = source.find("_source")) query.body.shown = source_filter(*shown);
  query.targets = search_targets(api.node(), fmt::format("{}", fmt::join(texts_of(*index), ",")),
                                 call.index_options(), query.body);
  return query;
}

std::string names_of(const ByQuery& query) {
  std::vector<std::string> names;
  for (const search::SearchTarget& target : query.targets) names.push_back(target.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

RestResponse delete_by_query(SearchApi& api, RestCall& call) {
  auto query = std::make_shared<const ByQuery>(read_by_query(api, call, true));
  search::Node& node = api.node();
  return carry_out(api, call,
                   {.action = "indices:data/write/delete/byquery",
                    .description = fmt::format("delete-by-query [{}]", names_of(*query)),
                    .run =
                        [query, &node](const std::stop_token& stop) {
                          return write_by_query(
                              *query,
                              [&node](const ChosenDocument& chosen) {
                                return delete_one(node, write_of(chosen));
                              },
                              stop);
                        },
                    .refresh = [query, &node] { refresh_targets(node, query->targets); }});
}

RestResponse update_by_query(SearchApi& api, RestCall& call) {
  auto query = std::make_shared<const ByQuery>(read_by_query(api, call, false));
  search::Node& node = api.node();
  const std::string pipeline = call.text("pipeline");
  const auto write = [&node, pipeline](const ChosenDocument& chosen) {
    WriteRequest request = write_of(chosen);
    request.pipeline = pipeline;
    return write_document(node, request, chosen.document.source);
  };
  return carry_out(
      api, call,
      {.action = "indices:data/write/update/byquery",
       .description = fmt::format("update-by-query [{}]", names_of(*query)),
       .run = [query,
               write](const std::stop_token& stop) { return write_by_query(*query, write, stop); },
       .refresh = [query, &node] { refresh_targets(node, query->targets); }});
}

RestResponse reindex(SearchApi& api, RestCall& call) {
  const base::JsonView body = call.json();
  check_members(body, {"source", "dest", "conflicts", "max_docs", "size", "script"});
  auto query = std::make_shared<const ByQuery>(read_source(api, call, body));
  const Destination destination = read_destination(member_or_refuse(body, "dest"));
  if (destination.write.index.empty()) {
    throw NodeError("action_request_validation_exception",
                    "Validation Failed: 1: index is missing;");
  }
  search::Node& node = api.node();
  check_destination(node, *query, destination.write.index);
  const auto write = [&node, destination, query](const ChosenDocument& chosen) {
    const auto source = base::JsonDocument::parse(chosen.document.source);
    const search::SourceFilter all;
    return write_document(node, write_of(destination, chosen),
                          search::filter_source(source->root(), query->body.shown.value_or(all)));
  };
  return carry_out(
      api, call,
      {.action = "indices:data/write/reindex",
       .description =
           fmt::format("reindex from [{}] to [{}]", names_of(*query), destination.write.index),
       .run = [query,
               write](const std::stop_token& stop) { return write_by_query(*query, write, stop); },
       .refresh =
           [name = destination.write.index, &node] {
             if (const auto index = node.find(name)) index->index->refresh();
           },
       .counts_created = true});
}

}  // namespace hornbeam::site::search_handlers

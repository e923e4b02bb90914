#include "hornbeam/site/search_api/writes.h"

#include <fmt/format.h>

#include "hornbeam/search/node/node_state.h"
#include "hornbeam/search/node/routing.h"

namespace hornbeam::site {
namespace {

using search::NodeError;
using search::NodeIndex;
using search::SourceFilter;

[[noreturn]] void refuse_request(const std::string& why) {
  throw NodeError("action_request_validation_exception", "Validation Failed: 1: " + why + ";");
}

search::WriteCondition condition_of(const WriteRequest& request) {
  search::WriteCondition condition{.if_seq_no = request.if_seq_no, .if_absent = request.creates};
  if (request.if_seq_no.has_value() != request.if_primary_term.has_value()) {
    refuse_request("ifSeqNo is unassigned, but primary term is [" +
                   std::to_string(request.if_primary_term.value_or(0)) + "]");
  }
  if (request.version_type == "external" || request.version_type == "external_gte") {
    if (request.creates) {
      refuse_request("create operations only support internal versioning. use index instead");
    }
    condition.external_version = request.version;
    condition.or_equal = request.version_type == "external_gte";
  } else if (request.version_type != "internal") {
    throw NodeError("illegal_argument_exception",
                    fmt::format("No version type match [{}]", request.version_type));
  } else if (request.version) {
    refuse_request(
        "internal versioning can not be used for optimistic concurrency control. Please use "
        "`if_seq_no` and `if_primary_term` instead");
  }
  return condition;
}

void check_writable(const NodeIndex& index) {
  if (!index.is_open) throw NodeError("index_closed_exception", "closed", index.name);
  for (const std::string_view block : {"write", "read_only"}) {
    if (index.settings.flag(fmt::format("index.blocks.{}", block), false)) {
      const int number = block == "write" ? 8 : 5;
      throw NodeError("cluster_block_exception",
                      fmt::format("index [{}] blocked by: [FORBIDDEN/{}/index {} (api)];",
                                  index.name, number, block),
                      index.name);
    }
  }
}

std::shared_ptr<const NodeIndex> index_to_write(search::Node& node, const WriteRequest& request) {
  if (request.requires_alias && node.indices()->contains(request.index)) {
    throw NodeError("index_not_found_exception",
                    fmt::format("no such index [{}] and [require_alias] request flag is [true] and "
                                "[{}] is not an alias",
                                request.index, request.index),
                    request.index);
  }
  if (request.requires_alias && !node.find(request.index)) {
    throw NodeError("index_not_found_exception",
                    fmt::format("no such index [{0}] and [require_alias] request flag is [true] "
                                "and [{0}] is not an alias",
                                request.index),
                    request.index);
  }
  if (node.find_setting("action.auto_create_index") == "false" && !node.find(request.index)) {
    throw NodeError(
        "index_not_found_exception",
        fmt::format("no such index [{}] and [action.auto_create_index] is [false]", request.index),
        request.index);
  }
  auto index = node.find_or_create(request.index);
  check_writable(*index);
  return index;
}

/// Whether a document is where an operation looks for it.
bool is_at(const NodeIndex& index, const search::Document& document, std::string_view id,
           const std::optional<std::string>& routing) {
  return search::shard_of(index, id, document.routing) ==
         search::shard_of(index, id, routing.value_or(""));
}

/// Refuses what is conditional on a term of a primary that there never was: ours is always 1.
void check_primary_term(const NodeIndex& index, const WriteRequest& request) {
  if (!request.if_primary_term || *request.if_primary_term == 1) return;
  const std::string& id = request.id.value_or("");
  const auto current = index.index->get(id);
  throw NodeError(
      "version_conflict_engine_exception",
      fmt::format("[{}]: version conflict, required seqNo [{}], primary term [{}]. {}", id,
                  request.if_seq_no.value_or(0), *request.if_primary_term,
                  current ? fmt::format("current document has seqNo [{}] and primary term [1]",
                                        current->seq_no)
                          : "but no document was found"),
      index.name);
}

void check_pipeline(const WriteRequest& request) {
  if (request.pipeline.empty() || request.pipeline == "_none") return;
  throw NodeError("illegal_argument_exception",
                  fmt::format("pipeline with id [{}] does not exist", request.pipeline));
}

void check_id(const std::optional<std::string>& id) {
  constexpr std::size_t kLongest = 512;
  if (!id) return;
  if (id->empty()) {
    throw NodeError("illegal_argument_exception", "if _id is specified it must not be empty");
  }
  if (id->size() > kLongest) {
    refuse_request(fmt::format("id [{}] is too long, must be no longer than {} bytes but was: {}",
                               *id, kLongest, id->size()));
  }
}

std::size_t copies_of(const NodeIndex& index) {
  const std::int64_t replicas = index.settings.find_int("index.number_of_replicas").value_or(1);
  return static_cast<std::size_t>(std::max<std::int64_t>(replicas, 0)) + 1;
}

/// The parts of an update's body.
struct Update {
  std::optional<base::JsonView> doc{};
  std::optional<base::JsonView> upsert{};
  bool doc_as_upsert = false;
  bool detects_noop = true;
};

Update read_update(base::JsonView body) {
  Update update;
  if (body.kind() != base::JsonKind::kObject) refuse_request("script or doc is missing");
  for (std::size_t i = 0; i < body.size(); ++i) {
    const auto [name, value] = body.member(i);
    if (name == "doc") {
      update.doc = value;
    } else if (name == "upsert") {
      update.upsert = value;
    } else if (name == "doc_as_upsert") {
      update.doc_as_upsert = value.find_bool().value_or(false);
    } else if (name == "detect_noop") {
      update.detects_noop = value.find_bool().value_or(true);
    } else if (name == "script" || name == "scripted_upsert") {
      throw NodeError("illegal_argument_exception", "scripts are not supported: send a [doc]");
    } else if (name != "_source" && name != "lang" && name != "if_seq_no" &&
               name != "if_primary_term") {
      throw NodeError("x_content_parse_exception",
                      fmt::format("[1:2] [UpdateRequest] unknown field [{}]", name));
    }
  }
  if (!update.doc && !update.upsert) refuse_request("script or doc is missing");
  return update;
}

}  // namespace

WriteAnswer write_document(search::Node& node, const WriteRequest& request, std::string_view json) {
  check_id(request.id);
  WriteRequest asked = request;
  if (!request.id) asked.creates = true;
  const search::WriteCondition condition = condition_of(asked);
  check_pipeline(request);
  const auto index = index_to_write(node, request);
  check_primary_term(*index, request);
  const std::string id = request.id.value_or(search::new_uuid());
  const auto routing = routing_through(*index, request.index, request.routing);
  const search::WriteOutcome outcome = search::value_or_throw(
      index->index->put(id, json, condition, routing.value_or("")), index->name);
  ++index->counts->writes;
  return {.index = index->name,
          .id = id,
          .outcome = outcome,
          .result = outcome.existed ? "updated" : "created",
          .copies = copies_of(*index)};
}

WriteAnswer delete_one(search::Node& node, const WriteRequest& request) {
  const search::WriteCondition condition = condition_of(request);
  auto index = node.find(request.index);
  if (!index && request.version_type.starts_with("external")) {
    index = node.find_or_create(request.index);
  }
  if (!index) throw search::no_such_index(request.index);
  check_writable(*index);
  check_primary_term(*index, request);
  const std::string id = request.id.value_or("");
  const auto routing = routing_through(*index, request.index, request.routing);
  const bool has_places = search::shard_count(*index) > 1;
  const auto current = has_places ? index->index->get(id) : std::nullopt;
  if (current && !is_at(*index, *current, id, routing)) {
    return {.index = index->name,
            .id = id,
            .outcome = {.version = 1, .seq_no = current->seq_no},
            .result = "not_found",
            .copies = copies_of(*index)};
  }
  const search::WriteOutcome outcome =
      search::value_or_throw(index->index->remove(id, condition), index->name);
  ++index->counts->deletes;
  return {.index = index->name,
          .id = id,
          .outcome = outcome,
          .result = outcome.existed ? "deleted" : "not_found",
          .copies = copies_of(*index)};
}

WriteAnswer update_one(search::Node& node, const WriteRequest& request, base::JsonView body,
                       const SourceFilter* shown) {
  const Update update = read_update(body);
  const auto index = index_to_write(node, request);
  const std::string& id = *request.id;
  const std::optional<search::Document> current =
      read_document(*index, request.index, id, request.routing, true);
  WriteRequest write = request;
  std::string json;
  if (!current) {
    const auto fresh = update.upsert          ? update.upsert
                       : update.doc_as_upsert ? update.doc
                                              : std::optional<base::JsonView>();
    if (!fresh || request.if_seq_no) {
      throw NodeError("document_missing_exception", fmt::format("[{}]: document missing", id),
                      index->name);
    }
    json = fresh->text();
    write.creates = true;
  } else {
    if (!index->index->current_mapping()->has_source()) {
      throw NodeError("document_source_missing_exception",
                      fmt::format("[{}]: document source missing", id), index->name);
    }
    const auto source = base::JsonDocument::parse(current->source);
    json = update.doc ? search::merge_json(source->root(), *update.doc) : current->source;
    const auto merged = base::JsonDocument::parse(json);
    if (request.if_seq_no && *request.if_seq_no != current->seq_no) {
      throw NodeError(
          "version_conflict_engine_exception",
          fmt::format("[{}]: version conflict, required seqNo [{}], primary term [{}]. current "
                      "document has seqNo [{}] and primary term [1]",
                      id, *request.if_seq_no, request.if_primary_term.value_or(1), current->seq_no),
          index->name);
    }
    if (update.detects_noop && search::is_same_json(source->root(), merged->root())) {
      WriteAnswer same{.index = index->name,
                       .id = id,
                       .outcome = {.version = current->version, .seq_no = current->seq_no},
                       .result = "noop",
                       .copies = 0};
      if (shown) same.got = search::filter_source(source->root(), *shown);
      return same;
    }
    write.if_seq_no = current->seq_no;
    write.if_primary_term = 1;
    if (!write.routing && !current->routing.empty()) write.routing = current->routing;
  }
  WriteAnswer answer = write_document(node, write, json);
  if (shown) {
    answer.got = search::filter_source(base::JsonDocument::parse(json)->root(), *shown);
  }
  return answer;
}

void write_answer(base::JsonWriter& out, const WriteAnswer& answer, bool is_refreshed) {
  out.member("_index", answer.index).member("_id", answer.id);
  out.member("_version", answer.outcome.version).member("result", answer.result);
  if (is_refreshed && answer.copies > 0) out.member("forced_refresh", true);
  out.key("_shards").begin_object().member("total", answer.copies);
  out.member("successful", answer.copies > 0 ? 1 : 0).member("failed", 0).end_object();
  out.member("_seq_no", answer.outcome.seq_no).member("_primary_term", 1);
  if (!answer.got.empty()) {
    out.key("get").begin_object().member("_seq_no", answer.outcome.seq_no);
    out.member("_primary_term", 1).member("found", true).raw_member("_source", answer.got);
    out.end_object();
  }
}

int status_of(const WriteAnswer& answer) noexcept {
  if (answer.result == "created") return 201;
  return answer.result == "not_found" ? 404 : 200;
}

std::optional<std::string> routing_through(const NodeIndex& index, const std::string& name,
                                           const std::optional<std::string>& routing) {
  const auto alias = index.aliases.find(name);
  if (alias == index.aliases.end() || !alias->second.index_routing) return routing;
  const std::string& fixed = *alias->second.index_routing;
  if (routing && *routing != fixed) {
    throw NodeError("illegal_argument_exception",
                    fmt::format("Alias [{}] has index routing associated with it [{}], and was "
                                "provided with routing value [{}], rejecting operation",
                                name, fixed, *routing));
  }
  if (fixed.contains(',')) {
    throw NodeError("illegal_argument_exception",
                    fmt::format("index/alias [{}] provided with routing value [{}] that resolved "
                                "to several routing values, rejecting operation",
                                name, fixed));
  }
  return fixed;
}

std::optional<search::Document> read_document(const NodeIndex& index, const std::string& name,
                                              const std::string& id,
                                              const std::optional<std::string>& routing,
                                              bool is_realtime) {
  auto found = is_realtime ? index.index->get(id) : index.index->find(id);
  if (found && !is_at(index, *found, id, routing_through(index, name, routing))) return {};
  return found;
}

std::shared_ptr<const NodeIndex> index_to_read(search::Node& node, const std::string& name) {
  const std::vector<search::ResolvedIndex> found = node.resolve(name);
  if (found.empty()) throw search::no_such_index(name);
  if (found.size() > 1) {
    std::vector<std::string> names;
    for (const search::ResolvedIndex& one : found) names.push_back(one.index->name);
    throw NodeError("illegal_argument_exception",
                    fmt::format("alias [{}] has more than one index associated with it [{}], can't "
                                "execute a single index op",
                                name, fmt::join(names, ", ")));
  }
  return found.front().index;
}

std::optional<SourceFilter> source_filter(const RestCall& call) {
  SourceFilter filter{.includes = call.list("_source_includes"),
                      .excludes = call.list("_source_excludes")};
  const std::string text = call.text("_source", "true");
  if (text == "false") return std::nullopt;
  if (text != "true" && !text.empty()) filter.includes = call.list("_source");
  return filter;
}

std::optional<SourceFilter> source_filter(base::JsonView json) {
  return search::read_source_filter(json);
}

}  // namespace hornbeam::site

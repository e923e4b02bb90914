#include "hornbeam/denorm/opensearch/opensearch_target.h"

#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/base/json_view.h"
#include "hornbeam/base/json_writer.h"
#include "hornbeam/denorm/opensearch/request_json.h"

namespace hornbeam::denorm {

namespace {

using base::JsonView;
using base::JsonWriter;

constexpr std::size_t kIdsAtOnce = 1'000;
/// A cursor is written by one process at a time, but for a moment: it comes through soon.
constexpr int kMostTries = 5;
constexpr std::string_view kUnavailable = "target_unavailable";
constexpr int kNotFound = 404;
constexpr int kConflict = 409;

std::string escaped(std::string_view text) {
  return base::percent_encode(text);
}

/// A parsed answer. Throws `TargetUnavailable` for one that is no JSON.
base::JsonDocument read(const http::ClientResponse& answer) {
  auto document = base::JsonDocument::parse(answer.body);
  if (document) return std::move(*document);
  throw TargetUnavailable("the cluster's answer is no JSON: " + document.error().message());
}

std::string text_of(const std::optional<JsonView>& value) {
  const auto text = value ? value->find_string() : std::nullopt;
  return text ? std::string(*text) : "";
}
std::int64_t number_of(const std::optional<JsonView>& value, std::int64_t otherwise) {
  return value ? value->find_int().value_or(otherwise) : otherwise;
}

/// The mapping with the field of the hash in it.
std::string mapping_with_hash(const std::string& mapping) {
  constexpr std::string_view kField = R"({"type":"keyword","index":false})";
  JsonWriter out;
  out.begin_object();
  const auto document = base::JsonDocument::parse(mapping.empty() ? "{}" : mapping);
  if (!document) throw std::invalid_argument("a mapping is no JSON: " + document.error().message());
  const JsonView root = document->root();
  for (std::size_t at = 0; at < root.size(); ++at) {
    const auto [name, value] = root.member(at);
    if (name != "properties") out.raw_member(name, value.text());
  }
  out.key("properties").begin_object();
  const JsonView properties = root.find("properties").value_or(JsonView());
  for (std::size_t at = 0; at < properties.size(); ++at) {
    const auto [name, value] = properties.member(at);
    out.raw_member(name, value.text());
  }
  out.raw_member(kHashField, kField).end_object().end_object();
  return out.take();
}

BulkAction action_of(std::string_view what, std::string_view id, std::int64_t version,
                     std::string_view document) {
  JsonWriter out;
  out.begin_object().key(what).begin_object().member("_id", id);
  out.member("version", version).member("version_type", "external_gte").end_object().end_object();
  std::string lines = out.take() + '\n';
  if (!document.empty()) (lines += document) += '\n';
  return {std::move(lines)};
}

}  // namespace

OpenSearchTarget::OpenSearchTarget(std::string_view url, OpenSearchOptions options)
    : options_(std::move(options)),
      cluster_(url, options_.cluster),
      pool_(std::max<std::size_t>(options_.search_threads, 1)) {}

std::string OpenSearchTarget::path_of(const std::string& name) const {
  return escaped(options_.prefix + name);
}

std::vector<std::string> OpenSearchTarget::indices() {
  const auto document = read(cluster_.require(
      "GET", fmt::format("/_cat/indices/{}*?format=json&h=index", escaped(options_.prefix))));
  std::vector<std::string> names;
  for (std::size_t at = 0; at < document.root().size(); ++at) {
    const std::string name = text_of(document.root().element(at).find("index"));
    if (name.starts_with(options_.prefix)) names.push_back(name.substr(options_.prefix.size()));
  }
  return names;
}

void OpenSearchTarget::create(const std::string& index, const std::string& mapping) {
  if (cluster_.ask("HEAD", '/' + path_of(index)).status == 200) return;
  JsonWriter out;
  out.begin_object().raw_member("mappings", mapping_with_hash(mapping));
  if (!options_.settings.empty()) out.raw_member("settings", options_.settings);
  out.end_object();
  const http::ClientResponse answer = cluster_.ask("PUT", '/' + path_of(index), out.take());
  // Another process may have been faster.
  const bool is_there = answer.status < 300 || answer.body.contains("resource_already_exists");
  if (!is_there) {
    throw TargetUnavailable(fmt::format("the index {} cannot be made: {}", index, answer.body));
  }
  const std::string state_index = '/' + path_of(options_.state_index);
  if (cluster_.ask("HEAD", state_index).status == 200) return;
  cluster_.ask("PUT", state_index,
               R"({"mappings":{"dynamic":false,"properties":{"token":{"type":"long"}}}})");
}

void OpenSearchTarget::remove(const std::string& index) {
  cluster_.require("DELETE", '/' + path_of(index), "", true);
  cluster_.require("DELETE",
                   fmt::format("/{}/_doc/{}", path_of(options_.state_index), escaped(index)), "",
                   true);
}

std::optional<std::string> OpenSearchTarget::find_alias(const std::string& alias) {
  const auto answer = cluster_.require("GET", "/_alias/" + path_of(alias), "", true);
  if (answer.status == kNotFound) return std::nullopt;
  const auto document = read(answer);
  if (document.root().size() == 0) return std::nullopt;
  return std::string(document.root().member(0).first.substr(options_.prefix.size()));
}

void OpenSearchTarget::point(const std::string& alias, const std::string& index) {
  const auto before = find_alias(alias);
  if (before == index) return;
  const auto add = [&](JsonWriter& out, std::string_view what, const std::string& which) {
    out.begin_object().key(what).begin_object();
    out.member("index", options_.prefix + which)
        .member("alias", options_.prefix + alias)
        .end_object()
        .end_object();
  };
  JsonWriter out;
  out.begin_object().key("actions").begin_array();
  if (before) add(out, "remove", *before);
  add(out, "add", index);
  out.end_array().end_object();
  cluster_.require("POST", "/_aliases", out.take());
}

OpenSearchTarget::Kept OpenSearchTarget::kept(const std::string& index) {
  const auto answer = cluster_.require(
      "GET", fmt::format("/{}/_doc/{}", path_of(options_.state_index), escaped(index)), "", true);
  if (answer.status == kNotFound) return {};
  const auto document = read(answer);
  const JsonView root = document.root();
  const auto source = root.find("_source");
  if (!source) return {};
  return {.state = text_of(source->find("state")),
          .token = number_of(source->find("token"), 0),
          .number = number_of(root.find("_seq_no"), -1),
          .term = number_of(root.find("_primary_term"), 0)};
}

void OpenSearchTarget::require_token(const std::string& index, const Kept& kept,
                                     std::int64_t token) const {
  if (kept.token <= token) return;
  throw FencedOut(
      fmt::format("the index {} was written to under the lease {}, which is newer than "
                  "{}",
                  index, kept.token, token));
}

void OpenSearchTarget::keep(const std::string& index, const std::string* state,
                            std::int64_t token) {
  // Ends: the number of tries is bounded.
  for (int tries = 1;; ++tries) {
    const Kept before = kept(index);
    require_token(index, before, token);
    JsonWriter out;
    out.begin_object().member("state", state != nullptr ? *state : before.state);
    out.member("token", token).end_object();
    const std::string condition = before.number < 0 ? "op_type=create"
                                                    : fmt::format("if_seq_no={}&if_primary_term={}",
                                                                  before.number, before.term);
    const auto answer = cluster_.ask(
        "PUT",
        fmt::format("/{}/_doc/{}?{}", path_of(options_.state_index), escaped(index), condition),
        out.take());
    if (answer.status < 300) return;
    if (answer.status != kConflict || tries >= kMostTries) {
      throw TargetUnavailable(
          fmt::format("the cursor of {} cannot be kept: {}", index, answer.body));
    }
  }
}

void OpenSearchTarget::claim(const std::string& index, std::int64_t token) {
  keep(index, nullptr, token);
}

std::vector<Refusal> OpenSearchTarget::apply(const std::string& index, const Writes& writes) {
  require_token(index, kept(index), writes.token);
  std::vector<BulkAction> actions;
  std::vector<std::string> ids;
  for (const Rendered& each : writes.puts) {
    actions.push_back(
        action_of("index", each.id, writes.version, with_hash(each.json, hash_of(each.json))));
    ids.push_back(each.id);
  }
  for (const std::string& id : writes.removals) {
    actions.push_back(action_of("delete", id, writes.version, ""));
    ids.push_back(id);
  }
  if (actions.empty()) return {};
  const auto outcomes = cluster_.bulk(
      fmt::format("/{}/_bulk{}", path_of(index), options_.refreshes ? "?refresh=true" : ""),
      actions);
  std::vector<Refusal> refusals;
  for (std::size_t at = 0; at < outcomes.size(); ++at) {
    const BulkOutcome& each = outcomes[at];
    // 409: it is there with a greater version. 404: it was not there to be deleted.
    if (each.status < 300 || each.status == kConflict || each.status == kNotFound) continue;
    refusals.push_back({ids[at], fmt::format("{}: {}", each.type, each.reason)});
  }
  return refusals;
}

void OpenSearchTarget::commit(const std::string& index, const std::string& state,
                              std::int64_t token) {
  keep(index, &state, token);
}

std::string OpenSearchTarget::state(const std::string& index) {
  return kept(index).state;
}

std::vector<std::optional<std::string>> OpenSearchTarget::hashes(const std::string& index,
                                                                 std::span<const std::string> ids) {
  std::vector<std::optional<std::string>> hashes(ids.size());
  if (ids.empty()) return hashes;
  JsonWriter out;
  out.begin_object().key("ids").begin_array();
  for (const std::string& id : ids) out.value(id);
  out.end_array().end_object();
  const auto document = read(cluster_.require(
      "POST", fmt::format("/{}/_mget?_source_includes={}", path_of(index), kHashField),
      out.take()));
  const JsonView found = document.root().find("docs").value_or(JsonView());
  for (std::size_t at = 0; at < std::min(found.size(), ids.size()); ++at) {
    const JsonView each = found.element(at);
    if (!each.find("found").value_or(JsonView()).find_bool().value_or(false)) continue;
    hashes[at] = text_of(each.find("_source").value_or(JsonView()).find(kHashField));
  }
  return hashes;
}

void OpenSearchTarget::visit_ids(const std::string& index,
                                 const std::function<bool(std::span<const std::string>)>& visit) {
  auto answer =
      cluster_.require("POST", fmt::format("/{}/_search?scroll=1m", path_of(index)),
                       fmt::format(R"({{"size":{},"_source":false,"sort":["_doc"]}})", kIdsAtOnce));
  std::string scroll;
  while (true) {  // Ends: with the first page that is empty.
    const auto document = read(answer);
    scroll = text_of(document.root().find("_scroll_id"));
    const JsonView hits = document.root().find("hits").value_or(JsonView());
    const JsonView page = hits.find("hits").value_or(JsonView());
    std::vector<std::string> ids;
    for (std::size_t at = 0; at < page.size(); ++at) {
      ids.push_back(text_of(page.element(at).find("_id")));
    }
    if (ids.empty() || !visit(ids)) break;
    JsonWriter out;
    out.begin_object().member("scroll", "1m").member("scroll_id", scroll).end_object();
    answer = cluster_.require("POST", "/_search/scroll", out.take());
  }
  JsonWriter out;
  out.begin_object().member("scroll_id", scroll).end_object();
  cluster_.ask("DELETE", "/_search/scroll", out.take());
}

std::uint64_t OpenSearchTarget::count(const std::string& index) {
  const auto document = read(cluster_.require("GET", fmt::format("/{}/_count", path_of(index))));
  return document.root().find("count").value_or(JsonView()).find_unsigned().value_or(0);
}

ClusterKind OpenSearchTarget::cluster_kind() {
  {
    const std::lock_guard lock(mutex_);
    if (kind_) return *kind_;
  }
  const http::ClientResponse answer = cluster_.ask("GET", "/", "", options_.search_tries);
  const std::lock_guard lock(mutex_);
  kind_ = kind_of_cluster(answer.body);
  return *kind_;
}

base::Result<search::SearchResult> OpenSearchTarget::search(const std::string& name,
                                                            const search::SearchRequest& request) {
  try {
    const ClusterKind kind = cluster_kind();
    const auto body = request_json(request, kind);
    if (!body) return std::unexpected(body.error());
    const bool beside = request.reports_query_scores && kind == ClusterKind::kElasticsearch;
    const http::ClientResponse answer =
        cluster_.ask("POST",
                     fmt::format("/{}/_search{}", path_of(name),
                                 beside ? "?include_named_queries_score=true" : ""),
                     *body, options_.search_tries);
    return read_search_answer(answer.body, request);
  } catch (const TargetUnavailable& away) {
    return base::error(std::string(kUnavailable), away.what());
  }
}

base::Task<base::Result<search::SearchResult>> OpenSearchTarget::search_later(
    std::string name, search::SearchRequest request) {
  co_return co_await pool_.run([this, name = std::move(name), request = std::move(request)] {
    return search(name, request);
  });
}

}  // namespace hornbeam::denorm

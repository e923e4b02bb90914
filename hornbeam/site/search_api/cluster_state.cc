#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "hornbeam/search/node/routing.h"
#include "hornbeam/site/search_api/handlers.h"

// What a cluster of one node knows of itself.
namespace hornbeam::site::search_handlers {
namespace {

using search::NodeIndex;
using search::ResolvedIndex;

/// Which parts a call asks for.
class Parts {
 public:
  explicit Parts(const RestCall& call) : names_(call.list("metric")) {
    static constexpr std::array<std::string_view, 9> kKnown = {
        "_all",          "blocks",        "metadata",    "nodes",
        "routing_table", "routing_nodes", "master_node", "cluster_manager_node",
        "version"};
    for (const std::string& name : names_) {
      if (std::ranges::find(kKnown, name) != kKnown.end()) continue;
      throw search::NodeError(
          "illegal_argument_exception",
          fmt::format("request [{}] contains unrecognized metric: [{}]", call.path(), name));
    }
  }
  bool have(std::string_view name) const {
    const auto has = [this](std::string_view one) {
      return std::ranges::find(names_, one) != names_.end();
    };
    return names_.empty() || has("_all") || has(name);
  }

 private:
  std::vector<std::string> names_;
};

void write_blocks(base::JsonWriter& out, const std::vector<ResolvedIndex>& indices) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kBlocks = {
      {{"read_only", "5"}, {"read", "7"}, {"write", "8"}, {"metadata", "9"}}};
  base::JsonWriter blocked;
  blocked.begin_object();
  for (const ResolvedIndex& one : indices) {
    base::JsonWriter own;
    own.begin_object();
    for (const auto& [name, number] : kBlocks) {
      if (!one.index->settings.flag(fmt::format("index.blocks.{}", name), false)) continue;
      own.key(number).begin_object();
      own.member("description", fmt::format("index {} (api)", name)).member("retryable", false);
      own.end_object();
    }
    own.end_object();
    if (own.text() != "{}") blocked.raw_member(one.index->name, own.text());
  }
  blocked.end_object();
  out.key("blocks").begin_object();
  if (blocked.text() != "{}") out.raw_member("indices", blocked.text());
  out.end_object();
}

void write_metadata(base::JsonWriter& out, SearchApi& api,
                    const std::vector<ResolvedIndex>& indices) {
  out.key("metadata").begin_object().member("cluster_uuid", api.node().uuid());
  out.key("indices").begin_object();
  for (const ResolvedIndex& one : indices) {
    const NodeIndex& index = *one.index;
    out.key(index.name).begin_object().member("state", index.is_open ? "open" : "close");
    out.raw_member("settings", index.settings.json()).key("mappings").begin_object();
    out.raw_member("_doc", index.index->mapping()).end_object().key("aliases").begin_array();
    for (const auto& [name, alias] : index.aliases) out.value(name);
    out.end_array().end_object();
  }
  out.end_object().end_object();
}

void write_shard(base::JsonWriter& out, const SearchApi& api, const NodeIndex& index,
                 std::size_t shard) {
  out.begin_object().member("state", "STARTED").member("primary", true);
  out.member("node", api.node_id()).key("relocating_node").raw("null");
  out.member("shard", shard).member("index", index.name).end_object();
}

void write_routing_table(base::JsonWriter& out, const SearchApi& api,
                         const std::vector<ResolvedIndex>& indices) {
  out.key("routing_table").begin_object().key("indices").begin_object();
  for (const ResolvedIndex& one : indices) {
    out.key(one.index->name).begin_object().key("shards").begin_object();
    for (std::size_t shard = 0; shard < search::shard_count(*one.index); ++shard) {
      out.key(std::to_string(shard)).begin_array();
      write_shard(out, api, *one.index, shard);
      out.end_array();
    }
    out.end_object().end_object();
  }
  out.end_object().end_object();
}

void write_routing_nodes(base::JsonWriter& out, const SearchApi& api,
                         const std::vector<ResolvedIndex>& indices) {
  out.key("routing_nodes").begin_object().key("unassigned").begin_array().end_array();
  out.key("nodes").begin_object().key(api.node_id()).begin_array();
  for (const ResolvedIndex& one : indices) {
    for (std::size_t shard = 0; shard < search::shard_count(*one.index); ++shard) {
      write_shard(out, api, *one.index, shard);
    }
  }
  out.end_array().end_object().end_object();
}

}  // namespace

RestResponse cluster_state(SearchApi& api, RestCall& call) {
  const Parts parts(call);
  const auto indices = api.node().resolve(
      call.text("index"),
      call.index_options(
          {.expands_closed = true, .expands_hidden = true, .forbids_closed = false}));
  base::JsonWriter out;
  out.begin_object().member("cluster_name", "hornbeam");
  out.member("cluster_uuid", api.node().uuid());
  for (const std::string_view name : {"master_node", "cluster_manager_node"}) {
    if (parts.have(name)) out.member(name, api.node_id());
  }
  if (parts.have("blocks")) write_blocks(out, indices);
  if (parts.have("nodes")) {
    out.key("nodes").begin_object().key(api.node_id()).begin_object();
    out.member("name", "hornbeam").key("attributes").begin_object().end_object();
    out.end_object().end_object();
  }
  if (parts.have("metadata")) write_metadata(out, api, indices);
  if (parts.have("routing_table")) write_routing_table(out, api, indices);
  if (parts.have("routing_nodes")) write_routing_nodes(out, api, indices);
  out.end_object();
  return answer(out);
}

}  // namespace hornbeam::site::search_handlers

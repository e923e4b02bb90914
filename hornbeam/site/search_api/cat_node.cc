#include <chrono>

#include <fmt/format.h>

#include "hornbeam/search/node/routing.h"
#include "hornbeam/site/search_api/cat_table.h"
#include "hornbeam/site/search_api/cluster.h"
#include "hornbeam/site/search_api/handlers.h"
#include "hornbeam/site/search_api/index_numbers.h"

// Tables about the node: its health, its shards and what they are made of.
namespace hornbeam::site::search_handlers {
namespace {

constexpr std::string_view kAddress = "127.0.0.1";

std::vector<search::ResolvedIndex> named(SearchApi& api, const RestCall& call) {
  return api.node().resolve(call.text("index"),
                            call.index_options({.expands_closed = true, .forbids_closed = false}));
}

}  // namespace

RestResponse cat_health(SearchApi& api, RestCall& call) {
  static const std::vector<CatColumn> kColumns = {
      {"epoch", {"t", "time"}, "seconds since 1970-01-01 00:00:00"},
      {"timestamp", {"ts", "hms", "hhmmss"}, "time in HH:MM:SS"},
      {"cluster", {"cl"}, "cluster name"},
      {"status", {"st"}, "health status"},
      {"node.total", {"nt", "nodeTotal"}, "total number of nodes", true, true},
      {"node.data", {"nd", "nodeData"}, "number of nodes that can store data", true, true},
      {"discovered_cluster_manager", {"dcm"}, "discovered cluster manager"},
      {"shards", {"t", "sh", "shards.total", "shardsTotal"}, "total number of shards", true, true},
      {"pri", {"p", "shards.primary", "shardsPrimary"}, "number of primary shards", true, true},
      {"relo", {"r", "shards.relocating"}, "number of relocating nodes", true, true},
      {"init", {"i", "shards.initializing"}, "number of initializing nodes", true, true},
      {"unassign", {"u", "shards.unassigned"}, "number of unassigned shards", true, true},
      {"pending_tasks", {"pt", "pendingTasks"}, "number of pending tasks", true, true},
      {"max_task_wait_time", {"mtwt"}, "wait time of longest task pending", true, true},
      {"active_shards_percent", {"asp"}, "active number of shards in percent", true, true},
  };
  std::size_t active = 0;
  std::size_t copies = 0;
  for (const auto& [name, index] : *api.node().indices()) {
    active += search::shard_count(*index);
    copies += search::copy_count(*index);
  }
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const std::chrono::hh_mm_ss time(now - std::chrono::floor<std::chrono::days>(now));
  const double percent =
      copies > 0 ? 100 * static_cast<double>(active) / static_cast<double>(copies) : 100;
  CatRow row = {std::to_string(now.time_since_epoch().count()),
                fmt::format("{:02}:{:02}:{:02}", time.hours().count(), time.minutes().count(),
                            time.seconds().count()),
                "hornbeam",
                copies > active ? "yellow" : "green",
                "1",
                "1",
                "true",
                std::to_string(active),
                std::to_string(active),
                "0",
                "0",
                std::to_string(copies - active),
                "0",
                "-",
                fmt::format("{:.1f}%", percent)};
  if (call.flag("ts", true)) return cat_table(call, kColumns, {row});
  // Without the time, which is what the first two columns say.
  row.erase(row.begin(), row.begin() + 2);
  return cat_table(call, {kColumns.begin() + 2, kColumns.end()}, {row});
}

RestResponse cat_nodes(SearchApi& api, RestCall& call) {
  static const std::vector<CatColumn> kColumns = {
      {"id", {"id", "nodeId"}, "unique node id", false},
      {"ip", {"i"}, "ip address"},
      {"version", {"v"}, "version of the API", false},
      {"node.role", {"r", "role", "nodeRole"}, "d:data node, m:cluster_manager node"},
      {"node.roles", {"rs", "all roles"}, "all roles of the node"},
      {"cluster_manager", {"cm", "m", "master"}, "*:current cluster manager"},
      {"name", {"n"}, "node name"},
  };
  return cat_table(call, kColumns,
                   {{api.node_id(), std::string(kAddress), "3.4.0", "dm", "cluster_manager,data",
                     "*", "hornbeam"}});
}

RestResponse cat_cluster_manager(SearchApi& api, RestCall& call) {
  static const std::vector<CatColumn> kColumns = {
      {"id", {}, "node id"},
      {"host", {"h"}, "host name"},
      {"ip", {}, "ip address"},
      {"node", {"n"}, "node name"},
  };
  return cat_table(call, kColumns,
                   {{api.node_id(), std::string(kAddress), std::string(kAddress), "hornbeam"}});
}

RestResponse cat_shards(SearchApi& api, RestCall& call) {
  static const std::vector<CatColumn> kColumns = {
      {"index", {"i", "idx"}, "index name"},
      {"shard", {"s", "sh"}, "shard name"},
      {"prirep", {"p", "pr", "primaryOrReplica"}, "primary or replica"},
      {"state", {"st"}, "shard state"},
      {"docs", {"d", "dc"}, "number of docs in shard", true, true},
      {"store", {"sto"}, "store size of shard (how much disk it uses)", true, true},
      {"ip", {}, "ip of node where it lives"},
      {"id", {}, "unique id of node where it lives", false},
      {"node", {"n"}, "name of node where it lives"},
  };
  std::vector<CatRow> rows;
  for (const search::ResolvedIndex& one : named(api, call)) {
    const search::NodeIndex& index = *one.index;
    const IndexNumbers numbers = numbers_of(index);
    const std::size_t shards = search::shard_count(index);
    for (std::size_t shard = 0; shard < shards; ++shard) {
      // All documents of an index lie together: they are counted with its first shard.
      const bool is_first = shard == 0;
      rows.push_back({index.name, std::to_string(shard), "p", "STARTED",
                      std::to_string(is_first ? numbers.documents : 0),
                      cat_size(call, is_first ? numbers.bytes : 0), std::string(kAddress),
                      api.node_id(), "hornbeam"});
      for (std::size_t copy = shards; copy < search::copy_count(index); copy += shards) {
        rows.push_back({index.name, std::to_string(shard), "r", "UNASSIGNED", "", "", "", "", ""});
      }
    }
  }
  return cat_table(call, kColumns, std::move(rows));
}

RestResponse cat_segments(SearchApi& api, RestCall& call) {
  static const std::vector<CatColumn> kColumns = {
      {"index", {"i", "idx"}, "index name"},
      {"shard", {"s", "sh"}, "shard name"},
      {"prirep", {"p", "pr", "primaryOrReplica"}, "primary or replica"},
      {"ip", {}, "ip of node where it lives"},
      {"id", {}, "unique id of node where it lives", false},
      {"segment", {"seg"}, "segment name"},
      {"docs.count", {"dc", "docsCount"}, "number of docs in segment", true, true},
      {"docs.deleted", {"dd", "docsDeleted"}, "number of deleted docs in segment", true, true},
      {"size", {"si"}, "segment size in bytes", true, true},
      {"searchable", {"is"}, "is segment searched"},
  };
  std::vector<CatRow> rows;
  for (const search::ResolvedIndex& one : named(api, call)) {
    const auto snapshot = one.index->index->shard().snapshot();
    for (const search::SegmentView& view : snapshot->segments) {
      const std::uint64_t live = view.live->live_count();
      rows.push_back({one.index->name, "0", "p", std::string(kAddress), api.node_id(),
                      view.segment->name(), std::to_string(live),
                      std::to_string(view.segment->doc_count() - live),
                      cat_size(call, view.segment->size()), "true"});
    }
  }
  return cat_table(call, kColumns, std::move(rows));
}

RestResponse cat_templates(SearchApi& api, RestCall& call) {
  static const std::vector<CatColumn> kColumns = {
      {"name", {"n"}, "template name"},
      {"index_patterns", {"t"}, "template index patterns"},
      {"order", {"o", "p"}, "template application order/priority number"},
      {"version", {"v"}, "version"},
      {"composed_of", {"c"}, "component templates comprising index template"},
  };
  const std::string pattern = call.text("name", "*");
  const search::Templates templates = api.node().templates();
  std::vector<CatRow> rows;
  for (const auto kind : {search::TemplateKind::kLegacy, search::TemplateKind::kComposable}) {
    for (const auto& [name, one] : templates.of(kind)) {
      if (!search::matches_pattern(pattern, name)) continue;
      const bool is_legacy = kind == search::TemplateKind::kLegacy;
      rows.push_back({name, fmt::format("[{}]", fmt::join(one.patterns, ", ")),
                      std::to_string(one.order.value_or(0)),
                      one.version ? std::to_string(*one.version) : "",
                      is_legacy ? "" : fmt::format("[{}]", fmt::join(one.composed_of, ", "))});
    }
  }
  return cat_table(call, kColumns, std::move(rows));
}

RestResponse cat_tasks(SearchApi& api, RestCall& call) {
  static const std::vector<CatColumn> kColumns = {
      {"action", {"ac"}, "task action"},
      {"task_id", {"ti"}, "unique task id"},
      {"type", {"ty"}, "task type"},
      {"description", {"desc"}, "task action", false},
      {"running_time_ns", {"time"}, "running time ns", true, true},
      {"node", {"n"}, "node name"},
  };
  std::vector<CatRow> rows;
  for (const Tasks::Task& task : api.tasks().running()) {
    rows.push_back({task.action, fmt::format("{}:{}", api.node_id(), task.number), "transport",
                    task.description, std::to_string(task.running.count()), "hornbeam"});
  }
  return cat_table(call, kColumns, std::move(rows));
}

RestResponse cat_list(SearchApi&, RestCall&) {
  std::string text = "=^.^=\n";
  for (const RestRoute& route : routes()) {
    if (route.path.starts_with("/_cat/")) text += fmt::format("{}\n", route.path);
  }
  return {.body = std::move(text), .content_type = "text/plain; charset=UTF-8"};
}

}  // namespace hornbeam::site::search_handlers

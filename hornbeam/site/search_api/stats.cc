#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/search/node/routing.h"
#include "hornbeam/site/search_api/handlers.h"
#include "hornbeam/site/search_api/index_numbers.h"

namespace hornbeam::site::search_handlers {
namespace {

using search::NodeError;

/// What `_stats` tells of one index, or of several added up.
struct IndexStats {
  IndexNumbers numbers{};
  std::uint64_t writes = 0;
  std::uint64_t deletes = 0;
  std::uint64_t gets = 0;
  std::uint64_t searches = 0;
  std::uint64_t refreshes = 0;
  std::uint64_t flushes = 0;
  std::uint64_t merges = 0;

  static IndexStats of(const search::NodeIndex& index) {
    const search::OperationCounts& counts = *index.counts;
    return {.numbers = numbers_of(index),
            .writes = counts.writes,
            .deletes = counts.deletes,
            .gets = counts.gets,
            .searches = counts.searches,
            .refreshes = counts.refreshes,
            .flushes = counts.flushes,
            .merges = counts.merges};
  }

  IndexStats& operator+=(const IndexStats& other) {
    numbers += other.numbers;
    writes += other.writes;
    deletes += other.deletes;
    gets += other.gets;
    searches += other.searches;
    refreshes += other.refreshes;
    flushes += other.flushes;
    merges += other.merges;
    return *this;
  }
};

using Member = std::pair<std::string_view, std::uint64_t>;

/// One group of the numbers, and what `_stats/NAME` calls it.
struct Metric {
  std::string_view name;
  std::string_view group;
  std::vector<Member> members;
};

/// Theirs, all of them: what a group counts that there is not, such as caches, is none.
std::vector<Metric> metrics_of(const IndexStats& stats) {
  const IndexNumbers& numbers = stats.numbers;
  return {
      {"docs", "docs", {{"count", numbers.documents}, {"deleted", numbers.deleted}}},
      {"store", "store", {{"size_in_bytes", numbers.bytes}, {"reserved_in_bytes", 0}}},
      {"indexing", "indexing", {{"index_total", stats.writes}, {"delete_total", stats.deletes}}},
      {"get", "get", {{"total", stats.gets}}},
      {"search", "search", {{"query_total", stats.searches}, {"fetch_total", stats.searches}}},
      {"merge", "merges", {{"total", stats.merges}}},
      {"refresh", "refresh", {{"total", stats.refreshes}}},
      {"flush", "flush", {{"total", stats.flushes}, {"periodic", 0}}},
      {"warmer", "warmer", {{"current", 0}, {"total", 0}}},
      {"query_cache", "query_cache", {{"memory_size_in_bytes", 0}, {"hit_count", 0}}},
      {"fielddata", "fielddata", {{"memory_size_in_bytes", 0}, {"evictions", 0}}},
      {"completion", "completion", {{"size_in_bytes", 0}}},
      {"segments", "segments", {{"count", numbers.segments}}},
      {"translog", "translog", {{"operations", 0}, {"size_in_bytes", 0}}},
      {"request_cache", "request_cache", {{"memory_size_in_bytes", 0}, {"hit_count", 0}}},
      {"recovery", "recovery", {{"current_as_source", 0}, {"current_as_target", 0}}},
  };
}

/// The groups that a call asks for; all if there are none.
std::vector<std::string> asked_metrics(const RestCall& call) {
  std::vector<std::string> asked = call.list("metric");
  const auto known = metrics_of({});
  for (const std::string& name : asked) {
    if (name == "_all" || name == "suggest") continue;
    if (std::ranges::find(known, name, &Metric::name) != known.end()) continue;
    throw NodeError(
        "illegal_argument_exception",
        fmt::format("request [{}] contains unrecognized metric: [{}]", call.path(), name));
  }
  if (std::ranges::find(asked, "_all") != asked.end()) asked.clear();
  return asked;
}

void write_groups(base::JsonWriter& out, const IndexStats& stats,
                  const std::vector<std::string>& asked) {
  for (const Metric& metric : metrics_of(stats)) {
    if (!asked.empty() && std::ranges::find(asked, metric.name) == asked.end()) continue;
    out.key(metric.group).begin_object();
    for (const auto& [member, value] : metric.members) out.member(member, value);
    out.end_object();
  }
}

void write_stats(base::JsonWriter& out, const IndexStats& stats,
                 const std::vector<std::string>& asked) {
  // There is one copy of everything, so the total is what the primaries have.
  for (const std::string_view scope : {"primaries", "total"}) {
    out.key(scope).begin_object();
    write_groups(out, stats, asked);
    out.end_object();
  }
}

/// The numbers of an index as those of its first shard, where all of its documents are.
void write_shard_stats(base::JsonWriter& out, const SearchApi& api, const IndexStats& stats,
                       std::size_t shards, const std::vector<std::string>& asked) {
  out.key("shards").begin_object();
  for (std::size_t shard = 0; shard < shards; ++shard) {
    out.key(std::to_string(shard)).begin_array().begin_object().key("routing").begin_object();
    out.member("state", "STARTED").member("primary", true).member("node", api.node_id());
    out.end_object();
    write_groups(out, shard == 0 ? stats : IndexStats{}, asked);
    out.end_object().end_array();
  }
  out.end_object();
}

std::vector<search::ResolvedIndex> named(SearchApi& api, const RestCall& call) {
  return api.node().resolve(call.text("index"), call.index_options());
}

void write_shard_counts(base::JsonWriter& out, const std::vector<search::ResolvedIndex>& indices) {
  std::size_t total = 0;
  std::size_t successful = 0;
  for (const search::ResolvedIndex& one : indices) {
    total += search::copy_count(*one.index);
    successful += search::shard_count(*one.index);
  }
  write_shards(out, total, successful);
}

void write_segment(base::JsonWriter& out, const search::SegmentView& view) {
  const std::uint64_t live = view.live->live_count();
  out.key(view.segment->name()).begin_object();
  out.member("num_docs", live).member("deleted_docs", view.segment->doc_count() - live);
  out.member("size_in_bytes", view.segment->size()).member("memory_in_bytes", 0);
  out.member("search", true).end_object();
}

}  // namespace

RestResponse index_stats(SearchApi& api, RestCall& call) {
  const std::vector<std::string> asked = asked_metrics(call);
  const std::string level = call.text("level", "indices");
  if (level != "cluster" && level != "indices" && level != "shards") {
    throw NodeError("illegal_argument_exception",
                    fmt::format("level parameter must be one of [cluster] or [indices] or [shards] "
                                "but was [{}]",
                                level));
  }
  const auto indices = named(api, call);
  IndexStats all;
  base::JsonWriter each;
  each.begin_object();
  for (const search::ResolvedIndex& one : indices) {
    const IndexStats stats = IndexStats::of(*one.index);
    all += stats;
    each.key(one.index->name).begin_object().member("uuid", one.index->uuid);
    write_stats(each, stats, asked);
    if (level == "shards") {
      write_shard_stats(each, api, stats, search::shard_count(*one.index), asked);
    }
    each.end_object();
  }
  each.end_object();
  base::JsonWriter out;
  out.begin_object();
  write_shard_counts(out, indices);
  out.key("_all").begin_object();
  write_stats(out, all, asked);
  out.end_object();
  if (level != "cluster") out.raw_member("indices", each.text());
  out.end_object();
  return answer(out);
}

RestResponse index_segments(SearchApi& api, RestCall& call) {
  const auto indices = named(api, call);
  base::JsonWriter out;
  out.begin_object();
  write_shard_counts(out, indices);
  out.key("indices").begin_object();
  for (const search::ResolvedIndex& one : indices) {
    const auto snapshot = one.index->index->shard().snapshot();
    out.key(one.index->name).begin_object().key("shards").begin_object();
    out.key("0").begin_array().begin_object().key("routing").begin_object();
    out.member("state", "STARTED").member("primary", true).member("node", api.node_id());
    out.end_object().member("num_search_segments", snapshot->segments.size());
    out.key("segments").begin_object();
    for (const search::SegmentView& view : snapshot->segments) write_segment(out, view);
    out.end_object().end_object().end_array().end_object().end_object();
  }
  out.end_object().end_object();
  return answer(out);
}

RestResponse cluster_stats(SearchApi& api, RestCall&) {
  IndexNumbers numbers;
  std::size_t shards = 0;
  bool is_yellow = false;
  const auto indices = api.node().indices();
  for (const auto& [name, index] : *indices) {
    numbers += numbers_of(*index);
    shards += search::shard_count(*index);
    is_yellow = is_yellow || search::copy_count(*index) > search::shard_count(*index);
  }
  base::JsonWriter out;
  out.begin_object().key("_nodes").begin_object();
  out.member("total", 1).member("successful", 1).member("failed", 0).end_object();
  out.member("cluster_name", "hornbeam").member("cluster_uuid", api.node().uuid());
  out.member("status", is_yellow ? "yellow" : "green").key("indices").begin_object();
  out.member("count", indices->size()).key("shards").begin_object();
  out.member("total", shards).member("primaries", shards).end_object();
  out.key("docs").begin_object().member("count", numbers.documents);
  out.member("deleted", numbers.deleted).end_object();
  out.key("store").begin_object().member("size_in_bytes", numbers.bytes).end_object();
  out.key("segments").begin_object().member("count", numbers.segments).end_object().end_object();
  out.key("nodes").begin_object().key("count").begin_object().member("total", 1);
  out.member("cluster_manager", 1).member("data", 1).end_object();
  out.member("versions", std::vector<std::string>{"3.4.0"}).end_object().end_object();
  return answer(out);
}

RestResponse nodes_info(SearchApi& api, RestCall&) {
  base::JsonWriter out;
  out.begin_object().key("_nodes").begin_object();
  out.member("total", 1).member("successful", 1).member("failed", 0).end_object();
  out.member("cluster_name", "hornbeam").key("nodes").begin_object();
  out.key(api.node_id()).begin_object().member("name", "hornbeam").member("version", "3.4.0");
  out.member("build_type", "hornbeam").member("build_hash", "unknown");
  out.member("roles", std::vector<std::string>{"cluster_manager", "data"});
  out.end_object().end_object().end_object();
  return answer(out);
}

}  // namespace hornbeam::site::search_handlers

#include "hornbeam/site/search_api/cluster.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "hornbeam/search/node/routing.h"
#include "hornbeam/site/search_api/handlers.h"

namespace hornbeam::site {

std::string_view health_of(const search::NodeIndex& index) {
  return search::copy_count(index) > search::shard_count(index) ? "yellow" : "green";
}

int health_rank(std::string_view color) {
  if (color == "green") return 0;
  if (color == "yellow") return 1;
  if (color == "red") return 2;
  throw search::NodeError("illegal_argument_exception",
                          fmt::format("unknown cluster health status [{}]", color));
}

}  // namespace hornbeam::site

namespace hornbeam::site::search_handlers {
namespace {

/// Shards of some indices: those that are there, and the copies that only other nodes could have.
struct ShardCounts {
  std::size_t active = 0;
  std::size_t unassigned = 0;

  void add(const search::NodeIndex& index) {
    active += search::shard_count(index);
    unassigned += search::copy_count(index) - search::shard_count(index);
  }
  std::string_view color() const { return unassigned > 0 ? "yellow" : "green"; }
  double percent() const {
    const auto all = static_cast<double>(active + unassigned);
    return all > 0 ? 100 * static_cast<double>(active) / all : 100;
  }
};

void write_counts(base::JsonWriter& out, const ShardCounts& counts) {
  out.member("active_primary_shards", counts.active).member("active_shards", counts.active);
  out.member("relocating_shards", 0).member("initializing_shards", 0);
  out.member("unassigned_shards", counts.unassigned);
}

void write_indices(base::JsonWriter& out, const std::vector<search::ResolvedIndex>& indices,
                   bool with_shards) {
  out.key("indices").begin_object();
  for (const search::ResolvedIndex& one : indices) {
    ShardCounts counts;
    counts.add(*one.index);
    const std::size_t shards = search::shard_count(*one.index);
    const std::size_t replicas = search::copy_count(*one.index) / shards - 1;
    out.key(one.index->name).begin_object().member("status", counts.color());
    out.member("number_of_shards", shards).member("number_of_replicas", replicas);
    write_counts(out, counts);
    if (with_shards) {
      out.key("shards").begin_object();
      for (std::size_t shard = 0; shard < shards; ++shard) {
        out.key(std::to_string(shard)).begin_object().member("status", counts.color());
        out.member("primary_active", true).member("active_shards", 1);
        out.member("relocating_shards", 0).member("initializing_shards", 0);
        out.member("unassigned_shards", replicas).end_object();
      }
      out.end_object();
    }
    out.end_object();
  }
  out.end_object();
}

/// Whether one node is as many as "3", ">=2", "le(1)" and the like ask for.
bool is_enough_nodes(std::string_view wanted) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kSigns = {
      {{">=", "ge"},
       {"<=", "le"},
       {"ge(", "ge"},
       {"le(", "le"},
       {">", "gt"},
       {"<", "lt"},
       {"gt(", "gt"},
       {"lt(", "lt"}}};
  std::string_view sign = "eq";
  for (const auto& [prefix, meaning] : kSigns) {
    if (!wanted.starts_with(prefix)) continue;
    sign = meaning;
    wanted.remove_prefix(prefix.size());
    break;
  }
  std::int64_t count = 0;
  const auto read = std::from_chars(wanted.data(), wanted.data() + wanted.size(), count);
  if (read.ec != std::errc()) {
    throw search::NodeError("illegal_argument_exception",
                            fmt::format("For input string: \"{}\"", wanted));
  }
  if (sign == "ge") return 1 >= count;
  if (sign == "le") return 1 <= count;
  if (sign == "gt") return 1 > count;
  if (sign == "lt") return 1 < count;
  return count == 1;
}

/// Whether what a call waits for is so. Nothing here changes while it waits, so it is not made to.
bool is_reached(const RestCall& call, const ShardCounts& counts) {
  if (const auto color = call.find("wait_for_status")) {
    if (health_rank(counts.color()) > health_rank(*color)) return false;
  }
  const auto nodes = call.find("wait_for_nodes");
  if (nodes && !is_enough_nodes(*nodes)) return false;
  const std::string shards = call.text("wait_for_active_shards", "0");
  if (shards == "all" && counts.unassigned > 0) return false;
  if (shards != "all") {
    const auto wanted = call.number("wait_for_active_shards").value_or(0);
    if (wanted > static_cast<std::int64_t>(counts.active)) return false;
  }
  return true;
}

}  // namespace

RestResponse health(SearchApi& api, RestCall& call) {
  const std::string level = call.text("level", "cluster");
  const auto indices =
      api.node().resolve(call.text("index"), call.index_options({.ignores_unavailable = true,
                                                                 .expands_closed = true,
                                                                 .expands_hidden = true,
                                                                 .forbids_closed = false}));
  ShardCounts counts;
  for (const search::ResolvedIndex& one : indices) counts.add(*one.index);
  const bool timed_out = !is_reached(call, counts) || (call.has("index") && indices.empty() &&
                                                       !call.text("index").contains('*'));
  const bool is_missing = call.has("index") && indices.empty();
  base::JsonWriter out;
  out.begin_object().member("cluster_name", "hornbeam");
  out.member("status", is_missing && timed_out ? "red" : counts.color());
  out.member("timed_out", timed_out).member("number_of_nodes", 1).member("number_of_data_nodes", 1);
  out.member("discovered_master", true).member("discovered_cluster_manager", true);
  write_counts(out, counts);
  for (const std::string_view name :
       {"delayed_unassigned_shards", "number_of_pending_tasks", "number_of_in_flight_fetch",
        "task_max_waiting_in_queue_millis"}) {
    out.member(name, 0);
  }
  out.member("active_shards_percent_as_number", counts.percent());
  if (level == "indices" || level == "shards") write_indices(out, indices, level == "shards");
  out.end_object();
  return answer(out, timed_out ? 408 : 200);
}

}  // namespace hornbeam::site::search_handlers

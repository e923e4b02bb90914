#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/site/search_api/cat_table.h"
#include "hornbeam/site/search_api/cluster.h"
#include "hornbeam/site/search_api/handlers.h"
#include "hornbeam/site/search_api/index_numbers.h"

namespace hornbeam::site::search_handlers {

RestResponse cat_indices(SearchApi& api, RestCall& call) {
  static const std::vector<CatColumn> kColumns = {
      {"health", {"h"}, "current health status"},
      {"status", {"s"}, "open/close status"},
      {"index", {"i", "idx"}, "index name"},
      {"uuid", {"id", "uuid"}, "index uuid"},
      {"pri", {"p", "shards.primary", "shardsPrimary"}, "number of primary shards", true, true},
      {"rep", {"r", "shards.replica", "shardsReplica"}, "number of replica shards", true, true},
      {"docs.count", {"dc", "docsCount"}, "available docs", true, true},
      {"docs.deleted", {"dd", "docsDeleted"}, "deleted docs", true, true},
      {"creation.date", {"cd"}, "index creation date (millisecond value)", false},
      {"creation.date.string", {"cds"}, "index creation date (as string)", false},
      {"store.size", {"ss", "storeSize"}, "store size of primaries & replicas", true, true},
      {"pri.store.size", {}, "store size of primaries", true, true},
  };
  std::vector<CatRow> rows;
  std::optional<int> wanted;
  if (const auto health = call.find("health")) wanted = health_rank(*health);
  const auto options = call.index_options({.expands_closed = true, .forbids_closed = false});
  for (const search::ResolvedIndex& one : api.node().resolve(call.text("index"), options)) {
    const search::NodeIndex& index = *one.index;
    const std::string_view color = health_of(index);
    if (wanted && health_rank(color) != *wanted) continue;
    const IndexNumbers numbers = numbers_of(index);
    const std::string size = index.is_open ? cat_size(call, numbers.bytes) : "";
    std::string created;
    base::append_json_time(created, std::chrono::system_clock::time_point(
                                        std::chrono::milliseconds(index.created_at)));
    rows.push_back({std::string(color), index.is_open ? "open" : "close", index.name, index.uuid,
                    index.settings.find("index.number_of_shards").value_or("1"),
                    index.settings.find("index.number_of_replicas").value_or("1"),
                    index.is_open ? std::to_string(numbers.documents) : "",
                    index.is_open ? std::to_string(numbers.deleted) : "",
                    std::to_string(index.created_at), created.substr(1, created.size() - 2), size,
                    size});
  }
  return cat_table(call, kColumns, std::move(rows));
}

RestResponse cat_aliases(SearchApi& api, RestCall& call) {
  static const std::vector<CatColumn> kColumns = {
      {"alias", {"a"}, "alias name"},
      {"index", {"i", "idx"}, "index alias points to"},
      {"filter", {"f", "fi"}, "filter"},
      {"routing.index", {"ri", "routingIndex"}, "index routing"},
      {"routing.search", {"rs", "routingSearch"}, "search routing"},
      {"is_write_index", {"w", "isWriteIndex"}, "write index"},
  };
  const std::vector<std::string> patterns = call.list("name");
  const auto options = call.index_options();
  std::vector<CatRow> rows;
  for (const auto& [name, index] : *api.node().indices()) {
    for (const auto& [alias, value] : index->aliases) {
      const bool is_meant =
          patterns.empty() || std::ranges::any_of(patterns, [&](const std::string& pattern) {
            return search::matches_pattern(pattern, alias);
          });
      const bool is_named = std::ranges::find(patterns, alias) != patterns.end();
      const bool is_hidden = value.is_hidden.value_or(false);
      if (!is_meant ||
          (is_hidden && !is_named && call.has("expand_wildcards") && !options.expands_hidden))
        continue;
      rows.push_back({alias, name, value.filter.empty() ? "-" : "*",
                      value.index_routing.value_or("-"), value.search_routing.value_or("-"),
                      value.is_write_index ? (*value.is_write_index ? "true" : "false") : "-"});
    }
  }
  return cat_table(call, kColumns, std::move(rows));
}

RestResponse cat_count(SearchApi& api, RestCall& call) {
  static const std::vector<CatColumn> kColumns = {
      {"epoch", {"t", "time"}, "seconds since 1970-01-01 00:00:00"},
      {"timestamp", {"ts", "hms", "hhmmss"}, "time in HH:MM:SS"},
      {"count", {"dc", "docs.count", "docsCount"}, "the document count"},
  };
  std::uint64_t count = 0;
  for (const search::ResolvedIndex& one :
       api.node().resolve(call.text("index"), call.index_options())) {
    count += one.index->index->document_count();
  }
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const std::chrono::hh_mm_ss time(now - std::chrono::floor<std::chrono::days>(now));
  return cat_table(call, kColumns,
                   {{std::to_string(now.time_since_epoch().count()),
                     fmt::format("{:02}:{:02}:{:02}", time.hours().count(), time.minutes().count(),
                                 time.seconds().count()),
                     std::to_string(count)}});
}

}  // namespace hornbeam::site::search_handlers

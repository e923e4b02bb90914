#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "hornbeam/site/search_api/handlers.h"

namespace hornbeam::site::search_handlers {
namespace {

using search::NodeError;

/// A column of a table of `_cat`.
struct CatColumn {
  std::string name;
  std::vector<std::string> short_names;
  std::string description;
  bool is_default = true;
  bool is_right = false;
};
using CatRow = std::vector<std::string>;

std::size_t find_column(const std::vector<CatColumn>& columns, std::string_view name) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto& shorts = columns[i].short_names;
    if (columns[i].name == name || std::ranges::find(shorts, name) != shorts.end()) return i;
  }
  return columns.size();
}

RestResponse help(const std::vector<CatColumn>& columns) {
  std::size_t widths[2] = {0, 0};
  for (const CatColumn& column : columns) {
    widths[0] = std::max(widths[0], column.name.size());
    widths[1] = std::max(widths[1], fmt::format("{}", fmt::join(column.short_names, ",")).size());
  }
  std::string text;
  for (const CatColumn& column : columns) {
    text += fmt::format("{:<{}} | {:<{}} | {}\n", column.name, widths[0],
                        fmt::format("{}", fmt::join(column.short_names, ",")), widths[1],
                        column.description);
  }
  return {.body = std::move(text), .content_type = "text/plain; charset=UTF-8"};
}

void sort_rows(const RestCall& call, const std::vector<CatColumn>& columns,
               std::vector<CatRow>& rows) {
  std::vector<std::string> keys = call.list("s");
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
    const bool falls = key->ends_with(":desc");
    const std::string name = key->substr(0, key->find(':'));
    const std::size_t at = find_column(columns, name);
    if (at == columns.size()) {
      throw NodeError("unsupported_operation_exception",
                      fmt::format("Unable to sort by unknown sort key `{}`", name));
    }
    // Insertion keeps the order of equals.
    for (std::size_t i = 1; i < rows.size(); ++i) {
      for (std::size_t k = i; k > 0; --k) {
        const int order = rows[k][at].compare(rows[k - 1][at]);
        if (falls ? order <= 0 : order >= 0) break;
        std::swap(rows[k], rows[k - 1]);
      }
    }
  }
}

RestResponse table(const RestCall& call, const std::vector<CatColumn>& columns,
                   std::vector<CatRow> rows) {
  if (call.flag("help")) return help(columns);
  sort_rows(call, columns, rows);
  std::vector<std::size_t> shown;
  std::vector<std::string> titles;
  for (const std::string& name : call.list("h")) {
    const std::size_t at = find_column(columns, name);
    if (at == columns.size()) continue;
    shown.push_back(at);
    titles.push_back(name);
  }
  for (std::size_t i = 0; !call.has("h") && i < columns.size(); ++i) {
    if (!columns[i].is_default) continue;
    shown.push_back(i);
    titles.push_back(columns[i].name);
  }
  if (call.text("format") == "json") {
    base::JsonWriter out;
    out.begin_array();
    for (const CatRow& row : rows) {
      out.begin_object();
      for (std::size_t i = 0; i < shown.size(); ++i) out.member(titles[i], row[shown[i]]);
      out.end_object();
    }
    out.end_array();
    return answer(out);
  }
  if (call.flag("v")) {
    CatRow head(columns.size());
    for (std::size_t i = 0; i < shown.size(); ++i) head[shown[i]] = titles[i];
    rows.insert(rows.begin(), std::move(head));
  }
  std::vector<std::size_t> widths(columns.size());
  for (const CatRow& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const CatRow& row : rows) {
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const std::size_t at = shown[i];
      text += columns[at].is_right ? fmt::format("{:>{}}", row[at], widths[at])
                                   : fmt::format("{:<{}}", row[at], widths[at]);
      text += i + 1 < shown.size() ? " " : "\n";
    }
  }
  return {.body = std::move(text), .content_type = "text/plain; charset=UTF-8"};
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 1024) return fmt::format("{}b", bytes);
  const double kilo = static_cast<double>(bytes) / 1024;
  return kilo < 1024 ? fmt::format("{:.1f}kb", kilo) : fmt::format("{:.1f}mb", kilo / 1024);
}

}  // namespace

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
  const auto options = call.index_options({.expands_closed = true, .forbids_closed = false});
  for (const search::ResolvedIndex& one : api.node().resolve(call.text("index"), options)) {
    const search::NodeIndex& index = *one.index;
    const auto snapshot = index.index->shard().snapshot();
    std::uint64_t all = 0;
    std::uint64_t bytes = 0;
    for (const search::SegmentView& view : snapshot->segments) {
      all += view.segment->doc_count();
      bytes += view.segment->size();
    }
    const std::uint64_t live = snapshot->live_count();
    std::string created;
    base::append_json_time(created, std::chrono::system_clock::time_point(
                                        std::chrono::milliseconds(index.created_at)));
    rows.push_back({"green", index.is_open ? "open" : "close", index.name, index.uuid,
                    index.settings.find("index.number_of_shards").value_or("1"),
                    index.settings.find("index.number_of_replicas").value_or("1"),
                    index.is_open ? std::to_string(live) : "",
                    index.is_open ? std::to_string(all - live) : "",
                    std::to_string(index.created_at), created.substr(1, created.size() - 2),
                    index.is_open ? size_text(bytes) : "", index.is_open ? size_text(bytes) : ""});
  }
  return table(call, kColumns, std::move(rows));
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
  return table(call, kColumns, std::move(rows));
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
  return table(call, kColumns,
               {{std::to_string(now.time_since_epoch().count()),
                 fmt::format("{:02}:{:02}:{:02}", time.hours().count(), time.minutes().count(),
                             time.seconds().count()),
                 std::to_string(count)}});
}

}  // namespace hornbeam::site::search_handlers

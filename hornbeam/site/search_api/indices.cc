#include <algorithm>
#include <ranges>

#include <fmt/format.h>

#include "hornbeam/search/node/node_state.h"
#include "hornbeam/search/node/routing.h"
#include "hornbeam/site/search_api/handlers.h"
#include "hornbeam/site/search_api/index_json.h"
#include "hornbeam/site/search_api/settings_json.h"
#include "hornbeam/site/search_api/task_answers.h"

namespace hornbeam::site::search_handlers {
namespace {

using search::NodeError;
using search::ResolvedIndex;

/// Indices for operations that take them one by one: all, open and closed, if `closed` says so.
std::vector<ResolvedIndex> named(SearchApi& api, const RestCall& call, bool closed = false) {
  return api.node().resolve(call.text("index"), call.index_options({.expands_closed = closed,
                                                                    .forbids_closed = !closed}));
}

/// What an operation on every shard answers: copies that no other node keeps count in the total.
RestResponse answer_shards(const std::vector<ResolvedIndex>& indices, bool primaries_only = false) {
  std::size_t total = 0;
  std::size_t successful = 0;
  for (const ResolvedIndex& one : indices) {
    successful += search::shard_count(*one.index);
    total += primaries_only ? search::shard_count(*one.index) : search::copy_count(*one.index);
  }
  base::JsonWriter out;
  out.begin_object();
  write_shards(out, total, successful);
  out.end_object();
  return answer(out);
}

void set_open(SearchApi& api, const std::vector<ResolvedIndex>& indices, bool is_open) {
  for (const ResolvedIndex& one : indices) {
    api.node().change(one.index->name, [&](search::NodeIndex& index) { index.is_open = is_open; });
  }
}

}  // namespace

RestResponse create_index(SearchApi& api, RestCall& call) {
  const std::string name = call.text("index");
  search::CreateIndex create;
  if (const auto json = call.find_json()) create = read_create(*json);
  api.node().create(name, create);
  base::JsonWriter out;
  out.begin_object().member("acknowledged", true).member("shards_acknowledged", true);
  out.member("index", name).end_object();
  return answer(out);
}

RestResponse delete_index(SearchApi& api, RestCall& call) {
  const auto options = call.index_options({.expands_closed = true, .forbids_closed = false});
  std::vector<std::string> names;
  for (const std::string& part : call.list("index")) {
    const bool is_pattern = part.contains('*') || part == "_all";
    for (const auto& [name, index] : *api.node().indices()) {
      // An index is deleted by its own name, never by that of an alias.
      if (is_pattern || !index->aliases.contains(part)) continue;
      if (options.ignores_unavailable) continue;
      throw NodeError("illegal_argument_exception",
                      fmt::format("The provided expression [{}] matches an alias, specify the "
                                  "corresponding concrete indices instead.",
                                  part));
    }
    if (is_pattern && !options.expands_open && !options.expands_closed) continue;
    bool is_any = false;
    for (const auto& [name, index] : *api.node().indices()) {
      const bool is_meant =
          is_pattern ? part == "_all" || search::matches_pattern(part, name) : part == name;
      if (!is_meant) continue;
      is_any = true;
      names.push_back(name);
    }
    const bool is_missing =
        !is_any && (is_pattern ? !options.allows_none : !options.ignores_unavailable);
    if (is_missing) throw search::no_such_index(part);
  }
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  for (const std::string& name : names) api.node().remove(name);
  return acknowledged();
}

RestResponse index_exists(SearchApi& api, RestCall& call) {
  try {
    const auto found = named(api, call, true);
    return {.status = found.empty() ? 404 : 200, .body = {}};
  } catch (const NodeError&) {
    return {.status = 404, .body = {}};
  }
}

RestResponse get_index(SearchApi& api, RestCall& call) {
  base::JsonWriter out;
  out.begin_object();
  for (const ResolvedIndex& one : named(api, call, true)) {
    out.key(one.index->name).begin_object().key("aliases");
    write_aliases(out, *one.index);
    out.raw_member("mappings", one.index->index->mapping());
    out.raw_member("settings", settings_json(call, *one.index));
    out.end_object();
  }
  out.end_object();
  return answer(out);
}

RestResponse refresh(SearchApi& api, RestCall& call) {
  const auto indices = named(api, call);
  for (const ResolvedIndex& one : indices) {
    one.index->index->refresh();
    ++one.index->counts->refreshes;
  }
  return answer_shards(indices);
}

RestResponse flush(SearchApi& api, RestCall& call) {
  if (call.flag("force") && !call.flag("wait_if_ongoing", true)) {
    throw NodeError("action_request_validation_exception",
                    "Validation Failed: 1: wait_if_ongoing must be true for a force flush;");
  }
  const auto indices = named(api, call);
  for (const ResolvedIndex& one : indices) {
    one.index->index->commit_again();
    ++one.index->counts->flushes;
  }
  return answer_shards(indices);
}

RestResponse force_merge(SearchApi& api, RestCall& call) {
  const auto indices = named(api, call);
  const auto merge = [indices, primaries_only = call.flag("primary_only")](const std::stop_token&) {
    for (const ResolvedIndex& one : indices) {
      one.index->index->shard().merge_all();
      ++one.index->counts->merges;
    }
    return answer_shards(indices, primaries_only);
  };
  if (!call.flag("wait_for_completion", true)) {
    std::vector<std::string> names;
    for (const ResolvedIndex& one : indices) names.push_back(one.index->name);
    return start_task(api, "indices:admin/forcemerge",
                      fmt::format("Force-merge indices [{}], maxSegments[{}], onlyExpungeDeletes"
                                  "[{}], flush[{}], primaryOnly[{}]",
                                  fmt::join(names, ", "), call.text("max_num_segments", "-1"),
                                  call.flag("only_expunge_deletes"), call.flag("flush", true),
                                  call.flag("primary_only")),
                      merge);
  }
  RestResponse response = merge({});
  if (call.flag("only_expunge_deletes") && call.has("max_num_segments")) {
    response.warnings.emplace_back(
        "setting only_expunge_deletes and max_num_segments at the same time is deprecated and will "
        "be rejected in a future version");
  }
  return response;
}

RestResponse open_index(SearchApi& api, RestCall& call) {
  const auto indices = named(api, call, true);
  const auto open = [&api, indices](const std::stop_token&) {
    set_open(api, indices, true);
    return RestResponse{.body = R"({"acknowledged":true,"shards_acknowledged":true})"};
  };
  if (call.flag("wait_for_completion", true)) return open({});
  std::vector<std::string> names;
  for (const ResolvedIndex& one : indices) names.push_back(one.index->name);
  return start_task(api, "indices:admin/open",
                    fmt::format("open indices [{}]", fmt::join(names, ", ")), open);
}

RestResponse close_index(SearchApi& api, RestCall& call) {
  const auto indices = named(api, call, true);
  set_open(api, indices, false);
  base::JsonWriter out;
  out.begin_object().member("acknowledged", true).member("shards_acknowledged", true);
  out.key("indices").begin_object();
  for (const ResolvedIndex& one : indices) {
    out.key(one.index->name).begin_object().member("closed", true).end_object();
  }
  out.end_object().end_object();
  return answer(out);
}

RestResponse add_block(SearchApi& api, RestCall& call) {
  const std::string block = call.text("block");
  base::JsonWriter out;
  out.begin_object().member("acknowledged", true).member("shards_acknowledged", true);
  out.key("indices").begin_array();
  for (const ResolvedIndex& one : named(api, call, true)) {
    api.node().change(one.index->name, [&](search::NodeIndex& index) {
      index.settings.set("index.blocks." + block, "true");
    });
    out.begin_object().member("name", one.index->name).member("blocked", true).end_object();
  }
  out.end_array().end_object();
  return answer(out);
}

RestResponse resolve_index(SearchApi& api, RestCall& call) {
  const auto all = api.node().indices();
  const std::vector<std::string> patterns = call.list("name");
  const auto options = call.index_options();
  const auto is_meant = [&](std::string_view name) {
    return std::ranges::any_of(patterns, [&](const std::string& pattern) {
      return pattern == "_all" || search::matches_pattern(pattern, name);
    });
  };
  std::map<std::string, std::vector<std::string>> aliases;
  base::JsonWriter out;
  out.begin_object().key("indices").begin_array();
  for (const auto& [name, index] : *all) {
    for (const auto& [alias, ignored] : index->aliases) {
      if (is_meant(alias)) aliases[alias].push_back(name);
    }
    if (!is_meant(name) || (index->is_open ? !options.expands_open : !options.expands_closed))
      continue;
    out.begin_object().member("name", name);
    if (!index->aliases.empty()) {
      out.key("aliases").begin_array();
      for (const auto& [alias, ignored] : index->aliases) out.value(alias);
      out.end_array();
    }
    out.key("attributes").begin_array().value(index->is_open ? "open" : "closed").end_array();
    out.end_object();
  }
  out.end_array().key("aliases").begin_array();
  for (const auto& [alias, indices] : aliases) {
    out.begin_object().member("name", alias).member("indices", indices).end_object();
  }
  out.end_array().key("data_streams").begin_array().end_array().end_object();
  return answer(out);
}

}  // namespace hornbeam::site::search_handlers

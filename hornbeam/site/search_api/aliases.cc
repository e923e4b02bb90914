#include <algorithm>
#include <ranges>

#include <fmt/format.h>

#include "hornbeam/search/node/node_state.h"
#include "hornbeam/site/search_api/handlers.h"
#include "hornbeam/site/search_api/index_json.h"

namespace hornbeam::site::search_handlers {
namespace {

using search::NodeError;
using search::NodeIndex;
using search::ResolvedIndex;

/// Names as a list, or as one text with commas.
std::vector<std::string> names_in(base::JsonView json) {
  return json.kind() == base::JsonKind::kArray ? texts_of(json)
                                               : search::split_names(text_of(json));
}

bool matches_any(const std::vector<std::string>& patterns, std::string_view name) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) {
    return pattern == "_all" || search::matches_pattern(pattern, name);
  });
}

/// Whether a name is among those of a list in which "-pattern" takes away.
bool is_chosen(const std::vector<std::string>& patterns, std::string_view name) {
  bool is_chosen = false;
  for (const std::string& pattern : patterns) {
    if (pattern.starts_with('-')) {
      if (search::matches_pattern(std::string_view(pattern).substr(1), name)) is_chosen = false;
    } else if (pattern == "_all" || search::matches_pattern(pattern, name)) {
      is_chosen = true;
    }
  }
  return is_chosen;
}

void check_alias_name(const std::string& alias, const search::Node::Indices& indices) {
  if (alias.empty()) {
    throw NodeError("action_request_validation_exception",
                    "Validation Failed: 1: [alias] may not be empty string;");
  }
  if (alias.find_first_of("\\/*?\"<>| ,#") != std::string::npos) {
    throw NodeError("invalid_alias_name_exception",
                    fmt::format("Invalid alias name [{}]: must not contain the following "
                                "characters [ , \", *, \\, <, |, ,, >, /, ?]",
                                alias));
  }
  if (alias.starts_with('_') || alias.starts_with('-') || alias.starts_with('+')) {
    throw NodeError(
        "invalid_alias_name_exception",
        fmt::format("Invalid alias name [{}]: must not start with '_', '-', or '+'", alias));
  }
  if (indices.contains(alias)) {
    throw NodeError("invalid_alias_name_exception",
                    fmt::format("Invalid alias name [{}]: an index or data stream exists with the "
                                "same name as the alias",
                                alias),
                    alias);
  }
}

/// Adds an alias to indices of a map that is being changed.
void add_alias(search::Node::Indices& indices, const std::vector<std::string>& names,
               const std::string& alias, const search::Alias& value) {
  check_alias_name(alias, indices);
  for (const std::string& name : names) {
    const auto found = indices.find(name);
    if (found == indices.end()) throw search::no_such_index(name);
    if (value.is_write_index.value_or(false)) {
      for (const auto& other : indices | std::views::values) {
        const auto same = other->aliases.find(alias);
        if (other->name == name || same == other->aliases.end()) continue;
        if (!same->second.is_write_index.value_or(false)) continue;
        throw NodeError("illegal_state_exception",
                        fmt::format("alias [{}] has more than one write index [{},{}]", alias,
                                    other->name, name));
      }
    }
    NodeIndex changed = *found->second;
    changed.aliases.insert_or_assign(alias, value);
    found->second = std::make_shared<const NodeIndex>(std::move(changed));
  }
}

std::vector<std::string> names_of(const std::vector<ResolvedIndex>& indices) {
  std::vector<std::string> names;
  for (const ResolvedIndex& one : indices) names.push_back(one.index->name);
  return names;
}

/// One of the actions of `_aliases`.
struct Action {
  std::string kind;
  std::vector<std::string> indices{};
  std::vector<std::string> aliases{};
  search::Alias value{};
  std::optional<bool> must_exist{};
};

/// A list of an action, which is not empty if it is given.
std::vector<std::string> given_names(std::string_view member, base::JsonView json) {
  std::vector<std::string> names = names_in(json);
  if (names.empty()) {
    throw NodeError("illegal_argument_exception", fmt::format("[{}] can't be empty", member));
  }
  return names;
}

Action read_action_members(base::JsonView json) {
  if (json.kind() != base::JsonKind::kObject || json.size() != 1) {
    throw NodeError("illegal_argument_exception", "an action is an object with one member");
  }
  const auto [kind, members] = json.member(0);
  Action action{.kind = std::string(kind)};
  if (kind != "add" && kind != "remove" && kind != "remove_index") {
    throw NodeError("illegal_argument_exception",
                    fmt::format("[aliases] unknown field [{}]", kind));
  }
  base::JsonWriter rest;
  rest.begin_object();
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto [name, value] = members.member(i);
    if (name == "index" || name == "indices") {
      action.indices = given_names(name, value);
    } else if (name == "alias" || name == "aliases") {
      action.aliases = given_names(name, value);
    } else if (name == "must_exist") {
      action.must_exist = value.find_bool();
    } else {
      rest.raw_member(name, value.text());
    }
  }
  rest.end_object();
  const std::string text = rest.take();
  const auto document = base::JsonDocument::parse(text);
  action.value = read_alias(document->root());
  return action;
}

Action read_action(base::JsonView json) {
  Action action = read_action_members(json);
  if (action.indices.empty()) {
    throw NodeError("illegal_argument_exception", "One of [index] or [indices] is required");
  }
  if (action.kind != "remove_index" && action.aliases.empty()) {
    throw NodeError("illegal_argument_exception", "One of [alias] or [aliases] is required");
  }
  return action;
}

void remove_aliases(search::Node::Indices& indices, const std::vector<std::string>& names,
                    const Action& action) {
  std::vector<std::string> missing;
  for (const std::string& pattern : action.aliases) {
    bool is_any = false;
    for (const std::string& name : names) {
      const auto found = indices.find(name);
      if (found == indices.end()) continue;
      NodeIndex changed = *found->second;
      const auto removed = std::erase_if(changed.aliases, [&](const auto& one) {
        return pattern == "_all" || search::matches_pattern(pattern, one.first);
      });
      if (removed == 0) continue;
      is_any = true;
      found->second = std::make_shared<const NodeIndex>(std::move(changed));
    }
    if (!is_any) missing.push_back(pattern);
  }
  if (!missing.empty() && action.must_exist.value_or(true)) {
    throw NodeError("aliases_not_found_exception",
                    fmt::format("aliases [{}] missing", fmt::join(missing, ",")));
  }
}

/// Removes indices, which are named by their own names, never by those of aliases.
void remove_indices(search::Node::Indices& indices, const std::vector<std::string>& names,
                    const Action& action) {
  for (const std::string& pattern : action.indices) {
    if (pattern.contains('*') || indices.contains(pattern)) continue;
    throw NodeError("illegal_argument_exception",
                    fmt::format("The provided expression [{}] matches an alias, specify the "
                                "corresponding concrete indices instead.",
                                pattern));
  }
  for (const std::string& name : names) indices.erase(name);
}

/// Does what one action says to a map that is being changed.
void carry_out(const search::Node& node, const Action& action, search::Node::Indices& indices) {
  const std::vector<std::string> names =
      names_of(node.resolve(fmt::format("{}", fmt::join(action.indices, ",")),
                            {.expands_closed = true, .forbids_closed = false}));
  if (action.kind == "remove_index") {
    remove_indices(indices, names, action);
  } else if (action.kind == "remove") {
    remove_aliases(indices, names, action);
  } else {
    for (const std::string& alias : action.aliases) add_alias(indices, names, alias, action.value);
  }
}

/// The aliases of indices that a list of names chooses.
std::vector<std::pair<std::shared_ptr<const NodeIndex>, Aliases>> find_aliases(
    SearchApi& api, const RestCall& call, const std::vector<std::string>& patterns) {
  std::vector<std::pair<std::shared_ptr<const NodeIndex>, Aliases>> found;
  const auto options =
      call.index_options({.expands_closed = true, .expands_hidden = true, .forbids_closed = false});
  for (const ResolvedIndex& one : api.node().resolve(call.text("index"), options)) {
    Aliases chosen;
    for (const auto& [name, alias] : one.index->aliases) {
      if (patterns.empty() || is_chosen(patterns, name)) chosen.emplace(name, alias);
    }
    found.emplace_back(one.index, std::move(chosen));
  }
  return found;
}

}  // namespace

RestResponse put_alias(SearchApi& api, RestCall& call) {
  const auto json = call.find_json();
  std::vector<std::string> names = call.list("index");
  std::string alias = call.text("name");
  base::JsonWriter rest;
  rest.begin_object();
  for (std::size_t i = 0; json && i < json->size(); ++i) {
    const auto [name, value] = json->member(i);
    if (name == "alias") {
      alias = text_of(value);
    } else if (name == "index") {
      names = names_in(value);
    } else {
      rest.raw_member(name, value.text());
    }
  }
  rest.end_object();
  const std::string text = rest.take();
  const search::Alias value = read_alias(base::JsonDocument::parse(text)->root());
  if (alias.empty()) {
    throw NodeError("action_request_validation_exception",
                    "Validation Failed: 1: Alias [alias] is missing;");
  }
  if (names.empty()) {
    throw NodeError("action_request_validation_exception",
                    "Validation Failed: 1: index is missing;");
  }
  const auto indices =
      api.node().resolve(fmt::format("{}", fmt::join(names, ",")),
                         call.index_options({.expands_closed = true, .forbids_closed = false}));
  api.node().change(
      [&](search::Node::Indices& all) { add_alias(all, names_of(indices), alias, value); });
  return acknowledged();
}

RestResponse get_alias(SearchApi& api, RestCall& call) {
  const std::vector<std::string> patterns = call.list("name");
  const auto found = find_aliases(api, call, patterns);
  std::vector<std::string> missing;
  for (const std::string& pattern : patterns) {
    if (pattern.contains('*') || pattern == "_all" || pattern.starts_with('-')) continue;
    const bool is_found =
        std::ranges::any_of(found, [&](const auto& one) { return one.second.contains(pattern); });
    if (!is_found) missing.push_back(pattern);
  }
  base::JsonWriter out;
  out.begin_object();
  if (!missing.empty()) {
    std::ranges::sort(missing);
    out.member("error", fmt::format("alias{} [{}] missing", missing.size() > 1 ? "es" : "",
                                    fmt::join(missing, ",")));
    out.member("status", 404);
  }
  for (const auto& [index, aliases] : found) {
    if (aliases.empty() && !patterns.empty()) continue;
    out.key(index->name).begin_object().key("aliases").begin_object();
    for (const auto& [name, alias] : aliases) {
      out.key(name);
      write_alias(out, alias);
    }
    out.end_object().end_object();
  }
  out.end_object();
  return answer(out, missing.empty() ? 200 : 404);
}

RestResponse alias_exists(SearchApi& api, RestCall& call) {
  try {
    for (const auto& [index, aliases] : find_aliases(api, call, call.list("name"))) {
      if (!aliases.empty()) return {.body = {}};
    }
  } catch (const NodeError&) {
    return {.status = 404, .body = {}};
  }
  return {.status = 404, .body = {}};
}

RestResponse delete_alias(SearchApi& api, RestCall& call) {
  const auto indices = api.node().resolve(
      call.text("index"), call.index_options({.expands_closed = true, .forbids_closed = false}));
  const Action action{.kind = "remove", .aliases = call.list("name")};
  api.node().change([&](search::Node::Indices& all) {
    const bool is_any = std::ranges::any_of(indices, [&](const ResolvedIndex& one) {
      return std::ranges::any_of(one.index->aliases, [&](const auto& alias) {
        return matches_any(action.aliases, alias.first);
      });
    });
    Action lenient = action;
    lenient.must_exist = !is_any;
    remove_aliases(all, names_of(indices), lenient);
  });
  return acknowledged();
}

RestResponse update_aliases(SearchApi& api, RestCall& call) {
  const auto listed = call.json().find("actions");
  if (!listed || listed->size() == 0) {
    throw NodeError("illegal_argument_exception", "No action specified");
  }
  std::vector<Action> actions;
  for (std::size_t i = 0; i < listed->size(); ++i) {
    actions.push_back(read_action(listed->element(i)));
  }
  // Indices go first, as theirs do, so that an alias may take the name of one.
  api.node().change([&](search::Node::Indices& all) {
    for (const bool takes_indices : {true, false}) {
      for (const Action& action : actions) {
        if ((action.kind == "remove_index") == takes_indices) carry_out(api.node(), action, all);
      }
    }
  });
  return acknowledged();
}

}  // namespace hornbeam::site::search_handlers

#include <algorithm>
#include <ranges>

#include <fmt/format.h>

#include "hornbeam/site/search_api/handlers.h"
#include "hornbeam/site/search_api/index_json.h"

namespace hornbeam::site::search_handlers {
namespace {

using search::IndexTemplate;
using search::NodeError;
using search::TemplateKind;
using search::Templates;

std::vector<std::string> names_in(base::JsonView json) {
  return json.kind() == base::JsonKind::kArray ? texts_of(json)
                                               : search::split_names(text_of(json));
}

bool is_chosen(const std::vector<std::string>& patterns, std::string_view name) {
  return patterns.empty() || std::ranges::any_of(patterns, [&](const std::string& pattern) {
           return pattern == "_all" || search::matches_pattern(pattern, name);
         });
}

/// The first pattern that stands for one name and has none; null if all have.
const std::string* find_missing(const Templates::ByName& all,
                                const std::vector<std::string>& patterns) {
  const auto missing = std::ranges::find_if(patterns, [&](const std::string& pattern) {
    return !pattern.contains('*') && pattern != "_all" && !all.contains(pattern);
  });
  return missing == patterns.end() ? nullptr : &*missing;
}

void check_patterns(const IndexTemplate& created) {
  if (!created.patterns.empty()) return;
  throw NodeError("action_request_validation_exception",
                  "Validation Failed: 1: index patterns are missing;");
}

IndexTemplate read_legacy(base::JsonView json) {
  IndexTemplate created;
  base::JsonWriter rest;
  rest.begin_object();
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name == "index_patterns" || name == "template") {
      created.patterns = names_in(value);
    } else if (name == "order") {
      created.order = value.find_int();
    } else if (name == "version") {
      created.version = value.find_int();
    } else {
      rest.raw_member(name, value.text());
    }
  }
  const std::string text = rest.end_object().take();
  created.create = read_create(base::JsonDocument::parse(text)->root());
  check_patterns(created);
  return created;
}

IndexTemplate read_composable(base::JsonView json, bool is_component) {
  IndexTemplate created;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name == "template") {
      created.create = read_create(value);
    } else if (name == "version") {
      created.version = value.find_int();
    } else if (name == "_meta") {
      created.meta = value.text();
    } else if (!is_component && name == "index_patterns") {
      created.patterns = names_in(value);
    } else if (!is_component && name == "priority") {
      created.order = value.find_int();
    } else if (!is_component && name == "composed_of") {
      created.composed_of = names_in(value);
    } else {
      throw NodeError("x_content_parse_exception",
                      fmt::format("[{}] unknown field [{}]",
                                  is_component ? "component_template" : "index_template", name));
    }
  }
  if (!is_component) check_patterns(created);
  return created;
}

void check_components(const Templates& templates, const std::string& name,
                      const IndexTemplate& created) {
  std::vector<std::string> missing;
  for (const std::string& part : created.composed_of) {
    if (!templates.of(TemplateKind::kComponent).contains(part)) missing.push_back(part);
  }
  if (missing.empty()) return;
  throw NodeError("invalid_index_template_exception",
                  fmt::format("index_template [{0}] invalid, cause [index template [{0}] specifies "
                              "component templates [{1}] that do not exist]",
                              name, fmt::join(missing, ", ")));
}

/// Refuses to take a component away from templates that are made of it.
void check_unused(const Templates& templates, const std::vector<std::string>& patterns) {
  std::vector<std::string> users;
  std::vector<std::string> parts;
  for (const auto& [name, one] : templates.of(TemplateKind::kComposable)) {
    for (const std::string& part : one.composed_of) {
      if (!is_chosen(patterns, part)) continue;
      users.push_back(name);
      parts.push_back(part);
    }
  }
  if (users.empty()) return;
  throw NodeError("illegal_argument_exception",
                  fmt::format("component templates [{}] cannot be removed as they are still in use "
                              "by index templates [{}]",
                              fmt::join(parts, ", "), fmt::join(users, ", ")));
}

RestResponse put(SearchApi& api, RestCall& call, TemplateKind kind) {
  const base::JsonView json = call.json();
  const std::string name = call.text("name");
  IndexTemplate created = kind == TemplateKind::kLegacy
                              ? read_legacy(json)
                              : read_composable(json, kind == TemplateKind::kComponent);
  if (kind == TemplateKind::kLegacy && call.has("order")) created.order = call.number("order");
  const bool only_creates = call.flag("create");
  api.node().change_templates([&](Templates& all) {
    if (only_creates && all.of(kind).contains(name)) {
      throw NodeError(
          "illegal_argument_exception",
          fmt::format("{} [{}] already exists",
                      kind == TemplateKind::kComponent ? "component template" : "index_template",
                      name));
    }
    check_components(all, name, created);
    all.of(kind).insert_or_assign(name, std::move(created));
  });
  return acknowledged();
}

RestResponse remove(SearchApi& api, RestCall& call, TemplateKind kind) {
  const std::vector<std::string> patterns = call.list("name");
  api.node().change_templates([&](Templates& all) {
    if (const std::string* const missing = find_missing(all.of(kind), patterns)) {
      throw NodeError("index_template_missing_exception",
                      fmt::format("index_template [{}] missing", *missing));
    }
    if (kind == TemplateKind::kComponent) check_unused(all, patterns);
    std::erase_if(all.of(kind), [&](const auto& one) { return is_chosen(patterns, one.first); });
  });
  return acknowledged();
}

RestResponse exists(SearchApi& api, RestCall& call, TemplateKind kind) {
  const std::vector<std::string> patterns = call.list("name");
  const Templates all = api.node().templates();
  const bool is_any = std::ranges::any_of(
      all.of(kind), [&](const auto& one) { return is_chosen(patterns, one.first); });
  return {.status = is_any ? 200 : 404, .body = {}};
}

/// The settings, mappings and aliases that indices get; what is empty only if `shows_all`.
void write_create(base::JsonWriter& out, const search::CreateIndex& create, bool is_flat,
                  bool shows_all) {
  if (shows_all || !create.settings.all().empty()) {
    out.raw_member("settings", create.settings.json(is_flat));
  }
  if (shows_all || !create.mappings.empty()) {
    out.raw_member("mappings", create.mappings.empty() ? "{}" : create.mappings);
  }
  if (!shows_all && create.aliases.empty()) return;
  out.key("aliases").begin_object();
  for (const auto& [name, alias] : create.aliases) {
    out.key(name);
    write_alias(out, alias);
  }
  out.end_object();
}

/// A composable template or a component.
void write_composable(base::JsonWriter& out, const IndexTemplate& one, bool is_component,
                      bool is_flat) {
  out.begin_object();
  if (!is_component) out.member("index_patterns", one.patterns);
  out.key("template").begin_object();
  write_create(out, one.create, is_flat, false);
  out.end_object();
  if (!is_component) out.member("composed_of", one.composed_of);
  if (one.order) out.member("priority", *one.order);
  if (one.version) out.member("version", *one.version);
  if (!one.meta.empty()) out.raw_member("_meta", one.meta);
  out.end_object();
}

RestResponse get_composable(SearchApi& api, RestCall& call, TemplateKind kind) {
  const bool is_component = kind == TemplateKind::kComponent;
  const std::vector<std::string> patterns = call.list("name");
  const Templates all = api.node().templates();
  if (const std::string* const missing = find_missing(all.of(kind), patterns)) {
    throw NodeError("resource_not_found_exception",
                    fmt::format("{} template matching [{}] not found",
                                is_component ? "component" : "index", *missing));
  }
  base::JsonWriter out;
  out.begin_object().key(is_component ? "component_templates" : "index_templates").begin_array();
  for (const auto& [name, one] : all.of(kind)) {
    if (!is_chosen(patterns, name)) continue;
    out.begin_object().member("name", name);
    out.key(is_component ? "component_template" : "index_template");
    write_composable(out, one, is_component, call.flag("flat_settings"));
    out.end_object();
  }
  out.end_array().end_object();
  return answer(out);
}

}  // namespace

RestResponse put_template(SearchApi& api, RestCall& call) {
  return put(api, call, TemplateKind::kLegacy);
}

RestResponse get_template(SearchApi& api, RestCall& call) {
  const std::vector<std::string> patterns = call.list("name");
  const Templates all = api.node().templates();
  const bool is_missing = find_missing(all.of(TemplateKind::kLegacy), patterns) != nullptr;
  base::JsonWriter out;
  out.begin_object();
  for (const auto& [name, one] : all.of(TemplateKind::kLegacy)) {
    if (!is_chosen(patterns, name)) continue;
    out.key(name).begin_object().member("order", one.order.value_or(0));
    if (one.version) out.member("version", *one.version);
    out.member("index_patterns", one.patterns);
    write_create(out, one.create, call.flag("flat_settings"), true);
    out.end_object();
  }
  out.end_object();
  const bool is_empty = out.text() == "{}";
  return answer(out, is_missing && is_empty ? 404 : 200);
}

RestResponse template_exists(SearchApi& api, RestCall& call) {
  return exists(api, call, TemplateKind::kLegacy);
}

RestResponse delete_template(SearchApi& api, RestCall& call) {
  return remove(api, call, TemplateKind::kLegacy);
}

RestResponse put_index_template(SearchApi& api, RestCall& call) {
  return put(api, call, TemplateKind::kComposable);
}

RestResponse get_index_template(SearchApi& api, RestCall& call) {
  return get_composable(api, call, TemplateKind::kComposable);
}

RestResponse index_template_exists(SearchApi& api, RestCall& call) {
  return exists(api, call, TemplateKind::kComposable);
}

RestResponse delete_index_template(SearchApi& api, RestCall& call) {
  return remove(api, call, TemplateKind::kComposable);
}

RestResponse put_component_template(SearchApi& api, RestCall& call) {
  return put(api, call, TemplateKind::kComponent);
}

RestResponse get_component_template(SearchApi& api, RestCall& call) {
  return get_composable(api, call, TemplateKind::kComponent);
}

RestResponse component_template_exists(SearchApi& api, RestCall& call) {
  return exists(api, call, TemplateKind::kComponent);
}

RestResponse delete_component_template(SearchApi& api, RestCall& call) {
  return remove(api, call, TemplateKind::kComponent);
}

}  // namespace hornbeam::site::search_handlers

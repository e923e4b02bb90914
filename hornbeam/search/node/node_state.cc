#include "hornbeam/search/node/node_state.h"

#include <algorithm>
#include <array>
#include <random>
#include <ranges>

#include <fmt/format.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/base/json_write.h"
#include "hornbeam/search/store/corrupt_index.h"
#include "hornbeam/search/store/file_directory.h"

namespace hornbeam::search {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFile = "node.json";
/// The number that OpenSearch has for the version whose API is answered here, 3.4.0.
constexpr std::string_view kVersionId = "137257827";

std::string text_of(base::JsonView json, std::string_view name) {
  const auto found = json.find(name);
  return std::string(found ? found->find_string().value_or("") : "");
}

std::optional<std::string> optional_text(base::JsonView json, std::string_view name) {
  const auto found = json.find(name);
  const auto text = found ? found->find_string() : std::nullopt;
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

std::optional<bool> optional_flag(base::JsonView json, std::string_view name) {
  const auto found = json.find(name);
  return found ? found->find_bool() : std::nullopt;
}

Settings read_settings(base::JsonView json) {
  const auto found = json.find("settings");
  return found ? Settings::parse(*found).value_or(Settings{}) : Settings{};
}

std::map<std::string, Alias, std::less<>> read_aliases(base::JsonView json) {
  std::map<std::string, Alias, std::less<>> aliases;
  const auto all = json.find("aliases");
  for (std::size_t i = 0; all && i < all->size(); ++i) {
    const auto [name, value] = all->member(i);
    aliases[std::string(name)] = {.filter = text_of(value, "filter"),
                                  .index_routing = optional_text(value, "index_routing"),
                                  .search_routing = optional_text(value, "search_routing"),
                                  .is_write_index = optional_flag(value, "is_write_index"),
                                  .is_hidden = optional_flag(value, "is_hidden")};
  }
  return aliases;
}

std::int64_t number(base::JsonView json, std::string_view name) {
  const auto found = json.find(name);
  return found ? found->find_int().value_or(0) : 0;
}

void add_member(std::string& out, std::string_view name, std::string_view json) {
  if (!out.ends_with('{')) out += ',';
  base::append_json_string(out, name);
  out += ':';
  out += json;
}

template <class Value>
std::string json_of(const Value& value) {
  std::string out;
  base::append_json(out, value);
  return out;
}

std::string write_aliases(const std::map<std::string, Alias, std::less<>>& aliases) {
  std::string out = "{";
  for (const auto& [name, alias] : aliases) {
    std::string one = "{";
    if (!alias.filter.empty()) add_member(one, "filter", json_of(alias.filter));
    if (alias.index_routing) add_member(one, "index_routing", json_of(*alias.index_routing));
    if (alias.search_routing) add_member(one, "search_routing", json_of(*alias.search_routing));
    if (alias.is_write_index) add_member(one, "is_write_index", json_of(*alias.is_write_index));
    if (alias.is_hidden) add_member(one, "is_hidden", json_of(*alias.is_hidden));
    add_member(out, name, one + "}");
  }
  return out + "}";
}

std::string write_index(const NodeIndex& index) {
  std::string out = "{";
  add_member(out, "uuid", json_of(index.uuid));
  add_member(out, "created_at", json_of(index.created_at));
  add_member(out, "is_open", json_of(index.is_open));
  add_member(out, "settings", index.settings.json(true));
  add_member(out, "aliases", write_aliases(index.aliases));
  return out + "}";
}

std::string write_template(const IndexTemplate& one) {
  std::string out = "{";
  add_member(out, "patterns", json_of(one.patterns));
  if (one.order) add_member(out, "order", json_of(*one.order));
  if (one.version) add_member(out, "version", json_of(*one.version));
  add_member(out, "mappings", json_of(one.create.mappings));
  add_member(out, "settings", one.create.settings.json(true));
  add_member(out, "aliases", write_aliases(one.create.aliases));
  if (!one.composed_of.empty()) add_member(out, "composed_of", json_of(one.composed_of));
  if (!one.meta.empty()) add_member(out, "meta", json_of(one.meta));
  return out + "}";
}

/// Where each kind of template is kept.
constexpr std::array<std::pair<std::string_view, TemplateKind>, 3> kTemplateMembers = {{
    {"templates", TemplateKind::kLegacy},
    {"index_templates", TemplateKind::kComposable},
    {"component_templates", TemplateKind::kComponent},
}};

std::vector<std::string> read_texts(base::JsonView json, std::string_view name) {
  std::vector<std::string> texts;
  const auto list = json.find(name);
  for (std::size_t i = 0; list && i < list->size(); ++i) {
    texts.emplace_back(list->element(i).find_string().value_or(""));
  }
  return texts;
}

IndexTemplate read_template(base::JsonView json) {
  IndexTemplate read{.patterns = read_texts(json, "patterns"),
                     .composed_of = read_texts(json, "composed_of"),
                     .meta = text_of(json, "meta")};
  if (json.find("order")) read.order = number(json, "order");
  if (json.find("version")) read.version = number(json, "version");
  read.create = {.mappings = text_of(json, "mappings"),
                 .settings = read_settings(json),
                 .aliases = read_aliases(json)};
  return read;
}

}  // namespace

NodeState read_state(const fs::path& folder) {
  FileDirectory directory(folder);
  const std::vector<std::string> files = directory.list();
  if (std::ranges::find(files, kFile) == files.end()) return {.uuid = new_uuid()};
  const auto file = directory.open(kFile);
  const auto json = base::JsonDocument::parse(file->bytes());
  if (!json) throw CorruptIndex(kFile, "node", 0, json.error().message());
  NodeState state{.uuid = text_of(json->root(), "uuid"), .settings = read_settings(json->root())};
  const auto indices = json->root().find("indices");
  for (std::size_t i = 0; indices && i < indices->size(); ++i) {
    const auto [name, value] = indices->member(i);
    state.indices.push_back({.name = std::string(name),
                             .uuid = text_of(value, "uuid"),
                             .created_at = number(value, "created_at"),
                             .settings = read_settings(value),
                             .aliases = read_aliases(value),
                             .is_open = optional_flag(value, "is_open").value_or(true)});
  }
  for (const auto& [member, kind] : kTemplateMembers) {
    const auto templates = json->root().find(member);
    for (std::size_t i = 0; templates && i < templates->size(); ++i) {
      const auto [name, value] = templates->member(i);
      state.templates.of(kind)[std::string(name)] = read_template(value);
    }
  }
  return state;
}

void write_state(const fs::path& folder, const std::string& uuid, const NodeView& node) {
  std::string listed = "{";
  for (const auto& [name, index] : node.indices) add_member(listed, name, write_index(*index));
  std::string out = "{";
  add_member(out, "uuid", json_of(uuid));
  add_member(out, "settings", node.settings.json(true));
  add_member(out, "indices", listed + "}");
  for (const auto& [member, kind] : kTemplateMembers) {
    std::string named = "{";
    for (const auto& [name, one] : node.templates.of(kind)) {
      add_member(named, name, write_template(one));
    }
    add_member(out, member, named + "}");
  }
  out += "}";
  FileDirectory directory(folder);
  const std::string fresh = std::string(kFile) + ".new";
  directory.create(fresh)->append(out);
  directory.sync_file(fresh);
  directory.rename(fresh, kFile);
  directory.sync_names();
}

std::string new_uuid() {
  std::random_device random;
  std::string bytes(16, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return base::base64url_encode(bytes);
}

void complete_settings(NodeIndex& index) {
  Settings& settings = index.settings;
  settings.set("index.uuid", index.uuid);
  settings.set("index.provided_name", index.name);
  settings.set("index.creation_date", std::to_string(index.created_at));
  settings.set("index.version.created", std::string(kVersionId));
  Settings defaults;
  defaults.set("index.number_of_shards", "1");
  defaults.set("index.number_of_replicas", "1");
  settings.merge_missing(defaults);
}

NodeError no_such_index(std::string_view name) {
  return {"index_not_found_exception", fmt::format("no such index [{}]", name), std::string(name)};
}

}  // namespace hornbeam::search

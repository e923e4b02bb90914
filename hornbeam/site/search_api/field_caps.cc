#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "hornbeam/site/search_api/field_paths.h"
#include "hornbeam/site/search_api/handlers.h"

namespace hornbeam::site::search_handlers {
namespace {

using search::FieldMapping;
using search::FieldType;
using search::NodeError;

/// What a field can do in one index.
struct FieldAbility {
  std::string type;
  bool is_searchable = false;
  bool is_aggregatable = false;
  std::map<std::string, std::string> meta{};
};

/// What the fields of one type and path can do, over indices.
struct Capability {
  std::vector<std::string> indices{};
  std::vector<std::string> not_searchable{};
  std::vector<std::string> not_aggregatable{};
  std::map<std::string, std::set<std::string>> meta{};

  void add(const std::string& index, const FieldAbility& ability) {
    indices.push_back(index);
    if (!ability.is_searchable) not_searchable.push_back(index);
    if (!ability.is_aggregatable) not_aggregatable.push_back(index);
    for (const auto& [name, value] : ability.meta) meta[name].insert(value);
  }
};

using Capabilities = std::map<std::string, std::map<std::string, Capability>>;

/// The fields that every document has.
const std::map<std::string, FieldAbility>& metadata_fields() {
  static const std::map<std::string, FieldAbility> kFields = {
      {"_id", {"_id", true, true}},
      {"_index", {"_index", true, true}},
      {"_routing", {"_routing", true, false}},
      {"_seq_no", {"_seq_no", true, true}},
      {"_source", {"_source", false, false}},
      {"_version", {"_version", false, true}},
  };
  return kFields;
}

bool is_aggregatable(const FieldMapping& field) {
  if (field.type == FieldType::kText) return field.has_fielddata;
  return field.has_column && field.type != FieldType::kObject &&
         field.type != FieldType::kCompletion;
}

FieldAbility ability_of(const FieldMapping& field) {
  const bool is_object = field.type == FieldType::kObject;
  FieldAbility ability{
      .type = field.declared.empty() ? std::string(search::name_of(field.type)) : field.declared,
      .is_searchable = !is_object && field.is_indexed,
      .is_aggregatable = is_aggregatable(field)};
  const auto meta = field.others.find("meta");
  if (meta == field.others.end()) return ability;
  const auto json = base::JsonDocument::parse(meta->second);
  for (std::size_t i = 0; json && i < json->root().size(); ++i) {
    const auto [name, value] = json->root().member(i);
    ability.meta[std::string(name)] = text_of(value);
  }
  return ability;
}

/// The fields of an index that patterns choose, and the objects that they are in.
std::map<std::string, FieldAbility> chosen_fields(const search::NodeIndex& index,
                                                  const std::vector<std::string>& patterns) {
  const auto is_chosen = [&](std::string_view path) {
    return std::ranges::any_of(patterns, [&](const std::string& pattern) {
      return search::matches_pattern(pattern, path);
    });
  };
  std::map<std::string, FieldAbility> chosen;
  for (const auto& [name, ability] : metadata_fields()) {
    if (is_chosen(name)) chosen.emplace(name, ability);
  }
  const auto mapping = index.index->current_mapping();
  for (const auto& [path, field] : all_fields(*mapping)) {
    if (!is_chosen(path)) continue;
    chosen.emplace(path, ability_of(*field));
    for (std::size_t dot = path.rfind('.'); dot != std::string::npos && dot > 0;
         dot = path.rfind('.', dot - 1)) {
      const FieldMapping* const parent = mapping->find(path.substr(0, dot));
      if (parent && parent->type == FieldType::kObject) {
        chosen.emplace(path.substr(0, dot), ability_of(*parent));
      }
    }
  }
  return chosen;
}

void add_unmapped(Capabilities& found, const std::vector<std::string>& indices) {
  for (auto& types : found) {
    std::vector<std::string> missing = indices;
    for (const auto& [type, capability] : types.second) {
      std::erase_if(missing, [&](const std::string& index) {
        return std::ranges::find(capability.indices, index) != capability.indices.end();
      });
    }
    for (const std::string& index : missing) {
      types.second["unmapped"].add(index, {.type = "unmapped"});
    }
  }
}

void write_capability(base::JsonWriter& out, const std::string& type, const Capability& capability,
                      bool names_indices) {
  const auto is_mixed = [&](const std::vector<std::string>& without) {
    return !without.empty() && without.size() < capability.indices.size();
  };
  out.key(type).begin_object().member("type", type);
  out.member("searchable", capability.not_searchable.empty());
  out.member("aggregatable", capability.not_aggregatable.empty());
  if (names_indices) out.member("indices", capability.indices);
  if (is_mixed(capability.not_searchable)) {
    out.member("non_searchable_indices", capability.not_searchable);
  }
  if (is_mixed(capability.not_aggregatable)) {
    out.member("non_aggregatable_indices", capability.not_aggregatable);
  }
  if (!capability.meta.empty()) {
    out.key("meta").begin_object();
    for (const auto& [name, values] : capability.meta) {
      out.member(name, std::vector<std::string>(values.begin(), values.end()));
    }
    out.end_object();
  }
  out.end_object();
}

std::vector<std::string> asked_fields(RestCall& call) {
  std::vector<std::string> patterns = call.list("fields");
  if (const auto json = call.find_json()) {
    if (const auto given = json->find("fields")) patterns = texts_of(*given);
  }
  if (!patterns.empty()) return patterns;
  throw NodeError("action_request_validation_exception",
                  "Validation Failed: 1: no fields specified;");
}

}  // namespace

RestResponse field_capabilities(SearchApi& api, RestCall& call) {
  const std::vector<std::string> patterns = asked_fields(call);
  Capabilities found;
  std::vector<std::string> indices;
  for (const search::ResolvedIndex& one :
       api.node().resolve(call.text("index"),
                          call.index_options({.expands_closed = true, .forbids_closed = false}))) {
    indices.push_back(one.index->name);
    for (const auto& [path, ability] : chosen_fields(*one.index, patterns)) {
      found[path][ability.type].add(one.index->name, ability);
    }
  }
  if (call.flag("include_unmapped")) add_unmapped(found, indices);
  base::JsonWriter out;
  out.begin_object().member("indices", indices).key("fields").begin_object();
  for (const auto& [path, types] : found) {
    out.key(path).begin_object();
    for (const auto& [type, capability] : types) {
      write_capability(out, type, capability, types.size() > 1);
    }
    out.end_object();
  }
  out.end_object().end_object();
  return answer(out);
}

}  // namespace hornbeam::site::search_handlers

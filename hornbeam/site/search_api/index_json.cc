#include "hornbeam/site/search_api/index_json.h"

#include <fmt/format.h>

#include "hornbeam/search/query/query.h"

namespace hornbeam::site {
namespace {

using search::NodeError;

}  // namespace

search::CreateIndex read_create(base::JsonView json) {
  search::CreateIndex create;
  if (json.kind() != base::JsonKind::kObject) {
    throw NodeError("parse_exception", "request body is required");
  }
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name == "mappings") {
      if (value.size() == 1 && value.member(0).first == "_doc") {
        throw NodeError("illegal_argument_exception",
                        "The mapping definition cannot be nested under a type");
      }
      create.mappings = value.text();
    } else if (name == "settings") {
      create.settings = search::value_or_throw(search::Settings::parse(value, "index."));
    } else if (name == "aliases") {
      create.aliases = read_aliases(value);
    } else {
      throw NodeError("parse_exception", fmt::format("unknown key [{}] for create index", name));
    }
  }
  return create;
}

search::Alias read_alias(base::JsonView json) {
  search::Alias alias;
  std::optional<std::string> routing;  // Stands for the two that are not given.
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name == "filter") {
      if (value.is_null() || value.size() == 0) continue;
      search::value_or_throw(search::parse_query(value));
      alias.filter = value.text();
    } else if (name == "routing") {
      routing = text_of(value);
    } else if (name == "index_routing" || name == "index-routing") {
      alias.index_routing = text_of(value);
    } else if (name == "search_routing" || name == "search-routing") {
      alias.search_routing = text_of(value);
    } else if (name == "is_write_index") {
      alias.is_write_index = value.find_bool();
    } else if (name == "is_hidden") {
      alias.is_hidden = value.find_bool();
    } else {
      throw NodeError("illegal_argument_exception", fmt::format("unknown field [{}]", name));
    }
  }
  if (!alias.index_routing) alias.index_routing = routing;
  if (!alias.search_routing) alias.search_routing = routing;
  return alias;
}

Aliases read_aliases(base::JsonView json) {
  Aliases aliases;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    aliases[std::string(name)] = read_alias(value);
  }
  return aliases;
}

void write_alias(base::JsonWriter& out, const search::Alias& alias) {
  out.begin_object();
  if (!alias.filter.empty()) out.raw_member("filter", alias.filter);
  if (alias.index_routing) out.member("index_routing", *alias.index_routing);
  if (alias.search_routing) out.member("search_routing", *alias.search_routing);
  if (alias.is_write_index) out.member("is_write_index", *alias.is_write_index);
  if (alias.is_hidden) out.member("is_hidden", *alias.is_hidden);
  out.end_object();
}

void write_aliases(base::JsonWriter& out, const search::NodeIndex& index) {
  out.begin_object();
  for (const auto& [name, alias] : index.aliases) {
    out.key(name);
    write_alias(out, alias);
  }
  out.end_object();
}

}  // namespace hornbeam::site

#include <chrono>
#include <set>

#include <fmt/format.h>

#include "hornbeam/site/search_api/handlers.h"
#include "hornbeam/site/search_api/writes.h"

namespace hornbeam::site::search_handlers {
namespace {

using search::NodeError;
using search::SourceFilter;

/// One action of a bulk and the line below it.
struct Item {
  std::string action;
  WriteRequest request{};
  std::string_view source{};
  std::optional<SourceFilter> shown{};
};

/// Takes lines off the front of a body.
std::optional<std::string_view> next_line(std::string_view& rest) {
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) return line;
  }
  return std::nullopt;
}

void read_member(Item& item, std::string_view name, base::JsonView value, std::size_t line) {
  WriteRequest& request = item.request;
  if (name == "_index") {
    request.index = text_of(value);
  } else if (name == "_id") {
    if (!value.is_null()) request.id = text_of(value);
  } else if (name == "routing") {
    request.routing = text_of(value);
  } else if (name == "version") {
    request.version = value.find_int();
  } else if (name == "version_type") {
    request.version_type = text_of(value);
  } else if (name == "if_seq_no") {
    request.if_seq_no = value.find_int();
  } else if (name == "if_primary_term") {
    request.if_primary_term = value.find_int();
  } else if (name == "require_alias") {
    request.requires_alias = value.find_bool().value_or(false);
  } else if (name == "op_type") {
    request.creates = text_of(value) == "create";
  } else if (name == "_source") {
    item.shown = source_filter(value);
  } else if (name == "pipeline") {
    request.pipeline = text_of(value);
  } else if (name != "retry_on_conflict" && name != "dynamic_templates") {
    throw NodeError(
        "illegal_argument_exception",
        fmt::format("Action/metadata line [{}] contains an unknown parameter [{}]", line, name));
  }
}

Item read_action(const RestCall& call, std::string_view line, std::size_t number) {
  const auto document = base::JsonDocument::parse(line);
  if (!document || document->root().kind() != base::JsonKind::kObject) {
    throw NodeError("illegal_argument_exception",
                    fmt::format("Malformed action/metadata line [{}], expected START_OBJECT but "
                                "found [VALUE_STRING]",
                                number));
  }
  if (document->root().size() != 1) {
    throw NodeError("illegal_argument_exception",
                    fmt::format("Malformed action/metadata line [{}], expected FIELD_NAME but "
                                "found [END_OBJECT]",
                                number));
  }
  const auto [action, members] = document->root().member(0);
  Item item{.action = std::string(action)};
  if (action != "index" && action != "create" && action != "update" && action != "delete") {
    throw NodeError("illegal_argument_exception",
                    fmt::format("Malformed action/metadata line [{}], expected field [create], "
                                "[delete], [index] or [update] but found [{}]",
                                number, action));
  }
  item.request.index = call.text("index");
  item.request.routing = call.find("routing");
  item.request.pipeline = call.text("pipeline");
  item.request.requires_alias = call.flag("require_alias");
  if (call.has("_source") || call.has("_source_includes") || call.has("_source_excludes")) {
    item.shown = source_filter(call);
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto [name, value] = members.member(i);
    read_member(item, name, value, number);
  }
  item.request.creates = item.request.creates || action == "create";
  if (item.request.creates && action == "index") item.action = "create";
  return item;
}

std::vector<Item> read_items(const RestCall& call) {
  std::vector<Item> items;
  std::string_view rest = call.body();
  std::size_t number = 0;
  while (const std::optional<std::string_view> line = next_line(rest)) {
    items.push_back(read_action(call, *line, ++number));
    if (items.back().action == "delete") continue;
    const std::optional<std::string_view> source = next_line(rest);
    ++number;
    if (!source) {
      throw NodeError("illegal_argument_exception",
                      "The bulk request must be terminated by a newline [\\n]");
    }
    items.back().source = *source;
  }
  return items;
}

WriteAnswer carry_out(search::Node& node, const Item& item) {
  if (item.request.index.empty()) {
    throw NodeError("action_request_validation_exception",
                    "Validation Failed: 1: index is missing;");
  }
  if (item.action == "delete") return delete_one(node, item.request);
  if (item.action != "update") return write_document(node, item.request, item.source);
  const auto body = base::JsonDocument::parse(item.source);
  if (!body) throw NodeError("parse_exception", body.error().message());
  std::optional<SourceFilter> shown = item.shown;
  if (const auto source = body->root().find("_source")) shown = source_filter(*source);
  return update_one(node, item.request, body->root(), shown ? &*shown : nullptr);
}

void check_items(const std::vector<Item>& items) {
  if (items.empty()) {
    throw NodeError("parse_exception", "request body is required");
  }
  std::string problems;
  std::size_t count = 0;
  for (const Item& item : items) {
    const bool needs_id = item.action == "update" || item.action == "delete";
    if (needs_id && !item.request.id) problems += fmt::format(" {}: id is missing;", ++count);
    if (item.request.index.empty()) problems += fmt::format(" {}: index is missing;", ++count);
  }
  if (count > 0) {
    throw NodeError("action_request_validation_exception", "Validation Failed:" + problems);
  }
}

}  // namespace

RestResponse bulk(SearchApi& api, RestCall& call) {
  const auto started = std::chrono::steady_clock::now();
  const std::vector<Item> items = read_items(call);
  check_items(items);
  const std::string refresh = call.text("refresh", "false");
  base::JsonWriter written;
  written.begin_array();
  bool has_errors = false;
  const bool with_trace = call.flag("error_trace");
  std::set<std::string> changed;
  for (const Item& item : items) {
    written.begin_object().key(item.action).begin_object();
    try {
      const WriteAnswer one = carry_out(api.node(), item);
      write_answer(written, one, refresh == "true" || refresh.empty());
      written.member("status", status_of(one));
      changed.insert(one.index);
    } catch (const NodeError& error) {
      has_errors = true;
      written.member("_index", item.request.index).member("_id", item.request.id);
      written.member("status", status_of(error.type())).key("error");
      write_error(written, error, with_trace);
    }
    written.end_object().end_object();
  }
  written.end_array();
  if (refresh != "false") {
    for (const std::string& name : changed) {
      if (const auto index = api.node().find(name)) index->index->refresh();
    }
  }
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - started);
  base::JsonWriter out;
  out.begin_object().member("took", took.count()).member("errors", has_errors);
  out.raw_member("items", written.take()).end_object();
  return answer(out);
}

}  // namespace hornbeam::site::search_handlers

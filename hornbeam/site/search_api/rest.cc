#include "hornbeam/site/search_api/rest.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace hornbeam::site {

using search::NodeError;

std::optional<std::string> RestCall::find(std::string_view name) const {
  const auto found = parameters_.find(name);
  return found == parameters_.end() ? std::nullopt : std::optional(found->second);
}

std::string RestCall::text(std::string_view name, std::string_view otherwise) const {
  return find(name).value_or(std::string(otherwise));
}

bool RestCall::flag(std::string_view name, bool otherwise) const {
  const std::optional<std::string> text = find(name);
  if (!text) return otherwise;
  if (text->empty() || *text == "true") return true;
  if (*text == "false") return false;
  throw NodeError(
      "illegal_argument_exception",
      fmt::format("Failed to parse value [{}] as only [true] or [false] are allowed.", *text));
}

std::optional<std::int64_t> RestCall::number(std::string_view name) const {
  const std::optional<std::string> text = find(name);
  if (!text) return std::nullopt;
  std::int64_t number = 0;
  const char* const end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) {
    throw NodeError("illegal_argument_exception",
                    fmt::format("Failed to parse int parameter [{}] with value [{}]", name, *text));
  }
  return number;
}

std::vector<std::string> RestCall::list(std::string_view name) const {
  return search::split_names(text(name));
}

search::IndexOptionsOfRequest RestCall::index_options(
    search::IndexOptionsOfRequest defaults) const {
  search::IndexOptionsOfRequest options = defaults;
  options.ignores_unavailable = flag("ignore_unavailable", defaults.ignores_unavailable);
  options.allows_none = flag("allow_no_indices", defaults.allows_none);
  if (!has("expand_wildcards")) return options;
  options.expands_open = options.expands_closed = options.expands_hidden = false;
  for (const std::string& state : list("expand_wildcards")) {
    if (state == "open" || state == "all") options.expands_open = true;
    if (state == "closed" || state == "all") options.expands_closed = true;
    if (state == "hidden" || state == "all") options.expands_hidden = true;
    static constexpr std::array<std::string_view, 5> kKnown = {"open", "closed", "hidden", "all",
                                                               "none"};
    if (std::ranges::find(kKnown, state) == kKnown.end()) {
      throw NodeError("illegal_argument_exception",
                      fmt::format("No valid expand wildcard value [{}]", state));
    }
  }
  return options;
}

std::optional<base::JsonView> RestCall::find_json() {
  if (document_) return document_->root();
  if (body().find_first_not_of(" \t\r\n") == std::string::npos) return std::nullopt;
  auto parsed = base::JsonDocument::parse(body());
  if (!parsed) throw NodeError("parse_exception", parsed.error().message());
  document_ = std::move(*parsed);
  return document_->root();
}

base::JsonView RestCall::json() {
  const std::optional<base::JsonView> found = find_json();
  if (!found) throw NodeError("parse_exception", "request body is required");
  return *found;
}

std::string text_of(base::JsonView json) {
  const auto text = json.find_string();
  return text ? std::string(*text) : json.text();
}

std::vector<std::string> texts_of(base::JsonView json) {
  if (json.kind() != base::JsonKind::kArray) return {text_of(json)};
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < json.size(); ++i) texts.push_back(text_of(json.element(i)));
  return texts;
}

RestResponse acknowledged() {
  return {.body = R"({"acknowledged":true})"};
}

RestResponse answer(base::JsonWriter& out, int status) {
  return {.status = status, .body = out.take()};
}

int status_of(std::string_view type) noexcept {
  static constexpr std::array<std::pair<std::string_view, int>, 11> kStatus = {{
      {"index_not_found_exception", 404},
      {"aliases_not_found_exception", 404},
      {"document_missing_exception", 404},
      {"resource_not_found_exception", 404},
      {"search_context_missing_exception", 404},
      {"index_template_missing_exception", 404},
      {"version_conflict_engine_exception", 409},
      {"cluster_block_exception", 403},
      {"status_exception", 500},
      {"too_many_buckets_exception", 503},
      {"rejected_execution_exception", 429},
  }};
  const auto found = std::ranges::find(kStatus, type, &std::pair<std::string_view, int>::first);
  return found == kStatus.end() ? 400 : found->second;
}

namespace {

/// "IndexNotFoundException" of "index_not_found_exception".
std::string class_name(std::string_view type) {
  std::string name;
  bool begins_word = true;
  for (const char c : type) {
    if (c != '_') name += begins_word && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    begins_word = c == '_';
  }
  return name;
}

/// What `error_trace` asks for: the first line of a trace as theirs has it. The lines below it
/// would name the classes of a program that this one is not.
std::string trace_of(const NodeError& error) {
  std::string place;
  if (error.type() == "document_missing_exception") {
    place = fmt::format("[{0}][[{0}][0]] ", error.index());
  } else if (!error.index().empty()) {
    place = fmt::format("[{}] ", error.index());
  }
  return fmt::format("{}{}[{}]", place, class_name(error.type()), error.what());
}

/// The members that an error has wherever it stands, up to those of its causes.
void write_members(base::JsonWriter& out, const NodeError& error, bool with_trace) {
  out.member("type", error.type()).member("reason", std::string_view(error.what()));
  if (!error.index().empty()) {
    out.member("index", error.index());
    if (error.type() == "index_not_found_exception") {
      out.member("resource.type", "index_or_alias").member("resource.id", error.index());
      out.member("index_uuid", "_na_");
    }
  }
  if (with_trace) out.member("stack_trace", trace_of(error));
}

}  // namespace

void write_error(base::JsonWriter& out, const NodeError& error, bool with_trace) {
  out.begin_object();
  write_members(out, error, with_trace);
  out.end_object();
}

std::string error_json(const NodeError& error, bool with_trace) {
  base::JsonWriter out;
  out.begin_object().key("root_cause").begin_array();
  write_error(out, error, with_trace);
  out.end_array();
  if (!error.is_of_search()) {
    write_members(out, error, with_trace);
    return out.end_object().take();
  }
  out.member("type", "search_phase_execution_exception").member("reason", "all shards failed");
  out.member("phase", "query").member("grouped", true).key("failed_shards").begin_array();
  out.begin_object().member("shard", 0).member("index", error.index());
  out.member("node", "hornbeam").key("reason");
  write_error(out, error, with_trace);
  out.end_object().end_array();
  if (with_trace) out.member("stack_trace", trace_of(error));
  return out.end_object().take();
}

std::string error_body(const NodeError& error, int status, bool with_trace) {
  base::JsonWriter out;
  out.begin_object().raw_member("error", error_json(error, with_trace));
  return out.member("status", status).end_object().take();
}

void write_shards(base::JsonWriter& out, std::size_t total, std::size_t successful) {
  out.key("_shards").begin_object().member("total", total).member("successful", successful);
  out.member("skipped", 0).member("failed", 0).end_object();
}

}  // namespace hornbeam::site

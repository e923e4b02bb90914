#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "hornbeam/site/search_api/handlers.h"

namespace hornbeam::site::search_handlers {
namespace {

using search::NodeError;
using search::Settings;

/// What can be set for the whole: anything else would be kept without being heeded.
constexpr std::array<std::string_view, 3> kKnown = {
    "search.allow_expensive_queries", "search.max_buckets", "action.auto_create_index"};

void check_value(const std::string& name, const std::string& value) {
  if (name == "action.auto_create_index" || name == "search.allow_expensive_queries") {
    if (value == "true" || value == "false") return;
    throw NodeError(
        "illegal_argument_exception",
        fmt::format("Failed to parse value [{}] for setting [{}]: only [true] or [false] are "
                    "allowed here",
                    value, name));
  }
  std::int32_t number = 0;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
  if (read.ec != std::errc() || read.ptr != value.data() + value.size()) {
    throw NodeError("illegal_argument_exception",
                    fmt::format("Failed to parse value [{}] for setting [{}]", value, name));
  }
  if (number < 0) {
    throw NodeError(
        "illegal_argument_exception",
        fmt::format("Failed to parse value [{}] for setting [{}] must be >= 0", value, name));
  }
}

Settings read_settings(base::JsonView body, std::string_view kind) {
  const auto given = body.find(kind);
  if (!given) return {};
  Settings settings = search::value_or_throw(Settings::parse(*given));
  const auto check_name = [&](const std::string& name) {
    if (std::ranges::find(kKnown, name) != kKnown.end()) return;
    throw NodeError("illegal_argument_exception",
                    fmt::format("{} setting [{}], not recognized", kind, name));
  };
  // A pattern may name what is to be removed, but nothing that is to be kept.
  for (const std::string& name : settings.removed()) {
    if (!name.contains('*')) check_name(name);
  }
  for (const auto& [name, value] : settings.all()) {
    check_name(name);
    check_value(name, settings.find(name).value_or(""));
  }
  return settings;
}

}  // namespace

RestResponse put_cluster_settings(SearchApi& api, RestCall& call) {
  const base::JsonView body = call.json();
  if (!body.find("persistent") && !body.find("transient")) {
    throw NodeError("action_request_validation_exception",
                    "Validation Failed: 1: no settings to update;");
  }
  const Settings persistent = read_settings(body, "persistent");
  const Settings transient = read_settings(body, "transient");
  api.node().merge_settings(persistent, transient);
  const bool is_flat = call.flag("flat_settings");
  base::JsonWriter out;
  out.begin_object().member("acknowledged", true);
  out.raw_member("persistent", persistent.json(is_flat));
  out.raw_member("transient", transient.json(is_flat)).end_object();
  return answer(out);
}

RestResponse get_cluster_settings(SearchApi& api, RestCall& call) {
  const bool is_flat = call.flag("flat_settings");
  base::JsonWriter out;
  out.begin_object();
  out.raw_member("persistent", api.node().persistent_settings().json(is_flat));
  out.raw_member("transient", api.node().transient_settings().json(is_flat));
  if (call.flag("include_defaults")) {
    Settings defaults;
    defaults.set("search.max_buckets", "65535");
    defaults.set("action.auto_create_index", "true");
    defaults.set("search.allow_expensive_queries", "true");
    out.raw_member("defaults", defaults.json(is_flat));
  }
  out.end_object();
  return answer(out);
}

}  // namespace hornbeam::site::search_handlers

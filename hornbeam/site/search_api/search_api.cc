#include "hornbeam/site/search_api/search_api.h"

#include <algorithm>
#include <array>
#include <ranges>

#include <fmt/format.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/base/log.h"
#include "hornbeam/search/source/json_paths.h"
#include "hornbeam/site/search_api/handlers.h"
#include "hornbeam/site/search_api/pretty_json.h"

namespace hornbeam::site {
namespace {

using search_handlers::RestRoute;
using Parameters = std::map<std::string, std::string, std::less<>>;

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  for (const auto part : path | std::views::split('/')) {
    if (!part.empty()) segments.emplace_back(part.begin(), part.end());
  }
  return segments;
}

bool has_word(std::string_view words, std::string_view word) {
  for (const auto part : words | std::views::split(' ')) {
    if (std::string_view(part.begin(), part.end()) == word) return true;
  }
  return false;
}

/// How many segments are the pattern's own, or none if the path is not of that pattern.
std::optional<std::size_t> match(std::string_view pattern,
                                 const std::vector<std::string_view>& path) {
  const std::vector<std::string_view> parts = segments_of(pattern);
  if (parts.size() != path.size()) return std::nullopt;
  std::size_t fixed = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool is_parameter = parts[i].starts_with('{');
    // A name that begins with an underscore is an operation, except where an id stands.
    if (is_parameter && i == 0 && path[i].starts_with('_') && path[i] != "_all")
      return std::nullopt;
    if (!is_parameter && parts[i] != path[i]) return std::nullopt;
    if (!is_parameter) ++fixed;
  }
  return fixed;
}

struct Found {
  const RestRoute* route = nullptr;
  bool is_known_path = false;
};

Found find_route(std::string_view method, const std::vector<std::string_view>& path) {
  Found found;
  std::size_t best = 0;
  for (const RestRoute& route : search_handlers::routes()) {
    const std::optional<std::size_t> fixed = match(route.path, path);
    if (!fixed) continue;
    found.is_known_path = true;
    if (!has_word(route.methods, method) || (found.route && *fixed <= best)) continue;
    found.route = &route;
    best = *fixed;
  }
  return found;
}

Parameters parameters_of(const RestRequest& request, std::string_view pattern,
                         const std::vector<std::string_view>& path) {
  Parameters parameters(request.query.begin(), request.query.end());
  const std::vector<std::string_view> parts = segments_of(pattern);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].starts_with('{')) continue;
    parameters.insert_or_assign(std::string(parts[i].substr(1, parts[i].size() - 2)),
                                base::percent_decode(path[i]));
  }
  return parameters;
}

RestResponse no_handler(const RestRequest& request, bool is_known_path) {
  base::JsonWriter out;
  const std::string reason = is_known_path
                                 ? fmt::format("Incorrect HTTP method for uri [{}] and method [{}]",
                                               request.path, request.method)
                                 : fmt::format("no handler found for uri [{}] and method [{}]",
                                               request.path, request.method);
  out.begin_object().member("error", reason).member("status", is_known_path ? 405 : 400);
  out.end_object();
  return answer(out, is_known_path ? 405 : 400);
}

/// Leaves of an answer what `filter_path` chooses.
void filter_answer(RestResponse& response, const RestCall& call) {
  const std::vector<std::string> patterns = call.list("filter_path");
  if (patterns.empty() || !response.content_type.starts_with("application/json")) return;
  const auto document = base::JsonDocument::parse(response.body);
  if (document) response.body = search::filter_paths(document->root(), patterns);
}

/// What a body of another type than JSON is answered with; none if there is nothing to refuse.
std::optional<RestResponse> refuse_type(const RestRequest& request) {
  static constexpr std::array<std::string_view, 5> kKnown = {
      "application/json", "application/x-ndjson", "application/vnd.elasticsearch+json",
      "application/vnd.elasticsearch+x-ndjson", "application/x-json"};
  if (request.body.empty() || std::ranges::find(kKnown, request.content_type) != kKnown.end()) {
    return std::nullopt;
  }
  base::JsonWriter out;
  out.begin_object();
  out.member("error",
             request.content_type.empty()
                 ? std::string("Content-Type header is missing")
                 : fmt::format("Content-Type header [{}] is not supported", request.content_type));
  out.member("status", 406).end_object();
  return answer(out, 406);
}

/// The flag of a request that may be malformed in other ways.
bool asks_for(const RestRequest& request, std::string_view name) {
  return std::ranges::any_of(request.query, [&](const auto& one) {
    return one.first == name && (one.second.empty() || one.second == "true");
  });
}

web::Response sent(RestResponse response, const SearchApiOptions& options) {
  web::Response sent(response.status, response.content_type, std::move(response.body));
  for (const std::string& warning : response.warnings) {
    sent.add_field("Warning", fmt::format("299 OpenSearch-3.4.0-unknown \"{}\"", warning));
  }
  if (options.says_elasticsearch) sent.set_field("X-Elastic-Product", "Elasticsearch");
  return sent;
}

}  // namespace

RestResponse SearchApi::handle(const RestRequest& request) {
  RestResponse response = find_answer(request);
  const bool is_json = response.content_type.starts_with("application/json");
  if (is_json && !response.body.empty() && asks_for(request, "pretty")) {
    response.body = pretty_json(response.body);
  }
  return response;
}

RestEffect SearchApi::effect_of(const RestRequest& request) {
  const Found found = find_route(request.method, segments_of(request.path));
  if (!found.route) return RestEffect::kNothing;
  const bool holds_memory = std::ranges::any_of(
      request.query, [](const auto& parameter) { return parameter.first == "scroll"; });
  const bool is_read = search_handlers::only_reads(found.route->handler) && !holds_memory;
  return is_read ? RestEffect::kReads : RestEffect::kChanges;
}

RestResponse SearchApi::find_answer(const RestRequest& request) {
  try {
    if (auto refused = refuse_type(request)) return *std::move(refused);
    const std::vector<std::string_view> path = segments_of(request.path);
    const Found found = find_route(request.method, path);
    if (!found.route) return no_handler(request, found.is_known_path);
    RestCall call(request, parameters_of(request, found.route->path, path));
    RestResponse response = found.route->handler(*this, call);
    filter_answer(response, call);
    return response;
  } catch (const search::NodeError& error) {
    const int status = status_of(error.type());
    return {.status = status, .body = error_body(error, status, asks_for(request, "error_trace"))};
  } catch (const std::exception& error) {
    base::log_error("a search request failed", {{"path", request.path}, {"error", error.what()}});
    return {.status = 500, .body = error_body({"exception", error.what()}, 500)};
  }
}

web::Blueprint search_api(search::Node& node, base::ThreadPool& pool, SearchApiOptions options) {
  constexpr std::size_t kLargestBody = std::size_t{100} << 20;
  auto api = std::make_shared<SearchApi>(node, options);
  web::Blueprint blueprint("search_api");
  const auto handle = [api, &pool](const web::Request& request) -> base::Task<web::Response> {
    RestRequest rest{.method = std::string(request.method_name()),
                     .path = std::string(request.raw().path()),
                     .body = std::string(request.body()),
                     .content_type = request.content_type()};
    rest.accept = request.find_header("accept").value_or("");
    for (const auto& [name, value] : request.query()) rest.query.emplace_back(name, value);
    RestResponse response =
        co_await pool.run([api, rest = std::move(rest)] { return api->handle(rest); });
    co_return sent(std::move(response), api->options());
  };
  using http::Method;
  const web::Methods methods = {Method::kGet, Method::kHead, Method::kPost, Method::kPut,
                                Method::kDelete};
  blueprint.route(methods, "/", handle);
  blueprint
      .route(methods, "/{path:path}",
             [handle](const web::Request& request, std::string) { return handle(request); })
      .max_body(kLargestBody);
  blueprint.exempt_from_csrf();
  return blueprint;
}

std::shared_ptr<RestIndex> rest_index(search::Node& node) {
  return std::make_shared<SearchApi>(node);
}

}  // namespace hornbeam::site

#include "hornbeam/site/search_api/search_api.h"

#include <ranges>

#include <fmt/format.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/base/log.h"
#include "hornbeam/search/source/json_paths.h"
#include "hornbeam/site/search_api/handlers.h"

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

}  // namespace

RestResponse SearchApi::handle(const RestRequest& request) {
  try {
    const std::vector<std::string_view> path = segments_of(request.path);
    const Found found = find_route(request.method, path);
    if (!found.route) return no_handler(request, found.is_known_path);
    RestCall call(request, parameters_of(request, found.route->path, path));
    RestResponse response = found.route->handler(*this, call);
    filter_answer(response, call);
    return response;
  } catch (const search::NodeError& error) {
    const int status = status_of(error.type());
    return {.status = status, .body = error_body(error, status)};
  } catch (const std::exception& error) {
    base::log_error("a search request failed", {{"path", request.path}, {"error", error.what()}});
    return {.status = 500, .body = error_body({"exception", error.what()}, 500)};
  }
}

web::Blueprint search_api(search::Node& node, base::ThreadPool& pool) {
  constexpr std::size_t kLargestBody = std::size_t{100} << 20;
  auto api = std::make_shared<SearchApi>(node);
  web::Blueprint blueprint("search_api");
  const auto handle = [api, &pool](const web::Request& request) -> base::Task<web::Response> {
    RestRequest rest{.method = std::string(request.method_name()),
                     .path = std::string(request.raw().path()),
                     .body = std::string(request.body()),
                     .content_type = request.content_type()};
    for (const auto& [name, value] : request.query()) rest.query.emplace_back(name, value);
    RestResponse response =
        co_await pool.run([api, rest = std::move(rest)] { return api->handle(rest); });
    co_return web::Response(response.status, response.content_type, std::move(response.body));
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

}  // namespace hornbeam::site

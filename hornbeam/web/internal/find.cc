// From a request to its route.

#include "hornbeam/base/encoding.h"
#include "hornbeam/web/internal/dispatcher.h"
#include "hornbeam/web/internal/request_extras.h"

namespace hornbeam::web {

namespace {

bool asks_for_socket(const http::Request& raw) {
  constexpr std::string_view kWebSocket = "websocket";
  const auto field = raw.method() == http::Method::kGet ? raw.find_field("upgrade") : std::nullopt;
  if (!field || field->size() != kWebSocket.size()) return false;
  for (std::size_t i = 0; i < kWebSocket.size(); ++i) {
    if (((*field)[i] | 0x20) != kWebSocket[i]) return false;
  }
  return true;
}

/// A location on this host: never "//", which names another.
std::string local_redirect(std::string_view prefix, std::string_view path, std::string_view query) {
  std::string location = base::percent_encode(path, base::kPathSafe);
  const std::size_t slashes = std::min(location.find_first_not_of('/'), location.size());
  if (slashes > 1) location.erase(0, slashes - 1);
  location.insert(0, prefix);
  if (!query.empty()) location += "?" + std::string(query);
  return location;
}

}  // namespace

const Scope& Dispatcher::scope_of(const Found& found) const {
  return found.route != nullptr ? *found.route->scope : scopes_.front();
}

void Dispatcher::find(Request& request, Found& found) const {
  const http::Request& raw = request.raw();
  if (const std::uint32_t* routes = router_.find_literal(raw.path())) {
    const bool has_socket = routes[Router::kSocketSlot] != Router::kNone;
    if (!has_socket || !asks_for_socket(raw)) {
      const std::uint32_t route = routes[static_cast<std::size_t>(raw.method())];
      if (route != Router::kNone) {
        found.kind = Found::Kind::kRoute;
        found.route = &routes_[route];
        request.route_ = found.route;
        return;
      }
    }
  }
  find_slowly(request, found);
}

void Dispatcher::find_slowly(Request& request, Found& found) const {
  const http::Request& raw = request.raw();
  if (raw.path().find('%') != std::string_view::npos) {
    std::string& decoded = request.extras().decoded_path;
    decoded = base::percent_decode(raw.path());
    request.decoded_ = decoded;
    if (!base::is_valid_utf8(decoded) || decoded.find('\0') != std::string::npos) return;
  }
  const std::string_view path = request.path();
  PathArguments& arguments = request.arguments_;
  RouteMatch match;
  if (router_.has_sockets() && asks_for_socket(raw)) {
    match = router_.match(path, raw.method(), true, arguments);
  }
  if (match.kind == RouteMatch::Kind::kNotFound) {
    match = router_.match(path, raw.method(), false, arguments);
  }
  switch (match.kind) {
    case RouteMatch::Kind::kFound:
      found.kind = Found::Kind::kRoute;
      found.route = &routes_[match.route];
      request.route_ = found.route;
      return;
    case RouteMatch::Kind::kRedirect:
      found.kind = Found::Kind::kRedirect;
      found.location = local_redirect(request.url_prefix(), match.redirect, raw.query());
      return;
    case RouteMatch::Kind::kWrongMethod:
      found.kind = raw.method() == http::Method::kOptions ? Found::Kind::kOptions
                                                          : Found::Kind::kWrongMethod;
      found.allowed = match.allowed;
      if (found.allowed.contains(http::Method::kGet)) found.allowed.add(http::Method::kHead);
      found.allowed.add(http::Method::kOptions);
      return;
    case RouteMatch::Kind::kNotFound:
      break;
  }
  const bool is_socket_path =
      router_.has_sockets() &&
      router_.match(path, http::Method::kGet, true, arguments).kind == RouteMatch::Kind::kFound;
  if (is_socket_path) found.kind = Found::Kind::kUpgrade;
}

Response Dispatcher::answer_without_route(const Found& found) const {
  switch (found.kind) {
    case Found::Kind::kRedirect:
      return redirect(found.location, 308);
    case Found::Kind::kOptions: {
      Response response(200);
      response.set_field("Allow", found.allowed.to_string());
      return response;
    }
    case Found::Kind::kWrongMethod:
      throw HttpError(405, "this path does not take the request's method")
          .with_field("Allow", found.allowed.to_string());
    case Found::Kind::kUpgrade:
      throw HttpError(426, "this path is a WebSocket").with_field("Upgrade", "websocket");
    case Found::Kind::kRoute:
    case Found::Kind::kNotFound:
      break;
  }
  throw not_found("there is nothing at this path");
}

http::BodyPlan Dispatcher::plan(const http::Request& head) {
  // Finding only reads the head; the request is needed as the place for what is decoded.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
  Request request(const_cast<http::Request&>(head), this);
  Found found;
  find(request, found);
  http::BodyPlan plan{.max_bytes = settings_.max_body_bytes};
  if (found.route == nullptr || found.route->endpoint == nullptr) return plan;
  plan.max_bytes = found.route->route->max_body_bytes.value_or(settings_.max_body_bytes);
  plan.is_streamed = found.route->endpoint->traits().streams_body;
  return plan;
}

}  // namespace hornbeam::web

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
  const std::uint32_t route = router_.find_literal(raw.path(), raw.method());
  if (route != Router::kNone) {
    found.kind = Found::Kind::kRoute;
    found.route = request.route_ = &routes_[route];
    return;
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
  std::vector<std::string_view> host_values;
  RouteMatch match;
  if (router_.has_sockets() && asks_for_socket(raw)) {
    match = this->match(request, true, host_values);
  }
  if (match.kind == RouteMatch::Kind::kNotFound) match = this->match(request, false, host_values);
  switch (match.kind) {
    case RouteMatch::Kind::kFound:
      found.kind = Found::Kind::kRoute;
      found.route = &routes_[match.route];
      request.route_ = found.route;
      if (!found.route->sources.empty()) arrange(request, host_values);
      if (found.route->may_redirect) {
        if (auto location = other_path(request)) {
          found.kind = Found::Kind::kRedirect;
          found.location = std::move(*location);
          if (!raw.query().empty()) found.location += "?" + std::string(raw.query());
          found.route = request.route_ = nullptr;
        }
      }
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
  if (router_.has_sockets() &&
      this->match(request, true, host_values).kind == RouteMatch::Kind::kFound) {
    found.kind = Found::Kind::kUpgrade;
  }
}

RouteMatch Dispatcher::match(Request& request, bool is_socket,
                             std::vector<std::string_view>& host_values) const {
  // A rule of a socket has no methods of its own.
  const http::Method method = request.method();
  if (!router_.has_hosts()) {
    return router_.match(request.path(), method, is_socket, request.arguments_);
  }
  std::string& host = request.extras().matched_host;
  host = request.host();
  for (char& each : host) {
    if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
  }
  const std::size_t colon = host.rfind(':');
  if (colon != std::string::npos && host.find(']', colon) == std::string::npos) host.erase(colon);
  return router_.match(host, request.path(), method, is_socket, request.arguments_, host_values);
}

/// Puts the path's values into the order of the route's names; what is not of the path goes behind
/// it, in a buffer of the request's own.
void Dispatcher::arrange(Request& request, const std::vector<std::string_view>& host_values) const {
  using Source = CompiledRoute::Source;
  const std::vector<Source>& sources = request.route_->sources;
  const PathArguments found = request.arguments_;
  std::string buffer(request.path());
  const std::size_t path_size = buffer.size();
  request.arguments_.count = static_cast<std::uint32_t>(sources.size());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (sources[i].kind == Source::Kind::kPath) {
      request.arguments_.spans[i] = found.spans[sources[i].index];
      continue;
    }
    const std::string_view text = sources[i].kind == Source::Kind::kHost
                                      ? host_values[sources[i].index]
                                      : std::string_view(sources[i].text);
    request.arguments_.spans[i] = {static_cast<std::uint32_t>(buffer.size()),
                                   static_cast<std::uint32_t>(text.size())};
    buffer += text;
  }
  std::string& kept = request.extras().decoded_path;
  kept = std::move(buffer);
  request.decoded_ = std::string_view(kept).substr(0, path_size);
}

std::optional<std::string> Dispatcher::other_path(const Request& request) const {
  const CompiledRoute& route = *request.route_;
  UrlValues values;
  for (std::size_t i = 0; i < route.names.size(); ++i) {
    values.add(route.names[i], request.path_segment(i));
  }
  UrlContext context = url_context(request);
  context.inherited = {};
  return urls_.redirect_of(*route.rule, values, request.method(), context);
}

UrlContext Dispatcher::url_context(const Request& request) const {
  UrlContext context;
  context.scheme = request.is_secure() ? "https" : "http";
  context.host =
      settings_.server_name.empty() ? request.host() : std::string_view(settings_.server_name);
  auto prefix_of = [](const auto& each) -> std::string_view {
    if constexpr (requires { each.url_prefix(); }) return each.url_prefix();
    return {};
  };
  context.root_path = prefix_of(request);
  context.blueprint = request.blueprint();
  context.method = request.method();
  if (request.route_ == nullptr) return context;
  auto& inherited = request.extras().inherited;
  inherited.clear();
  const std::vector<std::string>& names = request.route_->names;
  for (std::size_t i = request.route_->rule->own.size(); i < names.size(); ++i) {
    inherited.emplace_back(names[i], request.path_segment(i));
  }
  context.inherited = inherited;
  return context;
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
  guard_.see_through_proxies(request);  // The host decides about the route.
  Found found;
  find(request, found);
  http::BodyPlan plan{.max_bytes = settings_.max_body_bytes};
  if (found.route == nullptr || found.route->endpoint == nullptr) return plan;
  plan.max_bytes = found.route->route->max_body_bytes.value_or(settings_.max_body_bytes);
  plan.is_streamed = found.route->endpoint->traits().streams_body;
  return plan;
}

}  // namespace hornbeam::web

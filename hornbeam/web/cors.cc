#include "hornbeam/web/cors.h"

#include <algorithm>
#include <stdexcept>

#include "hornbeam/http/websocket_handshake.h"
#include "hornbeam/web/app.h"
#include "hornbeam/web/negotiation.h"
#include "hornbeam/web/request.h"

namespace hornbeam::web {

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

struct Cors::State {
  CorsOptions options;
  bool is_open = false;  // Every origin is allowed.
  std::string methods;
  std::string request_headers;
  std::string exposed_headers;

  bool concerns(const Request& request) const {
    return options.paths.empty() ||
           std::ranges::any_of(options.paths, [&request](const std::string& path) {
             return request.path().starts_with(path);
           });
  }

  /// Adds who may read; false if the request's page may not.
  bool allow(const Request& request, Response& response) const {
    if (is_open) {
      response.set_field("Access-Control-Allow-Origin", "*");
      return true;
    }
    // "If Access-Control-Allow-Origin is set to anything but * or a static origin": caches must
    // tell origins apart, also where there was none.
    add_vary(response, "Origin");
    const auto origin = request.find_header("origin");
    if (!origin || !http::is_origin_allowed(*origin, "", true, options.origins)) return false;
    response.set_field("Access-Control-Allow-Origin", std::string(*origin));
    if (options.allows_credentials) response.set_field("Access-Control-Allow-Credentials", "true");
    return true;
  }

  std::optional<Response> answer_preflight(const Request& request) const {
    if (request.method() != http::Method::kOptions || !concerns(request) ||
        !request.find_header("origin") || !request.find_header("access-control-request-method")) {
      return std::nullopt;
    }
    Response response(204);
    if (allow(request, response)) {
      response.set_field("Access-Control-Allow-Methods", methods);
      if (!request_headers.empty()) {
        response.set_field("Access-Control-Allow-Headers", request_headers);
      }
      response.set_field("Access-Control-Max-Age", std::to_string(options.max_age.count()));
    }
    add_vary(response, "Access-Control-Request-Method");
    add_vary(response, "Access-Control-Request-Headers");
    return response;
  }
};

Cors::Cors(CorsOptions options) {
  State state{.options = std::move(options)};
  const CorsOptions& given = state.options;
  state.is_open = given.origins == std::vector<std::string>{"*"};
  if (state.is_open && given.allows_credentials) {
    throw std::invalid_argument(
        "CORS for every origin together with credentials: any site could read what its visitors "
        "may. Mend: list the origins");
  }
  if (!state.is_open) {
    for (const std::string& origin : given.origins) {
      if (const auto good = http::check_origin_pattern(origin); !good) {
        throw std::invalid_argument("CORS: " + good.error().message);
      }
    }
  }
  for (const http::Method method : given.methods) {
    state.methods += (state.methods.empty() ? "" : ", ") + std::string(http::to_string(method));
  }
  state.request_headers = joined(given.request_headers);
  state.exposed_headers = joined(given.exposed_headers);
  state_ = std::make_shared<const State>(std::move(state));
}

void Cors::init_app(App& app) {
  app.before_request(
      [state = state_](const Request& request) { return state->answer_preflight(request); });
  app.after_request([state = state_](const Request& request, Response& response) {
    if (!state->concerns(request)) return;
    if (state->allow(request, response) && !state->exposed_headers.empty()) {
      response.set_field("Access-Control-Expose-Headers", state->exposed_headers);
    }
  });
}

}  // namespace hornbeam::web

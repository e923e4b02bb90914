#include "hornbeam/web/internal/dispatcher.h"

#include <utility>

#include "hornbeam/base/log.h"
#include "hornbeam/http/websocket_upgrade.h"
#include "hornbeam/web/internal/request_extras.h"

namespace hornbeam::web {

using base::Task;

namespace {

/// The first answer of `steps`.
std::optional<Response> run_before(const std::vector<Step>& steps, const Request& request) {
  for (const Step& step : steps) {
    provide(step.needs, request);
    if (std::optional<Response> response = step.hook->run(request)) return response;
  }
  return std::nullopt;
}

Task<std::optional<Response>> run_before_later(const std::vector<Step>& steps,
                                               const Request& request) {
  for (const Step& step : steps) {
    co_await provide_later(step.needs, request);
    std::optional<Response> response = co_await step.hook->run_later(request);
    if (response) co_return response;
  }
  co_return std::nullopt;
}

}  // namespace

void provide(const std::vector<const Provider*>& needs, const Request& request) {
  for (const Provider* provider : needs) {
    if (!RequestAccess::has_slot(request, provider->type.key)) provider->hook->run(request);
  }
}

Task<void> provide_later(const std::vector<const Provider*>& needs, const Request& request) {
  for (const Provider* provider : needs) {
    if (RequestAccess::has_slot(request, provider->type.key)) continue;
    co_await provider->hook->run_later(request);
  }
}

http::Reply Dispatcher::handle(http::Request& raw) {
  Request request(raw, this);
  if (!observers_.empty()) [[unlikely]] {
    RequestAccess::extras(request).observation = std::make_unique<Observation>(observers_);
  }
  guard_.see_through_proxies(request);
  Found found;
  find(request, found);
  if (found.route == nullptr || !found.route->is_simple) return answer(request, found);
  std::exception_ptr thrown;
  try {
    guard_.admit(request, found.route);
    http::Reply reply(std::in_place_type<Response>, found.route->endpoint->answer(request));
    thrown = finish(*found.route->scope, request, std::get<Response>(reply));
    if (!thrown || !settings_.is_testing) return reply;
  } catch (...) {
    return fail(request, found, std::current_exception());
  }
  std::rethrow_exception(thrown);
}

http::Reply Dispatcher::answer(Request& request, Found& found) {
  if (found.route != nullptr && found.route->socket != nullptr) return upgrade(request, found);
  const Scope& scope = scope_of(found);
  if (scope.waits || (found.route != nullptr && found.route->waits)) {
    http::Request raw = request.raw_->detach();
    return answer_later(std::move(raw), std::move(request), std::move(found));
  }
  std::optional<Response> response;
  tell_started(request);
  try {
    guard_.admit(request, found.route);
    response = run_before(scope.before, request);
    if (!response && found.route == nullptr) response = answer_without_route(found);
    if (!response) {
      provide(found.route->needs, request);
      response = found.route->endpoint->answer(request);
    }
  } catch (...) {
    return fail(request, found, std::current_exception());
  }
  const std::exception_ptr thrown = finish(scope, request, *response);
  tear_down(scope, request, thrown);
  if (thrown && settings_.is_testing) std::rethrow_exception(thrown);
  return std::move(*response);
}

http::Reply Dispatcher::fail(Request& request, Found& found, const std::exception_ptr& thrown) {
  const Scope& scope = scope_of(found);
  const Failure failure = judge(scope, thrown);
  if (scope.waits || (failure.handler != nullptr && failure.handler->waits)) {
    http::Request raw = request.raw_->detach();
    return recover_later(std::move(raw), std::move(request), std::move(found), thrown);
  }
  if (failure.is_unhandled) tell_failed(request, thrown);
  if (failure.is_unhandled && settings_.is_testing) {
    tear_down(scope, request, thrown);
    std::rethrow_exception(thrown);
  }
  Response response = recover(request, failure);
  const std::exception_ptr later = finish(scope, request, response);
  tear_down(scope, request, later ? later : failure.is_unhandled ? thrown : nullptr);
  if (later && settings_.is_testing) std::rethrow_exception(later);
  return response;
}

Task<Response> Dispatcher::answer_later(http::Request raw, Request request, Found found) {
  request.raw_ = &raw;
  const Scope& scope = scope_of(found);
  std::exception_ptr thrown;
  std::optional<Response> response;
  tell_started(request);
  try {
    guard_.admit(request, found.route);
    response = co_await run_before_later(scope.before, request);
    if (!response && found.route == nullptr) response = answer_without_route(found);
    if (!response) {
      co_await provide_later(found.route->needs, request);
      response = co_await found.route->endpoint->answer_later(request);
    }
  } catch (...) {
    thrown = std::current_exception();
  }
  if (thrown) {
    co_return co_await recover_later(std::move(raw), std::move(request), std::move(found), thrown);
  }
  thrown = co_await finish_later(scope, request, *response);
  co_await tear_down_later(scope, request, thrown);
  if (thrown && settings_.is_testing) std::rethrow_exception(thrown);
  RequestAccess::keep(raw, request);
  co_return std::move(*response);
}

Task<Response> Dispatcher::recover_later(http::Request raw, Request request, Found found,
                                         std::exception_ptr thrown) {
  request.raw_ = &raw;
  const Scope& scope = scope_of(found);
  const Failure failure = judge(scope, thrown);
  const std::exception_ptr unhandled = failure.is_unhandled ? thrown : nullptr;
  if (unhandled) tell_failed(request, unhandled);
  if (unhandled && settings_.is_testing) {
    co_await tear_down_later(scope, request, unhandled);
    std::rethrow_exception(unhandled);
  }
  std::optional<Response> response;
  if (failure.handler != nullptr && failure.handler->waits) {
    response = co_await recover_by_waiting(request, failure);
  } else {
    response = recover(request, failure);
  }
  const std::exception_ptr later = co_await finish_later(scope, request, *response);
  co_await tear_down_later(scope, request, later ? later : unhandled);
  if (later && settings_.is_testing) std::rethrow_exception(later);
  RequestAccess::keep(raw, request);
  co_return std::move(*response);
}

// ---- Sockets ----
//
// Everything that may refuse a socket happens before its handshake: hooks, providers, extractors.
// So a refusal is a response, and what hooks and the session add to a response is on the 101.

/// What a conversation takes along, for as long as it lasts.
struct Dispatcher::Conversation {
  Conversation(Request view, const CompiledRoute& matched)
      : raw(view.raw_->detach()), request(std::move(view)), route(&matched) {
    request.raw_ = &raw;
  }

  http::Request raw;
  Request request;
  const CompiledRoute* route;
  SocketEndpoint::Talk talk{};
};

/// Lets a conversation begin, once. One that never does, because the handshake failed or the client
/// has gone, still has its teardown hooks run.
class Dispatcher::Entrance {
 public:
  Entrance(Dispatcher& dispatcher, std::unique_ptr<Conversation> conversation)
      : dispatcher_(&dispatcher), conversation_(std::move(conversation)) {}
  Entrance(Entrance&&) noexcept = default;
  Entrance& operator=(Entrance&&) = delete;
  ~Entrance() {
    if (conversation_ != nullptr) dispatcher_->abandon(std::move(conversation_));
  }

  Task<void> operator()(http::WebSocket socket) {
    return dispatcher_->converse(std::move(conversation_), std::move(socket));
  }

 private:
  Dispatcher* dispatcher_;
  std::unique_ptr<Conversation> conversation_;
};

http::Reply Dispatcher::upgrade(Request& request, Found& found) {
  const CompiledRoute& route = *found.route;
  auto conversation = std::make_unique<Conversation>(std::move(request), route);
  if (route.waits) return upgrade_later(std::move(conversation), std::move(found));
  Request& kept = conversation->request;
  std::optional<Response> response;
  tell_started(kept);
  try {
    guard_.admit(kept, &route);
    response = run_before(route.scope->before, kept);
    if (!response) {
      provide(route.needs, kept);
      conversation->talk = route.socket->prepare(kept);
    }
  } catch (...) {
    return fail(kept, found, std::current_exception());
  }
  if (!response) response = refuse_handshake(*conversation);
  if (!response) response.emplace(101);
  const std::exception_ptr thrown = finish(*route.scope, kept, *response);
  if (response->status() == 101) return accept(std::move(conversation), *response);
  tear_down(*route.scope, kept, thrown);
  if (thrown && settings_.is_testing) std::rethrow_exception(thrown);
  return std::move(*response);
}

Task<http::Answer> Dispatcher::upgrade_later(std::unique_ptr<Conversation> conversation,
                                             Found found) {
  const CompiledRoute& route = *found.route;
  const Request& request = conversation->request;
  std::exception_ptr thrown;
  std::optional<Response> response;
  tell_started(request);
  try {
    guard_.admit(request, &route);
    response = co_await run_before_later(route.scope->before, request);
    if (!response) {
      co_await provide_later(route.needs, request);
      conversation->talk = co_await route.socket->prepare_later(request);
    }
  } catch (...) {
    thrown = std::current_exception();
  }
  if (thrown) {
    co_return co_await recover_later(std::move(conversation->raw), std::move(conversation->request),
                                     std::move(found), thrown);
  }
  if (!response) response = refuse_handshake(*conversation);
  if (!response) response.emplace(101);
  thrown = co_await finish_later(*route.scope, request, *response);
  if (response->status() == 101) co_return accept(std::move(conversation), *response);
  co_await tear_down_later(*route.scope, request, thrown);
  if (thrown && settings_.is_testing) std::rethrow_exception(thrown);
  co_return std::move(*response);
}

http::WebSocketUpgrade Dispatcher::offer(const Conversation& conversation) const {
  const SocketSettings& settings = conversation.route->route->socket_settings;
  http::WebSocketUpgrade upgrade;
  upgrade.protocols = settings.protocols;
  upgrade.allowed_origins = settings.allowed_origins;
  if (settings_.trusted_proxies.any()) {
    const Request& request = conversation.request;
    upgrade.allowed_origins.push_back((request.is_secure() ? "https://" : "http://") +
                                      std::string(request.host()));
  }
  upgrade.options = settings.options;
  return upgrade;
}

/// What the handshake will come to, so that hooks and observers see a refusal as one.
std::optional<Response> Dispatcher::refuse_handshake(const Conversation& conversation) const {
  return std::move(http::answer_handshake(conversation.raw, offer(conversation)).refusal);
}

http::WebSocketUpgrade Dispatcher::accept(std::unique_ptr<Conversation> conversation,
                                          const Response& accepted) {
  http::WebSocketUpgrade upgrade = offer(*conversation);
  upgrade.fields = accepted.fields();
  upgrade.run = Entrance(*this, std::move(conversation));
  upgrade.on_failure = &Dispatcher::close_failed;
  return upgrade;
}

void Dispatcher::abandon(std::unique_ptr<Conversation> conversation) {
  const Scope& scope = *conversation->route->scope;
  if (scope.teardown.empty() && !signals_.any()) return;
  if (!scope.waits) return tear_down(scope, conversation->request, nullptr);
  base::Executor* const executor = base::Executor::current();
  if (executor == nullptr) return;  // The server has ended, and with it the loop to wait on.
  auto end = [](const Dispatcher* self, std::unique_ptr<Conversation> ended) -> Task<void> {
    co_await self->tear_down_later(*ended->route->scope, ended->request, nullptr);
  };
  base::spawn_on(*executor, end(this, std::move(conversation)), "the teardown of a refused socket");
}

/// Says to the client what a conversation has failed of, as far as that is its business, and throws
/// on what is not. Requires: what has been thrown is being handled.
void Dispatcher::close_failed(const http::WebSocket& socket) {
  try {
    throw;
  } catch (const HttpError& refused) {
    socket.close(http::CloseCode::kPolicy, refused.message().substr(0, 120));
  } catch (...) {
    socket.close(http::CloseCode::kInternalError, "internal error");
    throw;
  }
}

// Most conversations need nothing of their request, nor anything at their end: those have no frame
// here, which would be alive for every quiet socket.
Task<void> Dispatcher::converse(std::unique_ptr<Conversation> conversation,
                                http::WebSocket socket) const {
  const CompiledRoute& route = *conversation->route;
  if (route.socket->keeps_request() || !route.scope->teardown.empty() || signals_.any()) {
    return converse_and_tear_down(std::move(conversation), std::move(socket));
  }
  return conversation->talk(std::move(socket));
}

Task<void> Dispatcher::converse_and_tear_down(std::unique_ptr<Conversation> conversation,
                                              http::WebSocket socket) const {
  std::exception_ptr failure;
  try {
    co_await conversation->talk(socket);
  } catch (...) {
    try {
      close_failed(socket);
    } catch (...) {
      failure = std::current_exception();
    }
  }
  co_await tear_down_later(*conversation->route->scope, conversation->request, failure);
  if (failure) std::rethrow_exception(failure);
}

}  // namespace hornbeam::web

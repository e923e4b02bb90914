#pragma once

// Dispatcher: what an application is turned into to serve.
//
// One request goes through, in Flask's order: match the path; the guard (host, CSRF);
// before_request hooks (application, then blueprints inwards), the first answer wins; a routing
// error if there was one; the handler; for an exception the error handler; after_this_request;
// after_request hooks (blueprints outwards, application, each the last registered first); the
// session's cookie; security headers; teardown hooks, whatever happened. A route without hooks,
// whose handler waits for nothing, takes the short way; other routes that wait for nothing are
// answered without a coroutine.

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/http/handler.h"
#include "hornbeam/web/internal/guard.h"
#include "hornbeam/web/internal/observation.h"
#include "hornbeam/web/internal/registry.h"
#include "hornbeam/web/internal/router.h"
#include "hornbeam/web/internal/scope.h"
#include "hornbeam/web/request.h"
#include "hornbeam/web/session.h"
#include "hornbeam/web/settings.h"
#include "hornbeam/web/signal.h"
#include "hornbeam/web/url_map.h"

namespace hornbeam::web {

class Dispatcher final : public http::Handler {
 public:
  /// Lifetime: what is passed outlives the dispatcher.
  Dispatcher(Routes::Registry& root, std::vector<std::unique_ptr<Provider>>& providers,
             const Observation::Observers& observers, const Signals& signals,
             const Settings& settings);

  http::BodyPlan plan(const http::Request& head) override;
  http::Reply handle(http::Request& raw) override;

  Session open_session(const Request& request) const;
  const std::deque<CompiledRoute>& routes() const noexcept { return routes_; }
  const Settings& settings() const noexcept { return settings_; }
  const UrlMap& urls() const noexcept { return urls_; }
  /// Where URLs that `request` asks for will be used. Lifetime: the request's.
  UrlContext url_context(const Request& request) const;

 private:
  /// What a path led to. An error is kept until the before_request hooks have run.
  struct Found {
    enum class Kind : std::uint8_t {
      kRoute,
      kNotFound,
      kWrongMethod,
      kOptions,
      kRedirect,
      kUpgrade
    };
    Kind kind = Kind::kNotFound;
    const CompiledRoute* route = nullptr;
    Methods allowed;
    std::string location;
  };
  /// A failure and who answers it.
  struct Failure {
    std::exception_ptr thrown;
    std::optional<HttpError> wrapped;  // The 500 around an exception that nobody handles.
    const std::exception* error = nullptr;
    const Step* handler = nullptr;
    bool is_unhandled = false;

    /// What its handler is shown.
    const std::exception& shown() const;
  };
  struct Conversation;
  /// Where a level's routes are: below what outer levels say.
  struct Place {
    std::string host;
    std::string prefix;
    std::string blueprint;
  };
  class Entrance;

  // Compiling (compile.cc).
  void compile(Routes::Registry& registry, const std::vector<Routes::Registry*>& outer,
               const Place& outside);
  void compile(Route& route, const std::vector<Routes::Registry*>& levels, const Scope& scope,
               const Place& place);
  void add_rule(Route& route, const CompiledRoute& model, const Route::Other& path,
                const std::vector<std::string>& own, const Place& place);
  Scope& add_scope(const std::vector<Routes::Registry*>& levels);
  Step step(Hook& hook, std::string_view what);
  std::vector<const Provider*> needs_of(const CallableTraits& traits, std::string_view what);
  void order_providers(Provider& provider, std::vector<Provider*>& open);
  Provider* find_provider(TypeKey key) const;

  // Finding (find.cc).
  void find(Request& request, Found& found) const;
  void find_slowly(Request& request, Found& found) const;
  RouteMatch match(Request& request, bool is_socket,
                   std::vector<std::string_view>& host_values) const;
  void arrange(Request& request, const std::vector<std::string_view>& host_values) const;
  std::optional<std::string> other_path(const Request& request) const;
  const Scope& scope_of(const Found& found) const;
  Response answer_without_route(const Found& found) const;

  // Serving (dispatcher.cc).
  http::Reply answer(Request& request, Found& found);
  base::Task<Response> answer_later(http::Request raw, Request request, Found found);
  base::Task<Response> recover_later(http::Request raw, Request request, Found found,
                                     std::exception_ptr thrown);
  http::Reply fail(Request& request, Found& found, const std::exception_ptr& thrown);
  http::Reply upgrade(Request& request, Found& found);
  base::Task<http::Answer> upgrade_later(std::unique_ptr<Conversation> conversation, Found found);
  http::WebSocketUpgrade offer(const Conversation& conversation) const;
  std::optional<Response> refuse_handshake(const Conversation& conversation) const;
  http::WebSocketUpgrade accept(std::unique_ptr<Conversation> conversation,
                                const Response& accepted);
  void abandon(std::unique_ptr<Conversation> conversation);
  static void close_failed(const http::WebSocket& socket);
  base::Task<void> converse(std::unique_ptr<Conversation> conversation,
                            http::WebSocket socket) const;
  base::Task<void> converse_and_tear_down(std::unique_ptr<Conversation> conversation,
                                          http::WebSocket socket) const;

  // Failing and finishing (finish.cc).
  static Failure judge(const Scope& scope, const std::exception_ptr& thrown);
  static Failure unhandled(const Scope& scope, const std::exception_ptr& thrown);
  Response default_response(const Request& request, const Failure& failure) const;
  Response last_response(const Request& request, const std::exception_ptr& thrown) const;
  Response recover(const Request& request, const Failure& failure) const;
  base::Task<Response> recover_by_waiting(const Request& request, const Failure& failure) const;
  /// Gives what a hook or the session has thrown, once there is a response for it.
  std::exception_ptr finish(const Scope& scope, const Request& request, Response& response) const;
  base::Task<std::exception_ptr> finish_later(const Scope& scope, const Request& request,
                                              Response& response) const;
  void run_after(const Scope& scope, const Request& request, Response& response) const;
  base::Task<void> run_after_later(const Scope& scope, const Request& request,
                                   Response& response) const;
  void tell_started(const Request& request) const;
  void tell_failed(const Request& request, const std::exception_ptr& thrown) const;
  void tear_down(const Scope& scope, const Request& request,
                 const std::exception_ptr& failure) const;
  base::Task<void> tear_down_later(const Scope& scope, const Request& request,
                                   std::exception_ptr failure) const;
  void leave(const Request& request, Response& response) const;
  static void start_tasks(const Request& request);
  bool may_refresh_session(const Request& request) const;
  void refresh_session(const Request& request, Response& response) const;
  void save_session(const Request& request, Response& response) const;

  const Settings& settings_;
  Guard guard_;
  std::vector<std::unique_ptr<Provider>>& providers_;
  const Observation::Observers& observers_;
  const Signals& signals_;
  Router router_;
  UrlMap urls_;
  std::deque<Scope> scopes_;  // The first is the application's.
  std::deque<CompiledRoute> routes_;
};

/// Runs what `needs` names and has not run for this request.
void provide(const std::vector<const Provider*>& needs, const Request& request);
base::Task<void> provide_later(const std::vector<const Provider*>& needs, const Request& request);

/// The page or the problem document for an error that no handler answers.
Response error_response(const Request& request, const HttpError& error, bool is_debug);

}  // namespace hornbeam::web

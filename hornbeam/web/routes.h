#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "hornbeam/http/websocket.h"
#include "hornbeam/web/endpoint.h"
#include "hornbeam/web/methods.h"
#include "hornbeam/web/path.h"
#include "hornbeam/web/route.h"
#include "hornbeam/web/static_files.h"

namespace hornbeam::web {

class Blueprint;

/// Handlers of failures, by status and by class.
struct ErrorHandlers {
  /// A handler for one status.
  struct ByStatus {
    int status;                  ///< The status it is for.
    std::unique_ptr<Hook> hook;  ///< What makes the response.
  };
  /// A handler for exceptions of a class and those derived from it.
  struct ByClass {
    /// The exception as the handler's class, or null; rethrows `failure` to find out.
    const std::exception* (*match)(const std::exception_ptr& failure);
    /// Throws a null pointer to the class, from which its place among other classes is found.
    void (*throw_pointer)();
    /// Whether the handler's class catches what the argument throws: whether it is a base of that
    /// one.
    bool (*catches_pointer)(void (*throw_pointer)());
    std::unique_ptr<Hook> hook;  ///< What makes the response.
  };
  std::vector<ByStatus> by_status;  ///< In the order of registration.
  std::vector<ByClass> by_class;    ///< In the order of registration.
};

/// Where routes, hooks and error handlers are registered: what App and Blueprint share.
///
/// Thread: registration is one thread's; handlers, hooks and providers are called from all loops of
/// a server at the same time, so what they capture is either read only or guards itself.
class Routes {
 public:
  Routes(const Routes&) = delete;
  Routes& operator=(const Routes&) = delete;

  /// Answers GET, and HEAD with the same headers and no body.
  template <class Handler>
  RouteHandleOf<Handler> get(Path<std::type_identity_t<Handler>> path, Handler handler) {
    return add(http::Method::kGet, path, std::move(handler));
  }
  /// Adds a route for POST.
  template <class Handler>
  RouteHandleOf<Handler> post(Path<std::type_identity_t<Handler>> path, Handler handler) {
    return add(http::Method::kPost, path, std::move(handler));
  }
  /// Adds a route for PUT.
  template <class Handler>
  RouteHandleOf<Handler> put(Path<std::type_identity_t<Handler>> path, Handler handler) {
    return add(http::Method::kPut, path, std::move(handler));
  }
  /// Adds a route for DELETE.
  template <class Handler>
  RouteHandleOf<Handler> del(Path<std::type_identity_t<Handler>> path, Handler handler) {
    return add(http::Method::kDelete, path, std::move(handler));
  }
  /// Adds a route for PATCH.
  template <class Handler>
  RouteHandleOf<Handler> patch(Path<std::type_identity_t<Handler>> path, Handler handler) {
    return add(http::Method::kPatch, path, std::move(handler));
  }
  /// Answers several methods with one handler.
  template <class Handler>
  RouteHandleOf<Handler> route(Methods methods, Path<std::type_identity_t<Handler>> path,
                               Handler handler) {
    return add(methods, path, std::move(handler));
  }
  /// Holds a conversation with everyone who opens a WebSocket at `path`. The handler takes a
  /// `Socket<In, Out>` and what else handlers take, and returns Task<void>.
  template <class Handler>
  RouteHandleOf<Handler> socket(Path<std::type_identity_t<Handler>> path, Handler handler) {
    Route& route = add_route({}, path.text(), types_of(path));
    route.socket = std::make_unique<HandlerSocketEndpoint<Handler>>(std::move(handler));
    return RouteHandleOf<Handler>(route);
  }

  /// Serves the files of `folder` below `prefix`: GET /static/site.css is `folder`/site.css.
  RouteHandle<std::string_view> static_files(const std::string& prefix, const std::string& folder,
                                             StaticOptions options = {});
  /// Serves files built into the program.
  RouteHandle<std::string_view> static_files(const std::string& prefix, EmbeddedFiles files,
                                             StaticOptions options = {});

  /// Calls `hook` before the handler of every route of this application, or blueprint. One that
  /// returns an optional with a value answers the request itself.
  template <class Callable>
  void before_request(Callable hook) {
    add_hook(Role::kBefore,
             std::make_unique<CallableHook<Callable, Role::kBefore>>(std::move(hook)));
  }
  /// Calls `hook(Response&)` once there is a response, the last registered first.
  template <class Callable>
  void after_request(Callable hook) {
    add_hook(Role::kAfter, std::make_unique<CallableHook<Callable, Role::kAfter>>(std::move(hook)));
  }
  /// Calls `hook` at the end of every request, whatever happened, the last registered first.
  template <class Callable>
  void teardown_request(Callable hook) {
    add_hook(Role::kTeardown,
             std::make_unique<CallableHook<Callable, Role::kTeardown>>(std::move(hook)));
  }

  /// Answers failures with `status`; the handler takes a `const HttpError&`.
  template <class Callable>
  void on_error(int status, Callable handler) {
    add_error_handler(status,
                      std::make_unique<CallableHook<Callable, Role::kError>>(std::move(handler)));
  }
  /// Answers exceptions of class `Failure` and those derived from it; the handler takes a
  /// `const Failure&`. Where several match, the most derived class wins.
  template <std::derived_from<std::exception> Failure, class Callable>
  void on_error(Callable handler) {
    ErrorHandlers::ByClass entry;
    entry.match = [](const std::exception_ptr& failure) -> const std::exception* {
      try {
        std::rethrow_exception(failure);
      } catch (const Failure& matched) {
        return &matched;  // Good while `failure` is.
      } catch (...) {
        return nullptr;
      }
    };
    // A thrown pointer is caught by the classes its class derives from: that is how they are
    // ordered. NOLINTBEGIN(misc-throw-by-value-catch-by-reference,bugprone-empty-catch)
    entry.throw_pointer = [] { throw static_cast<Failure*>(nullptr); };
    entry.catches_pointer = [](void (*throw_other)()) {
      try {
        throw_other();
      } catch (Failure*) {
        return true;
      } catch (...) {
      }
      return false;
    };
    // NOLINTEND(misc-throw-by-value-catch-by-reference,bugprone-empty-catch)
    entry.hook = std::make_unique<CallableHook<Callable, Role::kError>>(std::move(handler));
    add_error_handler(std::move(entry));
  }

  /// Takes unsafe requests from wherever they come, on all routes of this blueprint and those
  /// mounted in it (see `RouteHandle::exempt_from_csrf`).
  void exempt_from_csrf();

  /// Adds a blueprint that is served for one host only, such as "{org}.example.org". Its handlers
  /// take the host's parameters as PathValue. Where hosts overlap, one without parameters wins.
  void host(std::string pattern, Blueprint blueprint);

  /// Adds a blueprint under its own prefix, or under `prefix` instead.
  void mount(Blueprint blueprint);
  void mount(std::string prefix, Blueprint blueprint);

 protected:
  struct Registry;
  Routes();
  Routes(Routes&&) noexcept;
  Routes& operator=(Routes&&) noexcept;
  ~Routes();

  /// What was registered, for the application and blueprints.
  Registry& registry() noexcept { return *registry_; }
  const Registry& registry() const noexcept { return *registry_; }

 private:
  friend class Dispatcher;

  template <class Handler>
  static std::vector<SegmentType> types_of(const Path<Handler>& path) {
    check_path(path);
    return {Path<Handler>::kTypes.begin(), Path<Handler>::kTypes.end()};
  }
  template <class Handler>
  RouteHandleOf<Handler> add(Methods methods, Path<Handler> path, Handler handler) {
    Route& route = add_route(methods, path.text(), types_of(path));
    route.endpoint = std::make_unique<HandlerEndpoint<Handler>>(std::move(handler));
    return RouteHandleOf<Handler>(route);
  }
  RouteHandle<std::string_view> add_static(const std::string& prefix, StaticFiles files);
  Route& add_route(Methods methods, std::string_view pattern, std::vector<SegmentType> types);
  void add_hook(Role role, std::unique_ptr<Hook> hook);
  void add_error_handler(int status, std::unique_ptr<Hook> hook);
  void add_error_handler(ErrorHandlers::ByClass entry);

  std::unique_ptr<Registry> registry_;
};

/// Routes, hooks and error handlers that belong together, to be mounted into an application or
/// another blueprint.
class Blueprint : public Routes {
 public:
  /// `name` tells blueprints apart; `prefix` such as "/admin", or empty, is put before every path.
  /// A prefix may have parameters, "/orgs/{org}", which handlers and hooks take as PathValue.
  explicit Blueprint(std::string name, std::string prefix = {});
  Blueprint(Blueprint&&) noexcept = default;
  Blueprint& operator=(Blueprint&&) noexcept = default;

  /// As it was given.
  const std::string& name() const noexcept;
};

}  // namespace hornbeam::web

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "hornbeam/base/task.h"
#include "hornbeam/http/handler.h"
#include "hornbeam/web/background.h"
#include "hornbeam/web/command.h"
#include "hornbeam/web/observer.h"
#include "hornbeam/web/routes.h"
#include "hornbeam/web/settings.h"
#include "hornbeam/web/signal.h"
#include "hornbeam/web/url_map.h"

namespace hornbeam::web {

class App;
class ServerStatus;

/// Something that adds routes, hooks, providers or commands to an application (`App::use`).
template <class Type>
concept Extension = requires(Type& extension, App& app) { extension.init_app(app); };

/// An application: routes, hooks and error handlers, and what it provides to them. A value, so that
/// a process can hold many; nothing about it is global.
///
/// Registration ends when `handler()` is first called, which `run` and the test client do.
class App : public Routes {
 public:
  App();
  /// With settings given at once; the other constructor takes their defaults.
  explicit App(Settings settings);
  App(App&&) noexcept;
  App& operator=(App&&) noexcept;
  ~App();

  /// What `provider` returns becomes available to handlers and hooks as a parameter of its type.
  /// It is called at most once per request, when something first needs it; it takes what handlers
  /// take, other provided values included. An empty optional answers 401 where a `Value` is asked
  /// for, and is a null `const Value*`.
  template <class Callable>
  void provide(Callable provider) {
    using Value = typename ProvidedBy<ResultOf<Callable>>::type;
    static_assert(!PathParameter<Value>,
                  "a provider returns a number or a text, which handlers take from the path. Mend: "
                  "wrap it in a type of its own");
    add_provider({type_key<std::shared_ptr<Value>>(), endpoint_detail::type_name<Value>()},
                 std::make_unique<CallableHook<Callable, Role::kProvider>>(std::move(provider)));
  }
  template <class Value, class Callable>
  void provide(Callable provider) {
    static_assert(std::same_as<Value, typename ProvidedBy<ResultOf<Callable>>::type>,
                  "the provider must return the type it is registered for");
    provide(std::move(provider));
  }

  /// Hands `thing`, which the application owns, to handlers as a parameter `Thing&`. Most handlers
  /// capture it in their lambda instead. Lifetime: `thing` outlives the application.
  template <class Thing>
  void share(Thing& thing) {
    // Shared without ownership: the pointer deletes nothing.
    std::shared_ptr<Thing> held(std::shared_ptr<void>(), &thing);
    auto give = [held = std::move(held)](const Request&) { return held; };
    add_provider({type_key<std::shared_ptr<Thing>>(), endpoint_detail::type_name<Thing>()},
                 std::make_unique<CallableHook<decltype(give), Role::kProvider>>(std::move(give)));
  }

  /// Lets `extension` add what it brings: calls `extension.init_app(*this)`. One passed by value is
  /// kept until the application's last route is gone; one passed by reference is the caller's and
  /// outlives the application. An extension keeps no reference to the App, which may be moved.
  /// Gives the extension.
  template <class Type>
    requires Extension<std::remove_cvref_t<Type>>
  std::remove_reference_t<Type>& use(Type&& extension) {
    if constexpr (std::is_lvalue_reference_v<Type>) {
      extension.init_app(*this);
      return extension;
    } else {
      auto kept = std::make_shared<Type>(std::forward<Type>(extension));
      Type& used = *kept;
      keep(std::move(kept));
      used.init_app(*this);
      return used;
    }
  }
  /// Keeps `thing` for as long as the application's routes and hooks, which may refer to it.
  void keep(std::shared_ptr<void> thing);

  /// Calls `check` once, when registration ends: with the whole `urls()`, to refuse what cannot
  /// work before the first request. What it throws leaves `handler()`.
  void at_start(std::move_only_function<void(App&)> check);

  /// What the application tells of each request; see web/signal.h. Connect before it serves.
  Signals& signals();

  /// Shows every request to `observer`, from when the application begins to serve.
  void observe(std::shared_ptr<RequestObserver> observer);

  /// The server this application runs in (see server_status.h).
  const ServerStatus& server_status() const noexcept;

  /// Runs `task` from the start of the server to its end, on one of its loops. It takes a
  /// `Background`, which tells it when to end, or nothing. An exception is logged under `name` and
  /// ends it.
  template <class Callable>
  void background(std::string name, Callable task) {
    if constexpr (std::is_invocable_v<Callable&, Background>) {
      add_background(std::move(name), std::move(task));
    } else {
      add_background(std::move(name),
                     [task = std::move(task)](const Background&) mutable { return task(); });
    }
  }

  /// Adds `program name arguments...` to the command line (see `run`). The handler takes numbers
  /// and texts, one argument each, and may be a task; what it returns is the exit code.
  template <class Handler>
  void command(std::string name, std::string help, Handler handler) {
    add_command(make_command(std::move(name), std::move(help), std::move(handler)));
  }
  /// The commands added so far.
  std::vector<Command>& commands() noexcept;

  /// Adds a word to `program shell` (see shell.h), such as `sql` for looking into a database. The
  /// handler takes the rest of the line, a std::string, and gives the text to print, or a task of
  /// it.
  template <class Handler>
  void shell_word(std::string name, std::string help, Handler handler) {
    add_shell_word(make_shell_word(std::move(name), std::move(help), std::move(handler)));
  }
  /// The words added so far.
  std::vector<ShellWord>& shell_words() noexcept;

  /// To be changed before the application serves.
  Settings& settings() noexcept;
  const Settings& settings() const noexcept;

  /// The application as what a server asks. Ends registration. Throws std::logic_error, naming the
  /// route and the mend, if something cannot work. Lifetime: the application's.
  http::Handler& handler();

  /// Every route by its name, and the URLs that lead to it. Ends registration, as `handler` does.
  const UrlMap& urls();

  /// Starts what `background` registered on `executor`. For servers.
  void start_background(base::Executor& executor);
  /// Tells the background tasks to end and waits for it, `patience` at most; false if some run on.
  bool stop_background(std::chrono::milliseconds patience);

  /// One route as the command line lists it.
  struct RouteRow {
    std::string methods;  ///< Such as "GET, HEAD, OPTIONS"; "socket" for a socket.
    std::string pattern;  ///< With its host and the prefixes of its blueprints.
    std::string name;     ///< Its whole name; empty if it has none.
  };
  /// In the order of registration.
  std::vector<RouteRow> route_rows() const;
  /// In the order in which a request tries them. Ends registration, as `handler` does.
  std::vector<RouteRow> route_rows_as_tried();

  /// A route and where it was put.
  struct PlacedRoute {
    const Route& route;     ///< The route, as it was registered.
    std::string host;       ///< Empty: any.
    std::string prefix;     ///< Of its blueprints.
    std::string blueprint;  ///< Such as "admin.users"; empty: the application's own.
  };
  /// Calls `visit` for every route, in the order of their registration.
  void for_each_route(const std::function<void(const PlacedRoute&)>& visit) const;

 private:
  struct State;

  void add_background(std::string name, std::move_only_function<base::Task<void>(Background)> task);
  void add_command(Command command);
  void add_shell_word(ShellWord word);
  void add_provider(ProvidedType type, std::unique_ptr<Hook> provider);

  std::unique_ptr<State> state_;
};

}  // namespace hornbeam::web

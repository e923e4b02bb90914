#pragma once

// Route: one path and its handler, and the handle through which more is said about it.
//
//   const auto show = app.get("/users/{id}", [](std::int64_t id) { ... }).name("users.show");
//   url_for(request, show, 7);            // "/users/7"; another type or count does not compile
//
// An Endpoint says a route's name and what its path takes, for files that do not see its handle:
//
//   inline constexpr web::Endpoint<"users.show", std::int64_t> kShowUser;     // in a header
//   app.get("/users/{id}", show_user).name(kShowUser);   // does not compile if they differ
//   url_for(request, kShowUser, 7);

#include <cstddef>
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
#include "hornbeam/web/segment.h"
#include "hornbeam/web/signature.h"
#include "hornbeam/web/socket.h"
#include "hornbeam/web/url_values.h"

namespace hornbeam::web {

/// What documents say of a route besides what its types do.
struct RouteNotes {
  /// An answer that the handler's type does not tell.
  struct Answer {
    int status;               ///< Its status.
    std::string description;  ///< What it means.
    /// Adds the answer's schema.
    void (*document)(Operation& operation, int status);
  };
  std::string summary;            ///< One line for lists of routes.
  std::string description;        ///< As much as it takes, in Markdown.
  std::vector<std::string> tags;  ///< What the route is listed under.
  std::vector<Answer> answers;    ///< Besides those that its types tell.
  bool is_hidden = false;         ///< Left out of documents.
  bool is_deprecated = false;     ///< Still answered, and not to be used any more.
};

/// One route as it was registered.
struct Route {
  /// Another path that leads to the same handler.
  struct Other {
    std::string pattern;    ///< As for the route itself.
    UrlValues defaults;     ///< What it gives the handler for parameters that it has not.
    bool is_alias = false;  ///< Redirects to the route's own path.
  };

  Methods methods;      ///< What it answers.
  std::string pattern;  ///< As it was registered, without prefixes.
  std::string name;     ///< As it was given, without those of blueprints; may be empty.
  /// The whole name that an Endpoint claims; empty if none does.
  std::string claimed_name;
  std::vector<SegmentType> types;          ///< What each parameter of the path must be, in order.
  std::unique_ptr<AnyHandler> endpoint;    ///< The handler; null for a socket.
  std::unique_ptr<SocketEndpoint> socket;  ///< Instead of `endpoint`.
  std::vector<Other> others;               ///< Further paths of the same handler.
  bool takes_any_slash = false;            ///< Whether "/a" and "/a/" are both its own.
  /// Of the body, in place of the application's limit. Bytes.
  std::optional<std::size_t> max_body_bytes;
  bool is_csrf_exempt = false;     ///< Whether requests need no CSRF token.
  SocketSettings socket_settings;  ///< What the handshake must bring, if it is a socket.
  RouteNotes notes;                ///< For documents.
  /// What the URL map knows it by, once the application serves: its whole name if it has one.
  std::string key;
};

/// A text as a template argument.
template <std::size_t Size>
struct FixedText {
  /// Of a literal, which becomes part of the type.
  consteval FixedText(const char (&text)[Size]) {  // NOLINT: implicit, and of an array
    for (std::size_t i = 0; i < Size; ++i) bytes[i] = text[i];
  }
  /// The text, without the zero at its end.
  constexpr std::string_view view() const { return {bytes, Size - 1}; }
  /// The text and a zero.
  char bytes[Size];  // NOLINT: a structural type.
};

/// What a value in a path is when URLs are built: texts are all one.
template <class Parameter>
using UrlArgument = std::conditional_t<
    std::is_convertible_v<const std::remove_cvref_t<Parameter>&, std::string_view>, std::string,
    std::remove_cvref_t<Parameter>>;

/// A route's whole name, and the types that its handler takes from the path.
template <FixedText Name, class... Parameters>
struct Endpoint {
  /// The whole name, those of blueprints included.
  static constexpr std::string_view name() { return Name.view(); }
  using parameters = TypeList<UrlArgument<Parameters>...>;  ///< The types in the path, in order.
};

/// A route just registered, to say more about it, and to build its URLs (`url_for`). `Parameters`
/// are what its handler takes from the path. Lifetime: the application's.
template <class... Parameters>
class RouteHandle {
 public:
  using parameters = TypeList<Parameters...>;  ///< The types in the path, in order.

  /// For `Routes`, which registers it.
  explicit RouteHandle(Route& route) : route_(&route) {}

  /// Names the route. The names of its blueprints come before it: "admin.users.show". Routes of one
  /// name are one endpoint: a URL is built for the first that fits.
  RouteHandle name(std::string name) const {
    route_->name = std::move(name);
    return *this;
  }
  /// Names the route as `endpoint` says, which gives the whole name.
  template <FixedText Name, class... Claimed>
  RouteHandle name(const Endpoint<Name, Claimed...>& endpoint) const {
    static_assert(std::is_same_v<TypeList<UrlArgument<Parameters>...>,
                                 typename Endpoint<Name, Claimed...>::parameters>,
                  "the Endpoint says other types than the handler takes from the path. Mend: write "
                  "Endpoint<\"name\", the types of the handler's plain parameters, in order>");
    route_->claimed_name = endpoint.name();
    route_->name = route_->claimed_name.substr(route_->claimed_name.rfind('.') + 1);
    return *this;
  }
  /// Leads another path to the same handler. Parameters that `pattern` lacks have the values of
  /// `defaults`; asking for such a value by a longer path redirects to this one:
  /// `app.get("/page/{n}", page).also("/page/", {{"n", 1}})`.
  RouteHandle also(std::string pattern, UrlValues defaults = {}) const {
    route_->others.push_back({std::move(pattern), std::move(defaults), false});
    return *this;
  }
  /// Redirects another path to this route's.
  RouteHandle alias(std::string pattern, UrlValues defaults = {}) const {
    route_->others.push_back({std::move(pattern), std::move(defaults), true});
    return *this;
  }
  /// Takes the path with and without a slash at its end, without a redirect.
  RouteHandle any_slash() const {
    route_->takes_any_slash = true;
    return *this;
  }
  /// The largest body taken; 413 past it. Bytes.
  RouteHandle max_body(std::size_t bytes) const {
    route_->max_body_bytes = bytes;
    return *this;
  }
  /// Takes unsafe requests from wherever they come: for clients that are no browsers. The handler
  /// must not go by cookies then.
  RouteHandle exempt_from_csrf() const {
    route_->is_csrf_exempt = true;
    return *this;
  }
  /// For sockets: origins besides the own host that may connect, such as "https://*.example.org".
  RouteHandle allow_origins(std::vector<std::string> origins) const {
    route_->socket_settings.allowed_origins = std::move(origins);
    return *this;
  }
  /// For sockets: subprotocols spoken here, the preferred first.
  RouteHandle protocols(std::vector<std::string> protocols) const {
    route_->socket_settings.protocols = std::move(protocols);
    return *this;
  }
  /// For sockets: limits and habits.
  RouteHandle socket_options(http::WebSocketOptions options) const {
    route_->socket_settings.options = options;
    return *this;
  }

  /// For documents: what it does, in a few words; and more in `description`.
  RouteHandle summary(std::string text, std::string description = {}) const {
    route_->notes.summary = std::move(text);
    route_->notes.description = std::move(description);
    return *this;
  }
  /// For documents: what it is listed under, instead of its blueprint's name.
  RouteHandle tags(std::vector<std::string> tags) const {
    route_->notes.tags = std::move(tags);
    return *this;
  }
  /// For documents: an answer that the handler's return type does not tell, as in
  /// `return status(201, post)`: `.answers<Post>(201, "It was stored")`. Without a type, it is an
  /// answer without a body, or from 400 on a problem document.
  template <class Value = void>
  RouteHandle answers(int status, std::string description = {}) const {
    route_->notes.answers.push_back({status, std::move(description), &document_result<Value>});
    return *this;
  }
  /// For documents: it is to be used no longer.
  RouteHandle deprecated() const {
    route_->notes.is_deprecated = true;
    return *this;
  }
  /// Leaves it out of documents.
  RouteHandle undocumented() const {
    route_->notes.is_hidden = true;
    return *this;
  }

  /// The route as it is registered so far.
  const Route& route() const noexcept { return *route_; }

 private:
  Route* route_;
};

namespace route_detail {

template <class Kept, class... Parameters>
struct Plain {
  using type = Kept;
};
template <class... Kept, class First, class... More>
struct Plain<RouteHandle<Kept...>, First, More...>
    : Plain<
          std::conditional_t<PathParameter<First>, RouteHandle<Kept..., std::remove_cvref_t<First>>,
                             RouteHandle<Kept...>>,
          More...> {};

template <class... Parameters>
auto handle_of(TypeList<Parameters...>) -> typename Plain<RouteHandle<>, Parameters...>::type;

}  // namespace route_detail

/// The handle of a route with this handler.
template <class Handler>
using RouteHandleOf = decltype(route_detail::handle_of(ParametersOf<Handler>{}));

}  // namespace hornbeam::web

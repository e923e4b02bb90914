#pragma once

// url_for: the URL of a route, by its handle, its Endpoint, or its name.
//
//   url_for(request, show, 7)                                   // "/users/7", checked by the
//   compiler url_for(request, show, 7, UrlOptions{.anchor = "posts"})    // "/users/7#posts"
//   url_for(request, "users.show", {{"id", 7}, {"tab", "x"}})   // "/users/7?tab=x", checked now
//
// The URL is relative to the site, below what a proxy puts before its paths (`root_path`); one of
// another host, of a WebSocket, or asked for with `external`, has scheme and host. By name, the
// values "_anchor", "_external", "_scheme" and "_method" mean the same as in Flask. Parameters of a
// blueprint's prefix and of a host that are not given are those of the current request.

#include <array>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "hornbeam/web/app.h"
#include "hornbeam/web/request.h"
#include "hornbeam/web/route.h"
#include "hornbeam/web/url_map.h"

namespace hornbeam::web {

/// The URL of the route called `name`; ".show" is the current blueprint's. Throws BuildError.
std::string url_for(const Request& request, std::string_view name, const UrlValues& values = {},
                    const UrlOptions& options = {});
/// As above, without a request: an external URL takes its host from `Settings::server_name`.
std::string url_for(App& app, std::string_view name, const UrlValues& values = {},
                    const UrlOptions& options = {});

namespace url_for_detail {

std::string build(const Request& request, std::string_view name, std::span<const std::string> texts,
                  const UrlOptions& options);
std::string build(App& app, std::string_view name, std::span<const std::string> texts,
                  const UrlOptions& options);
/// The name that the URL map has for `route`. Throws BuildError before the application serves.
std::string_view key_of(const Route& route);

template <class... Arguments>
constexpr bool ends_with_options() {
  if constexpr (sizeof...(Arguments) == 0) {
    return false;
  } else {
    using Last = std::tuple_element_t<sizeof...(Arguments) - 1, std::tuple<Arguments...>>;
    return std::is_same_v<std::remove_cvref_t<Last>, UrlOptions>;
  }
}

template <class From, class Parameter>
inline constexpr bool kFits =
    std::is_convertible_v<const From&, UrlArgument<Parameter>> &&
    // A text is no number, a number no text, and 3.5 no whole number, whatever C++ converts.
    (std::is_convertible_v<const From&, std::string_view> ==
     std::is_same_v<UrlArgument<Parameter>, std::string>) &&
    !(std::is_floating_point_v<From> && std::is_integral_v<Parameter>);

template <class Where, class... Parameters, class Arguments, std::size_t... Index>
std::string fill(Where& where, std::string_view key, TypeList<Parameters...>,
                 const Arguments& arguments, const UrlOptions& options,
                 std::index_sequence<Index...>) {
  static_assert(
      (kFits<std::remove_cvref_t<std::tuple_element_t<Index, Arguments>>, Parameters> && ...),
      "url_for is given a value of another type than the route's handler takes from the "
      "path. Mend: give values of the types of the handler's plain parameters, in order");
  const std::array<std::string, sizeof...(Parameters)> texts{
      segment_text(UrlArgument<Parameters>(std::get<Index>(arguments)))...};
  return build(where, key, texts, options);
}

template <class Where, class... Parameters, class... Arguments>
std::string url_for(Where& where, std::string_view key, TypeList<Parameters...> parameters,
                    const Arguments&... arguments) {
  constexpr bool has_options = ends_with_options<Arguments...>();
  constexpr std::size_t given = sizeof...(Arguments) - (has_options ? 1 : 0);
  static_assert(given >= sizeof...(Parameters),
                "url_for is given fewer values than the route's path takes. Mend: give one for "
                "each plain parameter of its handler, in order");
  static_assert(given <= sizeof...(Parameters),
                "url_for is given more values than the route's path takes. Mend: give one for each "
                "plain parameter of its handler; a query goes into UrlOptions{.values = ...}");
  const std::tuple<const Arguments&...> all(arguments...);
  if constexpr (given == sizeof...(Parameters)) {
    constexpr std::make_index_sequence<sizeof...(Parameters)> indices;
    if constexpr (has_options) {
      return fill(where, key, parameters, all, std::get<given>(all), indices);
    } else {
      return fill(where, key, parameters, all, UrlOptions(), indices);
    }
  } else {
    return {};
  }
}

}  // namespace url_for_detail

/// The URL of a route by its handle. Values are checked by the compiler. Throws BuildError for one
/// that the route would not take, such as an empty text.
template <class... Parameters, class... Arguments>
std::string url_for(const Request& request, const RouteHandle<Parameters...>& route,
                    const Arguments&... arguments) {
  return url_for_detail::url_for(request, url_for_detail::key_of(route.route()),
                                 TypeList<Parameters...>(), arguments...);
}
template <class... Parameters, class... Arguments>
std::string url_for(App& app, const RouteHandle<Parameters...>& route,
                    const Arguments&... arguments) {
  app.handler();
  return url_for_detail::url_for(app, url_for_detail::key_of(route.route()),
                                 TypeList<Parameters...>(), arguments...);
}
/// The URL of a route by its Endpoint.
template <FixedText Name, class... Parameters, class... Arguments>
std::string url_for(const Request& request, const Endpoint<Name, Parameters...>&,
                    const Arguments&... arguments) {
  return url_for_detail::url_for(
      request, Name.view(), typename Endpoint<Name, Parameters...>::parameters(), arguments...);
}
template <FixedText Name, class... Parameters, class... Arguments>
std::string url_for(App& app, const Endpoint<Name, Parameters...>&, const Arguments&... arguments) {
  return url_for_detail::url_for(
      app, Name.view(), typename Endpoint<Name, Parameters...>::parameters(), arguments...);
}

}  // namespace hornbeam::web

#pragma once

// UrlMap: every route by its name, and the URLs that lead to it.
//
// Building is the reverse of matching, in Werkzeug's way: of the rules of one endpoint the first
// whose parameters are all given is taken, those with more parameters first; what no parameter
// takes becomes the query; quoting is Werkzeug's. An application's map is `App::urls`; handlers use
// `url_for`.

#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/web/url_values.h"

namespace hornbeam::web {

struct Rule;

/// No URL can be built: names the endpoint, what is missing, and the nearest endpoint.
class BuildError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Where a URL will be used.
struct UrlContext {
  std::string_view scheme = "http";  ///< For URLs with a host.
  /// With the port, if it is not the scheme's; empty if no request says.
  std::string_view host{};
  /// What a proxy puts before every path, such as "/shop"; without a slash at the end.
  std::string_view root_path{};
  /// The current blueprint, for names such as ".show".
  std::string_view blueprint{};
  /// The request's method; of equal rules one that takes it is preferred.
  std::optional<http::Method> method{};
  /// What the current request's path gave for the parameters of blueprints' prefixes and of hosts.
  std::span<const std::pair<std::string_view, std::string_view>> inherited{};
};

/// Every endpoint's rules, to build URLs from: what `url_for` asks.
class UrlMap {
 public:
  UrlMap();
  UrlMap(UrlMap&&) noexcept;
  UrlMap& operator=(UrlMap&&) noexcept;
  ~UrlMap();

  /// Adds a rule. Those of one endpoint are asked in the order of Werkzeug's build_compare_key.
  const Rule& add(Rule rule);

  /// The URL of the endpoint `name`. Throws BuildError.
  std::string build(std::string_view name, const UrlValues& values, const UrlOptions& options = {},
                    const UrlContext& context = {}) const;
  /// As `build`, with the values of the handler's own parameters by their order.
  std::string build(std::string_view name, std::span<const std::string> texts,
                    const UrlOptions& options = {}, const UrlContext& context = {}) const;

  /// Why a URL of `name` could not be built from values of these names, whatever they are; nothing
  /// if it could. For templates, which ask when they are loaded.
  std::optional<std::string> check(std::string_view name,
                                   std::span<const std::string> value_names) const;
  /// Whether there is an endpoint of that name.
  bool contains(std::string_view name) const;
  /// Every endpoint's name, in order.
  std::vector<std::string_view> names() const;

  /// Where a request that matched `rule` with these values, one for each of the rule's parameters,
  /// should have gone: a shorter rule has one of the values as its default, or `rule` is an alias.
  std::optional<std::string> redirect_of(const Rule& rule, const UrlValues& values,
                                         http::Method method, const UrlContext& context) const;

 private:
  struct Built;
  struct Compiled;
  struct State;

  const std::vector<Compiled*>* rules_of(std::string_view name) const;
  std::optional<Built> build_path(std::string_view name, const UrlValues& values,
                                  std::optional<http::Method> method,
                                  const UrlContext& context) const;
  std::string explain(std::string_view name, std::span<const std::string> value_names,
                      std::optional<http::Method> method) const;

  std::unique_ptr<State> state_;
};

}  // namespace hornbeam::web

#pragma once

// Router: from a path to a route, in Werkzeug's order.
//
// The patterns form a tree of segments. At every node the literal child is tried first, then the
// parameters, the strictest first: more literal text, then numbers, then text. What fails deeper
// down comes back and tries the next. A "{name:path}" takes slashes, so the rest of its pattern is
// one edge, matched as a whole and weighed as a whole. A host has a tree of its own; those of the
// request's host are asked first, then the one for any host. A rule "/a/" is the segments "a" and
// "": asking for "/a" finds that "" would match, and redirects. Doubled slashes are merged if that
// leads somewhere, and redirected. Two looks into hash tables come before all this: a path of
// literals only is answered by one; the other finds the node below which parameters begin, which is
// the first that a walk from the root would try. What a request touches lies close together, so
// that thousands of routes cost little more than a few: see bench/routing.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/http/method.h"
#include "hornbeam/web/internal/name_table.h"
#include "hornbeam/web/internal/pattern.h"
#include "hornbeam/web/internal/rule.h"
#include "hornbeam/web/request.h"

namespace hornbeam::web {

/// What the tree gives for a path.
struct RouteMatch {
  enum class Kind : std::uint8_t { kFound, kNotFound, kWrongMethod, kRedirect };

  Kind kind = Kind::kNotFound;
  std::uint32_t route = 0;  ///< The index given to `add`, if found.
  Methods allowed;          ///< What other methods of this path are routed.
  std::string redirect;     ///< The decoded path that is meant, for `kRedirect`.
};

class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  /// Adds `rule`. Throws std::invalid_argument if its path is already routed for one of its
  /// methods.
  void add(const Rule& rule, std::uint32_t route);

  /// Matches a decoded path. HEAD takes GET's route if it has none of its own. Every parameter's
  /// place is written to `arguments`. Requires: no rule has a host.
  RouteMatch match(std::string_view path, http::Method method, bool is_socket,
                   PathArguments& arguments) const;
  /// As `match`, for rules with hosts. Writes the values of the host's parameters, which refer to
  /// `host`. Requires: `host` in lower case and without port.
  RouteMatch match(std::string_view host, std::string_view path, http::Method method,
                   bool is_socket, PathArguments& arguments,
                   std::vector<std::string_view>& host_values) const;

  /// Whether any rule has a host.
  bool has_hosts() const noexcept { return !hosts_.empty(); }
  /// Whether any socket is routed at all.
  bool has_sockets() const noexcept { return has_sockets_; }

  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  /// The route of a path of literals; `kNone` if there is none, or only a search can tell.
  std::uint32_t find_literal(std::string_view path, http::Method method) const noexcept;

 private:
  static constexpr std::size_t kMethodCount = static_cast<std::size_t>(http::Method::kOther) + 1;
  static constexpr std::size_t kSocketSlot = kMethodCount;

  struct Node;
  class Search;

  struct Host;
  /// A parameter's value is checked once its route is chosen.
  struct Check {
    std::uint32_t place;
    bool is_host;
    bool (*converts)(std::string_view text);
  };
  /// Those of one route, in `checks_`.
  struct Checks {
    std::uint32_t begin = 0;
    std::uint32_t count = 0;
  };

  Node& new_node();
  Node& tree_of(const Rule& rule);
  Node& child(Node& node, const Segment& segment);
  void add_checks(const Rule& rule, std::uint32_t route);
  const Node* branch_before(std::string_view path, std::size_t& at) const;
  RouteMatch match_exactly(const Node& root, std::string_view path, http::Method method,
                           bool is_socket, PathArguments& arguments) const;
  RouteMatch match_tree(const Node& root, std::string_view path, http::Method method,
                        bool is_socket, PathArguments& arguments) const;
  bool converts(std::uint32_t route, std::string_view path, const PathArguments& arguments,
                const std::vector<std::string_view>* host_values) const;
  static void refuse(RouteMatch& match);

  std::vector<std::unique_ptr<Node>> nodes_;  // The first is the root of those for any host.
  std::vector<Host> hosts_;                   // In the order they are tried.
  NameTable<const Node*> literals_;           // By path; without hosts only, as the next.
  NameTable<const Node*> branches_;           // Nodes below literals that have edges, by path.
  std::size_t longest_branch_ = 0;
  std::vector<Check> checks_;
  std::vector<Checks> checks_of_;  // By route; short, if the last ones have none.
  bool has_sockets_ = false;
};

}  // namespace hornbeam::web

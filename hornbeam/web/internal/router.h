#pragma once

// Router: from a path to a route, in Werkzeug's order.
//
// The patterns form a tree of segments. At every node the literal child is tried first, then the
// parameters, the strictest first: more literal text, then numbers, then text. What fails deeper
// down comes back and tries the next. A "{name:path}" takes slashes, so the rest of its pattern is
// one edge, matched as a whole and weighed as a whole. A rule "/a/" is the segments "a" and "":
// asking for "/a" finds that "" would match, and redirects. Doubled slashes are merged if that
// leads somewhere, and redirected. Paths of literals only, which are most, are answered before all
// this by one look into a hash table.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/http/method.h"
#include "hornbeam/web/internal/name_table.h"
#include "hornbeam/web/request.h"
#include "hornbeam/web/routes.h"

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

  /// Adds `pattern`. Throws std::invalid_argument if it is already routed for one of `methods`.
  void add(std::string_view pattern, const std::vector<SegmentType>& types, Methods methods,
           bool is_socket, std::uint32_t route);

  /// Matches a decoded path. HEAD takes GET's route if it has none of its own. Every parameter's
  /// place is written to `arguments`.
  RouteMatch match(std::string_view path, http::Method method, bool is_socket,
                   PathArguments& arguments) const;

  /// Whether any socket is routed at all.
  bool has_sockets() const noexcept { return has_sockets_; }

  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  /// The routes of a path of literals by method, and of sockets at `kSocketSlot`; null if there are
  /// none.
  const std::uint32_t* find_literal(std::string_view path) const noexcept {
    const std::uint32_t* const* routes = literal_.find(path);
    return routes == nullptr ? nullptr : *routes;
  }
  static constexpr std::size_t kMethodCount = static_cast<std::size_t>(http::Method::kOther) + 1;
  static constexpr std::size_t kSocketSlot = kMethodCount;

 private:
  struct Node;
  class Search;

  RouteMatch match_exactly(std::string_view path, http::Method method, bool is_socket,
                           PathArguments& arguments) const;

  std::unique_ptr<Node> root_;
  NameTable<const std::uint32_t*> literal_;
  bool has_sockets_ = false;
};

}  // namespace hornbeam::web

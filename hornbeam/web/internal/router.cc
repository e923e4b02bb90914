#include "hornbeam/web/internal/router.h"

#include <algorithm>
#include <stdexcept>
#include <tuple>

namespace hornbeam::web {

namespace {

/// A literal, or a parameter, inside one segment of a pattern.
struct Piece {
  std::string literal;  // Empty for a parameter.
  SegmentType type;
  bool takes_slashes = false;

  bool is_parameter() const { return literal.empty(); }
};

using Segment = std::vector<Piece>;

bool is_literal(const Segment& segment) {
  return segment.empty() || (segment.size() == 1 && !segment[0].is_parameter());
}

bool is_same(const Segment& left, const Segment& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const Piece& a, const Piece& b) {
                      return a.literal == b.literal && a.takes_slashes == b.takes_slashes &&
                             a.type.weight == b.type.weight && a.type.accepts == b.type.accepts;
                    });
}

/// Werkzeug's weight of a segment: what is smaller is tried first.
auto weight_of(const Segment& segment) {
  std::vector<std::pair<int, int>> literals;
  std::vector<int> parameters;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    const Piece& piece = segment[i];
    if (piece.is_parameter()) {
      parameters.push_back(piece.takes_slashes ? 200 : piece.type.weight);
    } else {
      literals.emplace_back(static_cast<int>(i), -static_cast<int>(piece.literal.size()));
    }
  }
  return std::tuple(-static_cast<int>(literals.size()), literals,
                    -static_cast<int>(parameters.size()), parameters);
}

std::vector<Segment> segments_of(std::string_view pattern, const std::vector<SegmentType>& types) {
  const PathShape shape = examine_path(pattern);
  std::vector<Segment> segments(1);
  std::size_t parameter = 0;
  for (std::size_t i = 1; i < pattern.size();) {
    if (pattern[i] == '/') {
      segments.emplace_back();
      ++i;
    } else if (pattern[i] == '{') {
      segments.back().push_back({{}, types[parameter], shape.takes_slashes[parameter]});
      ++parameter;
      i = pattern.find('}', i) + 1;
    } else {
      const std::size_t end = std::min(pattern.find_first_of("/{", i), pattern.size());
      segments.back().push_back({std::string(pattern.substr(i, end - i)), {}, false});
      i = end;
    }
  }
  return segments;
}

}  // namespace

struct Router::Node {
  struct Edge {
    Segment segment;
    std::unique_ptr<Node> node;
  };

  NameTable<std::unique_ptr<Node>> literals;
  std::vector<Edge> edges;  // In the order they are tried.
  std::array<std::uint32_t, kMethodCount + 1> routes = make_empty();
  Methods methods;

  static std::array<std::uint32_t, kMethodCount + 1> make_empty() {
    std::array<std::uint32_t, kMethodCount + 1> routes{};
    routes.fill(kNone);
    return routes;
  }

  Node& child(const Segment& segment) {
    if (is_literal(segment)) {
      auto& node = literals.find_or_add(segment.empty() ? "" : segment[0].literal);
      if (node == nullptr) node = std::make_unique<Node>();
      return *node;
    }
    for (Edge& edge : edges) {
      if (is_same(edge.segment, segment)) return *edge.node;
    }
    const auto weight = weight_of(segment);
    const auto place = std::find_if(edges.begin(), edges.end(), [&](const Edge& edge) {
      return weight < weight_of(edge.segment);
    });
    return *edges.insert(place, {segment, std::make_unique<Node>()})->node;
  }
};

/// One walk through the tree.
struct Router::Search {
  std::string_view path;
  http::Method method;
  bool is_socket;
  PathArguments& arguments;
  RouteMatch result{};

  std::uint32_t route_at(const Node& node) const {
    if (is_socket) return node.routes[kSocketSlot];
    const std::uint32_t route = node.routes[static_cast<std::size_t>(method)];
    if (route != kNone || method != http::Method::kHead) return route;
    return node.routes[static_cast<std::size_t>(http::Method::kGet)];
  }

  /// Matches what is left from `at`, which is past a slash; true ends the search with `result`.
  bool walk(const Node& node, std::size_t at) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view segment = path.substr(at, end - at);
    if (const auto* child = node.literals.find(segment)) {
      if (step(**child, end)) return true;
    }
    for (const Node::Edge& edge : node.edges) {
      const std::uint32_t count = arguments.count;
      if (edge.segment.size() == 1 && edge.segment[0].takes_slashes) {
        if (walk_path(edge, at)) return true;
      } else if (fits(edge.segment, 0, at, end) && step(*edge.node, end)) {
        return true;
      }
      arguments.count = count;
    }
    return false;
  }

  /// Goes on after a segment that ended at `end`.
  bool step(const Node& node, std::size_t end) {
    return end == path.size() ? finish(node) : walk(node, end + 1);
  }

  bool finish(const Node& node) {
    const std::uint32_t route = route_at(node);
    if (route != kNone) {
      result.kind = RouteMatch::Kind::kFound;
      result.route = route;
      return true;
    }
    result.allowed.add(node.methods);
    if (const auto* slashed = node.literals.find("")) {
      if (route_at(**slashed) != kNone) {
        result.kind = RouteMatch::Kind::kAddSlash;
        return true;
      }
    }
    return false;
  }

  /// Lets a "{name:path}" take as few segments as will do.
  bool walk_path(const Node::Edge& edge, std::size_t begin) {
    if (begin == path.size() || path[begin] == '/') return false;
    const std::uint32_t index = arguments.count;
    for (std::size_t at = begin; at < path.size();) {
      const std::size_t end = std::min(path.find('/', at), path.size());
      arguments.count = index;
      push(begin, end);
      if (step(*edge.node, end)) return true;
      if (end + 1 == path.size()) {
        // The slash at the end belongs to the path as well.
        arguments.count = index;
        push(begin, end + 1);
        return finish(*edge.node);
      }
      at = end + 1;
    }
    return false;
  }

  /// Matches the pieces from `index` on with the bytes from `at` to `end`. A parameter takes as
  /// much as it can.
  bool fits(const Segment& segment, std::size_t index, std::size_t at, std::size_t end) {
    if (index == segment.size()) return at == end;
    const Piece& piece = segment[index];
    if (!piece.is_parameter()) {
      const std::string_view rest = path.substr(at, end - at);
      return rest.starts_with(piece.literal) &&
             fits(segment, index + 1, at + piece.literal.size(), end);
    }
    if (index + 1 == segment.size()) return take(piece, at, end);
    const std::string& literal = segment[index + 1].literal;  // Two parameters never touch.
    for (std::size_t stop = end; stop > at; --stop) {
      if (!path.substr(stop, end - stop).starts_with(literal)) continue;
      const std::uint32_t count = arguments.count;
      if (take(piece, at, stop) && fits(segment, index + 1, stop, end)) return true;
      arguments.count = count;
    }
    return false;
  }

  bool take(const Piece& piece, std::size_t begin, std::size_t end) {
    if (begin == end) return false;
    if (piece.type.accepts != nullptr && !piece.type.accepts(path.substr(begin, end - begin))) {
      return false;
    }
    push(begin, end);
    return true;
  }

  void push(std::size_t begin, std::size_t end) {
    arguments.spans[arguments.count++] = {static_cast<std::uint32_t>(begin),
                                          static_cast<std::uint32_t>(end - begin)};
  }
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(std::string_view pattern, const std::vector<SegmentType>& types, Methods methods,
                 bool is_socket, std::uint32_t route) {
  Node* node = root_.get();
  for (const Segment& segment : segments_of(pattern, types)) node = &node->child(segment);
  auto set = [&](std::size_t slot, std::string_view method) {
    if (node->routes[slot] != kNone) {
      throw std::invalid_argument(std::string(method) + " '" + std::string(pattern) +
                                  "' is routed twice. Mend: remove one, or change its path");
    }
    node->routes[slot] = route;
  };
  for (std::size_t i = 0; i + 1 < kMethodCount; ++i) {
    const auto method = static_cast<http::Method>(i);
    if (methods.contains(method)) set(i, http::to_string(method));
  }
  if (is_socket) set(kSocketSlot, "socket");
  has_sockets_ |= is_socket;
  node->methods.add(methods);
  if (pattern.find('{') != std::string_view::npos) return;
  // HEAD is looked up through the tree, which knows how to fall back to GET.
  literal_.find_or_add(pattern) = node->routes.data();
}

RouteMatch Router::match(std::string_view path, http::Method method, bool is_socket,
                         PathArguments& arguments) const {
  arguments.count = 0;
  Search search{path, method, is_socket, arguments};
  if (!path.starts_with('/') || search.walk(*root_, 1)) return search.result;
  if (!search.result.allowed.empty()) search.result.kind = RouteMatch::Kind::kWrongMethod;
  return search.result;
}

}  // namespace hornbeam::web

#include "hornbeam/web/internal/router.h"

#include <algorithm>
#include <stdexcept>
#include <tuple>

namespace hornbeam::web {

namespace {

/// A literal, or a parameter, inside a pattern.
struct Piece {
  std::string literal;  // Empty for a parameter; "/" only inside of a tail.
  SegmentType type;
  bool takes_slashes = false;

  bool is_parameter() const { return literal.empty(); }
};

/// What an edge of the tree matches: a segment, or everything that is left.
struct Segment {
  std::vector<Piece> pieces;
  bool is_tail = false;
  bool has_suffix = false;  // A tail that a slash follows.

  bool is_literal() const {
    return pieces.empty() || (pieces.size() == 1 && !pieces[0].is_parameter());
  }
};

bool is_same(const Segment& left, const Segment& right) {
  return left.is_tail == right.is_tail && left.has_suffix == right.has_suffix &&
         std::equal(left.pieces.begin(), left.pieces.end(), right.pieces.begin(),
                    right.pieces.end(), [](const Piece& a, const Piece& b) {
                      return a.literal == b.literal && a.takes_slashes == b.takes_slashes &&
                             a.type.weight == b.type.weight && a.type.accepts == b.type.accepts;
                    });
}

/// Werkzeug's weight of a segment: what is smaller is tried first.
auto weight_of(const Segment& segment) {
  std::vector<std::pair<int, int>> literals;
  std::vector<int> parameters;
  for (const Piece& piece : segment.pieces) {
    if (piece.is_parameter()) {
      parameters.push_back(piece.takes_slashes ? 200 : piece.type.weight);
    } else if (piece.literal != "/") {
      literals.emplace_back(static_cast<int>(literals.size()),
                            -static_cast<int>(piece.literal.size()));
    }
  }
  return std::tuple(-static_cast<int>(literals.size()), literals,
                    -static_cast<int>(parameters.size()), parameters);
}

/// Appends the pieces of `text`, which begins at a piece.
void append_pieces(Segment& segment, std::string_view text, const PathShape& shape,
                   const std::vector<SegmentType>& types, std::size_t& parameter) {
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '{') {
      segment.pieces.push_back({{}, types[parameter], shape.takes_slashes[parameter]});
      ++parameter;
      i = text.find('}', i) + 1;
      continue;
    }
    const std::size_t end =
        text[i] == '/' ? i + 1 : std::min(text.find_first_of("/{", i), text.size());
    segment.pieces.push_back({std::string(text.substr(i, end - i)), {}, false});
    i = end;
  }
}

std::vector<Segment> segments_of(std::string_view pattern, const std::vector<SegmentType>& types) {
  const PathShape shape = examine_path(pattern);
  std::vector<Segment> segments;
  std::size_t parameter = 0;
  for (std::string_view rest = pattern.substr(1);;) {
    Segment& segment = segments.emplace_back();
    const std::size_t end = std::min(rest.find('/'), rest.size());
    if (rest.substr(0, end).find(":path}") == std::string_view::npos) {
      append_pieces(segment, rest.substr(0, end), shape, types, parameter);
      if (end == rest.size()) return segments;
      rest.remove_prefix(end + 1);
      continue;
    }
    segment.is_tail = true;
    segment.has_suffix = rest.ends_with('/');
    if (segment.has_suffix) rest.remove_suffix(1);
    append_pieces(segment, rest, shape, types, parameter);
    if (segment.has_suffix) segments.emplace_back();
    return segments;
  }
}

std::string merge_slashes(std::string_view path) {
  std::string merged;
  for (const char each : path) {
    if (each != '/' || merged.empty() || merged.back() != '/') merged += each;
  }
  return merged;
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
    if (segment.is_literal()) {
      const std::vector<Piece>& pieces = segment.pieces;
      auto& node = literals.find_or_add(pieces.empty() ? "" : pieces[0].literal);
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
class Router::Search {
 public:
  Search(std::string_view path, http::Method method, bool is_socket, PathArguments& arguments)
      : path_(path), method_(method), is_socket_(is_socket), arguments_(arguments) {}

  /// Matches what is left from `at`, which is past a slash; true ends the search with `result`.
  bool walk(const Node& node, std::size_t at) {
    const std::size_t end = std::min(path_.find('/', at), path_.size());
    const std::string_view segment = path_.substr(at, end - at);
    if (const auto* child = node.literals.find(segment)) {
      if (step(**child, end)) return true;
    }
    for (const Node::Edge& edge : node.edges) {
      const std::uint32_t count = arguments_.count;
      if (edge.segment.is_tail) {
        if (walk_tail(edge, at)) return true;
      } else if (fits(edge.segment, 0, at, end) && step(*edge.node, end)) {
        return true;
      }
      arguments_.count = count;
    }
    return false;
  }

  RouteMatch result{};

 private:
  std::uint32_t route_at(const Node& node) const {
    if (is_socket_) return node.routes[kSocketSlot];
    const std::uint32_t route = node.routes[static_cast<std::size_t>(method_)];
    if (route != kNone || method_ != http::Method::kHead) return route;
    return node.routes[static_cast<std::size_t>(http::Method::kGet)];
  }

  /// Goes on after a segment that ended at `end`.
  bool step(const Node& node, std::size_t end) {
    return end == path_.size() ? finish(node) : walk(node, end + 1);
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
        result.kind = RouteMatch::Kind::kRedirect;
        result.redirect = std::string(path_) + "/";
        return true;
      }
    }
    return false;
  }

  /// Matches everything from `at` on.
  bool walk_tail(const Node::Edge& edge, std::size_t at) {
    std::size_t end = path_.size();
    const bool is_suffixed = edge.segment.has_suffix && path_.ends_with('/');
    if (is_suffixed) --end;
    if (end <= at || !fits(edge.segment, 0, at, end)) return false;
    if (!is_suffixed) return finish(*edge.node);
    return path_[end - 1] != '/' && finish(**edge.node->literals.find(""));
  }

  /// Matches the pieces from `index` on with the bytes from `at` to `end`. Ends because each step
  /// down takes a piece, and each round of a loop another place to stop.
  bool fits(const Segment& segment, std::size_t index, std::size_t at, std::size_t end) {
    if (index == segment.pieces.size()) return at == end;
    const Piece& piece = segment.pieces[index];
    if (!piece.is_parameter()) {
      return path_.substr(at, end - at).starts_with(piece.literal) &&
             fits(segment, index + 1, at + piece.literal.size(), end);
    }
    if (index + 1 == segment.pieces.size()) return take(piece, at, end);
    const std::string& literal = segment.pieces[index + 1].literal;  // Parameters never touch.
    const std::uint32_t count = arguments_.count;
    auto stops_at = [&](std::size_t stop) {
      if (!path_.substr(stop, end - stop).starts_with(literal)) return false;
      if (take(piece, at, stop) && fits(segment, index + 1, stop, end)) return true;
      arguments_.count = count;
      return false;
    };
    if (piece.takes_slashes) {  // As little as will do.
      for (std::size_t stop = at + 1; stop < end; ++stop) {
        if (stops_at(stop)) return true;
      }
      return false;
    }
    const std::size_t last = std::min(path_.find('/', at), end);
    for (std::size_t stop = last; stop > at; --stop) {
      if (stops_at(stop)) return true;
    }
    return false;
  }

  bool take(const Piece& piece, std::size_t begin, std::size_t end) {
    const std::string_view text = path_.substr(begin, end - begin);
    if (text.empty() || text[0] == '/') return false;
    if (!piece.takes_slashes && segment_has_slash(text)) return false;
    if (piece.type.accepts != nullptr && !piece.type.accepts(text)) return false;
    arguments_.spans[arguments_.count++] = {static_cast<std::uint32_t>(begin),
                                            static_cast<std::uint32_t>(end - begin)};
    return true;
  }

  static bool segment_has_slash(std::string_view text) {
    return text.find('/') != std::string_view::npos;
  }

  std::string_view path_;
  http::Method method_;
  bool is_socket_;
  PathArguments& arguments_;
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

RouteMatch Router::match_exactly(std::string_view path, http::Method method, bool is_socket,
                                 PathArguments& arguments) const {
  arguments.count = 0;
  Search search(path, method, is_socket, arguments);
  if (!path.starts_with('/') || search.walk(*root_, 1)) return std::move(search.result);
  if (!search.result.allowed.empty()) search.result.kind = RouteMatch::Kind::kWrongMethod;
  return std::move(search.result);
}

RouteMatch Router::match(std::string_view path, http::Method method, bool is_socket,
                         PathArguments& arguments) const {
  RouteMatch match = match_exactly(path, method, is_socket, arguments);
  if (match.kind != RouteMatch::Kind::kNotFound || path.find("//") == std::string_view::npos) {
    return match;
  }
  std::string merged = merge_slashes(path);
  RouteMatch meant = match_exactly(merged, method, is_socket, arguments);
  if (meant.kind == RouteMatch::Kind::kFound) {
    meant.kind = RouteMatch::Kind::kRedirect;
    meant.redirect = std::move(merged);
  }
  return meant.kind == RouteMatch::Kind::kRedirect ? meant : match;
}

}  // namespace hornbeam::web

#include "hornbeam/web/internal/router.h"

#include <algorithm>
#include <stdexcept>
#include <tuple>

namespace hornbeam::web {

namespace {

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
  bool takes_any_slash = false;
  bool needs_search = false;  // One of its routes fills in defaults, or redirects.

  static std::array<std::uint32_t, kMethodCount + 1> make_empty() {
    std::array<std::uint32_t, kMethodCount + 1> routes{};
    routes.fill(kNone);
    return routes;
  }

  Node& child(const Segment& segment) {
    if (segment.is_literal()) {
      const std::vector<Piece>& pieces = segment.pieces;
      auto& node = literals.find_or_add(pieces.empty() ? "" : pieces[0].text);
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

/// The routes of one host.
struct Router::Host {
  Segment name;
  std::unique_ptr<Node> root;
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
      } else if (fits(edge.segment, at, end) && step(*edge.node, end)) {
        return true;
      }
      arguments_.count = count;
    }
    // A slash at the end that the rule does not have, and does not mind.
    return node.takes_any_slash && at == path_.size() && settle(route_at(node));
  }

  /// Matches a host, which is one segment whatever its dots.
  bool fits_host(const Segment& segment) { return fits(segment, 0, path_.size()); }

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

  bool settle(std::uint32_t route) {
    if (route == kNone) return false;
    result.kind = RouteMatch::Kind::kFound;
    result.route = route;
    return true;
  }

  bool finish(const Node& node) {
    if (settle(route_at(node))) return true;
    result.allowed.add(node.methods);
    if (const auto* slashed = node.literals.find("")) {
      const std::uint32_t route = route_at(**slashed);
      if ((*slashed)->takes_any_slash && settle(route)) return true;
      if (route != kNone) {
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
    if (end <= at || !fits(edge.segment, at, end)) return false;
    if (!is_suffixed) return finish(*edge.node);
    return path_[end - 1] != '/' && finish(**edge.node->literals.find(""));
  }

  /// Matches all pieces with the bytes from `at` to `end`.
  bool fits(const Segment& segment, std::size_t at, std::size_t end) {
    const Piece& last = segment.pieces.back();
    if (segment.pieces.size() == 1 && last.is_parameter) return take(last, at, end);
    if (!last.is_parameter && !path_.substr(at, end - at).ends_with(last.text)) return false;
    failed_.clear();
    constexpr std::size_t kTwoParameters = 3;  // And what is between them.
    if (segment.pieces.size() > kTwoParameters) failed_.resize(segment.pieces.size() * (end + 1));
    return fits_from(segment, 0, at, end);
  }

  /// Matches the pieces from `index` on. Ends because each step down takes a piece, and each round
  /// of a loop another place to stop; soon, because what failed once is not tried again.
  bool fits_from(const Segment& segment, std::size_t index, std::size_t at, std::size_t end) {
    if (index == segment.pieces.size()) return at == end;
    const std::size_t key = index * (end + 1) + at;
    if (!failed_.empty() && failed_[key]) return false;
    if (tries(segment, index, at, end)) return true;
    if (!failed_.empty()) failed_[key] = true;
    return false;
  }

  bool tries(const Segment& segment, std::size_t index, std::size_t at, std::size_t end) {
    const Piece& piece = segment.pieces[index];
    if (!piece.is_parameter) {
      return path_.substr(at, end - at).starts_with(piece.text) &&
             fits_from(segment, index + 1, at + piece.text.size(), end);
    }
    if (index + 1 == segment.pieces.size()) return take(piece, at, end);
    const std::string& literal = segment.pieces[index + 1].text;  // Parameters never touch.
    const std::uint32_t count = arguments_.count;
    auto stops_at = [&](std::size_t stop) {
      if (!path_.substr(stop, end - stop).starts_with(literal)) return false;
      if (!failed_.empty() && failed_[(index + 1) * (end + 1) + stop]) return false;
      if (take(piece, at, stop) && fits_from(segment, index + 1, stop, end)) return true;
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
  std::vector<bool> failed_;  // By piece and place: from there on nothing fits.
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

Router::Node& Router::tree_of(const Rule& rule) {
  if (rule.host.empty()) return *root_;
  std::size_t parameter = 0;
  Segment name{pieces_of(rule.host, rule.types, parameter, false)};
  for (Host& host : hosts_) {
    if (is_same(host.name, name)) return *host.root;
  }
  const SegmentWeight weight = weight_of(name);
  // A host without parameters is tried first: one is more than any text with some.
  const auto place = std::find_if(hosts_.begin(), hosts_.end(), [&](const Host& host) {
    if (host.name.is_literal() || name.is_literal()) return !host.name.is_literal();
    return weight < weight_of(host.name);
  });
  return *hosts_.insert(place, Host{std::move(name), std::make_unique<Node>()})->root;
}

void Router::add(const Rule& rule, std::uint32_t route) {
  Node* node = &tree_of(rule);
  const std::size_t in_host = parameters_of(rule.host).size();
  for (const Segment& segment : segments_of(rule.pattern, rule.types, in_host)) {
    node = &node->child(segment);
  }
  auto set = [&](std::size_t slot, std::string_view method) {
    if (node->routes[slot] != kNone) {
      throw std::invalid_argument(std::string(method) + " '" + rule.host + rule.pattern +
                                  "' is routed twice. Mend: remove one, or change its path");
    }
    node->routes[slot] = route;
  };
  for (std::size_t i = 0; i + 1 < kMethodCount; ++i) {
    const auto method = static_cast<http::Method>(i);
    if (rule.methods.contains(method)) set(i, http::to_string(method));
  }
  if (rule.is_socket) set(kSocketSlot, "socket");
  has_sockets_ |= rule.is_socket;
  node->methods.add(rule.methods);
  node->takes_any_slash |= rule.takes_any_slash;
  for (std::uint32_t i = 0; i < rule.types.size(); ++i) {
    if (rule.types[i].converts == nullptr) continue;
    if (checks_.size() <= route) checks_.resize(route + 1);
    const bool is_host = i < in_host;
    checks_[route].push_back(
        {is_host ? i : i - static_cast<std::uint32_t>(in_host), is_host, rule.types[i].converts});
  }
  if (!hosts_.empty()) {
    literal_ = {};  // A path alone says no more which route it is.
    return;
  }
  node->needs_search |= rule.is_alias || !rule.defaults.empty();
  if (rule.pattern.find('{') != std::string::npos) return;
  // HEAD is looked up through the tree, which knows how to fall back to GET; so is a path of which
  // any method's route has defaults to fill in, or redirects.
  literal_.find_or_add(rule.pattern) = node->needs_search ? nullptr : node->routes.data();
}

RouteMatch Router::match_exactly(const Node& root, std::string_view path, http::Method method,
                                 bool is_socket, PathArguments& arguments) const {
  arguments.count = 0;
  Search search(path, method, is_socket, arguments);
  if (!path.starts_with('/') || search.walk(root, 1)) return std::move(search.result);
  if (!search.result.allowed.empty()) search.result.kind = RouteMatch::Kind::kWrongMethod;
  return std::move(search.result);
}

RouteMatch Router::match_tree(const Node& root, std::string_view path, http::Method method,
                              bool is_socket, PathArguments& arguments) const {
  RouteMatch match = match_exactly(root, path, method, is_socket, arguments);
  if (match.kind == RouteMatch::Kind::kFound || match.kind == RouteMatch::Kind::kRedirect ||
      path.find("//") == std::string_view::npos) {
    return match;
  }
  std::string merged = merge_slashes(path);
  RouteMatch meant = match_exactly(root, merged, method, is_socket, arguments);
  if (meant.kind == RouteMatch::Kind::kFound) {
    meant.kind = RouteMatch::Kind::kRedirect;
    meant.redirect = std::move(merged);
  }
  return meant.kind == RouteMatch::Kind::kRedirect ? std::move(meant) : std::move(match);
}

bool Router::converts(std::uint32_t route, std::string_view path, const PathArguments& arguments,
                      const std::vector<std::string_view>* host_values) const {
  if (route >= checks_.size()) return true;
  for (const Check& check : checks_[route]) {
    const std::string_view value = check.is_host ? (*host_values)[check.place]
                                                 : path.substr(arguments.spans[check.place].begin,
                                                               arguments.spans[check.place].size);
    if (!check.converts(value)) return false;
  }
  return true;
}

void Router::refuse(RouteMatch& match) {
  match.kind = match.allowed.empty() ? RouteMatch::Kind::kNotFound : RouteMatch::Kind::kWrongMethod;
}

RouteMatch Router::match(std::string_view path, http::Method method, bool is_socket,
                         PathArguments& arguments) const {
  RouteMatch match = match_tree(*root_, path, method, is_socket, arguments);
  if (!checks_.empty() && match.kind == RouteMatch::Kind::kFound &&
      !converts(match.route, path, arguments, nullptr)) {
    refuse(match);
  }
  return match;
}

RouteMatch Router::match(std::string_view host, std::string_view path, http::Method method,
                         bool is_socket, PathArguments& arguments,
                         std::vector<std::string_view>& host_values) const {
  RouteMatch last;
  for (std::size_t i = 0; i <= hosts_.size(); ++i) {
    host_values.clear();
    if (i < hosts_.size()) {
      PathArguments in_host;
      Search search(host, method, is_socket, in_host);
      if (!search.fits_host(hosts_[i].name)) continue;
      for (std::uint32_t at = 0; at < in_host.count; ++at) {
        host_values.push_back(host.substr(in_host.spans[at].begin, in_host.spans[at].size));
      }
    }
    const Node& root = i < hosts_.size() ? *hosts_[i].root : *root_;
    RouteMatch match = match_tree(root, path, method, is_socket, arguments);
    match.allowed.add(last.allowed);
    if (match.kind == RouteMatch::Kind::kFound &&
        !converts(match.route, path, arguments, &host_values)) {
      refuse(match);
      return match;
    }
    if (match.kind == RouteMatch::Kind::kFound || match.kind == RouteMatch::Kind::kRedirect) {
      return match;
    }
    refuse(match);
    last = std::move(match);
  }
  return last;
}

}  // namespace hornbeam::web

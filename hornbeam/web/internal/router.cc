#include "hornbeam/web/internal/router.h"

#include <algorithm>
#include <span>
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

/// A node of the tree, in one cache line.
struct alignas(64) Router::Node {
  using Routes = std::array<std::uint32_t, kMethodCount + 1>;
  struct Edge;

  std::unique_ptr<NameTable<Node*>> literals;
  std::vector<Edge> edges;         // In the order they are tried.
  std::uint32_t get = kNone;       // The route of GET, which most are.
  std::unique_ptr<Routes> others;  // Those of other methods, and of sockets.
  Methods methods;
  bool takes_any_slash = false;
  bool needs_search = false;  // One of its routes fills in defaults, or redirects.

  std::uint32_t route(std::size_t slot) const {
    if (slot == static_cast<std::size_t>(http::Method::kGet)) return get;
    return others == nullptr ? kNone : (*others)[slot];
  }

  std::uint32_t& slot_of(std::size_t slot) {
    if (slot == static_cast<std::size_t>(http::Method::kGet)) return get;
    if (others == nullptr) {
      others = std::make_unique<Routes>();
      others->fill(kNone);
    }
    return (*others)[slot];
  }

  Node* literal(std::string_view text) const {
    return literals == nullptr ? nullptr : literals->find(text);
  }
};

struct Router::Node::Edge {
  Node* node = nullptr;
  bool (*accepts)(std::string_view text) = nullptr;  // As the only piece's type has it.
  bool is_one = false;  // The segment is one parameter that takes no slashes.
  Segment segment{};
};

/// The routes of one host.
struct Router::Host {
  Segment name;
  Node* root;
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
    if (const Node* child = node.literal(segment)) {
      if (step(*child, end)) return true;
    }
    for (const Node::Edge& edge : node.edges) {
      const std::uint32_t count = arguments_.count;
      if (edge.is_one) {
        if (take(edge.accepts, false, at, end) && step(*edge.node, end)) return true;
      } else if (edge.segment.is_tail) {
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
    if (is_socket_) return node.route(kSocketSlot);
    const std::uint32_t route = node.route(static_cast<std::size_t>(method_));
    return route != kNone || method_ != http::Method::kHead ? route : node.get;
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
    if (const Node* slashed = node.literal("")) {
      const std::uint32_t route = route_at(*slashed);
      if (slashed->takes_any_slash && settle(route)) return true;
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
    return path_[end - 1] != '/' && finish(*edge.node->literal(""));
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
    return take(piece.type.accepts, piece.takes_slashes, begin, end);
  }

  bool take(bool (*accepts)(std::string_view text), bool takes_slashes, std::size_t begin,
            std::size_t end) {
    const std::string_view text = path_.substr(begin, end - begin);
    if (text.empty() || text[0] == '/') return false;
    if (!takes_slashes && segment_has_slash(text)) return false;
    if (accepts != nullptr && !accepts(text)) return false;
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

Router::Router() {
  new_node();
}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

Router::Node& Router::new_node() {
  return *nodes_.emplace_back(std::make_unique<Node>());
}

Router::Node& Router::tree_of(const Rule& rule) {
  if (rule.host.empty()) return *nodes_.front();
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
  return *hosts_.insert(place, Host{std::move(name), &new_node()})->root;
}

Router::Node& Router::child(Node& node, const Segment& segment) {
  const std::vector<Piece>& pieces = segment.pieces;
  if (segment.is_literal()) {
    const std::string_view text = pieces.empty() ? std::string_view() : pieces[0].text;
    if (Node* known = node.literal(text)) return *known;
    if (node.literals == nullptr) node.literals = std::make_unique<NameTable<Node*>>();
    Node& added = new_node();
    node.literals->set(text, &added);
    return added;
  }
  for (Node::Edge& edge : node.edges) {
    if (is_same(edge.segment, segment)) return *edge.node;
  }
  const auto weight = weight_of(segment);
  const auto place =
      std::find_if(node.edges.begin(), node.edges.end(),
                   [&](const Node::Edge& edge) { return weight < weight_of(edge.segment); });
  const bool is_one = pieces.size() == 1 && !pieces[0].takes_slashes && !segment.is_tail;
  return *node.edges.insert(place, {&new_node(), pieces.back().type.accepts, is_one, segment})
              ->node;
}

void Router::add(const Rule& rule, std::uint32_t route) {
  Node* node = &tree_of(rule);
  const std::size_t in_host = parameters_of(rule.host).size();
  std::string literals;
  bool is_literal = true;
  for (const Segment& segment : segments_of(rule.pattern, rule.types, in_host)) {
    if (is_literal && !segment.is_literal()) {
      // The branch is named by what is before it.
      branches_.set(literals, node);
      longest_branch_ = std::max(longest_branch_, literals.size());
      is_literal = false;
    }
    if (is_literal) literals += "/" + (segment.pieces.empty() ? "" : segment.pieces[0].text);
    node = &child(*node, segment);
  }
  auto set = [&](std::size_t slot, std::string_view method) {
    if (node->route(slot) != kNone) {
      throw std::invalid_argument(std::string(method) + " '" + rule.host + rule.pattern +
                                  "' is routed twice. Mend: remove one, or change its path");
    }
    node->slot_of(slot) = route;
  };
  for (std::size_t i = 0; i + 1 < kMethodCount; ++i) {
    const auto method = static_cast<http::Method>(i);
    if (rule.methods.contains(method)) set(i, http::to_string(method));
  }
  if (rule.is_socket) set(kSocketSlot, "socket");
  has_sockets_ |= rule.is_socket;
  node->methods.add(rule.methods);
  node->takes_any_slash |= rule.takes_any_slash;
  node->needs_search |= rule.is_alias || !rule.defaults.empty();
  add_checks(rule, route);
  if (hosts_.empty()) {
    if (is_literal) literals_.set(rule.pattern, node);
  } else {
    literals_ = branches_ = {};  // A path alone says no more which route it is.
  }
}

void Router::add_checks(const Rule& rule, std::uint32_t route) {
  const std::size_t in_host = parameters_of(rule.host).size();
  Checks checks{static_cast<std::uint32_t>(checks_.size()), 0};
  for (std::uint32_t i = 0; i < rule.types.size(); ++i) {
    if (rule.types[i].converts == nullptr) continue;
    const bool is_host = i < in_host;
    checks_.push_back(
        {is_host ? i : i - static_cast<std::uint32_t>(in_host), is_host, rule.types[i].converts});
    ++checks.count;
  }
  if (checks.count == 0) return;
  if (checks_of_.size() <= route) checks_of_.resize(route + 1);
  checks_of_[route] = checks;
}

std::uint32_t Router::find_literal(std::string_view path, http::Method method) const noexcept {
  const Node* node = literals_.find(path);
  // A search knows what to fill in, when to redirect, and whether a socket is asked for.
  if (node == nullptr || node->needs_search || node->route(kSocketSlot) != kNone) return kNone;
  return node->route(static_cast<std::size_t>(method));
}

/// The deepest node below literals that `path` reaches and that has edges; `at` is then where the
/// path goes on. Only the last few segments are tried as what follows.
const Router::Node* Router::branch_before(std::string_view path, std::size_t& at) const {
  constexpr int kTries = 4;
  std::size_t slash = path.rfind('/');
  for (int i = 0; i < kTries && slash != std::string_view::npos; ++i) {
    if (slash <= longest_branch_) {
      if (const Node* node = branches_.find(path.substr(0, slash))) {
        at = slash + 1;
        return node;
      }
    }
    if (slash == 0) break;
    slash = path.rfind('/', slash - 1);
  }
  return nullptr;
}

RouteMatch Router::match_exactly(const Node& root, std::string_view path, http::Method method,
                                 bool is_socket, PathArguments& arguments) const {
  std::size_t at = 0;
  if (const Node* branch = branch_before(path, at)) {
    // A walk from the root would come here first.
    arguments.count = 0;
    Search search(path, method, is_socket, arguments);
    if (search.walk(*branch, at)) return std::move(search.result);
  }
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
  if (route >= checks_of_.size()) return true;
  const Checks& checks = checks_of_[route];
  for (const Check& check : std::span(checks_).subspan(checks.begin, checks.count)) {
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
  RouteMatch match = match_tree(*nodes_.front(), path, method, is_socket, arguments);
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
    const Node& root = i < hosts_.size() ? *hosts_[i].root : *nodes_.front();
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

#include "hornbeam/web/url_map.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "hornbeam/base/encoding.h"
#include "hornbeam/web/config.h"
#include "hornbeam/web/internal/pattern.h"
#include "hornbeam/web/internal/rule.h"

namespace hornbeam::web {

namespace {

/// What a fragment may show as it is, in Flask's list.
constexpr std::string_view kAnchorSafe = "%!#$&'()*+,/:;=?@-._~";

std::string encode_query(std::string_view text) {
  std::string encoded = base::percent_encode(text);
  for (std::size_t at = encoded.find("%20"); at != std::string::npos;
       at = encoded.find("%20", at + 1)) {
    encoded.replace(at, 3, "+");
  }
  return encoded;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string list_of(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  std::string text = "[";
  for (const std::string& name : names) text += (text.size() > 1 ? ", '" : "'") + name + "'";
  return text + "]";
}

bool is_acceptable(const SegmentType& type, std::string_view text) {
  if (text.empty()) return false;
  return (type.accepts == nullptr || type.accepts(text)) &&
         (type.converts == nullptr || type.converts(text));
}

bool is_secure(std::string_view scheme) {
  return scheme == "https" || scheme == "wss";
}

}  // namespace

struct UrlMap::Compiled {
  Rule rule;
  std::vector<Piece> host;
  std::vector<Piece> path;
  std::vector<std::string> parameters;  // Those with defaults, too.

  bool is_suitable(const UrlValues& values, std::optional<http::Method> method,
                   const UrlContext& context) const {
    if (method && !rule.is_socket && !takes(*method)) return false;
    for (const std::string& name : parameters) {
      if (default_of(name) == nullptr && values.find(name) == nullptr &&
          find_inherited(name, context) == nullptr) {
        return false;
      }
    }
    return has_defaults_of(values);
  }
  bool takes(http::Method method) const {
    return rule.methods.contains(method) ||
           (method == http::Method::kHead && rule.methods.contains(http::Method::kGet));
  }
  const std::string* default_of(std::string_view name) const {
    for (const auto& [each, text] : rule.defaults) {
      if (each == name) return &text;
    }
    return nullptr;
  }
  /// Values of parameters with defaults are these, or absent.
  bool has_defaults_of(const UrlValues& values) const {
    return std::all_of(rule.defaults.begin(), rule.defaults.end(), [&](const auto& each) {
      const UrlValue* value = values.find(each.first);
      return value == nullptr || (value->texts().size() == 1 && value->texts()[0] == each.second);
    });
  }
  const std::string_view* find_inherited(std::string_view name, const UrlContext& context) const {
    if (!web::contains(rule.inherited, name)) return nullptr;
    for (const auto& [each, text] : context.inherited) {
      if (each == name) return &text;
    }
    return nullptr;
  }
  auto order() const {
    return std::tuple(rule.is_alias ? 1 : 0, -static_cast<int>(parameters.size()),
                      -static_cast<int>(rule.defaults.size()));
  }

  std::string fill(const std::vector<Piece>& pieces, const UrlValues& values,
                   const UrlContext& context) const {
    std::string text;
    for (const Piece& piece : pieces) {
      text += base::percent_encode(
          piece.is_parameter ? value_of(piece, values, context) : piece.text, base::kPathSafe);
    }
    return text;
  }

 private:
  std::string value_of(const Piece& piece, const UrlValues& values,
                       const UrlContext& context) const {
    const UrlValue* value = values.find(piece.text);
    if (value == nullptr) return std::string(*find_inherited(piece.text, context));
    if (value->is_list()) {
      throw BuildError("could not build url for endpoint '" + rule.endpoint + "': the value of '" +
                       piece.text + "' is a list. Mend: give one value");
    }
    const std::string& given = value->texts()[0];
    std::string text = piece.type.respell == nullptr ? given : piece.type.respell(given);
    if (!is_acceptable(piece.type, text)) {
      throw BuildError("could not build url for endpoint '" + rule.endpoint + "': '" + given +
                       "' is not a value that its path takes for '" + piece.text +
                       "'. Mend: give one that '" + rule.host + rule.pattern + "' would match");
    }
    return text;
  }
};

struct UrlMap::State {
  std::vector<std::unique_ptr<Compiled>> all;
  std::map<std::string, std::vector<Compiled*>, std::less<>> by_name;
};

struct UrlMap::Built {
  const Compiled* rule;
  std::string host;
  std::string path;
};

UrlMap::UrlMap() : state_(std::make_unique<State>()) {}
UrlMap::UrlMap(UrlMap&&) noexcept = default;
UrlMap& UrlMap::operator=(UrlMap&&) noexcept = default;
UrlMap::~UrlMap() = default;

const Rule& UrlMap::add(Rule rule) {
  auto compiled = std::make_unique<Compiled>();
  std::size_t parameter = 0;
  compiled->host = pieces_of(rule.host, rule.types, parameter, false);
  compiled->path = pieces_of(rule.pattern, rule.types, parameter, false);
  for (const auto* pieces : {&compiled->host, &compiled->path}) {
    for (const Piece& piece : *pieces) {
      if (piece.is_parameter) compiled->parameters.push_back(piece.text);
    }
  }
  for (const auto& [name, text] : rule.defaults) {
    if (!web::contains(compiled->parameters, name)) compiled->parameters.push_back(name);
  }
  compiled->rule = std::move(rule);
  std::vector<Compiled*>& rules = state_->by_name[compiled->rule.endpoint];
  const auto place = std::upper_bound(
      rules.begin(), rules.end(), compiled.get(),
      [](const Compiled* left, const Compiled* right) { return left->order() < right->order(); });
  rules.insert(place, compiled.get());
  return state_->all.emplace_back(std::move(compiled))->rule;
}

const std::vector<UrlMap::Compiled*>* UrlMap::rules_of(std::string_view name) const {
  const auto found = state_->by_name.find(name);
  return found == state_->by_name.end() ? nullptr : &found->second;
}

bool UrlMap::contains(std::string_view name) const {
  return rules_of(name) != nullptr;
}

std::vector<std::string_view> UrlMap::names() const {
  std::vector<std::string_view> names;
  for (const auto& [name, rules] : state_->by_name) {
    if (!name.starts_with('#')) names.push_back(name);  // Others have none.
  }
  return names;
}

std::string UrlMap::explain(std::string_view name, std::span<const std::string> value_names,
                            std::optional<http::Method> method) const {
  std::string text = "could not build url for endpoint '" + std::string(name) + "'";
  if (method) text += " ('" + std::string(http::to_string(*method)) + "')";
  if (!value_names.empty())
    text += " with values " + list_of({value_names.begin(), value_names.end()});
  text += ".";
  const std::vector<Compiled*>* rules = rules_of(name);
  if (rules == nullptr) {
    const std::string nearest = nearest_word(name, names());
    return text + (nearest.empty()
                       ? " Mend: name a route so, with .name(\"" + std::string(name) + "\")"
                       : " Did you mean '" + nearest + "' instead?");
  }
  const Compiled& first = *rules->front();
  if (method && !first.takes(*method)) {
    text += " Did you mean to use methods " + first.rule.methods.to_string() + "?";
  }
  std::vector<std::string> missing;
  for (const std::string& each : first.parameters) {
    if (first.default_of(each) != nullptr) continue;
    if (std::find(value_names.begin(), value_names.end(), each) == value_names.end()) {
      missing.push_back(each);
    }
  }
  if (!missing.empty()) text += " Did you forget to specify values " + list_of(missing) + "?";
  return text;
}

std::optional<UrlMap::Built> UrlMap::build_path(std::string_view name, const UrlValues& values,
                                                std::optional<http::Method> method,
                                                const UrlContext& context) const {
  const std::vector<Compiled*>* rules = rules_of(name);
  if (rules == nullptr) return std::nullopt;
  std::optional<Built> first;
  for (const Compiled* each : *rules) {
    if (!each->is_suitable(values, method, context)) continue;
    Built built{each, each->fill(each->host, values, context),
                each->fill(each->path, values, context)};
    if (built.host.empty() || built.host == context.host) return built;
    if (!first) first = std::move(built);
  }
  return first;
}

std::string UrlMap::build(std::string_view name, const UrlValues& values, const UrlOptions& options,
                          const UrlContext& context) const {
  std::string whole(name);
  if (name.starts_with('.')) {
    whole = context.blueprint.empty() ? std::string(name.substr(1))
                                      : std::string(context.blueprint) + whole;
  }
  std::optional<Built> built;
  if (options.method) {
    built = build_path(whole, values, options.method, context);
  } else {
    if (context.method) built = build_path(whole, values, context.method, context);
    if (!built) built = build_path(whole, values, std::nullopt, context);
  }
  if (!built) {
    std::vector<std::string> names;
    for (const auto& [each, value] : values) {
      if (!value.is_absent()) names.push_back(each);
    }
    throw BuildError(explain(whole, names, options.method));
  }
  std::string query;
  for (const auto& [each, value] : values) {
    if (!options.has_query || web::contains(built->rule->parameters, each)) continue;
    for (const std::string& text : value.texts()) {
      query += (query.empty() ? "?" : "&") + encode_query(each) + "=" + encode_query(text);
    }
  }
  std::string url = std::string(context.root_path) + built->path + query;
  if (!options.anchor.empty()) url += "#" + base::percent_encode(options.anchor, kAnchorSafe);

  const bool is_socket = built->rule->rule.is_socket;
  const bool is_elsewhere = !built->host.empty() && built->host != context.host;
  if (!options.external && options.scheme.empty() && !is_socket && !is_elsewhere) return url;
  const std::string host = built->host.empty() ? std::string(context.host) : built->host;
  if (host.empty()) {
    throw BuildError("could not build an external url for endpoint '" + whole +
                     "': there is no request that says the host. Mend: set "
                     "Settings::server_name, or server_name in the configuration");
  }
  const std::string_view asked = options.scheme.empty() ? context.scheme : options.scheme;
  const std::string scheme = is_socket ? (is_secure(asked) ? "wss" : "ws")
                             : asked == "ws" || asked == "wss"
                                 ? (is_secure(asked) ? "https" : "http")
                                 : std::string(asked);
  return (scheme.empty() ? "" : scheme + ":") + "//" + host + url;
}

std::string UrlMap::build(std::string_view name, std::span<const std::string> texts,
                          const UrlOptions& options, const UrlContext& context) const {
  const std::vector<Compiled*>* rules = rules_of(name);
  if (rules == nullptr) throw BuildError(explain(name, {}, options.method));
  const std::vector<std::string>& own = rules->front()->rule.own;
  if (own.size() != texts.size()) {
    throw BuildError("the Endpoint '" + std::string(name) +
                     "' says another number of values than "
                     "the route of that name takes. Mend: name the route with the Endpoint itself");
  }
  UrlValues values;
  for (std::size_t i = 0; i < own.size(); ++i) values.add(own[i], texts[i]);
  for (const auto& [each, value] : options.values) values.add(each, value);
  return build(name, values, options, context);
}

std::optional<std::string> UrlMap::check(std::string_view name,
                                         std::span<const std::string> value_names) const {
  const std::vector<Compiled*>* rules = rules_of(name);
  if (rules == nullptr) return explain(name, value_names, std::nullopt);
  for (const Compiled* each : *rules) {
    const bool has_all =
        std::all_of(each->parameters.begin(), each->parameters.end(), [&](const std::string& one) {
          return each->default_of(one) != nullptr || web::contains(each->rule.inherited, one) ||
                 std::find(value_names.begin(), value_names.end(), one) != value_names.end();
        });
    if (has_all) return std::nullopt;
  }
  return explain(name, value_names, std::nullopt);
}

std::optional<std::string> UrlMap::redirect_of(const Rule& rule, const UrlValues& values,
                                               http::Method method,
                                               const UrlContext& context) const {
  if (rule.is_alias) return build(rule.endpoint, values, {.method = method}, context);
  const std::vector<Compiled*>* rules = rules_of(rule.endpoint);
  if (rules == nullptr) return std::nullopt;
  const auto self = std::find_if(rules->begin(), rules->end(),
                                 [&](const Compiled* each) { return &each->rule == &rule; });
  if (self == rules->end()) return std::nullopt;
  auto sorted = [](std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    return names;
  };
  for (auto each = rules->begin(); each != self; ++each) {
    if ((*each)->rule.defaults.empty()) continue;
    if (sorted((*each)->parameters) != sorted((*self)->parameters)) continue;
    if (!(*each)->is_suitable(values, method, context)) continue;
    const std::string host = (*each)->fill((*each)->host, values, context);
    std::string url =
        std::string(context.root_path) + (*each)->fill((*each)->path, values, context);
    if (host.empty() || host == context.host) return url;
    return std::string(context.scheme) + "://" + host + url;
  }
  return std::nullopt;
}

}  // namespace hornbeam::web

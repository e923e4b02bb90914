// What Werkzeug's own tests ask of its routing, recorded as data, where that is at hand: matching
// and building. What has no like here is left out, each for a reason that `why_not` gives.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/base/json_view.h"
#include "hornbeam/web/internal/router.h"
#include "hornbeam/web/segment_types.h"
#include "hornbeam/web/url_map.h"

namespace hornbeam::web {
namespace {

// ---- Python's literals, as far as the calls have them ----

struct Literal {
  std::optional<std::string> text{};  // None is none.
  bool is_list = false;
  std::vector<Literal> members{};  // Of a dictionary, with names, or of a list.
  std::string name{};
};

class LiteralReader {
 public:
  explicit LiteralReader(std::string_view text) : text_(text) {}

  Literal read() {
    skip();
    if (take("MultiDict(")) {
      Literal pairs = read();
      take(")");
      return merge(pairs);
    }
    if (take("UUID(")) {
      Literal value = read();
      take(")");
      return value;
    }
    if (take("{")) return read_members('}', true);
    if (take("[")) return read_members(']', false);
    if (take("(")) return read_members(')', false);
    if (peek() == '\'' || peek() == '"') return {read_text()};
    const std::size_t end = std::min(text_.find_first_of(",)]}: "), text_.size());
    const std::string_view word = text_.substr(0, end);
    text_.remove_prefix(end);
    if (word == "None") return {};
    if (word == "True") return {"true"};
    if (word == "False") return {"false"};
    if (word == "1e-05") return {"0.00001"};  // No path of Werkzeug's has an exponent, either.
    return {std::string(word)};
  }

 private:
  char peek() const { return text_.empty() ? '\0' : text_[0]; }
  void skip() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == ',')) text_.remove_prefix(1);
  }
  bool take(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  std::string read_text() {
    const std::size_t end = text_.find(text_[0], 1);
    std::string text(text_.substr(1, end - 1));
    text_.remove_prefix(end + 1);
    return text;
  }
  Literal read_members(char close, bool has_names) {
    Literal all{.is_list = !has_names};
    for (skip(); !text_.empty() && peek() != close; skip()) {
      std::string name;
      if (has_names) {
        name = read_text();
        take(":");
      }
      all.members.push_back(read());
      all.members.back().name = name;
    }
    text_.remove_prefix(std::min<std::size_t>(1, text_.size()));
    return all;
  }
  /// The pairs of a MultiDict, with the values of one name together.
  static Literal merge(const Literal& pairs) {
    Literal all;
    for (const Literal& pair : pairs.members) {
      const std::string& name = *pair.members[0].text;
      Literal value = pair.members[1];
      value.name = name;
      if (all.members.empty() || all.members.back().name != name) {
        all.members.push_back(std::move(value));
        continue;
      }
      Literal& before = all.members.back();
      if (!before.is_list) before = Literal{.is_list = true, .members = {before}, .name = name};
      before.members.push_back(std::move(value));
    }
    return all;
  }

  std::string_view text_;
};

UrlValues values_of(const Literal& dictionary) {
  UrlValues values;
  for (const Literal& value : dictionary.members) {
    if (value.is_list) {
      std::vector<std::string> texts;
      for (const Literal& each : value.members) {
        if (each.text) texts.push_back(*each.text);
      }
      values.add(value.name, texts);
    } else if (value.text) {
      values.add(value.name, *value.text);
    } else {
      values.add(value.name, std::nullopt);
    }
  }
  return values;
}

// ---- Maps ----

struct Map {
  Router router;
  UrlMap urls;
  std::vector<const Rule*> rules;
  bool has_hosts = false;
};

template <class Value>
SegmentType segment_of() {
  return segment_type<Value>();
}

/// A moment such as 2023-02-16T23:36:36.266Z, which one test has a regular expression for.
struct Moment {
  std::string text;
};

}  // namespace

template <>
struct PathSegment<Moment> {
  static constexpr int kWeight = 100;
  static std::optional<Moment> parse(std::string_view text) {
    if (text.size() < 20 || text[10] != 'T' || !text.ends_with('Z')) return std::nullopt;
    return Moment{std::string(text)};
  }
};

namespace {

std::optional<SegmentType> type_of(std::string_view converter) {
  const std::string_view name = converter.substr(0, converter.find('('));
  if (name == "int") {
    return converter == "int(signed=True)" ? segment_of<std::int64_t>()
                                           : segment_of<std::uint64_t>();
  }
  if (name == "float") return segment_of<double>();
  if (name == "uuid") return segment_of<Uuid>();
  if (name == "regex") return segment_of<Moment>();
  if (converter == "any(a1, a2)") return segment_of<AnyOf<"a1", "a2">>();
  if (converter == "any(a.1, a.2)") return segment_of<AnyOf<"a.1", "a.2">>();
  if (converter == "any(patient, provider)") return segment_of<AnyOf<"patient", "provider">>();
  if (name == "string" || name == "path" || name == "two" || name == "foo") return SegmentType();
  return std::nullopt;
}

/// Appends a rule's text as a pattern of ours; false if it has no like.
bool translate(std::string_view text, std::string& pattern, std::vector<SegmentType>& types) {
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '<') {
      pattern += text[i++];
      continue;
    }
    const std::size_t end = text.find('>', i);
    const std::string_view inside = text.substr(i + 1, end - i - 1);
    const std::size_t colon = inside.rfind(':');
    const std::string_view converter =
        colon == std::string_view::npos ? "string" : inside.substr(0, colon);
    const auto type = type_of(converter);
    if (!type) return false;
    types.push_back(*type);
    const bool takes_slashes = converter == "path" || converter == "two";
    pattern += "{" +
               std::string(colon == std::string_view::npos ? inside : inside.substr(colon + 1)) +
               (takes_slashes ? ":path}" : "}");
    i = end + 1;
  }
  return true;
}

bool is_true(base::JsonView json, std::string_view name) {
  return json.find(name)->find_bool() == true;
}

std::string text_of(base::JsonView json, std::string_view name) {
  return std::string(json.find(name)->find_string().value_or(""));
}

std::string default_text(base::JsonView value) {
  if (const auto text = value.find_string()) return std::string(*text);
  return std::string(value.text());
}

/// Why a call does not apply; empty if it does.
std::string why_not(base::JsonView call) {
  const base::JsonView map = *call.find("map");
  for (std::size_t i = 0; i < map.find("rules")->size(); ++i) {
    const base::JsonView rule = map.find("rules")->element(i);
    if (!is_true(rule, "merge_slashes")) return "slashes are always merged, and no pattern has two";
    if (!rule.find("endpoint")->find_string()) return "an endpoint is a name, not an object";
    if (text_of(rule, "rule").find("<list:") != std::string::npos) {
      return "one value that is a list is a matter of a type's own PathSegment";
    }
    if (!is_true(rule, "build_only") && rule.find("redirect_to")->find_string()) {
      return "redirect_to is a handler that redirects";
    }
  }
  if (text_of(call, "k").find("return_rule") != std::string::npos) {
    return "asks for an object of Werkzeug's";
  }
  const std::string arguments = text_of(call, "a");
  if (call.find("op")->find_string() == "match" && arguments.starts_with("('',")) {
    return "no HTTP request has an empty path";
  }
  return "";
}

std::optional<Map> build_map(base::JsonView call) {
  const base::JsonView json = *call.find("map");
  const base::JsonView bind = *call.find("bind");
  const base::JsonView rules = *json.find("rules");
  Map map;
  const bool by_host = is_true(json, "host_matching");
  map.has_hosts = by_host || !text_of(bind, "sub").empty();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    map.has_hosts |= !text_of(rules.element(i), "subdomain").empty();
  }
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const base::JsonView json_rule = rules.element(i);
    Rule rule{.endpoint = text_of(json_rule, "endpoint")};
    std::string host = by_host ? text_of(json_rule, "host") : text_of(json_rule, "subdomain");
    if (map.has_hosts && !by_host) host += (host.empty() ? "" : ".") + text_of(bind, "server");
    if (!translate(host, rule.host, rule.types)) return std::nullopt;
    if (!translate(text_of(json_rule, "rule"), rule.pattern, rule.types)) return std::nullopt;
    const base::JsonView named = *json_rule.find("methods");
    for (std::size_t m = 0; m < named.size(); ++m) {
      rule.methods.add(http::method_from(*named.element(m).find_string()));
    }
    rule.is_socket = is_true(json_rule, "websocket");
    if (named.is_null() && !rule.is_socket) {
      for (int method = 0; method < static_cast<int>(http::Method::kOther); ++method) {
        rule.methods.add(static_cast<http::Method>(method));
      }
    }
    rule.is_alias = is_true(json_rule, "alias");
    rule.takes_any_slash = !is_true(json_rule, "strict_slashes");
    const base::JsonView defaults = *json_rule.find("defaults");
    for (std::size_t d = 0; !defaults.is_null() && d < defaults.size(); ++d) {
      const auto [name, value] = defaults.member(d);
      rule.defaults.emplace_back(name, default_text(value));
    }
    const bool is_build_only = is_true(json_rule, "build_only");
    const Rule& added = map.urls.add(std::move(rule));
    if (!is_build_only) map.router.add(added, static_cast<std::uint32_t>(map.rules.size()));
    map.rules.push_back(&added);
  }
  return map;
}

UrlContext context_of(base::JsonView bind, const Map& map, std::string& host, std::string& root) {
  host = text_of(bind, "server");
  const std::string sub = text_of(bind, "sub");
  if (map.has_hosts && !sub.empty()) host = sub + "." + host;
  root = text_of(bind, "script");
  while (root.ends_with('/')) root.pop_back();
  return {.scheme = *bind.find("scheme")->find_string(),
          .host = host,
          .root_path = root,
          .method = http::method_from(text_of(bind, "method"))};
}

// ---- Calls ----

std::string whole_url(const UrlContext& context, std::string_view path, std::string_view query) {
  const std::string url = path.starts_with("http")
                              ? std::string(path)
                              : "http://" + std::string(context.host) + std::string(path);
  return url + std::string(query);
}

/// What a match comes to: "endpoint {name=value ...}", a URL, or an error's name.
std::string match(const Map& map, base::JsonView call) {
  const base::JsonView bind = *call.find("bind");
  const Literal arguments = LiteralReader(text_of(call, "a")).read();
  const Literal options = LiteralReader(text_of(call, "k")).read();
  std::string path = text_of(bind, "path");
  if (!arguments.members.empty()) path = arguments.members[0].text.value_or(path);
  if (path == "/hello\\n") path = "/hello\n";
  std::string method = "GET";
  bool is_socket = text_of(bind, "scheme").starts_with("ws");
  std::string query = path == "/bar" && text_of(call, "a") == "()" ? "?foo=bar" : "";
  for (const Literal& value : options.members) {
    if (value.name == "method") method = *value.text;
    if (value.name == "websocket") is_socket = value.text == "true";
    if (value.name == "query_args" && !value.members.empty()) query = "?foo=bar";
  }
  std::string host;
  std::string root;
  const UrlContext context = context_of(bind, map, host, root);
  PathArguments places;
  std::vector<std::string_view> host_values;
  const http::Method spelled = http::method_from(method);
  const RouteMatch match =
      map.has_hosts ? map.router.match(host, path, spelled, is_socket, places, host_values)
                    : map.router.match(path, spelled, is_socket, places);
  if (match.kind == RouteMatch::Kind::kWrongMethod) return "MethodNotAllowed";
  if (match.kind == RouteMatch::Kind::kNotFound) return "NotFound";
  if (match.kind == RouteMatch::Kind::kRedirect) {
    return whole_url(context, root + base::percent_encode(match.redirect, base::kPathSafe), query);
  }
  const Rule& rule = *map.rules[match.route];
  std::map<std::string, std::string> values(rule.defaults.begin(), rule.defaults.end());
  const std::vector<std::string> in_host = parameters_of(rule.host);
  for (std::size_t i = 0; i < in_host.size(); ++i) values[in_host[i]] = host_values[i];
  const std::vector<std::string> in_path = parameters_of(rule.pattern);
  for (std::size_t i = 0; i < in_path.size(); ++i) {
    values[in_path[i]] = path.substr(places.spans[i].begin, places.spans[i].size);
  }
  UrlValues matched;
  for (const auto& [name, value] : values) matched.add(name, value);
  if (const auto url = map.urls.redirect_of(rule, matched, spelled, context)) {
    return whole_url(context, *url, query);
  }
  std::string text = rule.endpoint + " {";
  for (const auto& [name, value] : values) text += name + "=" + value + " ";
  return text + "}";
}

std::string build(const Map& map, base::JsonView call) {
  const Literal arguments = LiteralReader(text_of(call, "a")).read();
  UrlValues values;
  UrlOptions options;
  if (arguments.members.size() > 1) values = values_of(arguments.members[1]);
  if (arguments.members.size() > 2) {
    options.method = http::method_from(*arguments.members[2].text);
  }
  const Literal extra = LiteralReader(text_of(call, "k")).read();
  for (const Literal& value : extra.members) {
    if (value.name == "values") values = values_of(value);
    if (value.name == "method" && value.text) options.method = http::method_from(*value.text);
    if (value.name == "force_external") options.external = value.text == "true";
    if (value.name == "append_unknown") options.has_query = value.text == "true";
    if (value.name == "url_scheme") options.scheme = value.text.value_or("");
  }
  std::string host;
  std::string root;
  const UrlContext context = context_of(*call.find("bind"), map, host, root);
  try {
    return map.urls.build(*arguments.members[0].text, values, options, context);
  } catch (const BuildError&) {
    return "BuildError";
  }
}

/// What was recorded, in the words of `match` and `build`.
std::string wanted(base::JsonView call) {
  const bool is_build = call.find("op")->find_string() == "build";
  if (const auto out = call.find("out")) {
    Literal result = LiteralReader(*out->find_string()).read();
    if (is_build) return *result.text;
    std::map<std::string, std::string> values;
    for (const Literal& value : result.members[1].members) {
      std::string text = value.text.value_or("");
      if (value.is_list) text = "qwert/yuiop";  // The one converter that makes a tuple.
      values[value.name] = text;
    }
    std::string text = *result.members[0].text + " {";
    for (const auto& [name, value] : values) text += name + "=" + value + " ";
    return text + "}";
  }
  const auto url = call.find("url");
  if (url && url->find_string()) return std::string(*url->find_string());
  // Python's TypeError and ValueError are a value that does not fit, which is a BuildError here.
  return is_build ? "BuildError" : text_of(call, "err");
}

TEST(Routing, IsAsWerkzeugsOwnTestsAsk) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread.
  const char* set = std::getenv("HORNBEAM_CONFORMANCE");
  const auto beside =
      std::filesystem::path(__FILE__).parent_path() / "../../../../shared/conformance";
  const auto folder = set != nullptr ? std::filesystem::path(set) : beside;
  std::ifstream file(folder / "werkzeug-routing/calls.json");
  if (!file) GTEST_SKIP() << "set HORNBEAM_CONFORMANCE to the folder that holds the data";
  std::stringstream text;
  text << file.rdbuf();
  const auto document = base::JsonDocument::parse(text.str());
  ASSERT_TRUE(document);
  std::map<std::string, int> left_out;
  int compared = 0;
  for (std::size_t i = 0; i < document->root().size(); ++i) {
    const base::JsonView call = document->root().element(i);
    const std::string reason = why_not(call);
    const auto map = reason.empty() ? build_map(call) : std::nullopt;
    if (!map) {
      ++left_out[reason.empty() ? "a converter of Python code" : reason];
      continue;
    }
    const bool is_build = call.find("op")->find_string() == "build";
    EXPECT_EQ(is_build ? build(*map, call) : match(*map, call), wanted(call))
        << i << " " << text_of(call, "test") << " " << text_of(call, "a") << text_of(call, "k");
    ++compared;
  }
  for (const auto& [reason, count] : left_out) {
    std::cout << count << " left out: " << reason << "\n";
  }
  std::cout << compared << " compared\n";
  EXPECT_GT(compared, 150);
}

}  // namespace
}  // namespace hornbeam::web

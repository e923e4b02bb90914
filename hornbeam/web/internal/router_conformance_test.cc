// What Werkzeug's own tests ask of its router, recorded as data, where that is at hand. Left out
// are rules with what Hornbeam has not: defaults, aliases, hosts and subdomains, converters of
// Python code, and slashes that are neither strict nor merged.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/base/json_view.h"
#include "hornbeam/web/internal/router.h"

namespace hornbeam::web {
namespace {

/// A rule of Werkzeug's as a pattern of ours; nothing if it has no like.
std::optional<std::pair<std::string, std::vector<SegmentType>>> translate(std::string_view rule) {
  std::string pattern;
  std::vector<SegmentType> types;
  for (std::size_t i = 0; i < rule.size();) {
    if (rule[i] != '<') {
      pattern += rule[i++];
      continue;
    }
    const std::size_t end = rule.find('>', i);
    const std::string_view inside = rule.substr(i + 1, end - i - 1);
    const std::size_t colon = inside.find(':');
    const std::string_view converter =
        colon == std::string_view::npos ? "string" : inside.substr(0, colon);
    const std::string name(colon == std::string_view::npos ? inside : inside.substr(colon + 1));
    if (converter == "int") {
      types.push_back(segment_type<std::uint64_t>());
    } else if (converter == "int(signed=True)") {
      types.push_back(segment_type<std::int64_t>());
    } else if (converter == "float" || converter == "float(signed=True)") {
      types.push_back(segment_type<double>());
    } else if (converter == "string" || converter == "path") {
      types.push_back(segment_type<std::string>());
    } else {
      return std::nullopt;
    }
    pattern += "{" + name + (converter == "path" ? ":path}" : "}");
    i = end + 1;
  }
  if (examine_path(pattern).trouble != PathTrouble::kNone) return std::nullopt;
  return std::pair(pattern, types);
}

struct Map {
  Router router;
  std::vector<std::string> endpoints;
};

std::optional<Map> build_map(base::JsonView json) {
  Map map;
  const base::JsonView rules = *json.find("rules");
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const base::JsonView rule = rules.element(i);
    for (const char* exotic :
         {"defaults", "subdomain", "host", "alias", "redirect_to", "build_only"}) {
      const base::JsonView value = *rule.find(exotic);
      const bool is_plain =
          value.is_null() || value.find_bool() == false || value.find_string() == "";
      if (!is_plain) return std::nullopt;
    }
    for (const char* switched : {"strict_slashes", "merge_slashes"}) {
      if (rule.find(switched)->find_bool() == false) return std::nullopt;
    }
    const auto translated = translate(*rule.find("rule")->find_string());
    if (!translated || !rule.find("endpoint")->find_string()) return std::nullopt;
    Methods methods;
    const base::JsonView named = *rule.find("methods");
    for (std::size_t m = 0; m < named.size(); ++m) {
      methods.add(http::method_from(*named.element(m).find_string()));
    }
    if (named.is_null()) methods = {http::Method::kGet, http::Method::kHead, http::Method::kPost};
    const bool is_socket = rule.find("websocket")->find_bool() == true;
    map.router.add(translated->first, translated->second, is_socket ? Methods() : methods,
                   is_socket, static_cast<std::uint32_t>(map.endpoints.size()));
    map.endpoints.emplace_back(*rule.find("endpoint")->find_string());
  }
  return map;
}

/// One recorded call, as far as it applies here.
struct Call {
  std::string path;
  std::string method = "GET";
  bool is_socket = false;
  std::string wanted;  // The endpoint, the path redirected to, or the error.
};

std::string between(std::string_view text, std::string_view begin, char end) {
  const std::size_t at = text.find(begin);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at + begin.size());
  return std::string(rest.substr(0, rest.find(end)));
}

std::optional<Call> read_call(base::JsonView json) {
  const std::string_view arguments = *json.find("a")->find_string();
  const std::string_view options = *json.find("k")->find_string();
  if (options.find("return_rule") != std::string_view::npos) return std::nullopt;
  Call call;
  const base::JsonView bind = *json.find("bind");
  call.path = between(arguments, "'", '\'');
  if (arguments == "()") call.path = *bind.find("path")->find_string();
  if (call.path.empty() || call.path.find('\\') != std::string::npos) return std::nullopt;
  if (std::string method = between(options, "'method': '", '\''); !method.empty()) {
    call.method = method;
  }
  call.is_socket = options.find("'websocket': True") != std::string_view::npos ||
                   bind.find("scheme")->find_string()->starts_with("ws");
  if (const auto out = json.find("out")) {
    call.wanted = between(*out->find_string(), "('", '\'');
  } else if (const auto url = json.find("url")->find_string()) {
    const std::string_view rest = url->substr(url->find("://") + 3);
    call.wanted = rest.substr(rest.find('/'), rest.find('?') - rest.find('/'));
  } else {
    call.wanted = *json.find("err")->find_string();
  }
  return call;
}

std::string answer(const Map& map, const Call& call) {
  PathArguments arguments;
  const RouteMatch match =
      map.router.match(call.path, http::method_from(call.method), call.is_socket, arguments);
  switch (match.kind) {
    case RouteMatch::Kind::kFound:
      return map.endpoints[match.route];
    case RouteMatch::Kind::kWrongMethod:
      return "MethodNotAllowed";
    case RouteMatch::Kind::kRedirect:
      return base::percent_encode(match.redirect, base::kPathSafe);
    case RouteMatch::Kind::kNotFound:
      break;
  }
  return "NotFound";
}

TEST(Router, MatchesAsWerkzeugsOwnTestsAsk) {
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
  int compared = 0;
  for (std::size_t i = 0; i < document->root().size(); ++i) {
    const base::JsonView json = document->root().element(i);
    if (json.find("op")->find_string() != "match") continue;
    const auto map = build_map(*json.find("map"));
    const auto call = map ? read_call(json) : std::nullopt;
    if (!call) continue;
    EXPECT_EQ(answer(*map, *call), call->wanted)
        << *json.find("test")->find_string() << " " << call->path;
    ++compared;
  }
  EXPECT_GT(compared, 30);
}

}  // namespace
}  // namespace hornbeam::web

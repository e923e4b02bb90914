#include "hornbeam/experiment/growthbook/url.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "hornbeam/experiment/growthbook/coercion.h"

namespace hornbeam::experiment::growthbook {
namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

// What stands for "*" in a pattern that is read as a URL, where "*" itself may not stand.
constexpr std::string_view kWildcard = "_____";

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string percent_encoded(std::string_view text, std::string_view also) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7F || also.find(c) != std::string_view::npos) {
      out += fmt::format("%{:02X}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string form_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
        hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::string form_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_alphanumeric(c) || c == '*' || c == '-' || c == '.' || c == '_') {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string_view default_port(std::string_view protocol) {
  if (protocol == "http:" || protocol == "ws:") return "80";
  if (protocol == "https:" || protocol == "wss:") return "443";
  return protocol == "ftp:" ? "21" : "";
}

bool is_of_the_web(std::string_view protocol) {
  return !default_port(protocol).empty();
}

// The scheme that `text` begins with, in lower case and with its colon; empty if with none.
std::string scheme_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  const std::string_view scheme = text.substr(0, colon);
  const bool is_scheme = !(scheme[0] >= '0' && scheme[0] <= '9') &&
                         std::all_of(scheme.begin(), scheme.end(), [](char c) {
                           return is_alphanumeric(c) || c == '+' || c == '-' || c == '.';
                         });
  return is_scheme && is_alphanumeric(scheme[0]) ? to_lower(scheme) + ":" : std::string();
}

// "." and ".." are resolved, and what may not stand in a path is encoded.
std::string normal_path(std::string_view path) {
  std::vector<std::string> steps;
  bool ends_open = false;
  while (!path.empty()) {
    path.remove_prefix(1);  // its slash
    const std::size_t end = std::min(path.find_first_of("/\\"), path.size());
    const std::string step = percent_encoded(path.substr(0, end), "\"#<>?`{}^");
    std::string plain = to_lower(step);
    for (std::size_t at = plain.find("%2e"); at != std::string::npos; at = plain.find("%2e")) {
      plain.replace(at, 3, ".");
    }
    ends_open = plain == "." || plain == "..";
    if (plain == ".." && !steps.empty()) steps.pop_back();
    if (!ends_open) steps.push_back(step);
    path.remove_prefix(end);
  }
  std::string out;
  for (const std::string& step : steps) out += "/" + step;
  return ends_open || out.empty() ? out + "/" : out;
}

// The host, and the port unless it is the scheme's own; nothing if it is no host.
std::optional<std::string> normal_host(std::string_view authority, std::string_view protocol) {
  const std::size_t bracket = authority.rfind(']');
  std::size_t colon = authority.rfind(':');
  if (bracket != std::string_view::npos && colon != std::string_view::npos && colon < bracket) {
    colon = std::string_view::npos;
  }
  const std::string_view name = authority.substr(0, colon);
  const std::string_view port =
      colon == std::string_view::npos ? std::string_view() : authority.substr(colon + 1);
  const bool is_address = name.starts_with('[') && name.ends_with(']');
  if (name.empty() || (!is_address && name.find_first_of(" #%/:<>?@[\\]^|") != name.npos)) {
    return std::nullopt;
  }
  int number = 0;
  for (const char c : port) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
    if (number > 65535) return std::nullopt;
  }
  const std::string plain = port.empty() ? "" : std::to_string(number);
  std::string host = to_lower(form_decoded(name));
  if (!plain.empty() && plain != default_port(protocol)) host += ":" + plain;
  return host;
}

// A shell's pattern, in which `kWildcard` stands for anything, regardless of case.
// Ends: `at` or the place that the last wildcard is tried from grows with each turn.
bool fits(std::string_view text, std::string_view pattern) {
  std::size_t at = 0;
  std::size_t in = 0;
  std::size_t retry_at = 0;
  std::size_t retry_in = std::string_view::npos;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  while (true) {
    if (pattern.substr(std::min(in, pattern.size())).starts_with(kWildcard)) {
      in += kWildcard.size();
      retry_in = in;
      retry_at = at;
    } else if (at < text.size() && in < pattern.size() && lower(text[at]) == lower(pattern[in])) {
      ++at;
      ++in;
    } else if (at == text.size() && in == pattern.size()) {
      return true;
    } else if (retry_in != std::string_view::npos && retry_at < text.size()) {
      at = ++retry_at;
      in = retry_in;
    } else {
      return false;
    }
  }
}

bool path_fits(std::string_view path, std::string_view pattern) {
  if (pattern.starts_with('/')) pattern.remove_prefix(1);
  if (pattern.ends_with('/')) pattern.remove_suffix(1);
  std::array<std::string_view, 2> starts{path, path};
  if (path.starts_with('/')) starts[1].remove_prefix(1);
  for (std::string_view start : starts) {
    if (fits(start, pattern)) return true;
    if (start.ends_with('/') && fits(start.substr(0, start.size() - 1), pattern)) return true;
  }
  return false;
}

bool address_fits(const Url& url, const Url& wanted) {
  if (!fits(url.host, wanted.host) || !path_fits(url.path, wanted.path)) return false;
  if (!wanted.fragment.empty() && !fits(url.fragment, wanted.fragment)) return false;
  const Parameters actual = url.parameters();
  const Parameters expected = wanted.parameters();
  return std::all_of(expected.begin(), expected.end(), [&](const auto& pair) {
    const auto found = std::find_if(actual.begin(), actual.end(), [&](const auto& candidate) {
      return candidate.first == pair.first;
    });
    return fits(found == actual.end() ? std::string_view() : found->second, pair.second);
  });
}

// A pattern as a URL: with https if it begins with a host, and with what stands for "*".
std::optional<Url> address_in(std::string_view pattern) {
  std::string text(pattern);
  const std::size_t head = std::min(text.find_first_of(":/?"), text.size());
  if (text.find('.') < head) text.insert(0, "https://");
  for (std::size_t at = text.find('*'); at != std::string::npos; at = text.find('*', at)) {
    text.replace(at, 1, kWildcard);
  }
  return Url::parse(text, kWildcard);
}

}  // namespace

std::optional<Url> Url::parse(std::string_view text, std::string_view base_host) {
  std::string clean;
  std::copy_if(text.begin(), text.end(), std::back_inserter(clean),
               [](char c) { return c != '\t' && c != '\n' && c != '\r'; });
  std::string_view rest = clean;
  while (!rest.empty() && static_cast<unsigned char>(rest.front()) <= 0x20) rest.remove_prefix(1);
  while (!rest.empty() && static_cast<unsigned char>(rest.back()) <= 0x20) rest.remove_suffix(1);
  Url url;
  url.protocol = scheme_of(rest);
  const bool is_absolute = !url.protocol.empty();
  if (!is_absolute && base_host.empty()) return std::nullopt;
  if (is_absolute) rest.remove_prefix(url.protocol.size());
  if (!is_absolute) url.protocol = "https:";
  if (const std::size_t hash = rest.find('#'); hash != rest.npos) {
    if (hash + 1 < rest.size()) {
      url.fragment = "#" + percent_encoded(rest.substr(hash + 1), "\"<>`");
    }
    rest = rest.substr(0, hash);
  }
  if (const std::size_t question = rest.find('?'); question != rest.npos) {
    if (question + 1 < rest.size()) {
      url.query = "?" + percent_encoded(rest.substr(question + 1), "\"#<>'");
    }
    rest = rest.substr(0, question);
  }
  if (!is_of_the_web(url.protocol)) {
    url.path = std::string(rest);
    return url;
  }
  const auto is_slash = [](char c) { return c == '/' || c == '\\'; };
  const bool has_host = is_absolute || (rest.size() >= 2 && is_slash(rest[0]) && is_slash(rest[1]));
  url.host = base_host;
  if (has_host) {
    while (!rest.empty() && is_slash(rest[0])) rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find_first_of("/\\"), rest.size());
    std::string_view authority = rest.substr(0, end);
    if (const std::size_t at = authority.rfind('@'); at != authority.npos) {
      url.user = authority.substr(0, at + 1);
      authority.remove_prefix(at + 1);
    }
    const std::optional<std::string> host = normal_host(authority, url.protocol);
    if (!host) return std::nullopt;
    url.host = *host;
    rest.remove_prefix(end);
  }
  std::string path(rest);
  if (path.empty() || !is_slash(path[0])) path.insert(0, "/");
  url.path = normal_path(path);
  return url;
}

std::string Url::href() const {
  const bool is_web = is_of_the_web(protocol);
  return protocol + (is_web ? "//" : "") + user + host + path + query + fragment;
}

Parameters Url::parameters() const {
  Parameters pairs;
  std::string_view rest = query;
  if (rest.starts_with('?')) rest.remove_prefix(1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    if (!pair.empty()) {
      const std::size_t equals = std::min(pair.find('='), pair.size());
      pairs.emplace_back(form_decoded(pair.substr(0, equals)),
                         form_decoded(pair.substr(std::min(equals + 1, pair.size()))));
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return pairs;
}

std::string merge_query_strings(std::string_view current, std::string_view redirect) {
  const std::optional<Url> from = Url::parse(current);
  std::optional<Url> to = Url::parse(redirect);
  if (!from || !to) return std::string(redirect);
  Parameters merged = to->parameters();
  bool is_changed = false;
  for (auto& [key, value] : from->parameters()) {
    const bool is_there = std::any_of(merged.begin(), merged.end(),
                                      [&](const auto& pair) { return pair.first == key; });
    if (is_there) continue;
    merged.emplace_back(key, value);
    is_changed = true;
  }
  if (!is_changed) return to->href();
  to->query.clear();
  for (const auto& [key, value] : merged) {
    to->query += (to->query.empty() ? "?" : "&") + form_encoded(key) + "=" + form_encoded(value);
  }
  return to->href();
}

UrlTargets::UrlTargets(const Value& patterns) : is_given_(!patterns.is_nullish()) {
  if (!patterns.is_array()) return;
  for (const Value& each : *patterns.as_array()) {
    Target target;
    const Value* include = each.find("include");
    target.is_excluding =
        include != nullptr && include->as_bool() != nullptr && !*include->as_bool();
    const Value* type = each.find("type");
    const Value* pattern = each.find("pattern");
    if (type != nullptr && pattern != nullptr && pattern->as_string() != nullptr) {
      if (*type == Value("regex")) target.expression = Pattern(*pattern->as_string());
      if (*type == Value("simple")) target.address = address_in(*pattern->as_string());
    }
    targets_.push_back(std::move(target));
  }
}

bool UrlTargets::matches(const Target& target, const Url& url) {
  if (target.expression) {
    const std::string href = url.href();
    return target.expression->matches(href) ||
           target.expression->matches(href.substr(std::min(url.origin().size(), href.size())));
  }
  return target.address && address_fits(url, *target.address);
}

bool UrlTargets::include(std::string_view text) const {
  if (targets_.empty()) return false;
  const std::optional<Url> url = Url::parse(text, "_");
  bool has_including = false;
  bool is_included = false;
  for (const Target& target : targets_) {
    const bool is_match = url && matches(target, *url);
    if (target.is_excluding && is_match) return false;
    if (target.is_excluding) continue;
    has_including = true;
    is_included = is_included || is_match;
  }
  return is_included || !has_including;
}

}  // namespace hornbeam::experiment::growthbook

// Which web sites may open a socket here. A browser lets any page connect anywhere and sends the
// user's cookies along; the Origin field is the only sign of who asks. RFC 6455 section 10.2:
// "servers that are not intended to process input from any web page but only for certain sites
// SHOULD verify the |Origin| field is an origin they expect."

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>

#include "hornbeam/http/websocket_handshake.h"
#include "hornbeam/http/websocket_handshake_fields.h"

namespace hornbeam::http {
namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

// A scheme, host and port, the port filled in where it was left out. RFC 6454 section 4.
struct Site {
  bool is_tls = false;
  std::string_view host;
  std::uint16_t port = 0;
};

bool is_host_char(char byte) noexcept {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_';
}

// A name, an IPv4 address, or an IPv6 address in brackets.
bool is_host(std::string_view host) noexcept {
  if (host.starts_with('[')) {
    if (host.size() < 4 || !host.ends_with(']')) return false;
    host = host.substr(1, host.size() - 2);
    return std::ranges::all_of(host, [](char byte) { return is_host_char(byte) || byte == ':'; });
  }
  return !host.empty() && std::ranges::all_of(host, is_host_char);
}

// "host" or "host:port".
std::optional<Site> parse_authority(std::string_view authority, bool is_tls) noexcept {
  Site site{.is_tls = is_tls, .host = authority, .port = is_tls ? kHttpsPort : kHttpPort};
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && !authority.ends_with(']')) {
    site.host = authority.substr(0, colon);
    const std::string_view digits = authority.substr(colon + 1);
    const char* const end = digits.data() + digits.size();
    const auto [stop, failure] = std::from_chars(digits.data(), end, site.port);
    // An empty port is the default one (RFC 3986 section 3.2.3).
    if (!digits.empty() && (failure != std::errc() || stop != end)) return std::nullopt;
  }
  if (!is_host(site.host)) return std::nullopt;
  return site;
}

// "scheme://host" or "scheme://host:port"; everything else, "null" too, is no site.
std::optional<Site> parse_site(std::string_view text) noexcept {
  constexpr std::string_view kHttp = "http://";
  constexpr std::string_view kHttps = "https://";
  if (equals_ignoring_case(text.substr(0, kHttp.size()), kHttp)) {
    return parse_authority(text.substr(kHttp.size()), false);
  }
  if (equals_ignoring_case(text.substr(0, kHttps.size()), kHttps)) {
    return parse_authority(text.substr(kHttps.size()), true);
  }
  return std::nullopt;
}

struct Pattern {
  Site site;  // its host without the "*."
  bool is_wild = false;
};

std::optional<Pattern> parse_pattern(std::string_view text, std::string& without_wildcard) {
  without_wildcard = text;
  const std::size_t host_begin = text.find("://") + 3;
  const bool is_wild = text.contains("://*.");
  if (is_wild) without_wildcard.erase(host_begin, 2);
  const auto site = parse_site(without_wildcard);
  if (!site || site->host.starts_with('.') || (is_wild && site->host.starts_with('['))) {
    return std::nullopt;
  }
  return Pattern{.site = *site, .is_wild = is_wild};
}

bool matches(const Pattern& pattern, const Site& origin) noexcept {
  if (origin.is_tls != pattern.site.is_tls || origin.port != pattern.site.port) return false;
  if (!pattern.is_wild) return equals_ignoring_case(origin.host, pattern.site.host);
  // At least one label and its dot must stand before what the pattern names.
  if (origin.host.size() < pattern.site.host.size() + 2) return false;
  const std::size_t split = origin.host.size() - pattern.site.host.size();
  return origin.host[split - 1] == '.' && origin.host.front() != '.' &&
         equals_ignoring_case(origin.host.substr(split), pattern.site.host);
}

}  // namespace

bool is_origin_allowed(std::string_view origin, std::string_view host, bool is_tls,
                       std::span<const std::string> allowed) {
  const auto site = parse_site(origin);
  if (!site) return false;
  if (const auto own = parse_authority(host, is_tls);
      own && matches(Pattern{.site = *own, .is_wild = false}, *site)) {
    return true;
  }
  std::string storage;
  return std::ranges::any_of(allowed, [&](const std::string& text) {
    const auto pattern = parse_pattern(text, storage);
    return pattern && matches(*pattern, *site);
  });
}

base::Result<void> check_origin_pattern(std::string_view pattern) {
  std::string storage;
  if (parse_pattern(pattern, storage)) return {};
  return base::error("bad_origin",
                     "the allowed origin \"" + std::string(pattern) +
                         "\" is not of the form https://host, https://host:port or "
                         "https://*.host (http likewise; a wildcard stands for whole labels)");
}

}  // namespace hornbeam::http

#include "hornbeam/web/cookie_jar.h"

#include <algorithm>
#include <charconv>

#include "hornbeam/http/token.h"
#include "hornbeam/web/cookie.h"

namespace hornbeam::web {

namespace {

std::string default_path(std::string_view path) {
  const std::size_t last = path.rfind('/');
  return last == std::string_view::npos || last == 0 ? "/" : std::string(path.substr(0, last));
}

bool domain_matches(std::string_view host, std::string_view domain) {
  return host == domain || (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

bool path_matches(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return false;
  return path.size() == prefix.size() || prefix.ends_with('/') || path[prefix.size()] == '/';
}

/// Takes one "name=value" off the front.
std::pair<std::string_view, std::string_view> take_pair(std::string_view& text) {
  const std::size_t end = std::min(text.find(';'), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  const std::size_t equals = part.find('=');
  if (equals == std::string_view::npos) return {http::trim_blanks(part), {}};
  return {http::trim_blanks(part.substr(0, equals)), http::trim_blanks(part.substr(equals + 1))};
}

}  // namespace

void CookieJar::store(std::string_view set_cookie, std::string_view host, std::string_view path,
                      std::int64_t now) {
  const auto [name, value] = take_pair(set_cookie);
  Stored cookie{std::string(name),
                std::string(value),
                http::lower_case(host),
                default_path(path),
                true,
                false,
                std::nullopt};
  while (!set_cookie.empty()) {
    const auto [key, attribute] = take_pair(set_cookie);
    const std::string word = http::lower_case(key);
    if (word == "domain" && !attribute.empty()) {
      cookie.domain =
          http::lower_case(attribute.starts_with('.') ? attribute.substr(1) : attribute);
      cookie.is_host_only = false;
    } else if (word == "path" && attribute.starts_with('/')) {
      cookie.path = attribute;
    } else if (word == "secure") {
      cookie.is_secure = true;
    } else if (word == "expires" && !cookie.expires) {
      cookie.expires = parse_http_date(attribute);
    } else if (word == "max-age") {
      std::int64_t seconds = 0;
      std::from_chars(attribute.data(), attribute.data() + attribute.size(), seconds);
      cookie.expires = now + seconds;
    }
  }
  if (!domain_matches(http::lower_case(host), cookie.domain)) return;
  std::erase_if(cookies_, [&](const Stored& each) {
    return each.name == cookie.name && each.domain == cookie.domain && each.path == cookie.path;
  });
  if (!cookie.expires || *cookie.expires > now) cookies_.push_back(std::move(cookie));
}

std::string CookieJar::cookies_for(std::string_view host, std::string_view path, bool is_secure,
                                   std::int64_t now) const {
  const std::string wanted = http::lower_case(host);
  std::vector<const Stored*> fitting;
  for (const Stored& each : cookies_) {
    if (each.expires && *each.expires <= now) continue;
    if (each.is_secure && !is_secure) continue;
    if (each.is_host_only ? wanted != each.domain : !domain_matches(wanted, each.domain)) continue;
    if (!path_matches(path, each.path)) continue;
    const auto place = std::find_if(fitting.begin(), fitting.end(), [&each](const Stored* other) {
      return other->path.size() < each.path.size();
    });
    fitting.insert(place, &each);
  }
  std::string field;
  for (const Stored* each : fitting) {
    if (!field.empty()) field += "; ";
    field += each->name + "=" + each->value;
  }
  return field;
}

std::optional<std::string> CookieJar::find(std::string_view name) const {
  for (const Stored& each : cookies_) {
    if (each.name == name) return each.value;
  }
  return std::nullopt;
}

}  // namespace hornbeam::web

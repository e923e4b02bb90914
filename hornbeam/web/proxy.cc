#include "hornbeam/web/proxy.h"

#include <algorithm>
#include <array>
#include <optional>

#include <arpa/inet.h>

#include "hornbeam/http/request.h"
#include "hornbeam/http/token.h"

namespace hornbeam::web {

namespace {

enum class Quotes : bool { kIgnored, kKept };

/// Takes `text` apart at each `separator`, which quotes may keep together. From its end: what
/// trusted proxies wrote stands there, and a quote that the client left open must not reach it.
std::vector<std::string_view> split(std::string_view text, char separator, Quotes quotes) {
  std::vector<std::string_view> parts;
  bool is_quoted = false;
  std::size_t end = text.size();
  for (std::size_t i = text.size(); i-- > 0;) {
    if (quotes == Quotes::kKept && text[i] == '"' && (i == 0 || text[i - 1] != '\\')) {
      is_quoted = !is_quoted;
    } else if (text[i] == separator && !is_quoted) {
      parts.push_back(http::trim_blanks(text.substr(i + 1, end - i - 1)));
      end = i;
    }
  }
  parts.push_back(http::trim_blanks(text.substr(0, end)));
  std::ranges::reverse(parts);
  return parts;
}

/// All values of the fields called `name`, in order: "multiple fields with the same name may be
/// combined into one" (RFC 9110, section 5.3).
std::vector<std::string_view> list_of(const http::Request& request, std::string_view name,
                                      Quotes quotes) {
  std::vector<std::string_view> values;
  for (const http::FieldView& field : request.fields()) {
    if (field.name != name) continue;
    for (const std::string_view each : split(field.value, ',', quotes)) {
      if (!each.empty()) values.push_back(each);
    }
  }
  return values;
}

/// The entry that the outermost trusted proxy wrote; empty if there are fewer.
std::string_view entry_of(const http::Request& request, std::string_view name, int hops,
                          Quotes quotes = Quotes::kIgnored) {
  if (hops <= 0) return {};
  const auto values = list_of(request, name, quotes);
  if (values.size() < static_cast<std::size_t>(hops)) return {};
  return values[values.size() - static_cast<std::size_t>(hops)];
}

bool is_address(const std::string& text, int family) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(family, text.c_str(), bytes.data()) == 1;
}

/// The address in "1.2.3.4", "1.2.3.4:80", "::1", "[::1]" or "[::1]:80"; empty if it is none.
std::string checked_address(std::string_view text) {
  std::string address(text);
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return {};
    address = text.substr(1, end - 1);
    return is_address(address, AF_INET6) ? address : std::string();
  }
  if (is_address(address, AF_INET6)) return address;
  address = text.substr(0, text.find(':'));
  return is_address(address, AF_INET) ? address : std::string();
}

std::string checked_scheme(std::string_view text) {
  std::string scheme = http::lower_case(text);
  return scheme == "http" || scheme == "https" ? scheme : std::string();
}

bool is_host_byte(char each) {
  return (each >= '0' && each <= '9') || (each >= 'a' && each <= 'z') ||
         (each >= 'A' && each <= 'Z') || std::string_view(".-_:[]").contains(each);
}

std::string checked_host(std::string_view text) {
  const bool is_host = !text.empty() && std::ranges::all_of(text, is_host_byte);
  return is_host ? std::string(text) : std::string();
}

std::string checked_prefix(std::string_view text) {
  while (text.ends_with('/')) text.remove_suffix(1);
  const bool is_local = text.starts_with('/') && !text.starts_with("//");
  const bool is_plain = std::ranges::all_of(text, [](char each) {
    return each > 0x20 && each != 0x7F && !std::string_view("\\?#\"<>").contains(each);
  });
  return is_local && is_plain ? std::string(text) : std::string();
}

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

std::string unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  std::string plain;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\\' && i + 2 < text.size()) ++i;
    plain += text[i];
  }
  return plain;
}

/// One element of a Forwarded field: "for=192.0.2.43;proto=https;host=example.org".
Forwarded read_element(std::string_view element) {
  Forwarded read;
  for (const std::string_view pair : split(element, ';', Quotes::kKept)) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string name = http::lower_case(http::trim_blanks(pair.substr(0, equals)));
    const std::string value = unquoted(http::trim_blanks(pair.substr(equals + 1)));
    if (name == "for") read.address = checked_address(value);
    if (name == "proto") read.scheme = checked_scheme(value);
    if (name == "host") read.host = checked_host(value);
  }
  return read;
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::ranges::all_of(text, [](char each) { return each >= '0' && each <= '9'; });
}

}  // namespace

Forwarded read_forwarded(const http::Request& request, const TrustedProxies& proxies) {
  if (proxies.forwarded > 0) {
    return read_element(entry_of(request, "forwarded", proxies.forwarded, Quotes::kKept));
  }
  Forwarded read;
  read.address = checked_address(entry_of(request, "x-forwarded-for", proxies.address));
  read.scheme = checked_scheme(entry_of(request, "x-forwarded-proto", proxies.scheme));
  read.host = checked_host(entry_of(request, "x-forwarded-host", proxies.host));
  read.prefix = checked_prefix(entry_of(request, "x-forwarded-prefix", proxies.prefix));
  const std::string_view port = entry_of(request, "x-forwarded-port", proxies.port);
  if (is_port(port)) {
    const std::string_view named = read.host.empty() ? request.host() : read.host;
    std::string host(without_port(named));
    const bool is_tls = read.scheme.empty() ? request.is_tls() : read.scheme == "https";
    if (port != (is_tls ? "443" : "80")) host.append(":").append(port);
    read.host = checked_host(host);
  }
  return read;
}

bool is_trusted_host(std::string_view host, const std::vector<std::string>& trusted) {
  const std::string_view name = without_port(host);
  return std::ranges::any_of(trusted, [name](std::string_view entry) {
    if (!entry.starts_with('.')) return http::equals_ignoring_case(name, without_port(entry));
    const std::string_view domain = without_port(entry.substr(1));
    if (http::equals_ignoring_case(name, domain)) return true;
    return name.size() > domain.size() + 1 && name[name.size() - domain.size() - 1] == '.' &&
           http::equals_ignoring_case(name.substr(name.size() - domain.size()), domain);
  });
}

}  // namespace hornbeam::web

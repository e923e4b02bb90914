#pragma once

// Proxies in front: what they say about the client, believed as far as they are ours.
//
// Each proxy appends to X-Forwarded-For and its kin, so only the last entries, one for each proxy
// of one's own, were written by somebody trusted; what stands before them is the client's
// invention. Hence the numbers: how many proxies add to each field. Zero, the default, believes
// nothing.

#include <string>
#include <string_view>
#include <vector>

namespace hornbeam::http {
class Request;
}

namespace hornbeam::web {

/// How many proxies of one's own add to each field.
struct TrustedProxies {
  int address = 0;    ///< X-Forwarded-For
  int scheme = 0;     ///< X-Forwarded-Proto
  int host = 0;       ///< X-Forwarded-Host
  int port = 0;       ///< X-Forwarded-Port
  int prefix = 0;     ///< X-Forwarded-Prefix: what the proxy took off the path's front.
  int forwarded = 0;  ///< Forwarded (RFC 7239); then the fields above are not read.
  /// The proxy sets X-Request-Id itself, and lets no client's through.
  bool request_id = false;

  /// `count` proxies that set the address, scheme and host, as nginx is usually told to.
  static TrustedProxies hops(int count) {
    return {.address = count, .scheme = count, .host = count};
  }
  /// Whether any word of a proxy is taken.
  bool any() const noexcept { return (address | scheme | host | port | prefix | forwarded) != 0; }
};

/// What trusted proxies said; a part that none said, or that cannot be, is empty.
struct Forwarded {
  std::string address;  ///< Without port and brackets.
  std::string scheme;   ///< "http" or "https".
  std::string host;     ///< With the port if it is not the scheme's own.
  std::string prefix;   ///< Such as "/app", without a slash at the end.
};

/// What trusted proxies say of the client; what they do not say is as the connection has it.
Forwarded read_forwarded(const http::Request& request, const TrustedProxies& proxies);

/// True if `host`, as a Host field has it, is named by `trusted`: "example.org" is that host on any
/// port, ".example.org" that one and all below it.
bool is_trusted_host(std::string_view host, const std::vector<std::string>& trusted);

}  // namespace hornbeam::web

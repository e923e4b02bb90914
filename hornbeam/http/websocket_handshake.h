#pragma once

// The opening handshake, as a function: what a client asked for and what a server wants go in, what
// to answer comes out. Source: RFC 6455 section 4.2 (server requirements), RFC 7692 section 5
// (negotiation).

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "hornbeam/base/result.h"
#include "hornbeam/http/permessage_deflate.h"

namespace hornbeam::http {

/// What a handshake needs to know of a request. A field that came several times is joined by ", ";
/// surrounding white space is gone. Lifetime: views of the request, for the length of one call.
struct HandshakeRequest {
  std::string_view method;  ///< Must be GET.
  int minor_version = 1;    ///< 1 for HTTP/1.1.
  bool is_tls =
      false;  ///< Whether the client speaks TLS: behind a proxy, what a trusted proxy says.
  std::string_view
      host;  ///< The authority the client named: host, and port if it is not the scheme's own.
  std::optional<std::string_view> upgrade;     ///< The Upgrade field.
  std::optional<std::string_view> connection;  ///< The Connection field.
  std::optional<std::string_view> key;         ///< Sec-WebSocket-Key
  std::optional<std::string_view> version;     ///< Sec-WebSocket-Version
  std::optional<std::string_view> origin;      ///< Origin; browsers always send it
  std::optional<std::string_view> protocols;   ///< Sec-WebSocket-Protocol
  std::optional<std::string_view> extensions;  ///< Sec-WebSocket-Extensions
};

/// What a server accepts. Lifetime: as `HandshakeRequest`.
struct HandshakePolicy {
  /// Origins that may connect besides the request's own host; see `check_origin_pattern`.
  std::span<const std::string> allowed_origins;
  /// Subprotocols spoken here, the preferred first. A client that offers none of them is accepted
  /// without one.
  std::span<const std::string> protocols;
  /// Set to accept permessage-deflate when a client offers it. Default: not accepted.
  std::optional<DeflatePolicy> deflate;
};

/// A handshake that passed, and what to answer it with.
struct HandshakeAccepted {
  std::string accept_key;  ///< The value of Sec-WebSocket-Accept.
  std::string protocol;    ///< The value of Sec-WebSocket-Protocol; empty leaves it out.
  std::string extensions;  ///< The value of Sec-WebSocket-Extensions; empty leaves it out.
  std::optional<DeflateParameters> deflate;  ///< For `WebSocketDecoder::enable_deflate`.
};

/// A handshake that did not pass: the status to answer with, the fields it needs, and a sentence
/// for people.
struct HandshakeRefused {
  int status = 400;  ///< The status to answer with.
  /// What the response needs besides, such as Sec-WebSocket-Version.
  std::span<const std::pair<std::string_view, std::string_view>> fields;
  std::string_view message;  ///< A sentence for people.
};

/// True if a request asks for a WebSocket at all, well or badly. Others are not for
/// `check_handshake`.
bool asks_for_websocket(const HandshakeRequest& request) noexcept;

/// Checks the handshake `request` under `policy`: 400 for what is malformed, 403 for a foreign
/// origin, 405 for a method other than GET, 426 for a request without the upgrade or of a version
/// other than 13.
std::expected<HandshakeAccepted, HandshakeRefused> check_handshake(const HandshakeRequest& request,
                                                                   const HandshakePolicy& policy);

/// Appends the head of the 101 response, but for the empty line that ends it, so that fields can be
/// added.
void append_handshake_response(std::string& out, const HandshakeAccepted& accepted);

/// The value of Sec-WebSocket-Accept for a value of Sec-WebSocket-Key.
/// Throws: std::runtime_error if OpenSSL has no SHA-1.
std::string accept_key(std::string_view key);

/// True if `origin`, as a browser sent it, is the site that `host` names or one of the `allowed`
/// patterns. Scheme, host and port must all be the same, a port left out being the scheme's own
/// (80, 443).
bool is_origin_allowed(std::string_view origin, std::string_view host, bool is_tls,
                       std::span<const std::string> allowed);

/// What is wrong with a pattern for allowed origins, if anything, with its mend. A pattern is
/// `scheme://host` or `scheme://host:port` with http or https; its host may begin with `*.`, which
/// stands for one or more whole labels: "https://*.example.org" admits https://a.b.example.org, not
/// https://example.org or https://badexample.org.
base::Result<void> check_origin_pattern(std::string_view pattern);

}  // namespace hornbeam::http

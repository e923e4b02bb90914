#include "hornbeam/http/websocket_handshake.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include <openssl/evp.h>

#include "hornbeam/http/websocket_handshake_fields.h"

namespace hornbeam::http {
namespace {

using Field = std::pair<std::string_view, std::string_view>;

// RFC 6455 section 4.4: "an |Sec-WebSocket-Version| header field ... indicating the version(s) the
// server is capable of understanding"; RFC 9110 section 15.5.22: a 426 must say with Upgrade what
// to upgrade to.
constexpr std::array<Field, 3> kUpgradeFields{{
    {"Sec-WebSocket-Version", "13"},
    {"Upgrade", "websocket"},
    {"Connection", "Upgrade"},
}};
constexpr std::array<Field, 1> kAllowFields{{{"Allow", "GET"}}};

std::unexpected<HandshakeRefused> refuse(int status, std::string_view message,
                                         std::span<const Field> fields = {}) {
  return std::unexpected(HandshakeRefused{.status = status, .fields = fields, .message = message});
}

// RFC 6455 section 4.2.1: "a base64-encoded (see Section 4 of [RFC4648]) value that, when decoded,
// is 16 bytes in length". That is 22 letters, the last of which carries two bits, and "==".
bool is_key(std::string_view key) noexcept {
  if (key.size() != 24 || !key.ends_with("==")) return false;
  return std::ranges::all_of(key.substr(0, 22), [](char byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
           (byte >= '0' && byte <= '9') || byte == '+' || byte == '/';
  });
}

// Section 4.2.1, in its order: the request line, then the fields that every handshake must have.
std::expected<void, HandshakeRefused> check_required(const HandshakeRequest& request) {
  if (request.method != "GET") {
    return refuse(405, "a WebSocket is opened with GET", kAllowFields);
  }
  if (!asks_for_websocket(request)) {
    return refuse(426, "this is a WebSocket: connect with ws:// or wss://", kUpgradeFields);
  }
  if (request.minor_version < 1) return refuse(400, "a WebSocket needs HTTP/1.1");
  if (!request.connection || !list_has_token(*request.connection, "upgrade")) {
    return refuse(400, "the Connection field must name Upgrade; a proxy in between may drop it");
  }
  if (request.version != "13") {
    return refuse(426, "only version 13 of the WebSocket protocol is spoken here", kUpgradeFields);
  }
  if (!request.key || !is_key(*request.key)) {
    return refuse(400, "Sec-WebSocket-Key must be 16 bytes in base64");
  }
  return {};
}

// Section 4.2.2: "either a single value representing the subprotocol the server is ready to use or
// null". Ours are tried in our order of preference; names are compared exactly.
std::expected<std::string, HandshakeRefused> choose_protocol(std::optional<std::string_view> field,
                                                             std::span<const std::string> spoken) {
  if (!field) return std::string();
  auto offered = parse_token_list(*field);
  if (!offered) return refuse(400, "Sec-WebSocket-Protocol is not a list of names");
  for (const auto& protocol : spoken) {
    if (std::ranges::find(*offered, protocol) != offered->end()) return protocol;
  }
  return std::string();
}

std::string encode_base64(std::span<const unsigned char> bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3), '\0');
  // One byte past the text gets a terminator, which is where std::string keeps its own.
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                  static_cast<int>(bytes.size()));
  return text;
}

}  // namespace

bool asks_for_websocket(const HandshakeRequest& request) noexcept {
  return request.upgrade && list_has_token(*request.upgrade, "websocket");
}

std::string accept_key(std::string_view key) {
  // Section 4.2.2: the key is concatenated "with the string
  // "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"", hashed with SHA-1 and encoded in base64.
  std::string text(key);
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL has no SHA-1, which a WebSocket handshake needs");
  }
  return encode_base64(std::span(digest).first(size));
}

std::expected<HandshakeAccepted, HandshakeRefused> check_handshake(const HandshakeRequest& request,
                                                                   const HandshakePolicy& policy) {
  if (auto required = check_required(request); !required) return std::unexpected(required.error());
  if (request.origin &&
      !is_origin_allowed(*request.origin, request.host, request.is_tls, policy.allowed_origins)) {
    return refuse(403, "this origin may not connect here; add it to the allowed origins if it may");
  }
  auto protocol = choose_protocol(request.protocols, policy.protocols);
  if (!protocol) return std::unexpected(protocol.error());

  HandshakeAccepted accepted{
      .accept_key = {}, .protocol = std::move(*protocol), .extensions = {}, .deflate = {}};
  if (request.extensions) {
    // Section 9.1: a value that does not follow the grammar must fail the connection, even if
    // nothing in it is wanted.
    const auto offers = parse_extensions(*request.extensions);
    if (!offers) return refuse(400, "Sec-WebSocket-Extensions does not follow its grammar");
    if (policy.deflate) {
      if (auto agreement = negotiate_deflate(*offers, *policy.deflate)) {
        accepted.extensions = std::move(agreement->response);
        accepted.deflate = agreement->parameters;
      }
    }
  }
  accepted.accept_key = accept_key(*request.key);
  return accepted;
}

void append_handshake_response(std::string& out, const HandshakeAccepted& accepted) {
  out +=
      "HTTP/1.1 101 Switching Protocols\r\n"
      "Upgrade: websocket\r\n"
      "Connection: Upgrade\r\n"
      "Sec-WebSocket-Accept: ";
  out += accepted.accept_key;
  out += "\r\n";
  const auto append_field = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
  };
  append_field("Sec-WebSocket-Protocol", accepted.protocol);
  append_field("Sec-WebSocket-Extensions", accepted.extensions);
}

}  // namespace hornbeam::http

#pragma once

#include <optional>
#include <string>

#include "hornbeam/http/handler.h"
#include "hornbeam/http/permessage_deflate.h"

namespace hornbeam::http {

/// What an upgrade comes to: a response that refuses it, or the head that accepts it.
struct WebSocketHandshake {
  std::optional<Response> refusal;           ///< Why the upgrade is refused; nothing if it is not.
  std::string response;                      ///< The whole 101 head, when accepted.
  std::string protocol;                      ///< The subprotocol agreed on; may be empty.
  std::optional<DeflateParameters> deflate;  ///< When compression was agreed on.
};

/// Checks `request` as the opening handshake of a socket that wants `upgrade`. No I/O: servers and
/// test clients share it.
WebSocketHandshake answer_handshake(const Request& request, const WebSocketUpgrade& upgrade);

}  // namespace hornbeam::http

#include "hornbeam/http/websocket_upgrade.h"

#include "hornbeam/http/token.h"
#include "hornbeam/http/websocket_handshake.h"

namespace hornbeam::http {

namespace {

// "multiple fields with the same name may be combined" into one list (RFC 9110, section 5.3).
// `kept` holds the result when there is something to join.
std::optional<std::string_view> joined(const Request& request, std::string_view name,
                                       std::string& kept) {
  std::optional<std::string_view> value;
  for (const FieldView& field : request.fields()) {
    if (field.name != name) continue;
    if (!value) {
      value = field.value;
      continue;
    }
    kept = std::string(*value) + ", " + std::string(field.value);
    value = kept;
  }
  return value;
}

Response refused(const HandshakeRefused& refusal) {
  Response response(refusal.status, "text/plain; charset=utf-8",
                    std::string(refusal.message) + "\n");
  for (const auto& [name, value] : refusal.fields) response.add_field(name, std::string(value));
  response.close_after();
  return response;
}

}  // namespace

WebSocketHandshake answer_handshake(const Request& request, const WebSocketUpgrade& upgrade) {
  std::string upgrade_field, connection, protocols, extensions, key, version, origin;
  const HandshakeRequest asked{
      .method = request.method_name(),
      .minor_version = request.minor_version(),
      .is_tls = request.is_tls(),
      .host = request.host(),
      .upgrade = joined(request, "upgrade", upgrade_field),
      .connection = joined(request, "connection", connection),
      .key = joined(request, "sec-websocket-key", key),
      .version = joined(request, "sec-websocket-version", version),
      .origin = joined(request, "origin", origin),
      .protocols = joined(request, "sec-websocket-protocol", protocols),
      .extensions = joined(request, "sec-websocket-extensions", extensions),
  };
  HandshakePolicy policy{
      .allowed_origins = upgrade.allowed_origins, .protocols = upgrade.protocols, .deflate = {}};
  if (upgrade.options.compress) policy.deflate.emplace();
  WebSocketHandshake handshake;
  const auto outcome = check_handshake(asked, policy);
  if (!outcome) {
    handshake.refusal = refused(outcome.error());
    return handshake;
  }
  append_handshake_response(handshake.response, *outcome);
  Response checked(101);  // Refuses a name or value that would break out of its line.
  for (const auto& [name, value] : upgrade.fields) checked.add_field(name, value);
  for (const auto& [name, value] : checked.fields()) {
    handshake.response += name;
    handshake.response += ": ";
    handshake.response += value;
    handshake.response += "\r\n";
  }
  handshake.response += "\r\n";
  handshake.protocol = outcome->protocol;
  handshake.deflate = outcome->deflate;
  return handshake;
}

}  // namespace hornbeam::http

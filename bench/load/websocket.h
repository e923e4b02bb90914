#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hornbeam::bench::websocket {

/// The upgrade request for `path`, with the nonce of RFC 6455's example.
std::string handshake(std::string_view path);

/// Takes the server's 101 off `received`; false while it is incomplete. Throws: WrongAnswer, if it
/// is anything else or its Sec-WebSocket-Accept is not the one that belongs to the nonce.
bool take_handshake_answer(std::string_view& received);

/// `text` as one masked text frame, as clients send it. Requires: fewer than 65 536 bytes.
std::string client_frame(std::string_view text);

/// `text` as one unmasked text frame, as servers send it. Requires: fewer than 65 536 bytes.
std::string server_frame(std::string_view text);

/// Takes the next whole unmasked text frame off `received` and gives its text; nothing while it is
/// incomplete. Control frames are passed over. Throws: WrongAnswer, on a close frame, a fragment,
/// or a frame over 65 535 bytes.
std::optional<std::string_view> take_text(std::string_view& received);

}  // namespace hornbeam::bench::websocket

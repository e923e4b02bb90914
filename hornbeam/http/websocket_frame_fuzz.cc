// Any bytes at all as a peer's frames. Whatever comes: nothing is read past the end of a buffer
// (each piece lies in one of exactly its size, under ASan), no message is larger than the limit,
// every text is UTF-8, nothing follows a close or failure, and the events are the same whether the
// bytes come whole or in pieces.
//
// The first byte chooses the role, compression and the size of the pieces.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "hornbeam/base/check.h"
#include "hornbeam/http/utf8.h"
#include "hornbeam/http/websocket_codec.h"

namespace hornbeam::http {
namespace {

using Kind = WebSocketEvent::Kind;
using Said = std::tuple<Kind, std::uint16_t, std::string>;

constexpr WebSocketLimits kLimits = {.message_bytes = 2000, .message_fragments = 20};

WebSocketDecoder decoder_for(std::uint8_t choice) {
  WebSocketDecoder decoder(kLimits,
                           (choice & 1) != 0 ? WebSocketRole::kClient : WebSocketRole::kServer);
  if ((choice & 2) != 0) {
    const bool is_fresh = (choice & 4) != 0;
    decoder.enable_deflate(
        {.server_no_context_takeover = is_fresh, .client_no_context_takeover = is_fresh});
  }
  return decoder;
}

Said checked(const WebSocketEvent& event) {
  const bool is_message = event.kind == Kind::kText || event.kind == Kind::kBinary;
  const bool is_failure = event.kind == Kind::kFailure;
  if (is_message) base::check(event.payload.size() <= kLimits.message_bytes);
  if (!is_message && !is_failure) base::check(event.payload.size() <= kMaxControlPayload);
  if (event.kind == Kind::kText || event.kind == Kind::kClose) base::check(is_utf8(event.payload));
  if (is_failure) base::check(is_valid_close_code(event.code));
  return {event.kind, event.code, is_failure ? "" : std::string(event.payload)};
}

std::vector<Said> decode(WebSocketDecoder decoder, std::span<const std::uint8_t> sent,
                         std::size_t step) {
  std::vector<Said> said;
  bool is_over = false;
  while (!sent.empty()) {
    const std::size_t size = std::min(step, sent.size());
    const auto buffer = std::make_unique<char[]>(size);
    std::ranges::copy(sent.first(size), buffer.get());
    sent = sent.subspan(size);
    std::span<char> bytes(buffer.get(), size);
    while (const auto event = decoder.next(bytes)) {
      base::check(!is_over, "an event after the end");
      is_over = event->kind == Kind::kClose || event->kind == Kind::kFailure;
      said.push_back(checked(*event));
    }
    base::check(bytes.empty(), "bytes left over");
  }
  return said;
}

}  // namespace
}  // namespace hornbeam::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hornbeam::http;
  if (size < 2) return 0;
  const std::uint8_t choice = data[0];
  const std::span sent(data + 1, size - 1);
  const auto whole = decode(decoder_for(choice), sent, sent.size());
  const auto in_pieces = decode(decoder_for(choice), sent, 1 + (choice >> 3));
  hornbeam::base::check(whole == in_pieces, "other events when the bytes come in pieces");
  return 0;
}

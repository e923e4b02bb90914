#include "bench/load/websocket.h"

#include <array>

#include <fmt/format.h>

#include "bench/load/exchange.h"

namespace hornbeam::bench::websocket {

namespace {

constexpr std::string_view kAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
constexpr std::array<char, 4> kMask = {0x37, 0x5A, 0x21, 0x4D};
constexpr unsigned char kFinalText = 0x81;
constexpr unsigned char kFinalPing = 0x89;
constexpr unsigned char kFinalPong = 0x8A;

std::string frame_head(std::size_t size, unsigned char mask_bit) {
  std::string head(1, static_cast<char>(kFinalText));
  if (size < 126) {
    head += static_cast<char>(mask_bit | size);
  } else {
    head += static_cast<char>(mask_bit | 126U);
    head += static_cast<char>(size >> 8);
    head += static_cast<char>(size & 0xFF);
  }
  return head;
}

}  // namespace

std::string handshake(std::string_view path) {
  return fmt::format(
      "GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
      path);
}

bool take_handshake_answer(std::string_view& received) {
  const std::size_t end = received.find("\r\n\r\n");
  if (end == std::string_view::npos) return false;
  const std::string_view head = received.substr(0, end);
  if (!head.starts_with("HTTP/1.1 101 ") || head.find(kAccept) == std::string_view::npos) {
    throw WrongAnswer(fmt::format("the server does not accept the WebSocket:\n{}", head));
  }
  received.remove_prefix(end + 4);
  return true;
}

std::string client_frame(std::string_view text) {
  std::string frame = frame_head(text.size(), 0x80);
  frame.append(kMask.data(), kMask.size());
  for (std::size_t i = 0; i < text.size(); ++i) frame += static_cast<char>(text[i] ^ kMask[i % 4]);
  return frame;
}

std::string server_frame(std::string_view text) {
  return frame_head(text.size(), 0).append(text);
}

std::optional<std::string_view> take_text(std::string_view& received) {
  while (received.size() >= 2) {
    const auto kind = static_cast<unsigned char>(received[0]);
    std::size_t size = static_cast<unsigned char>(received[1]);
    std::size_t head = 2;
    if (size > 126) throw WrongAnswer("a masked or oversized frame from the server");
    if (size == 126) {
      if (received.size() < 4) return std::nullopt;
      size = static_cast<std::size_t>(static_cast<unsigned char>(received[2])) << 8 |
             static_cast<unsigned char>(received[3]);
      head = 4;
    }
    if (received.size() < head + size) return std::nullopt;
    const std::string_view payload = received.substr(head, size);
    received.remove_prefix(head + size);
    if (kind == kFinalText) return payload;
    if (kind != kFinalPing && kind != kFinalPong) {
      throw WrongAnswer(fmt::format("a frame that begins with {:#04x} from the server", kind));
    }
  }
  return std::nullopt;
}

}  // namespace hornbeam::bench::websocket

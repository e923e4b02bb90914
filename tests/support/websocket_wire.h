// A client's view of a WebSocket as bytes, written without the codec under test: it must not
// inherit its mistakes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <zlib.h>

namespace hornbeam::tests {

/// An opening handshake for `target`; `extra` are more fields, each with its line end.
inline std::string handshake(std::string_view target, std::string_view extra = {},
                             std::string_view host = "localhost") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: " + std::string(host) +
         "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
         std::string(extra) + "\r\n";
}

/// The answer that belongs to the key in `handshake`. Source: RFC 6455 section 1.3.
inline constexpr std::string_view kAcceptLine =
    "\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";

/// A masked frame; `first` holds FIN, the reserved bits and the opcode.
inline std::string masked_frame(std::uint8_t first, std::string_view payload) {
  static constexpr std::string_view kMask = "\x12\x34\x56\x78";
  std::string frame(1, static_cast<char>(first));
  const int length_bytes = payload.size() < 126 ? 0 : payload.size() < 65536 ? 2 : 8;
  const int short_length = length_bytes == 0   ? static_cast<int>(payload.size())
                           : length_bytes == 2 ? 126
                                               : 127;
  frame += static_cast<char>(0x80 | short_length);
  for (int i = length_bytes; i-- > 0;) frame += static_cast<char>(payload.size() >> (8 * i));
  frame += kMask;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    frame += static_cast<char>(payload[i] ^ kMask[i % 4]);
  }
  return frame;
}

/// A frame that a server sent.
struct ServerFrame {
  std::uint8_t first = 0;  ///< FIN, the reserved bits and the opcode.
  std::string payload;

  friend bool operator==(const ServerFrame&, const ServerFrame&) = default;
};

/// Takes one frame off the front of `bytes`; nothing if it is not all there. Throws
/// std::runtime_error on a mask, or a length that is not the shortest form.
inline std::optional<ServerFrame> take_frame(std::string_view& bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  if ((byte(1) & 0x80) != 0) throw std::runtime_error("the server masked a frame");
  std::uint64_t length = byte(1);
  const std::size_t length_bytes = length < 126 ? 0 : length == 126 ? 2 : 8;
  if (bytes.size() < 2 + length_bytes) return std::nullopt;
  if (length_bytes != 0) length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) length = length << 8 | byte(2 + i);
  if ((length_bytes == 2 && length < 126) || (length_bytes == 8 && length < 65536)) {
    throw std::runtime_error("the server wrote a length longer than need be");
  }
  const std::size_t head = 2 + length_bytes;
  if (bytes.size() - head < length) return std::nullopt;
  ServerFrame frame{byte(0), std::string(bytes.substr(head, length))};
  bytes.remove_prefix(head + length);
  return frame;
}

/// Inflates one message of permessage-deflate without context takeover, in a window of two to the
/// power of `window_bits`. Throws std::runtime_error.
inline std::string inflate_message(std::string packed, int window_bits = 15) {
  packed.append("\x00\x00\xff\xff", 4);
  z_stream stream{};
  if (inflateInit2(&stream, -window_bits) != Z_OK) throw std::runtime_error("inflateInit2");
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string plain;
  int outcome = Z_OK;
  do {
    std::string piece(65536, '\0');
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    outcome = inflate(&stream, Z_SYNC_FLUSH);
    plain.append(piece, 0, piece.size() - stream.avail_out);
  } while (outcome == Z_OK && (stream.avail_in != 0 || stream.avail_out == 0));
  inflateEnd(&stream);
  if (outcome != Z_OK && outcome != Z_BUF_ERROR) {
    throw std::runtime_error("the server compressed a message wrongly");
  }
  return plain;
}

}  // namespace hornbeam::tests

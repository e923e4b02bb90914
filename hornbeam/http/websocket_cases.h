#pragma once

// For tests only: what a client may send over an open WebSocket, and what a server must make of it,
// as data.
//
// The rows are run against the decoder in websocket_codec_test.cc, whole, byte by byte and in other
// pieces. They keep to the default limits and know nothing of the decoder, so that a driver can run
// them over a raw socket too. Against an echo server, expect for each `Said`: text and binary come
// back as they are, a ping as a pong, a close with its code, a failure as a close frame with that
// code; a pong brings nothing.
//
// Frames are built here without help from websocket_frame.h: the table must not inherit its
// mistakes. Source: RFC 6455 sections 5 to 8, RFC 7692 section 7.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hornbeam::http::cases {

/// One thing a server must have understood.
struct Said {
  enum class Kind : std::uint8_t { kText, kBinary, kPing, kPong, kClose, kFailure };
  Kind kind;
  std::string
      payload;  ///< Of a message, ping or pong; the reason of a close. Not compared for a failure.
  std::uint16_t code = 0;  ///< Of a close or failure. 1005: a close without a code.

  friend bool operator==(const Said&, const Said&) = default;
};

inline Said text(std::string payload) {
  return {Said::Kind::kText, std::move(payload)};
}
inline Said binary(std::string payload) {
  return {Said::Kind::kBinary, std::move(payload)};
}
inline Said ping(std::string payload) {
  return {Said::Kind::kPing, std::move(payload)};
}
inline Said pong(std::string payload) {
  return {Said::Kind::kPong, std::move(payload)};
}
inline Said closed(std::uint16_t code, std::string reason = {}) {
  return {Said::Kind::kClose, std::move(reason), code};
}
inline Said failed(std::uint16_t code) {
  return {Said::Kind::kFailure, {}, code};
}

/// What permessage-deflate agreement a row needs.
enum class Deflate : std::uint8_t {
  kOff,
  kFresh,  ///< Negotiated with no context takeover, as a server asks by default.
  kKept,   ///< The client keeps its window from message to message.
};

/// One row: a client sends `sent`; the server must have understood exactly `said`, in this order.
struct Case {
  std::string name;
  std::string sent;
  std::vector<Said> said;
  Deflate deflate = Deflate::kOff;
};

// First bytes of frames: FIN, RSV1 to RSV3 and the opcode.
inline constexpr std::uint8_t kText = 0x81;
inline constexpr std::uint8_t kTextMore = 0x01;
inline constexpr std::uint8_t kBinary = 0x82;
inline constexpr std::uint8_t kBinaryMore = 0x02;
inline constexpr std::uint8_t kMiddle = 0x00;
inline constexpr std::uint8_t kLast = 0x80;
inline constexpr std::uint8_t kClose = 0x88;
inline constexpr std::uint8_t kPing = 0x89;
inline constexpr std::uint8_t kPong = 0x8A;
inline constexpr std::uint8_t kRsv1 = 0x40;

/// How a length is written, when it is not to be the right way.
enum class LengthForm : std::uint8_t { kShortest, kTwoBytes, kEightBytes };

inline std::string big_endian(std::uint64_t value, std::size_t size) {
  std::string bytes;
  for (std::size_t i = size; i-- > 0;) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

/// The head of a masked frame, but for the mask: `first` and a length.
inline std::string head(std::uint8_t first, std::uint64_t length,
                        LengthForm form = LengthForm::kShortest) {
  std::string bytes(1, static_cast<char>(first));
  if (form == LengthForm::kShortest && length > 0xFFFF) form = LengthForm::kEightBytes;
  if (form == LengthForm::kShortest && length > 125) form = LengthForm::kTwoBytes;
  switch (form) {
    case LengthForm::kShortest:
      return bytes + static_cast<char>(0x80 | length);
    case LengthForm::kTwoBytes:
      return bytes + static_cast<char>(0x80 | 126) + big_endian(length, 2);
    case LengthForm::kEightBytes:
      return bytes + static_cast<char>(0x80 | 127) + big_endian(length, 8);
  }
  return bytes;
}

using Key = std::array<std::uint8_t, 4>;
inline constexpr Key kKey = {0x37, 0xFA, 0x21, 0x3D};

inline std::string mask(std::string_view payload, Key key = kKey) {
  std::string bytes(key.begin(), key.end());
  for (std::size_t i = 0; i < payload.size(); ++i) {
    bytes += static_cast<char>(static_cast<std::uint8_t>(payload[i]) ^ key[i % 4]);
  }
  return bytes;
}

/// A masked frame.
inline std::string frame(std::uint8_t first, std::string_view payload = {},
                         LengthForm form = LengthForm::kShortest) {
  return head(first, payload.size(), form) + mask(payload);
}

/// A close frame.
inline std::string close_frame(std::uint16_t code, std::string_view reason = {}) {
  return frame(kClose, big_endian(code, 2).append(reason));
}

/// `size` bytes that are ASCII, all different within any stretch of sixty.
inline std::string letters(std::size_t size) {
  std::string bytes(size, ' ');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>('A' + i * 7 % 59);
  return bytes;
}

/// `size` bytes of every value.
inline std::string octets(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 89 + 3);
  return bytes;
}

/// Bytes given as numbers, for what no text shows well.
template <class... Octets>
std::string bytes_of(Octets... octet) {
  return std::string{static_cast<char>(octet)...};
}

}  // namespace hornbeam::http::cases

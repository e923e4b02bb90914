#pragma once

// WebSocket frames as bytes: their names and numbers, and how they are written. Reading them is
// websocket_codec.h.
//
// RFC 6455 section 5.2, the head of a frame:
//   FIN RSV1 RSV2 RSV3 opcode(4) | MASK length(7) | length(16) if 126, length(64) if 127 | masking
//   key(32) if MASK

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hornbeam::http {

/// What a frame carries. Source: RFC 6455 section 5.2; every other value is reserved.
enum class Opcode : std::uint8_t {
  kContinuation = 0x0,
  kText = 0x1,
  kBinary = 0x2,
  kClose = 0x8,
  kPing = 0x9,
  kPong = 0xA,
};

/// The first four bits of a frame that its writer chooses. RSV1 means "compressed", on the first
/// frame of a message only.
enum class FrameBits : std::uint8_t {
  kMore = 0x00,             ///< More fragments of this message follow.
  kFinal = 0x80,            ///< The message ends here; what every unfragmented message has.
  kMoreCompressed = 0x40,   ///< The first fragment of a compressed message.
  kFinalCompressed = 0xC0,  ///< A compressed message in one frame.
};

/// Why a conversation ends. Source: RFC 6455 section 7.4.1, and the IANA registry it began.
enum class CloseCode : std::uint16_t {
  kNormal = 1000,
  kGoingAway = 1001,
  kProtocolError = 1002,
  kUnsupported = 1003,
  kNoStatus = 1005,  ///< Never sent: says that the peer's close frame carried no code.
  kAbnormal = 1006,  ///< Never sent: says that the connection ended without a close frame.
  kInvalidData = 1007,
  kPolicy = 1008,
  kTooBig = 1009,
  kMandatoryExtension = 1010,
  kInternalError = 1011,
  kServiceRestart = 1012,
  kTryAgainLater = 1013,
};

/// Longest payload of a ping, pong or close. Bytes. Source: RFC 6455 section 5.5.
inline constexpr std::size_t kMaxControlPayload = 125;
/// Longest head of a frame: 2 bytes, 8 of length, 4 of mask.
inline constexpr std::size_t kMaxFrameHead = 14;

/// Four bytes with which a client masks a frame. Requires, against proxies that can be fooled:
/// fresh ones from a strong random source for every frame. Source: RFC 6455 section 10.3.
using MaskKey = std::array<std::uint8_t, 4>;

/// True for the codes that may stand in a close frame on the wire.
constexpr bool is_valid_close_code(unsigned code) noexcept {
  // RFC 6455 section 7.4.2: "Status codes in the range 0-999 are not used", "1000-2999 are reserved
  // for definition by this protocol", 3000-4999 belong to libraries and applications. 1004, 1005,
  // 1006 and 1015 must not be sent.
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
}

/// Appends one frame as a server writes it, unmasked.
void append_frame(std::string& out, Opcode opcode, std::string_view payload,
                  FrameBits bits = FrameBits::kFinal);

/// Appends one frame as a client writes it, masked with `key`.
void append_masked_frame(std::string& out, MaskKey key, Opcode opcode, std::string_view payload,
                         FrameBits bits = FrameBits::kFinal);

/// The payload of a close frame. A `reason` over 123 bytes is cut at a character; 1005 (no status)
/// gives an empty one. Requires: 1005, or a code that is valid on the wire.
std::string close_payload(std::uint16_t code, std::string_view reason = {});

/// Appends a server's close frame; see `close_payload`.
void append_close(std::string& out, std::uint16_t code, std::string_view reason = {});

/// One frame, encoded once, to be sent to many sockets: a server's frame is the same bytes for
/// everyone.
std::shared_ptr<const std::string> shared_frame(Opcode opcode, std::string_view payload);

}  // namespace hornbeam::http

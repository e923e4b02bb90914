#pragma once

// WebSocketDecoder: bytes in, messages out, no I/O.
//
//   while (auto event = decoder.next(bytes)) {
//     if (event->kind == WebSocketEvent::Kind::kText) append_frame(out, Opcode::kText,
//     event->payload);
//   }
//
// What makes it quick: nearly every frame a game or a chat sends is one short unfragmented message
// that lies whole in the read buffer. `next` recognises it by its first two bytes, unmasks it where
// it lies (learning on the way whether it is ASCII) and hands out a view of it: nothing is copied,
// nothing allocated. Everything else, a message in fragments or in several reads, a control frame
// between fragments, compression, takes the thorough path, which keeps what has arrived in a side
// state that exists only while it is needed.
//
// Source: RFC 6455 sections 5 (framing), 7 (closing), 8.1 (UTF-8); RFC 7692 (permessage-deflate).

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "hornbeam/http/permessage_deflate.h"
#include "hornbeam/http/websocket_frame.h"

namespace hornbeam::http {

/// How much one peer may ask of a decoder.
struct WebSocketLimits {
  /// The largest message, after inflation; a larger one fails with 1009 before it is stored.
  /// Default 1 MiB. Units: bytes.
  std::size_t message_bytes = std::size_t{1} << 20;
  /// The most frames one message may come in; more fail with 1008. Default 16 384: at that count
  /// the heads alone cost more than a small message, and nobody but a test suite sends it.
  std::uint32_t message_fragments = 16'384;
};

/// One thing that a peer said, or what was wrong with it.
struct WebSocketEvent {
  /// What it is about.
  enum class Kind : std::uint8_t { kText, kBinary, kPing, kPong, kClose, kFailure };

  Kind kind;  ///< What it is about.
  /// With kClose the code the peer sent (1005 if none); with kFailure the code to close the
  /// connection with.
  std::uint16_t code = 0;
  /// The message; the body of a ping or pong; the reason of a close; what is wrong, for kFailure.
  /// Lifetime: until the next call of `next`, and while the bytes given to it stay where they are.
  std::string_view payload;
};

/// Which end of the connection the decoder sits at: a server takes masked frames, a client unmasked
/// ones.
enum class WebSocketRole : std::uint8_t { kServer, kClient };

/// Takes one peer's bytes apart. One per connection; 64 bytes while the connection is idle between
/// messages. After kClose and kFailure nothing further is parsed: what still comes is dropped.
class WebSocketDecoder {
 public:
  /// `role` is this end's: a server takes masked frames only, a client the others.
  explicit WebSocketDecoder(WebSocketLimits limits = {},
                            WebSocketRole role = WebSocketRole::kServer) noexcept;
  WebSocketDecoder(WebSocketDecoder&&) noexcept;
  WebSocketDecoder& operator=(WebSocketDecoder&&) noexcept;
  ~WebSocketDecoder();

  /// Allows compressed messages, as negotiated. Requires: called before the first byte comes.
  void enable_deflate(const DeflateParameters& negotiated) noexcept;

  /// Takes the next event from the front of `bytes`, which shrinks by what was taken and may be
  /// changed (unmasked). Nothing means that all of `bytes` was taken and more is needed. A caller
  /// that cannot go on (back-pressure) just stops calling, and presents what is left of `bytes`
  /// again later.
  std::optional<WebSocketEvent> next(std::span<char>& bytes) {
    if (bytes.empty() && phase_ == Phase::kIdle) return std::nullopt;
    return next_event(bytes);
  }

  /// True between messages, with nothing kept: neither a part of a frame nor of a message.
  bool is_idle() const noexcept { return phase_ == Phase::kIdle; }

 private:
  struct Side;
  enum class Phase : std::uint8_t {
    kIdle,     // between messages, and nothing kept that the quick path would have to look at
    kHead,     // collecting a head, `head_size_` bytes of which are there
    kPayload,  // inside a frame, `frame_left_` bytes of whose payload are still to come
    kFinished  // closed or failed
  };
  using MaybeEvent = std::optional<WebSocketEvent>;

  MaybeEvent next_event(std::span<char>& bytes);
  MaybeEvent next_thoroughly(std::span<char>& bytes);
  MaybeEvent take_head(std::span<char>& bytes);
  bool fill_head(std::span<char>& bytes, std::size_t size);
  const char* wrong_with_first_bytes() const noexcept;
  MaybeEvent begin_payload(std::uint64_t length);
  MaybeEvent join_message();
  std::span<char> take_payload(std::span<char>& bytes, bool& is_ascii);
  MaybeEvent take_whole(std::span<char>& bytes);
  MaybeEvent text_event(std::string_view text, bool is_ascii) noexcept;
  MaybeEvent take_control_piece(std::span<char>& bytes);
  MaybeEvent take_data_piece(std::span<char>& bytes);
  MaybeEvent end_control(std::string_view payload);
  MaybeEvent end_close(std::string_view payload);
  MaybeEvent end_message();
  bool check_text(std::size_t before, bool is_ascii) noexcept;
  MaybeEvent fail(CloseCode code, const char* why) noexcept;
  MaybeEvent fail_inflating(InflateResult result) noexcept;
  void end_frame() noexcept;
  void settle() noexcept;
  Side& side();

  bool is_final() const noexcept { return (head_[0] & 0x80) != 0; }
  bool is_compressed() const noexcept { return (head_[0] & 0x40) != 0; }
  bool is_control() const noexcept { return (head_[0] & 0x08) != 0; }
  Opcode opcode() const noexcept { return static_cast<Opcode>(head_[0] & 0x0F); }

  WebSocketLimits limits_;
  std::unique_ptr<Side> side_;
  std::uint64_t frame_left_ = 0;
  std::uint32_t mask_ = 0;  // of the next payload byte: turned as the payload is taken
  std::array<std::uint8_t, kMaxFrameHead> head_{};
  std::uint8_t head_size_ = 0;
  Phase phase_ = Phase::kIdle;
  std::uint8_t mask_bit_;  // what the role demands of a head's second byte
  bool has_deflate_ = false;
  bool keeps_window_ = false;  // the peer's compressor carries its window over to the next message
  std::uint8_t window_bits_ = 15;
};

}  // namespace hornbeam::http

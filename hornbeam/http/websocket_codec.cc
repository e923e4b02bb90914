#include "hornbeam/http/websocket_codec.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "hornbeam/http/utf8.h"
#include "hornbeam/http/websocket_frame_mask.h"

namespace hornbeam::http {
namespace {

constexpr std::uint8_t kFinalText = 0x81;
constexpr std::uint8_t kFinalBinary = 0x82;
constexpr std::uint8_t kMaskBit = 0x80;
constexpr std::uint64_t kLargestLimit = std::uint64_t{1} << 62;
constexpr std::size_t kMaskedHead = 6;  // of a masked frame with a payload under 126 bytes

std::uint8_t octet(char byte) noexcept {
  return static_cast<std::uint8_t>(byte);
}

std::uint64_t read_big_endian(const std::uint8_t* at, std::size_t size) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = (value << 8) | at[i];
  return value;
}

std::uint32_t load_mask(const void* at) noexcept {
  std::uint32_t mask;
  std::memcpy(&mask, at, sizeof mask);
  return mask;
}

}  // namespace

// What is kept while a message or control frame has begun but not ended in the bytes seen so far.
struct WebSocketDecoder::Side {
  std::string message;  // what has arrived of it, inflated
  std::string control;  // what has arrived of a control frame's payload
  std::unique_ptr<MessageInflater> inflater;
  std::uint64_t wire_bytes = 0;  // of a compressed message, as it came
  std::uint32_t fragments = 0;
  Utf8Validator utf8;
  bool is_open = false;  // between the first frame of a message and its last
  bool is_text = false;
  bool is_compressed = false;
};

WebSocketDecoder::WebSocketDecoder(WebSocketLimits limits, WebSocketRole role) noexcept
    : limits_(limits), mask_bit_(role == WebSocketRole::kServer ? kMaskBit : 0) {}
WebSocketDecoder::WebSocketDecoder(WebSocketDecoder&&) noexcept = default;
WebSocketDecoder& WebSocketDecoder::operator=(WebSocketDecoder&&) noexcept = default;
WebSocketDecoder::~WebSocketDecoder() = default;

void WebSocketDecoder::enable_deflate(const DeflateParameters& negotiated) noexcept {
  const bool is_server = mask_bit_ != 0;
  has_deflate_ = true;
  keeps_window_ =
      is_server ? !negotiated.client_no_context_takeover : !negotiated.server_no_context_takeover;
  window_bits_ = is_server ? negotiated.client_max_window_bits : negotiated.server_max_window_bits;
}

// The quick path: a whole text or binary message from a client, in one uncompressed frame of less
// than 64 KiB that lies in `bytes`. Everything else is `next_thoroughly`'s.
WebSocketDecoder::MaybeEvent WebSocketDecoder::next_event(std::span<char>& bytes) {
  if (phase_ == Phase::kHead && head_size_ == 0) settle();
  if (phase_ != Phase::kIdle || mask_bit_ == 0 || bytes.size() < kMaskedHead) {
    return next_thoroughly(bytes);
  }
  const std::uint8_t first = octet(bytes[0]);
  std::size_t length = octet(bytes[1]) ^ kMaskBit;  // 128 or more if the bit is not set
  std::size_t head = kMaskedHead;
  if ((first != kFinalText && first != kFinalBinary) || length >= 127) {
    return next_thoroughly(bytes);
  }
  if (length == 126) {
    length = (std::size_t{octet(bytes[2])} << 8) | octet(bytes[3]);
    head += 2;
    if (length < 126) return next_thoroughly(bytes);
  }
  if (bytes.size() < head + length || length > limits_.message_bytes) {
    return next_thoroughly(bytes);
  }
  char* const payload = bytes.data() + head;
  const bool is_ascii = apply_mask(payload, length, load_mask(payload - 4));
  bytes = bytes.subspan(head + length);
  if (first == kFinalBinary) {
    return WebSocketEvent{WebSocketEvent::Kind::kBinary, 0, std::string_view(payload, length)};
  }
  return text_event(std::string_view(payload, length), is_ascii);
}

// Terminates: every pass takes at least one byte, or ends a frame without payload, whose head was
// at least one byte.
WebSocketDecoder::MaybeEvent WebSocketDecoder::next_thoroughly(std::span<char>& bytes) {
  while (phase_ != Phase::kFinished) {
    MaybeEvent event;
    if (phase_ != Phase::kPayload) {
      if (auto failure = take_head(bytes)) return failure;
      if (phase_ != Phase::kPayload) return std::nullopt;
      const bool stands_alone =
          is_control() || (is_final() && !is_compressed() && opcode() != Opcode::kContinuation);
      if (stands_alone && frame_left_ <= bytes.size()) return take_whole(bytes);
      if (!is_control()) event = join_message();
    }
    if (!event && bytes.empty() && frame_left_ > 0) return std::nullopt;
    if (!event) event = is_control() ? take_control_piece(bytes) : take_data_piece(bytes);
    if (event) return event;
  }
  bytes = {};
  side_.reset();
  return std::nullopt;
}

// Adds to the head until it has `size` bytes; false if `bytes` did not suffice.
bool WebSocketDecoder::fill_head(std::span<char>& bytes, std::size_t size) {
  const std::size_t missing = size - std::min<std::size_t>(size, head_size_);
  const std::size_t taken = std::min(missing, bytes.size());
  std::copy_n(bytes.begin(), taken, head_.begin() + head_size_);
  head_size_ = static_cast<std::uint8_t>(head_size_ + taken);
  bytes = bytes.subspan(taken);
  return taken == missing;
}

// The phase is kPayload afterwards if the head is complete and right.
WebSocketDecoder::MaybeEvent WebSocketDecoder::take_head(std::span<char>& bytes) {
  if (bytes.empty()) return std::nullopt;
  phase_ = Phase::kHead;
  if (!fill_head(bytes, 2)) return std::nullopt;
  // Looked at before the rest has come: a peer that is wrong by its second byte is told so then.
  if (const char* wrong = wrong_with_first_bytes()) return fail(CloseCode::kProtocolError, wrong);
  const std::uint8_t short_length = head_[1] & 0x7F;
  const std::size_t length_size = short_length < 126 ? 0 : short_length == 126 ? 2 : 8;
  const std::size_t mask_size = mask_bit_ != 0 ? 4 : 0;
  if (!fill_head(bytes, 2 + length_size + mask_size)) return std::nullopt;

  const std::uint64_t length =
      length_size == 0 ? short_length : read_big_endian(head_.data() + 2, length_size);
  // RFC 6455 section 5.2: "the minimal number of bytes MUST be used to encode the length", and of
  // the 64-bit form "the most significant bit MUST be 0".
  if ((length_size == 2 && length < 126) || (length_size == 8 && length <= 0xFFFF)) {
    return fail(CloseCode::kProtocolError, "a length in more bytes than it needs");
  }
  if ((length >> 63) != 0) return fail(CloseCode::kProtocolError, "a length over 63 bits");
  mask_ = mask_size != 0 ? load_mask(head_.data() + 2 + length_size) : 0;
  return begin_payload(length);
}

const char* WebSocketDecoder::wrong_with_first_bytes() const noexcept {
  const bool is_message_open = side_ && side_->is_open;
  // RFC 6455 section 5.2, RSV: "MUST be 0 unless an extension is negotiated that defines meanings
  // for non-zero values". RFC 7692 section 6: RSV1 marks the first frame of a compressed message,
  // and no other frame.
  const bool may_be_compressed =
      has_deflate_ && (opcode() == Opcode::kText || opcode() == Opcode::kBinary);
  if ((head_[0] & (may_be_compressed ? 0x30 : 0x70)) != 0) return "a reserved bit is set";
  // Section 5.1: "The server MUST close the connection upon receiving a frame that is not masked."
  // and "A client MUST close a connection if it detects a masked frame."
  if ((head_[1] & kMaskBit) != mask_bit_) {
    return mask_bit_ != 0 ? "a frame from a client must be masked"
                          : "a frame from a server must not be masked";
  }
  switch (opcode()) {
    // Section 5.4: a fragmented message is "a single frame with the FIN bit clear and an opcode
    // other than 0, followed by zero or more frames with the FIN bit clear and the opcode set to 0,
    // and terminated by a single frame with the FIN bit set and an opcode of 0"; messages "MUST NOT
    // be interleaved".
    case Opcode::kContinuation:
      return is_message_open ? nullptr : "a continuation without a message to continue";
    case Opcode::kText:
    case Opcode::kBinary:
      return is_message_open ? "a new message before the last one ended" : nullptr;
    // Section 5.5: "All control frames MUST have a payload length of 125 bytes or less and MUST NOT
    // be fragmented."
    case Opcode::kClose:
    case Opcode::kPing:
    case Opcode::kPong:
      if (!is_final()) return "a control frame in fragments";
      return (head_[1] & 0x7F) > kMaxControlPayload ? "a control frame over 125 bytes" : nullptr;
  }
  return "a reserved opcode";
}

WebSocketDecoder::MaybeEvent WebSocketDecoder::begin_payload(std::uint64_t length) {
  frame_left_ = length;
  phase_ = Phase::kPayload;
  if (is_control()) return std::nullopt;
  const bool continues = opcode() == Opcode::kContinuation;
  if (continues ? side_->is_compressed : is_compressed()) {
    // DEFLATE grows what it cannot shrink by less than this; more must be padding that inflates to
    // nothing.
    const std::uint64_t limit = std::min<std::uint64_t>(limits_.message_bytes, kLargestLimit);
    const std::uint64_t most = limit + limit / 8 + 1024;
    const std::uint64_t before = continues ? side_->wire_bytes : 0;
    if (length > most - before) return fail(CloseCode::kTooBig, "the message is too big");
    return std::nullopt;
  }
  const std::size_t before = continues ? side_->message.size() : 0;
  if (length > limits_.message_bytes - before) {
    return fail(CloseCode::kTooBig, "the message is too big");
  }
  return std::nullopt;
}

// Makes the data frame that has begun a part of the message in progress, or the beginning of one.
WebSocketDecoder::MaybeEvent WebSocketDecoder::join_message() {
  Side& message = side();
  if (opcode() != Opcode::kContinuation) {
    message.is_open = true;
    message.is_text = opcode() == Opcode::kText;
    message.is_compressed = is_compressed();
    message.fragments = 0;
    message.wire_bytes = 0;
    message.utf8.reset();
    if (message.is_compressed && !message.inflater) {
      message.inflater = std::make_unique<MessageInflater>(window_bits_);
    }
  }
  message.wire_bytes += frame_left_;
  if (++message.fragments > limits_.message_fragments) {
    return fail(CloseCode::kPolicy, "the message comes in too many fragments");
  }
  return std::nullopt;
}

// What there is of the frame's payload in `bytes`, unmasked.
std::span<char> WebSocketDecoder::take_payload(std::span<char>& bytes, bool& is_ascii) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(frame_left_, bytes.size()));
  const std::span<char> piece = bytes.first(size);
  bytes = bytes.subspan(size);
  is_ascii = apply_mask(piece.data(), size, mask_);
  mask_ = turn_mask(mask_, size);
  frame_left_ -= size;
  return piece;
}

// A frame that needs no other, with all of its payload at hand: nothing is copied.
WebSocketDecoder::MaybeEvent WebSocketDecoder::take_whole(std::span<char>& bytes) {
  bool is_ascii = false;
  const std::span<char> piece = take_payload(bytes, is_ascii);
  const std::string_view payload(piece.data(), piece.size());
  if (is_control()) return end_control(payload);
  end_frame();
  if (opcode() == Opcode::kBinary) {
    return WebSocketEvent{WebSocketEvent::Kind::kBinary, 0, payload};
  }
  return text_event(payload, is_ascii);
}

inline WebSocketDecoder::MaybeEvent WebSocketDecoder::text_event(std::string_view text,
                                                                 bool is_ascii) noexcept {
  if (!is_ascii && !is_utf8(text)) return fail(CloseCode::kInvalidData, "text is not UTF-8");
  return WebSocketEvent{WebSocketEvent::Kind::kText, 0, text};
}

WebSocketDecoder::MaybeEvent WebSocketDecoder::take_control_piece(std::span<char>& bytes) {
  bool is_ascii = false;
  const std::span<char> piece = take_payload(bytes, is_ascii);
  side().control.append(piece.data(), piece.size());
  return frame_left_ == 0 ? end_control(side_->control) : std::nullopt;
}

WebSocketDecoder::MaybeEvent WebSocketDecoder::take_data_piece(std::span<char>& bytes) {
  bool is_ascii = false;
  const std::span<char> piece = take_payload(bytes, is_ascii);
  const std::string_view payload(piece.data(), piece.size());
  Side& message = *side_;
  const std::size_t before = message.message.size();
  auto inflated = InflateResult::kOk;
  if (message.is_compressed) {
    inflated = message.inflater->append(message.message, payload, limits_.message_bytes);
  } else {
    message.message.append(payload);
  }
  if (!check_text(before, is_ascii && !message.is_compressed)) {
    return fail(CloseCode::kInvalidData, "text is not UTF-8");
  }
  if (inflated != InflateResult::kOk) return fail_inflating(inflated);
  if (frame_left_ > 0) return std::nullopt;
  end_frame();
  return is_final() ? end_message() : std::nullopt;
}

// Checks what was added to the message from its byte `before` on. RFC 6455 section 5.6: "a
// particular text frame might include a partial UTF-8 sequence; however, the whole message MUST
// contain valid UTF-8." Looked at piece by piece, a wrong byte is refused the moment it is there.
bool WebSocketDecoder::check_text(std::size_t before, bool is_ascii) noexcept {
  Side& message = *side_;
  if (!message.is_text || (is_ascii && message.utf8.complete())) return true;
  return message.utf8.feed(std::string_view(message.message).substr(before));
}

WebSocketDecoder::MaybeEvent WebSocketDecoder::end_message() {
  Side& message = *side_;
  if (message.is_compressed) {
    const std::size_t before = message.message.size();
    const auto inflated = message.inflater->finish(message.message, limits_.message_bytes);
    if (!check_text(before, false)) return fail(CloseCode::kInvalidData, "text is not UTF-8");
    if (inflated != InflateResult::kOk) return fail_inflating(inflated);
    if (!keeps_window_) message.inflater.reset();
  }
  if (message.is_text && !message.utf8.complete()) {
    return fail(CloseCode::kInvalidData, "text is not UTF-8");
  }
  message.is_open = false;
  const auto kind = message.is_text ? WebSocketEvent::Kind::kText : WebSocketEvent::Kind::kBinary;
  return WebSocketEvent{kind, 0, message.message};
}

WebSocketDecoder::MaybeEvent WebSocketDecoder::end_control(std::string_view payload) {
  end_frame();
  if (opcode() == Opcode::kClose) return end_close(payload);
  const auto kind =
      opcode() == Opcode::kPing ? WebSocketEvent::Kind::kPing : WebSocketEvent::Kind::kPong;
  return WebSocketEvent{kind, 0, payload};
}

// RFC 6455 section 5.5.1: "If there is a body, the first two bytes of the body MUST be a 2-byte
// unsigned integer (in network byte order) representing a status code ... Following the 2-byte
// integer, the body MAY contain UTF-8-encoded data".
WebSocketDecoder::MaybeEvent WebSocketDecoder::end_close(std::string_view payload) {
  if (payload.size() == 1) return fail(CloseCode::kProtocolError, "half a close code");
  auto code = static_cast<std::uint16_t>(CloseCode::kNoStatus);
  if (!payload.empty()) {
    code = static_cast<std::uint16_t>(octet(payload[0]) << 8 | octet(payload[1]));
    if (!is_valid_close_code(code)) {
      return fail(CloseCode::kProtocolError, "a close code that must not be sent");
    }
    payload.remove_prefix(2);
    if (!is_utf8(payload)) return fail(CloseCode::kInvalidData, "the close reason is not UTF-8");
  }
  phase_ = Phase::kFinished;
  return WebSocketEvent{WebSocketEvent::Kind::kClose, code, payload};
}

WebSocketDecoder::MaybeEvent WebSocketDecoder::fail_inflating(InflateResult result) noexcept {
  return result == InflateResult::kTooBig
             ? fail(CloseCode::kTooBig, "the message is too big")
             : fail(CloseCode::kInvalidData, "the compressed message is damaged");
}

WebSocketDecoder::MaybeEvent WebSocketDecoder::fail(CloseCode code, const char* why) noexcept {
  phase_ = Phase::kFinished;
  side_.reset();
  return WebSocketEvent{WebSocketEvent::Kind::kFailure, static_cast<std::uint16_t>(code), why};
}

void WebSocketDecoder::end_frame() noexcept {
  phase_ = Phase::kHead;
  head_size_ = 0;
}

// Between two frames: lets go of what the last event showed, and finds out whether the decoder is
// idle.
void WebSocketDecoder::settle() noexcept {
  if (side_) {
    side_->control = {};
    if (side_->is_open) return;
    if (side_->inflater) {
      side_->message = {};
    } else {
      side_.reset();
    }
  }
  phase_ = Phase::kIdle;
}

WebSocketDecoder::Side& WebSocketDecoder::side() {
  if (!side_) side_ = std::make_unique<Side>();
  return *side_;
}

}  // namespace hornbeam::http

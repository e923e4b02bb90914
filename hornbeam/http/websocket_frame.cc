#include "hornbeam/http/websocket_frame.h"

#include <bit>
#include <cstring>

#include "hornbeam/base/check.h"
#include "hornbeam/http/websocket_frame_mask.h"

namespace hornbeam::http {
namespace {

constexpr std::size_t kMaxReason = kMaxControlPayload - 2;

template <std::size_t kBytes>
char* write_big_endian(char* at, std::uint64_t value) noexcept {
  for (std::size_t i = 0; i < kBytes; ++i) {
    at[i] = static_cast<char>(value >> (8 * (kBytes - 1 - i)));
  }
  return at + kBytes;
}

// RFC 6455 section 5.2: "the minimal number of bytes MUST be used to encode the length".
char* write_head(char* at, Opcode opcode, std::size_t size, FrameBits bits,
                 std::uint8_t mask_bit) noexcept {
  *at++ = static_cast<char>(static_cast<unsigned>(bits) | static_cast<unsigned>(opcode));
  if (size < 126) {
    *at++ = static_cast<char>(mask_bit | size);
    return at;
  }
  if (size <= 0xFFFF) {
    *at++ = static_cast<char>(mask_bit | 126);
    return write_big_endian<2>(at, size);
  }
  *at++ = static_cast<char>(mask_bit | 127);
  return write_big_endian<8>(at, size);
}

std::string_view cut_at_character(std::string_view text, std::size_t most) noexcept {
  if (text.size() <= most) return text;
  // A byte 10xxxxxx continues a character: step back until the cut stands before the start of one.
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

}  // namespace

void append_frame(std::string& out, Opcode opcode, std::string_view payload, FrameBits bits) {
  const std::size_t size = out.size();
  // The head's size is known only once it is written, so room is made for the longest.
  out.resize_and_overwrite(
      size + kMaxFrameHead + payload.size(), [&](char* data, std::size_t) noexcept {
        char* const end = write_head(data + size, opcode, payload.size(), bits, 0);
        // memcpy must not be given the null that an empty view may hold.
        if (!payload.empty()) std::memcpy(end, payload.data(), payload.size());
        return static_cast<std::size_t>(end - data) + payload.size();
      });
}

void append_masked_frame(std::string& out, MaskKey key, Opcode opcode, std::string_view payload,
                         FrameBits bits) {
  char head[kMaxFrameHead];
  char* end = write_head(head, opcode, payload.size(), bits, 0x80);
  std::memcpy(end, key.data(), key.size());
  end += key.size();
  out.append(head, static_cast<std::size_t>(end - head));
  const std::size_t start = out.size();
  out.append(payload);
  apply_mask(out.data() + start, payload.size(), std::bit_cast<std::uint32_t>(key));
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
  if (code == static_cast<std::uint16_t>(CloseCode::kNoStatus)) return {};
  base::check(is_valid_close_code(code), "a close frame with a code that must not be sent");
  std::string payload(2, '\0');
  write_big_endian<2>(payload.data(), code);
  payload.append(cut_at_character(reason, kMaxReason));
  return payload;
}

void append_close(std::string& out, std::uint16_t code, std::string_view reason) {
  append_frame(out, Opcode::kClose, close_payload(code, reason));
}

std::shared_ptr<const std::string> shared_frame(Opcode opcode, std::string_view payload) {
  auto frame = std::make_shared<std::string>();
  frame->reserve(kMaxFrameHead + payload.size());
  append_frame(*frame, opcode, payload);
  return frame;
}

}  // namespace hornbeam::http

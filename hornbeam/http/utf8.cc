#include "hornbeam/http/utf8.h"

#include <cstddef>
#include <cstring>

namespace hornbeam::http {
namespace {

std::uint8_t octet(char byte) noexcept {
  return static_cast<std::uint8_t>(byte);
}
bool is_tail(char byte) noexcept {
  return (octet(byte) & 0xC0) == 0x80;
}
unsigned tail_bits(char byte) noexcept {
  return octet(byte) & 0x3F;
}

// How many bytes at the front of `bytes` are ASCII, in steps of sixteen and then eight: the few
// left over are cheaper to look at one by one than to count exactly.
std::size_t ascii_run(const char* bytes, std::size_t size) noexcept {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::size_t done = 0;
  for (; size - done >= 16; done += 16) {
    std::uint64_t words[2];
    std::memcpy(words, bytes + done, 16);
    if (((words[0] | words[1]) & kHighBits) != 0) break;
  }
  if (size - done >= 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes + done, 8);
    if ((word & kHighBits) == 0) done += 8;
  }
  return done;
}

// The size of the well-formed character, not ASCII, at the front of four bytes; 0 if there is none.
std::size_t wide_character(const char* at) noexcept {
  const unsigned lead = octet(at[0]);
  if (lead < 0xE0) return lead >= 0xC2 && is_tail(at[1]) ? 2 : 0;
  if (!is_tail(at[1]) || !is_tail(at[2])) return 0;
  const unsigned middle = tail_bits(at[1]) << 6 | tail_bits(at[2]);
  if (lead < 0xF0) {
    const unsigned point = (lead & 0x0F) << 12 | middle;
    const bool is_surrogate = (point & 0xF800) == 0xD800;
    return point >= 0x800 && !is_surrogate ? 3 : 0;
  }
  if (lead > 0xF4 || !is_tail(at[3])) return 0;
  const unsigned point = (lead & 0x07) << 18 | middle << 6 | tail_bits(at[3]);
  return point >= 0x10000 && point <= 0x10FFFF ? 4 : 0;
}

// How many bytes at the front of `bytes` are whole, well-formed characters, at least as far as four
// bytes before the end. Where it stops, what is wrong (or only missing) is for `feed` to find out
// byte by byte.
std::size_t character_run(std::string_view bytes) noexcept {
  std::size_t done = 0;
  while (bytes.size() - done >= 4) {
    const char* const at = bytes.data() + done;
    const std::size_t taken =
        octet(*at) < 0x80 ? 1 + ascii_run(at + 1, bytes.size() - done - 1) : wide_character(at);
    if (taken == 0) break;
    done += taken;
  }
  return done;
}

}  // namespace

// RFC 3629 section 4:
//   UTF8-2 = %xC2-DF UTF8-tail
//   UTF8-3 = %xE0 %xA0-BF UTF8-tail / %xE1-EC 2( UTF8-tail ) / %xED %x80-9F UTF8-tail / %xEE-EF 2(
//   UTF8-tail ) UTF8-4 = %xF0 %x90-BF 2( UTF8-tail ) / %xF1-F3 3( UTF8-tail ) / %xF4 %x80-8F 2(
//   UTF8-tail )
// So the lead byte decides how many bytes follow and, for four leads, a narrower range for the
// first of them.
bool Utf8Validator::start(std::uint8_t lead) noexcept {
  if (lead < 0xC2 || lead > 0xF4) return false;
  remaining_ = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  if (lead == 0xE0) low_ = 0xA0;
  if (lead == 0xED) high_ = 0x9F;
  if (lead == 0xF0) low_ = 0x90;
  if (lead == 0xF4) high_ = 0x8F;
  return true;
}

bool Utf8Validator::feed(std::string_view bytes) noexcept {
  while (true) {
    if (remaining_ == 0) bytes.remove_prefix(character_run(bytes));
    if (bytes.empty()) return true;
    const std::uint8_t byte = octet(bytes.front());
    bytes.remove_prefix(1);
    if (remaining_ > 0) {
      if (byte < low_ || byte > high_) return false;
      --remaining_;
      low_ = 0x80;
      high_ = 0xBF;
    } else if (byte >= 0x80 && !start(byte)) {
      return false;
    }
  }
}

bool is_utf8(std::string_view bytes) noexcept {
  Utf8Validator validator;
  return validator.feed(bytes) && validator.complete();
}

}  // namespace hornbeam::http

#include "hornbeam/http/utf8.h"

#include <cstddef>
#include <cstring>

namespace hornbeam::http {
namespace {

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
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (remaining_ == 0) {
      at += ascii_run(bytes.data() + at, bytes.size() - at);
      if (at == bytes.size()) break;
    }
    const auto byte = static_cast<std::uint8_t>(bytes[at++]);
    if (remaining_ > 0) {
      if (byte < low_ || byte > high_) return false;
      --remaining_;
      low_ = 0x80;
      high_ = 0xBF;
    } else if (byte >= 0x80 && !start(byte)) {
      return false;
    }
  }
  return true;
}

bool is_utf8(std::string_view bytes) noexcept {
  Utf8Validator validator;
  return validator.feed(bytes) && validator.complete();
}

}  // namespace hornbeam::http

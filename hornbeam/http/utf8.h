#pragma once

#include <cstdint>
#include <string_view>

namespace hornbeam::http {

/// Checks UTF-8 as it streams by, and refuses at the first byte after which no continuation could
/// be valid: surrogates, overlong forms and everything past U+10FFFF are refused at their second
/// byte, not at their last. Three bytes of state; runs of ASCII are checked sixteen bytes at a
/// time. Source: RFC 3629 section 4.
class Utf8Validator {
 public:
  /// True if `bytes` can follow what was fed before. After false, only `reset` makes it usable
  /// again.
  bool feed(std::string_view bytes) noexcept;

  /// True if what was fed so far does not end inside a character.
  bool complete() const noexcept { return remaining_ == 0; }

  /// Begins anew, as for the next message.
  void reset() noexcept { *this = Utf8Validator(); }

 private:
  bool start(std::uint8_t lead) noexcept;

  std::uint8_t remaining_ = 0;  // continuation bytes still due
  std::uint8_t low_ = 0x80;     // the next one lies in [low_, high_]
  std::uint8_t high_ = 0xBF;
};

/// True if `bytes` is well-formed UTF-8 from its first to its last byte.
bool is_utf8(std::string_view bytes) noexcept;

}  // namespace hornbeam::http

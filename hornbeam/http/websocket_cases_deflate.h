#pragma once

// For tests only: rows of the WebSocket table about permessage-deflate. Compressed bytes are the
// examples of RFC 7692 section 7.2.3, or written by hand, so that nothing depends on a compressor
// being right.

#include <string>
#include <vector>

#include "hornbeam/http/websocket_cases.h"

namespace hornbeam::http::cases {

/// A stored DEFLATE block (RFC 1951 section 3.2.4), which says `bytes` as they are.
inline std::string stored_block(std::string_view bytes) {
  const auto size = static_cast<std::uint16_t>(bytes.size());
  std::string block(1, '\0');
  for (const auto value : {size, static_cast<std::uint16_t>(~size)}) {
    block += static_cast<char>(value & 0xFF);
    block += static_cast<char>(value >> 8);
  }
  return block.append(bytes);
}

/// A compressed message's payload that says `bytes` in one stored block; the 00 at the end begins
/// the removed marker.
inline std::string stored(std::string_view bytes) {
  return stored_block(bytes) + '\0';
}

// NOLINTNEXTLINE(readability-function-size): a table.
inline std::vector<Case> deflate_cases() {
  constexpr std::uint8_t kTextZ = kText | kRsv1;
  constexpr std::uint8_t kTextMoreZ = kTextMore | kRsv1;
  constexpr std::uint8_t kBinaryZ = kBinary | kRsv1;
  constexpr auto kFresh = Deflate::kFresh;
  const std::string hello = bytes_of(0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00);
  const std::string hello_again = bytes_of(0xF2, 0x00, 0x11, 0x00, 0x00);
  const std::string hello_final = bytes_of(0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00);
  const std::string hello_in_two =
      bytes_of(0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00);
  return {
      {"a compressed text is inflated", frame(kTextZ, hello), {text("Hello")}, kFresh},
      {"a compressed binary message is inflated",
       frame(kBinaryZ, hello),
       {binary("Hello")},
       kFresh},
      {"a compressed text in two fragments is inflated",
       frame(kTextMoreZ, hello.substr(0, 3)) + frame(kLast, hello.substr(3)),
       {text("Hello")},
       kFresh},
      {"a compressed text with a ping between its fragments is inflated",
       frame(kTextMoreZ, hello.substr(0, 3)) + frame(kPing, "p") + frame(kLast, hello.substr(3)),
       {ping("p"), text("Hello")},
       kFresh},
      {"a compressed text may have empty fragments",
       frame(kTextMoreZ) + frame(kMiddle, hello) + frame(kLast),
       {text("Hello")},
       kFresh},
      {"a stored block is inflated", frame(kTextZ, stored("Hello")), {text("Hello")}, kFresh},
      {"two blocks make one message", frame(kTextZ, hello_in_two), {text("Hello")}, kFresh},
      {"a block marked as the last is inflated",
       frame(kTextZ, hello_final + '\0'),
       {text("Hello")},
       kFresh},
      {"a block marked as the last may stand without a marker",
       frame(kTextZ, hello_final),
       {text("Hello")},
       kFresh},
      {"a block may follow one marked as the last",
       frame(kTextZ, hello_final + hello),
       {text("HelloHello")},
       kFresh},
      {"an empty compressed text is inflated", frame(kTextZ, bytes_of(0x00)), {text("")}, kFresh},
      {"an empty compressed binary message is inflated",
       frame(kBinaryZ, bytes_of(0x00)),
       {binary("")},
       kFresh},
      {"a text without RSV1 is taken as it is", frame(kText, "plain"), {text("plain")}, kFresh},
      {"plain and compressed messages may alternate",
       frame(kTextZ, hello) + frame(kText, "plain") + frame(kTextZ, hello),
       {text("Hello"), text("plain"), text("Hello")},
       kFresh},
      {"two compressed messages are inflated each for itself",
       frame(kTextZ, hello) + frame(kTextZ, hello),
       {text("Hello"), text("Hello")},
       kFresh},
      {"the window is kept if the client keeps it",
       frame(kTextZ, hello) + frame(kTextZ, hello_again),
       {text("Hello"), text("Hello")},
       Deflate::kKept},
      {"the window is kept past plain messages and pings",
       frame(kTextZ, hello) + frame(kText, "plain") + frame(kPing, "p") +
           frame(kTextZ, hello_again),
       {text("Hello"), text("plain"), ping("p"), text("Hello")},
       Deflate::kKept},
      {"the window is not kept if the client promised not to use it",
       frame(kTextZ, hello) + frame(kTextZ, hello_again),
       {text("Hello"), failed(1007)},
       kFresh},
      {"a look back before the beginning is refused",
       frame(kTextZ, hello_again),
       {failed(1007)},
       kFresh},
      {"a block of the reserved kind is refused",
       frame(kTextZ, bytes_of(0x06)),
       {failed(1007)},
       kFresh},
      {"a stored block whose lengths disagree is refused",
       frame(kTextZ, bytes_of(0x00, 0x05, 0x00, 0x05, 0x00, 'H', 'e', 'l', 'l', 'o')),
       {failed(1007)},
       kFresh},
      {"a message cut off inside a stored block is refused",
       frame(kTextZ, stored_block("Hello, here is more").substr(0, 10)),
       {failed(1007)},
       kFresh},
      {"a compressed message without any bytes is refused",
       frame(kBinaryZ),
       {failed(1007)},
       kFresh},
      {"inflated text must be UTF-8", frame(kTextZ, stored("\xC3\x28")), {failed(1007)}, kFresh},
      {"inflated text must not end inside a character",
       frame(kTextZ, stored("\xE2\x82")),
       {failed(1007)},
       kFresh},
      {"inflated text is refused before the message ends",
       frame(kTextMoreZ, stored_block("good \xFF bad")),
       {failed(1007)},
       kFresh},
      {"inflated text may split a character over fragments",
       frame(kTextMoreZ, stored_block("\xE2\x82")) + frame(kLast, stored("\xAC")),
       {text("\xE2\x82\xAC")},
       kFresh},
      {"inflated binary messages may hold any bytes",
       frame(kBinaryZ, stored(octets(300))),
       {binary(octets(300))},
       kFresh},
      {"RSV1 on a continuation is refused",
       frame(kTextMoreZ, hello.substr(0, 3)) + frame(kLast | kRsv1, hello.substr(3)),
       {failed(1002)},
       kFresh},
      {"RSV1 on a ping is refused", frame(kPing | kRsv1, hello), {failed(1002)}, kFresh},
      {"RSV1 on a close is refused",
       frame(kClose | kRsv1, big_endian(1000, 2)),
       {failed(1002)},
       kFresh},
      {"RSV2 is refused though compression is agreed",
       frame(kText | 0x20, hello),
       {failed(1002)},
       kFresh},
      {"RSV3 is refused though compression is agreed",
       frame(kTextZ | 0x10, hello),
       {failed(1002)},
       kFresh},
  };
}

// 1 MiB and one byte from a kilobyte: a fixed-code block of one literal and 258-byte repeats (RFC
// 1951 section 3.2.6), each of which is length symbol 285 (11000101) and distance code 0 (00000),
// thirteen bits.
inline std::string bomb(std::size_t repeats) {
  std::string bytes;
  unsigned pending = 0;
  int count = 0;
  const auto put = [&](unsigned code, int bits) {  // most significant bit of the code first
    for (int i = bits; i-- > 0;) {
      pending |= (code >> i & 1U) << count;
      if (++count < 8) continue;
      bytes += static_cast<char>(pending);
      pending = 0;
      count = 0;
    }
  };
  put(0b010, 3);  // not the last block; 01, low bit first: fixed codes
  put(0x30 + unsigned{'a'}, 8);
  for (std::size_t i = 0; i < repeats; ++i) put(0b11000101'00000, 13);
  put(0, 7);  // end of block
  put(0, 3);  // the marker's stored block begins, and the rest of this byte is padding
  if (count > 0) bytes += static_cast<char>(pending);
  return bytes;
}

inline std::vector<Case> bomb_cases() {
  constexpr std::size_t kMost = std::size_t{1} << 20;
  constexpr std::uint8_t kBinaryZ = kBinary | kRsv1;
  constexpr std::size_t kRepeats =
      kMost / 258;  // 1 048 512 bytes with the literal's one: under the limit
  const std::string inflated(1 + kRepeats * 258, 'a');
  const std::string big = bomb(2 * kRepeats);
  std::string padding;
  for (int i = 0; i < 300'000; ++i) padding += stored_block("");
  return {
      {"a message that inflates 150 times to just under the limit is taken",
       frame(kBinaryZ, bomb(kRepeats)),
       {binary(inflated)},
       Deflate::kFresh},
      {"a message that inflates to just over the limit is refused",
       frame(kBinaryZ, bomb(kRepeats + 1)),
       {failed(1009)},
       Deflate::kFresh},
      {"a message that inflates to a hundred times the limit is refused",
       frame(kBinaryZ, bomb(100 * kRepeats)),
       {failed(1009)},
       Deflate::kFresh},
      {"fragments that inflate to over the limit together are refused before the last",
       frame(kBinaryMore | kRsv1, big.substr(0, big.size() / 3)) +
           frame(kMiddle, big.substr(big.size() / 3)),
       {failed(1009)},
       Deflate::kFresh},
      {"a message of compressed padding is refused",
       frame(kBinaryZ, padding),
       {failed(1009)},
       Deflate::kFresh},
  };
}

}  // namespace hornbeam::http::cases

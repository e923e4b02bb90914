#pragma once

// For tests only: rows of the WebSocket table about single frames: lengths, masks, reserved bits
// and opcodes.

#include <string>
#include <vector>

#include "hornbeam/http/websocket_cases.h"

namespace hornbeam::http::cases {

// RFC 6455 section 5.2, payload length: all of its forms, at both sides of where one ends and the
// next begins.
inline std::vector<Case> length_cases() {
  std::vector<Case> rows;
  for (const std::size_t size :
       {0,  1,  2,   3,   4,   5,   7,   8,   9,   15,  16,    17,    31,    33,   63,
        64, 65, 124, 125, 126, 127, 128, 255, 256, 257, 65534, 65535, 65536, 65537}) {
    const std::string count = std::to_string(size);
    rows.push_back({"a text of " + count + " bytes arrives as it was sent",
                    frame(kText, letters(size)),
                    {text(letters(size))}});
    rows.push_back({"a binary message of " + count + " bytes arrives as it was sent",
                    frame(kBinary, octets(size)),
                    {binary(octets(size))}});
  }
  return rows;
}

inline std::vector<Case> wrong_length_cases() {
  using enum LengthForm;
  return {
      {"a length of 0 in two bytes is refused", frame(kText, "", kTwoBytes), {failed(1002)}},
      {"a length of 5 in two bytes is refused", frame(kText, "hello", kTwoBytes), {failed(1002)}},
      {"a length of 125 in two bytes is refused",
       frame(kBinary, octets(125), kTwoBytes),
       {failed(1002)}},
      {"a length of 0 in eight bytes is refused", frame(kText, "", kEightBytes), {failed(1002)}},
      {"a length of 5 in eight bytes is refused",
       frame(kText, "hello", kEightBytes),
       {failed(1002)}},
      {"a length of 126 in eight bytes is refused",
       frame(kText, letters(126), kEightBytes),
       {failed(1002)}},
      {"a length of 65535 in eight bytes is refused",
       head(kBinary, 65535, kEightBytes) + mask(""),
       {failed(1002)}},
      {"a length with the top bit of 64 set is refused",
       head(kBinary, std::uint64_t{1} << 63, kEightBytes) + mask(""),
       {failed(1002)}},
      {"a length of all ones is refused",
       head(kBinary, ~std::uint64_t{0}, kEightBytes) + mask(""),
       {failed(1002)}},
      {"a ping with a length in two bytes is refused",
       frame(kPing, "hi", kTwoBytes),
       {failed(1002)}},
      {"a length of 5 in two bytes is refused in a continuation too",
       frame(kTextMore, "a") + frame(kLast, "hello", kTwoBytes),
       {failed(1002)}},
  };
}

// Section 5.1 and 5.3: masking.
inline std::vector<Case> mask_cases() {
  const std::string unmasked_text = "\x81\x05hello";
  return {
      {"a text without a mask is refused", unmasked_text, {failed(1002)}},
      {"an empty text without a mask is refused", bytes_of(0x81, 0x00), {failed(1002)}},
      {"a binary message without a mask is refused", bytes_of(0x82, 0x01, 0xFF), {failed(1002)}},
      {"a ping without a mask is refused", bytes_of(0x89, 0x00), {failed(1002)}},
      {"a close without a mask is refused", bytes_of(0x88, 0x02, 0x03, 0xE8), {failed(1002)}},
      {"a long text without a mask is refused at its second byte",
       bytes_of(0x81, 0x7E),
       {failed(1002)}},
      {"a continuation without a mask is refused",
       frame(kTextMore, "hel") + bytes_of(0x80, 0x02) + "lo",
       {failed(1002)}},
      {"what came before a frame without a mask is delivered",
       frame(kText, "one") + unmasked_text,
       {text("one"), failed(1002)}},
      {"a mask of zeros changes nothing",
       head(kText, 5) + mask("hello", {0, 0, 0, 0}),
       {text("hello")}},
      {"a mask of ones is taken off",
       head(kText, 5) + mask("hello", {255, 255, 255, 255}),
       {text("hello")}},
      {"each frame has a mask of its own",
       head(kText, 3) + mask("one", {1, 2, 3, 4}) + head(kText, 3) + mask("two", {5, 6, 7, 8}),
       {text("one"), text("two")}},
      {"each fragment has a mask of its own",
       head(kTextMore, 3) + mask("one", {1, 2, 3, 4}) + head(kLast, 3) + mask("two", {5, 6, 7, 8}),
       {text("onetwo")}},
      {"the example of the specification is understood",
       bytes_of(0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58),
       {text("Hello")}},
  };
}

// Section 5.2: "RSV1, RSV2, RSV3: MUST be 0 unless an extension is negotiated".
inline std::vector<Case> reserved_bit_cases() {
  struct Kind {
    std::string name;
    std::uint8_t first;
  };
  std::vector<Case> rows;
  for (const Kind& kind :
       {Kind{"text", kText}, Kind{"binary message", kBinary}, Kind{"first fragment", kTextMore},
        Kind{"ping", kPing}, Kind{"pong", kPong}, Kind{"close", kClose}}) {
    for (const int bits : {1, 2, 3, 4, 5, 6, 7}) {
      const auto first = static_cast<std::uint8_t>(kind.first | bits << 4);
      rows.push_back(
          {"a " + kind.name + " with reserved bits " + std::to_string(bits) + " is refused",
           frame(kText, "before") + frame(first, ""),
           {text("before"), failed(1002)}});
    }
  }
  for (const int bits : {1, 2, 4}) {
    rows.push_back(
        {"a continuation with reserved bits " + std::to_string(bits) + " is refused",
         frame(kTextMore, "a") + frame(static_cast<std::uint8_t>(kLast | bits << 4), "b"),
         {failed(1002)}});
  }
  return rows;
}

// Section 5.2: "If an unknown opcode is received, the receiving endpoint MUST _Fail the WebSocket
// Connection_."
inline std::vector<Case> reserved_opcode_cases() {
  std::vector<Case> rows;
  for (const int opcode : {0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF}) {
    const std::string name = "opcode " + std::to_string(opcode);
    const auto first = static_cast<std::uint8_t>(0x80 | opcode);
    rows.push_back({name + " is refused", frame(first, ""), {failed(1002)}});
    rows.push_back({name + " with a payload is refused after a good message",
                    frame(kText, "before") + frame(first, "payload"),
                    {text("before"), failed(1002)}});
    rows.push_back({name + " is refused between fragments",
                    frame(kTextMore, "a") + frame(first, "") + frame(kLast, "b"),
                    {failed(1002)}});
  }
  return rows;
}

}  // namespace hornbeam::http::cases

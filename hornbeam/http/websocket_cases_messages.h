#pragma once

// For tests only: rows of the WebSocket table about messages of several frames, control frames and
// limits.

#include <string>
#include <vector>

#include "hornbeam/http/websocket_cases.h"

namespace hornbeam::http::cases {

// RFC 6455 section 5.4.
inline std::vector<Case> fragment_cases() {
  return {
      {"two fragments make a text", frame(kTextMore, "hel") + frame(kLast, "lo"), {text("hello")}},
      {"two fragments make a binary message",
       frame(kBinaryMore, octets(9)) + frame(kLast, octets(4)),
       {binary(octets(9) + octets(4))}},
      {"five fragments make a text",
       frame(kTextMore, "h") + frame(kMiddle, "e") + frame(kMiddle, "l") + frame(kMiddle, "l") +
           frame(kLast, "o"),
       {text("hello")}},
      {"a text may begin with an empty fragment",
       frame(kTextMore) + frame(kLast, "hello"),
       {text("hello")}},
      {"a text may end with an empty fragment",
       frame(kTextMore, "hello") + frame(kLast),
       {text("hello")}},
      {"a text may have an empty fragment in the middle",
       frame(kTextMore, "hel") + frame(kMiddle) + frame(kLast, "lo"),
       {text("hello")}},
      {"empty fragments make an empty text",
       frame(kTextMore) + frame(kMiddle) + frame(kLast),
       {text("")}},
      {"empty fragments make an empty binary message",
       frame(kBinaryMore) + frame(kLast),
       {binary("")}},
      {"fragments of 126 and 65536 bytes make one message",
       frame(kBinaryMore, octets(126)) + frame(kLast, octets(65536)),
       {binary(octets(126) + octets(65536))}},
      {"a whole message may follow a fragmented one",
       frame(kTextMore, "a") + frame(kLast, "b") + frame(kBinary, "c"),
       {text("ab"), binary("c")}},
      {"a fragmented message may follow a fragmented one",
       frame(kTextMore, "a") + frame(kLast, "b") + frame(kBinaryMore, "c") + frame(kLast, "d"),
       {text("ab"), binary("cd")}},
      {"a continuation without a message is refused", frame(kLast, "lost"), {failed(1002)}},
      {"a continuation without a message is refused though it is not the last",
       frame(kMiddle, "lost") + frame(kLast, "again"),
       {failed(1002)}},
      {"a continuation after a whole message is refused",
       frame(kText, "whole") + frame(kLast, "lost"),
       {text("whole"), failed(1002)}},
      {"a continuation after the last fragment is refused",
       frame(kTextMore, "a") + frame(kLast, "b") + frame(kLast, "c"),
       {text("ab"), failed(1002)}},
      {"a text within a text is refused",
       frame(kTextMore, "a") + frame(kText, "b"),
       {failed(1002)}},
      {"the first fragment of a text within a text is refused",
       frame(kTextMore, "a") + frame(kTextMore, "b"),
       {failed(1002)}},
      {"a binary message within a text is refused",
       frame(kTextMore, "a") + frame(kBinary, "b"),
       {failed(1002)}},
      {"a text within a binary message is refused",
       frame(kBinaryMore, "a") + frame(kText, "b"),
       {failed(1002)}},
      {"a message that never ends is not delivered",
       frame(kTextMore, "a") + frame(kMiddle, "b"),
       {}},
  };
}

// Section 5.5: control frames, alone.
inline std::vector<Case> control_cases() {
  return {
      {"a ping without payload is understood", frame(kPing), {ping("")}},
      {"a ping gives back its payload", frame(kPing, "are you there"), {ping("are you there")}},
      {"a ping may carry bytes that are not text",
       frame(kPing, "\xFE\xFF\xC0"),
       {ping("\xFE\xFF\xC0")}},
      {"a ping of 125 bytes is understood", frame(kPing, octets(125)), {ping(octets(125))}},
      {"a ping of 126 bytes is refused", frame(kPing, octets(126)), {failed(1002)}},
      {"a ping of 65536 bytes is refused", head(kPing, 65536) + mask(""), {failed(1002)}},
      {"ten pings are understood one by one",
       frame(kPing, "0") + frame(kPing, "1") + frame(kPing, "2") + frame(kPing, "3") +
           frame(kPing, "4") + frame(kPing, "5") + frame(kPing, "6") + frame(kPing, "7") +
           frame(kPing, "8") + frame(kPing, "9"),
       {ping("0"), ping("1"), ping("2"), ping("3"), ping("4"), ping("5"), ping("6"), ping("7"),
        ping("8"), ping("9")}},
      {"a pong that nobody asked for is allowed", frame(kPong, "unasked"), {pong("unasked")}},
      {"a pong without payload is allowed", frame(kPong), {pong("")}},
      {"a pong of 125 bytes is allowed", frame(kPong, octets(125)), {pong(octets(125))}},
      {"a pong of 126 bytes is refused", frame(kPong, octets(126)), {failed(1002)}},
      {"a pong before a ping is no answer to it",
       frame(kPong, "early") + frame(kPing, "late"),
       {pong("early"), ping("late")}},
      {"a ping in fragments is refused", frame(0x09, "a") + frame(kLast, "b"), {failed(1002)}},
      {"a pong in fragments is refused", frame(0x0A, "a") + frame(kLast, "b"), {failed(1002)}},
      {"a close in fragments is refused", frame(0x08, big_endian(1000, 2)), {failed(1002)}},
      {"an empty ping without FIN is refused", frame(0x09), {failed(1002)}},
  };
}

// Section 5.4: "Control frames MAY be injected in the middle of a fragmented message."
inline std::vector<Case> interleaved_cases() {
  return {
      {"a ping between fragments is answered before the message ends",
       frame(kTextMore, "hel") + frame(kPing, "p") + frame(kLast, "lo"),
       {ping("p"), text("hello")}},
      {"a pong between fragments is allowed",
       frame(kTextMore, "hel") + frame(kPong, "p") + frame(kLast, "lo"),
       {pong("p"), text("hello")}},
      {"a ping between every two fragments is allowed",
       frame(kTextMore, "a") + frame(kPing, "1") + frame(kMiddle, "b") + frame(kPing, "2") +
           frame(kMiddle, "c") + frame(kPing, "3") + frame(kLast, "d"),
       {ping("1"), ping("2"), ping("3"), text("abcd")}},
      {"a ping of 125 bytes between fragments does not disturb them",
       frame(kBinaryMore, octets(200)) + frame(kPing, octets(125)) + frame(kLast, octets(70)),
       {ping(octets(125)), binary(octets(200) + octets(70))}},
      {"a ping within a character split over fragments is allowed",
       frame(kTextMore, "\xE2\x82") + frame(kPing, "p") + frame(kLast, "\xAC"),
       {ping("p"), text("\xE2\x82\xAC")}},
      {"a close between fragments ends the conversation without the message",
       frame(kTextMore, "hel") + close_frame(1000) + frame(kLast, "lo"),
       {closed(1000)}},
      {"a ping of 126 bytes between fragments is refused",
       frame(kTextMore, "hel") + frame(kPing, octets(126)) + frame(kLast, "lo"),
       {failed(1002)}},
      {"a ping in fragments between fragments is refused",
       frame(kTextMore, "hel") + frame(0x09, "p") + frame(kLast, "lo"),
       {failed(1002)}},
      {"pings around messages stay in order",
       frame(kPing, "1") + frame(kText, "a") + frame(kPing, "2") + frame(kBinary, "b") +
           frame(kPing, "3"),
       {ping("1"), text("a"), ping("2"), binary("b"), ping("3")}},
  };
}

inline std::string fragments(std::size_t count) {
  std::string sent = frame(kBinaryMore, "x");
  for (std::size_t i = 2; i < count; ++i) sent += frame(kMiddle, "x");
  return sent + frame(kLast, "x");
}

// The default limits: 1 MiB a message, 16 384 frames a message.
inline std::vector<Case> limit_cases() {
  constexpr std::size_t kMost = std::size_t{1} << 20;
  using enum LengthForm;
  return {
      {"a message of exactly the limit is taken",
       frame(kBinary, octets(kMost)),
       {binary(octets(kMost))}},
      {"a message of one byte more is refused at its head",
       head(kBinary, kMost + 1) + mask(""),
       {failed(1009)}},
      {"a text of one byte more is refused at its head",
       head(kText, kMost + 1) + mask(""),
       {failed(1009)}},
      {"a message of 2 to the power 62 is refused at its head",
       head(kBinary, std::uint64_t{1} << 62) + mask(""),
       {failed(1009)}},
      {"a message of 63 ones is refused at its head",
       head(kBinary, ~std::uint64_t{0} >> 1) + mask(""),
       {failed(1009)}},
      {"fragments of exactly the limit together are taken",
       frame(kBinaryMore, octets(kMost - 1)) + frame(kLast, "x"),
       {binary(octets(kMost - 1) + "x")}},
      {"fragments of one byte more together are refused at the head of the last",
       frame(kBinaryMore, octets(kMost)) + head(kLast, 1) + mask(""),
       {failed(1009)}},
      {"a huge continuation is refused at its head",
       frame(kTextMore, "small") + head(kLast, ~std::uint64_t{0} >> 1) + mask(""),
       {failed(1009)}},
      {"the limit counts each message for itself",
       frame(kBinary, octets(kMost)) + frame(kBinary, octets(kMost)),
       {binary(octets(kMost)), binary(octets(kMost))}},
      {"a message of 16384 fragments is taken",
       fragments(16384),
       {binary(std::string(16384, 'x'))}},
      {"a message of 16385 fragments is refused", fragments(16385), {failed(1008)}},
      {"control frames do not count as fragments",
       [] {
         std::string sent = frame(kBinaryMore, "x");
         for (int i = 0; i < 16382; ++i) sent += frame(kMiddle) + frame(kPong);
         return sent + frame(kLast);
       }(),
       [] {
         std::vector<Said> said(16382, pong(""));
         said.push_back(binary("x"));
         return said;
       }()},
  };
}

}  // namespace hornbeam::http::cases

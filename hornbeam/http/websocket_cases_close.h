#pragma once

// For tests only: rows of the WebSocket table about closing.

#include <string>
#include <vector>

#include "hornbeam/http/websocket_cases.h"

namespace hornbeam::http::cases {

// RFC 6455 section 7.4, and section 5.5.1 for the shape of a close frame.
inline std::vector<Case> close_code_cases() {
  std::vector<Case> rows;
  for (const std::uint16_t code :
       std::vector<std::uint16_t>{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013,
                                  1014, 3000, 3999, 4000, 4001, 4999}) {
    rows.push_back({"a close with code " + std::to_string(code) + " is understood",
                    close_frame(code, "why"),
                    {closed(code, "why")}});
  }
  for (const std::uint16_t code :
       std::vector<std::uint16_t>{0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000,
                                  6000, 9999, 32768, 65535}) {
    rows.push_back({"a close with code " + std::to_string(code) + " is refused",
                    close_frame(code, "why"),
                    {failed(1002)}});
  }
  return rows;
}

inline std::vector<Case> close_cases() {
  return {
      {"a close without payload is understood", frame(kClose), {closed(1005)}},
      {"a close with half a code is refused", frame(kClose, "\x03"), {failed(1002)}},
      {"a close with a code alone is understood", close_frame(1000), {closed(1000)}},
      {"a close with a reason of one byte is understood",
       close_frame(1000, "x"),
       {closed(1000, "x")}},
      {"a close with a reason of 123 bytes is understood",
       close_frame(1000, letters(123)),
       {closed(1000, letters(123))}},
      {"a close with a reason of 124 bytes is refused",
       close_frame(1000, letters(124)),
       {failed(1002)}},
      {"a reason in UTF-8 is understood",
       close_frame(1001, "gr\xC3\xBC\xC3\x9F dich"),
       {closed(1001, "gr\xC3\xBC\xC3\x9F dich")}},
      {"a reason that is not UTF-8 is refused",
       close_frame(1000, "\xCE\xBA\xE1\xBD\xED\xA0\x80"),
       {failed(1007)}},
      {"a reason that ends inside a character is refused",
       close_frame(1000, "abc\xE2\x82"),
       {failed(1007)}},
      {"a wrong code counts more than a wrong reason", close_frame(1005, "\xFF"), {failed(1002)}},
      {"a text after a close is not read",
       close_frame(1000) + frame(kText, "late"),
       {closed(1000)}},
      {"a ping after a close is not read",
       close_frame(1000) + frame(kPing, "late"),
       {closed(1000)}},
      {"a second close is not read", close_frame(1000) + close_frame(1001), {closed(1000)}},
      {"nonsense after a close is not read", close_frame(1000) + octets(64), {closed(1000)}},
      {"a message before a close is delivered",
       frame(kText, "last words") + close_frame(1000),
       {text("last words"), closed(1000)}},
      {"a good frame after a failure is not read",
       bytes_of(0x81, 0x00) + frame(kText, "late"),
       {failed(1002)}},
      {"a close after a failure is not read",
       frame(kText, "\xFF") + close_frame(1000),
       {failed(1007)}},
      {"a close with reserved bits is refused", frame(0xF8, big_endian(1000, 2)), {failed(1002)}},
  };
}

}  // namespace hornbeam::http::cases

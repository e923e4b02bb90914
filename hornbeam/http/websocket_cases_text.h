#pragma once

// For tests only: rows of the WebSocket table about UTF-8.

#include <string>
#include <vector>

#include "hornbeam/http/websocket_cases.h"

namespace hornbeam::http::cases {

struct TextSample {
  std::string name;
  std::string bytes;
};

/// What is UTF-8 (RFC 3629): the ends of every range of code points, and some running text.
inline std::vector<TextSample> good_texts() {
  return {
      {"a NUL", std::string(1, '\0')},
      {"the last one-byte character", "\x7F"},
      {"the first two-byte character", "\xC2\x80"},
      {"the last two-byte character", "\xDF\xBF"},
      {"the first three-byte character", "\xE0\xA0\x80"},
      {"the last character before the surrogates", "\xED\x9F\xBF"},
      {"the first character after the surrogates", "\xEE\x80\x80"},
      {"the replacement character", "\xEF\xBF\xBD"},
      {"a byte order mark", "\xEF\xBB\xBF"},
      {"the noncharacter U+FFFE", "\xEF\xBF\xBE"},
      {"the last three-byte character", "\xEF\xBF\xBF"},
      {"the first four-byte character", "\xF0\x90\x80\x80"},
      {"the noncharacter U+1FFFE", "\xF0\x9F\xBF\xBE"},
      {"the last character of plane three", "\xF0\xBF\xBF\xBF"},
      {"the first character of plane four", "\xF1\x80\x80\x80"},
      {"the last character of plane fifteen", "\xF3\xBF\xBF\xBF"},
      {"the last character of all", "\xF4\x8F\xBF\xBF"},
      {"German",
       "Zw\xC3\xB6lf Boxk\xC3\xA4mpfer jagen \xC3\xBC"
       "ber den gro\xC3\x9F"
       "en Deich"},
      {"Greek", "\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5"},
      {"Chinese and ASCII", "\xE4\xBD\xA0\xE5\xA5\xBD, world: \xE4\xB8\x96\xE7\x95\x8C!"},
      {"symbols of four bytes", "\xF0\x9F\x8E\xB2 \xF0\x9D\x84\x9E \xF0\x9F\x8F\x81"},
      {"a wide character after sixteen ASCII bytes", "0123456789abcdef\xE2\x82\xAC"},
      {"a wide character across the sixteenth byte",
       "0123456789abcde\xE2\x82\xAC"
       "0123456789abcdef"},
  };
}

/// What is not, and is wrong at its last byte: what comes before it could have gone on well.
inline std::vector<TextSample> bad_texts() {
  return {
      {"a continuation byte alone", "\x80"},
      {"the last continuation byte alone", "ab\xBF"},
      {"a continuation byte after a whole character", "\xC3\xA4\x80"},
      {"the lead of an overlong ASCII character", "\xC0"},
      {"the lead of another overlong ASCII character", "\xC1"},
      {"an overlong slash in three bytes", "\xE0\x80"},
      {"the largest overlong form in three bytes", "\xE0\x9F"},
      {"an overlong slash in four bytes", "\xF0\x80"},
      {"the largest overlong form in four bytes", "\xF0\x8F"},
      {"the first surrogate", "\xED\xA0"},
      {"the last surrogate", "\xED\xBF"},
      {"a surrogate pair", "text \xED\xA1"},
      {"the first character past the last", "\xF4\x90"},
      {"the lead of plane twenty", "\xF5"},
      {"the lead of five bytes", "\xF8"},
      {"the lead of six bytes", "\xFC"},
      {"the byte FE", "\xFE"},
      {"the byte FF", "plain\xFF"},
      {"ASCII inside a two-byte character",
       "\xC3"
       "A"},
      {"ASCII inside a three-byte character",
       "\xE2\x82"
       "A"},
      {"ASCII at the second byte of three",
       "\xE2"
       "A"},
      {"ASCII at the last byte of four",
       "\xF0\x9F\x8E"
       "A"},
      {"a lead inside a two-byte character", "\xC3\xC3"},
      {"a lead inside a three-byte character", "\xE2\x82\xE2"},
      {"a lead inside a four-byte character", "\xF0\x9F\xF0"},
      {"Latin-1", "gr\xFC"},
      {"a wrong byte after sixteen ASCII bytes", "0123456789abcdef\x80"},
      {"a wrong byte after good characters", "\xCE\xBA\xE1\xBD\xB9\xCF\x83\xED\xA0"},
  };
}

/// What is UTF-8 so far but ends inside a character.
inline std::vector<TextSample> cut_texts() {
  return {
      {"one byte of two", "\xC3"},          {"one byte of three", "\xE2"},
      {"two bytes of three", "ab\xE2\x82"}, {"one byte of four", "\xF0"},
      {"two bytes of four", "\xF0\x9F"},    {"three bytes of four", "0123456789abcdef\xF0\x9F\x8E"},
  };
}

/// Every byte of `bytes` in a fragment of its own.
inline std::string one_byte_fragments(const std::string& bytes) {
  std::string sent = frame(kTextMore);
  for (const char byte : bytes) sent += frame(kMiddle, std::string(1, byte));
  return sent + frame(kLast);
}

// RFC 6455 section 8.1, and section 5.6 for characters split over fragments.
inline std::vector<Case> utf8_cases() {
  std::vector<Case> rows;
  for (const auto& [name, bytes] : good_texts()) {
    rows.push_back({name + " is text", frame(kText, bytes), {text(bytes)}});
    rows.push_back(
        {name + " is text in fragments of one byte", one_byte_fragments(bytes), {text(bytes)}});
  }
  for (const auto& [name, bytes] : bad_texts()) {
    rows.push_back({name + " is not text", frame(kText, bytes + "more"), {failed(1007)}});
    rows.push_back(
        {name + " is refused before the message ends", frame(kTextMore, bytes), {failed(1007)}});
    rows.push_back(
        {name + " is no matter in a binary message", frame(kBinary, bytes), {binary(bytes)}});
  }
  for (const auto& [name, bytes] : cut_texts()) {
    rows.push_back({name + " is not a text", frame(kText, bytes), {failed(1007)}});
    rows.push_back({name + " is not refused while more may come", frame(kTextMore, bytes), {}});
    rows.push_back({name + " is refused when an empty fragment ends the text",
                    frame(kTextMore, bytes) + frame(kLast),
                    {failed(1007)}});
    rows.push_back({name + " may not be completed by the next message",
                    frame(kText, bytes) + frame(kText, "\x80"),
                    {failed(1007)}});
  }
  rows.push_back({"a wrong byte in the middle of a frame is refused before the frame ends",
                  head(kText, 1000) + mask("\xCE\xBA\xF5"),
                  {failed(1007)}});
  rows.push_back({"good fragments before a wrong one do not help",
                  frame(kTextMore, "good") + frame(kMiddle, "\xE2\x82\xAC") + frame(kLast, "\xFF"),
                  {failed(1007)}});
  return rows;
}

}  // namespace hornbeam::http::cases

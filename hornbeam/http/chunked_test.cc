#include "hornbeam/http/chunked.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace hornbeam::http {
namespace {

struct Decoded {
  ParseState state = ParseState::kIncomplete;
  std::string body;
  std::string rest;

  friend bool operator==(const Decoded&, const Decoded&) = default;
};

Decoded decode(std::string_view bytes, std::size_t piece_size) {
  ChunkedDecoder decoder;
  Decoded decoded;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ChunkedDecoder::Step step = decoder.next(bytes.substr(at, piece_size));
    decoded.body += step.payload;
    decoded.state = step.state;
    at += step.consumed;
    if (step.state != ParseState::kIncomplete) break;
  }
  if (decoded.state == ParseState::kComplete) decoded.rest = bytes.substr(at);
  return decoded;
}

TEST(ChunkedDecoder, JoinsChunksAndStopsBehindTheLast) {
  const std::string_view text = "5\r\nhello\r\n006\r\n world\r\n0\r\n\r\nGET";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    const Decoded expected{ParseState::kComplete, "hello world", "GET"};
    EXPECT_EQ(decode(text, size), expected) << size;
  }
}

TEST(ChunkedDecoder, AcceptsWhatTheGrammarAllows) {
  for (const std::string_view text : {
           std::string_view("0\r\n\r\n"),
           std::string_view("A\r\n0123456789\r\n0\r\n\r\n"),
           std::string_view("a;x\r\n0123456789\r\n0;y=\"a;\\\"b\"\r\n\r\n"),
           std::string_view("1; x = y ;z\r\n.\r\n0\r\nTrailer: value\r\nOther: v\r\n\r\n"),
       }) {
    EXPECT_EQ(decode(text, text.size()).state, ParseState::kComplete) << text;
    EXPECT_EQ(decode(text, 1).state, ParseState::kComplete) << text;
  }
}

TEST(ChunkedDecoder, RefusesWhatHasTwoReadings) {
  const std::vector<std::string> table = {
      "\r\n",
      " 5\r\nhello\r\n0\r\n\r\n",
      "5 \r\nhello\r\n0\r\n\r\n",
      "0x5\r\nhello\r\n0\r\n\r\n",
      "-2\r\n",
      "+5\r\nhello\r\n",
      "1_0\r\n",
      "5\nhello\r\n0\r\n\r\n",
      "5\rhello\r\n0\r\n\r\n",
      "5\r\nhello\n0\r\n\r\n",
      "5\r\nhello0\r\n\r\n",
      "5\r\nhello!!\r\n0\r\n\r\n",
      "5;\r\nhello\r\n0\r\n\r\n",
      "5;\nhello\r\n0\r\n\r\n",
      "5;a\rX\r\nhello\r\n0\r\n\r\n",
      std::string("5;\0a\r\nhello\r\n", 13),
      "5;a=\"b\nc\"\r\nhello\r\n0\r\n\r\n",
      "5;" + std::string(300, 'a') + "\r\nhello\r\n0\r\n\r\n",
      "FFFFFFFFFFFFFFFF\r\n",
      "00000000000000005\r\nhello\r\n0\r\n\r\n",
      "0\r\n\n",
      "0\r\nTrailer\r\n\r\n",
      "0\r\n Trailer: a\r\n\r\n",
      "0\r\nTrailer: a\nb: c\r\n\r\n",
      "0\r\nTrailer: " + std::string(9000, 'a') + "\r\n\r\n",
  };
  for (const std::string& text : table) {
    EXPECT_EQ(decode(text, text.size()).state, ParseState::kRefused) << text.substr(0, 60);
    EXPECT_EQ(decode(text, 1).state, ParseState::kRefused) << text.substr(0, 60);
  }
}

TEST(AppendChunk, IsDecodedAgain) {
  std::string out;
  append_chunk(out, "some");
  append_chunk(out, "");
  append_chunk(out, std::string(300, 'x'));
  out += kLastChunk;
  EXPECT_EQ(decode(out, 7).body, "some" + std::string(300, 'x'));
}

}  // namespace
}  // namespace hornbeam::http

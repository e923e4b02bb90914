#include "hornbeam/http/websocket_frame.h"

#include <string>

#include <gtest/gtest.h>

#include "hornbeam/http/utf8.h"
#include "hornbeam/http/websocket_cases.h"
#include "hornbeam/http/websocket_frame_mask.h"

namespace hornbeam::http {
namespace {

std::string server_frame(Opcode opcode, std::string_view payload,
                         FrameBits bits = FrameBits::kFinal) {
  std::string out;
  append_frame(out, opcode, payload, bits);
  return out;
}

TEST(WebSocketFrame, WritesTheShortestLength) {
  using namespace std::string_literals;
  EXPECT_EQ(server_frame(Opcode::kText, "Hello"), "\x81\x05Hello");
  EXPECT_EQ(server_frame(Opcode::kText, ""), "\x81\0"s);
  EXPECT_EQ(server_frame(Opcode::kBinary, std::string(125, 'x')).substr(0, 3), "\x82\x7Dx");
  EXPECT_EQ(server_frame(Opcode::kBinary, std::string(126, 'x')).substr(0, 5), "\x82\x7E\0\x7Ex"s);
  EXPECT_EQ(server_frame(Opcode::kBinary, std::string(256, 'x')).substr(0, 5), "\x82\x7E\x01\0x"s);
  EXPECT_EQ(server_frame(Opcode::kBinary, std::string(65535, 'x')).substr(0, 5),
            "\x82\x7E\xFF\xFFx");
  EXPECT_EQ(server_frame(Opcode::kBinary, std::string(65536, 'x')).substr(0, 11),
            "\x82\x7F\0\0\0\0\0\x01\0\0x"s);
}

TEST(WebSocketFrame, WritesAnEmptyPayloadThatHasNoAddress) {
  EXPECT_EQ(server_frame(Opcode::kPing, {}), std::string("\x89\0", 2));
}

TEST(WebSocketFrame, WritesFragmentsAndCompressionAsBits) {
  EXPECT_EQ(server_frame(Opcode::kText, "Hel", FrameBits::kMore), "\x01\x03Hel");
  EXPECT_EQ(server_frame(Opcode::kContinuation, "lo"), "\x80\x02lo");
  EXPECT_EQ(server_frame(Opcode::kText, "z", FrameBits::kFinalCompressed), "\xC1\x01z");
  EXPECT_EQ(server_frame(Opcode::kBinary, "z", FrameBits::kMoreCompressed), "\x42\x01z");
}

TEST(WebSocketFrame, AppendsBehindWhatIsThere) {
  std::string out = "before";
  append_frame(out, Opcode::kPing, "p");
  append_frame(out, Opcode::kPong, "q");
  EXPECT_EQ(out, "before\x89\x01p\x8A\x01q");
}

TEST(WebSocketFrame, MasksAsTheTableDoes) {
  for (const std::size_t size : {0, 1, 5, 125, 126, 65535, 65536}) {
    std::string out;
    append_masked_frame(out, cases::kKey, Opcode::kBinary, cases::octets(size));
    EXPECT_TRUE(out == cases::frame(cases::kBinary, cases::octets(size))) << size;
  }
}

TEST(WebSocketFrame, MasksEverySizeAndKeyLikeTheFormula) {
  for (std::size_t size = 0; size < 200; ++size) {
    for (const MaskKey key : {MaskKey{1, 2, 4, 8}, MaskKey{0xFF, 0, 0x80, 0x7F}}) {
      const std::string plain = cases::octets(size);
      std::string masked = plain;
      apply_mask(masked.data(), size, std::bit_cast<std::uint32_t>(key));
      for (std::size_t i = 0; i < size; ++i) {
        ASSERT_EQ(static_cast<std::uint8_t>(masked[i]),
                  static_cast<std::uint8_t>(plain[i]) ^ key[i % 4]);
      }
      // In two parts, the mask turned between them.
      std::string in_parts = plain;
      const auto word = std::bit_cast<std::uint32_t>(key);
      const std::size_t cut = size / 3;
      apply_mask(in_parts.data(), cut, word);
      apply_mask(in_parts.data() + cut, size - cut, turn_mask(word, cut));
      ASSERT_EQ(in_parts, masked);
    }
  }
}

TEST(WebSocketFrame, SaysOfTheUnmaskedWhetherItIsAscii) {
  const auto key = std::bit_cast<std::uint32_t>(MaskKey{0x80, 0xFF, 0, 1});
  for (std::size_t size = 0; size < 150; ++size) {
    std::string text = cases::letters(size);
    apply_mask(text.data(), size, key);
    EXPECT_TRUE(apply_mask(text.data(), size, key)) << size;
    for (std::size_t at = 0; at < size; ++at) {
      std::string other = text;
      other[at] = '\x80';
      apply_mask(other.data(), size, key);
      ASSERT_FALSE(apply_mask(other.data(), size, key)) << size << " " << at;
    }
  }
}

TEST(WebSocketFrame, KnowsWhichCloseCodesMayBeSent) {
  for (unsigned code = 0; code < 70'000; ++code) {
    const bool is_good = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
                         (code >= 3000 && code <= 4999);
    ASSERT_EQ(is_valid_close_code(code), is_good) << code;
  }
}

TEST(WebSocketFrame, WritesCloseFramesThatFit) {
  std::string out;
  append_close(out, 1001, "bye");
  EXPECT_EQ(out,
            "\x88\x05\x03\xE9"
            "bye");
  EXPECT_EQ(close_payload(1005), "");
  EXPECT_EQ(close_payload(1000, std::string(123, 'x')).size(), 125U);
  EXPECT_EQ(close_payload(1000, std::string(200, 'x')).size(), 125U);
}

TEST(WebSocketFrame, CutsACloseReasonBetweenCharacters) {
  for (std::size_t ahead = 110; ahead < 124; ++ahead) {
    std::string reason(ahead, 'x');
    for (int i = 0; i < 10; ++i) reason += "\xF0\x9F\x8E\xB2";
    const std::string payload = close_payload(1000, reason);
    EXPECT_TRUE(is_utf8(payload.substr(2)));
    EXPECT_GT(payload.size(), 121U);
    EXPECT_LE(payload.size(), 125U);
  }
}

TEST(WebSocketFrameDeathTest, RefusesToSendACloseCodeThatMustNotBeSent) {
  EXPECT_DEATH(close_payload(1006), "must not be sent");
}

TEST(WebSocketFrame, EncodesOnceForManySockets) {
  const auto frame = shared_frame(Opcode::kText, "to all");
  EXPECT_EQ(*frame, server_frame(Opcode::kText, "to all"));
}

}  // namespace
}  // namespace hornbeam::http

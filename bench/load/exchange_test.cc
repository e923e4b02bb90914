#include "bench/load/exchange.h"

#include <string>

#include <gtest/gtest.h>

#include "bench/load/websocket.h"

namespace hornbeam::bench {
namespace {

const std::string kAnswer = "HTTP/1.1 200 OK\r\ncontent-length:  5\r\nDate: today\r\n\r\nhello";

TEST(HttpExchange, CountsWholeAnswersAndLeavesTheRest) {
  const auto exchange = http_exchange("/", "hello", 4);
  const std::string bytes = kAnswer + kAnswer + kAnswer.substr(0, kAnswer.size() - 1);
  std::string_view received = bytes;
  EXPECT_EQ(exchange->take_answers(received), 2U);
  EXPECT_EQ(received.size(), kAnswer.size() - 1);
}

TEST(HttpExchange, TakesAnswersWhoseHeadsDifferInLength) {
  const auto exchange = http_exchange("/", "hello", 4);
  const std::string longer = "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\nhello";
  const std::string bytes = kAnswer + longer + kAnswer;
  std::string_view received = bytes;
  EXPECT_EQ(exchange->take_answers(received), 3U);
  EXPECT_TRUE(received.empty());
}

TEST(HttpExchange, RefusesWhatIsNotTheExpectedAnswer) {
  for (const std::string& bytes : {
           std::string("HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nhello"),
           std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nworld"),
           std::string("HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello"),
           std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello"),
       }) {
    const auto exchange = http_exchange("/", "hello", 1);
    std::string_view received = bytes;
    EXPECT_THROW(exchange->take_answers(received), WrongAnswer) << bytes;
  }
}

TEST(HttpExchange, RefusesAWrongBodyAfterARightOne) {
  const auto exchange = http_exchange("/", "hello", 2);
  const std::string bytes = kAnswer + kAnswer.substr(0, kAnswer.size() - 5) + "jello";
  std::string_view received = bytes;
  EXPECT_THROW(exchange->take_answers(received), WrongAnswer);
}

TEST(HttpExchange, SeesThatTheServerCloses) {
  const auto exchange = http_exchange("/", "hello", 1);
  EXPECT_FALSE(exchange->is_over());
  std::string_view received =
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";
  EXPECT_EQ(exchange->take_answers(received), 1U);
  EXPECT_TRUE(exchange->is_over());
}

TEST(EchoExchange, TakesItsOwnTextBackAndNoOther) {
  const auto exchange = echo_exchange("/ws", 64, 7, 2);
  std::string question(exchange->requests(1));
  ASSERT_EQ(question.size(), 2U + 4U + 64U);
  std::string text = question.substr(6);
  for (std::size_t i = 0; i < text.size(); ++i) {
    text[i] = static_cast<char>(text[i] ^ question[2 + i % 4]);
  }
  EXPECT_TRUE(text.starts_with("connection 7 says: "));

  const std::string answer = websocket::server_frame(text);
  const std::string bytes = answer + answer + answer.substr(0, 9);
  std::string_view received = bytes;
  EXPECT_EQ(exchange->take_answers(received), 2U);
  EXPECT_EQ(received, answer.substr(0, 9));

  text[0] = 'C';
  const std::string wrong = websocket::server_frame(text);
  received = wrong;
  EXPECT_THROW(exchange->take_answers(received), WrongAnswer);
}

TEST(PingExchange, PassesOverTheGreetingAndTakesNothingElse) {
  const auto exchange = ping_exchange("/ws", 1);
  EXPECT_FALSE(exchange->requests(1).empty());
  const std::string bytes =
      websocket::server_frame(R"({"action": "open", "data": {"message": "Connected"}})") +
      websocket::server_frame(R"({"action": "pong", "data": {}})");
  std::string_view received = bytes;
  EXPECT_EQ(exchange->take_answers(received), 1U);
  const std::string wrong = websocket::server_frame(R"({"action": "error", "data": {}})");
  received = wrong;
  EXPECT_THROW(exchange->take_answers(received), WrongAnswer);
}

TEST(Handshake, InsistsOnTheAcceptThatBelongsToItsKey) {
  std::string_view good =
      "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
      "\r\nrest";
  EXPECT_TRUE(websocket::take_handshake_answer(good));
  EXPECT_EQ(good, "rest");
  std::string_view half = "HTTP/1.1 101 Switching";
  EXPECT_FALSE(websocket::take_handshake_answer(half));
  std::string_view bad = "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: no\r\n\r\n";
  EXPECT_THROW(websocket::take_handshake_answer(bad), WrongAnswer);
}

TEST(TakeText, GivesTextsOfEveryLengthAndPassesOverPings) {
  const std::string ping("\x89\x01!", 3);
  for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 65'535U}) {
    const std::string text(size, 'x');
    const std::string bytes = ping + websocket::server_frame(text);
    for (const std::size_t part : {std::size_t{4}, bytes.size() - 1}) {
      std::string_view incomplete = std::string_view(bytes).substr(0, part);
      EXPECT_EQ(websocket::take_text(incomplete), std::nullopt) << size;
    }
    std::string_view received = bytes;
    EXPECT_EQ(websocket::take_text(received), text);
    EXPECT_TRUE(received.empty());
  }
}

TEST(TakeText, RefusesCloseFramesFragmentsAndMaskedFrames) {
  for (const std::string& bytes :
       {std::string("\x88\x00", 2), std::string("\x01\x01x", 3), std::string("\x81\x81xxxxx", 7)}) {
    std::string_view received = bytes;
    EXPECT_THROW(websocket::take_text(received), WrongAnswer);
  }
}

}  // namespace
}  // namespace hornbeam::bench

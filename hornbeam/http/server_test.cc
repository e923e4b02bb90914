#include "hornbeam/http/server.h"

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include <gtest/gtest.h>

#include "hornbeam/base/sleep.h"
#include "hornbeam/http/websocket_frame.h"
#include "tests/support/raw_client.h"

namespace hornbeam::http {
namespace {

using namespace std::chrono_literals;
using tests::RawClient;

Response text(std::string body) {
  return {200, "text/plain", std::move(body)};
}

base::Task<Response> answer_later(Request request) {
  co_await base::sleep_for(1ms);
  co_return text("later " + std::string(request.path()) + " " + std::string(request.body()));
}

base::Task<Response> read_streamed(Request request) {
  std::size_t total = 0;
  std::size_t pieces = 0;
  while (auto piece = co_await request.body_source()->next()) {
    total += piece->size();
    ++pieces;
  }
  co_return text(std::to_string(total) + (pieces > 0 ? " streamed" : " empty"));
}

base::Task<void> echo(WebSocket socket) {
  while (auto message = co_await socket.receive()) {
    if (message->is_binary) {
      socket.send_binary(message->data);
    } else {
      socket.send(message->data);
    }
  }
}

// Answers when it is not being served any more, as who waits for a database does.
base::Task<void> answer_in_threes(WebSocket socket) {
  while (auto message = co_await socket.receive()) {
    co_await base::sleep_for(1ms);
    socket.send("one");
    socket.send_frame(shared_frame(Opcode::kText, "two"));
    socket.send("three");
    if (message->data == "bye") socket.close(CloseCode::kNormal);
  }
}

// What the last `flood_socket` came to.
std::atomic<SendResult> flooded{SendResult::kSent};
std::atomic<std::size_t> most_queued{0};

// Sends what nobody reads, in turns of three messages.
base::Task<void> flood_socket(WebSocket socket) {
  const std::string message(3000, 'x');
  SendResult result = SendResult::kSent;
  // Ends: the kernel takes some megabytes.
  while (result == SendResult::kSent) {
    co_await base::sleep_for(0ms);
    for (int i = 0; i < 3 && result == SendResult::kSent; ++i) result = socket.send(message);
    most_queued = std::max(most_queued.load(), socket.queued_bytes());
  }
  flooded = result;
}

base::Task<void> fail_when_asked(WebSocket socket) {
  co_await socket.receive();
  throw std::runtime_error("on purpose");
}

base::Task<Answer> admit_later(Request request) {
  co_await base::sleep_for(20ms);
  if (request.query() != "ticket") co_return Response(403, "text/plain", std::string("no ticket"));
  co_return WebSocketUpgrade{.run = echo, .fields = {{"Set-Cookie", "seen=1"}}};
}

base::Task<void> count_down(BodySink& sink) {
  for (int i = 3; i > 0; --i) {
    co_await base::sleep_for(1ms);
    if (!co_await sink.write(std::to_string(i) + " ")) co_return;
  }
}

base::Task<void> fail_half_way(BodySink& sink) {
  co_await sink.write("half");
  throw std::runtime_error("on purpose");
}

base::Task<void> flood(BodySink& sink) {
  const std::string piece(64 * 1024, 'x');
  for (int i = 0; i < 200; ++i) {
    if (!co_await sink.write(piece)) co_return;
  }
}

class TestHandler final : public Handler {
 public:
  BodyPlan plan(const Request& head) override {
    if (head.path() == "/small") return {.max_bytes = 10};
    if (head.path() == "/stream") return {.max_bytes = 10 << 20, .is_streamed = true};
    return {};
  }
  Reply handle(Request& request) override {
    const std::string_view path = request.path();
    if (path == "/later") return answer_later(request.detach());
    if (path == "/stream") return read_streamed(request.detach());
    if (path == "/throw") throw std::runtime_error("on purpose");
    if (path == "/ws") return WebSocketUpgrade{.run = echo};
    if (path == "/threes") return WebSocketUpgrade{.run = answer_in_threes};
    if (path == "/unread") {
      return WebSocketUpgrade{.run = flood_socket, .options = {.max_queued_bytes = 100'000}};
    }
    if (path == "/fails") return WebSocketUpgrade{.run = fail_when_asked};
    if (path == "/refuses") {
      return WebSocketUpgrade{.run = fail_when_asked, .on_failure = [](const WebSocket& socket) {
                                socket.close(4001, "as expected");
                              }};
    }
    if (path == "/admit") return admit_later(request.detach());
    if (path == "/count") return Response(200, "text/plain", StreamBody(count_down));
    if (path == "/half") return Response(200, "text/plain", StreamBody(fail_half_way));
    if (path == "/flood") return Response(200, "text/plain", StreamBody(flood));
    if (path == "/big") return text(std::string(8 << 20, 'b'));
    return text(std::string(request.method_name()) + " " + std::string(path) + " " +
                std::string(request.body()));
  }
};

class ServerTest : public testing::Test {
 protected:
  ServerTest() { server_.start(); }

  std::string exchange(std::string_view bytes) {
    const RawClient client(server_.port());
    client.send(bytes);
    client.finish_sending();
    return client.read_all();
  }

  static ServerOptions options() {
    ServerOptions options;
    options.port = 0;
    options.loops = 2;
    options.drain_timeout = 1s;
    return options;
  }

  TestHandler handler_;
  Server server_{options(), handler_};
};

std::string body_of(const std::string& response) {
  const std::size_t end = response.find("\r\n\r\n");
  return end == std::string::npos ? "" : response.substr(end + 4);
}

TEST_F(ServerTest, AnswersAPlainRequest) {
  const RawClient client(server_.port());
  client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string response = client.read_until("GET /hello ");
  EXPECT_TRUE(response.starts_with("HTTP/1.1 200 OK\r\nDate: ")) << response;
  EXPECT_TRUE(response.contains("\r\nContent-Length: 11\r\n")) << response;
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrderAndInOneWrite) {
  const RawClient client(server_.port());
  std::string requests;
  for (int i = 0; i < 16; ++i) {
    requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }
  client.send(requests);
  const std::string responses = client.read_some();
  std::size_t at = 0;
  for (int i = 0; i < 16; ++i) {
    at = responses.find("GET /" + std::to_string(i) + " ", at);
    ASSERT_NE(at, std::string::npos) << i << " in " << responses;
  }
}

TEST_F(ServerTest, KeepsPipelinedRequestsInOrderAroundSlowOnes) {
  const RawClient client(server_.port());
  client.send(
      "GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /later HTTP/1.1\r\nHost: x\r\n\r\n"
      "GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string responses = client.read_all();
  const std::size_t first = responses.find("GET /a ");
  const std::size_t second = responses.find("later /later");
  const std::size_t third = responses.find("GET /b ");
  ASSERT_NE(third, std::string::npos) << responses;
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
}

TEST_F(ServerTest, ReadsABodyThatComesByteByByte) {
  const RawClient client(server_.port());
  for (const char c :
       std::string_view("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")) {
    client.send({&c, 1});
  }
  EXPECT_TRUE(client.read_until("hello").ends_with("POST /p hello"));
}

TEST_F(ServerTest, ReadsAChunkedBody) {
  const std::string response = exchange(
      "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nTrailer: dropped\r\n\r\n");
  EXPECT_EQ(body_of(response), "POST /p hello world");
}

TEST_F(ServerTest, RefusesABodyOverTheLimitBeforeItComes) {
  EXPECT_TRUE(exchange("POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n")
                  .starts_with("HTTP/1.1 413 "));
  EXPECT_TRUE(exchange("POST /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "6\r\n123456\r\n5\r\n12345\r\n")
                  .starts_with("HTTP/1.1 413 "));
}

TEST_F(ServerTest, ContinuesWhenAsked) {
  const RawClient client(server_.port());
  client.send("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_some(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hello");
  EXPECT_TRUE(client.read_until("hello").ends_with("POST /p hello"));
}

TEST_F(ServerTest, StreamsARequestBodyToItsHandler) {
  const RawClient client(server_.port());
  client.send("POST /stream HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n");
  for (int i = 0; i < 3; ++i) client.send(std::string(1'000'000, 'x'));
  EXPECT_TRUE(client.read_until("streamed").ends_with("3000000 streamed"));
}

TEST_F(ServerTest, StreamsNothingToAHandlerOfARequestWithoutABody) {
  for (const std::string field : {"", "Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n"}) {
    const std::string body = field.starts_with("T") ? "0\r\n\r\n" : "";
    EXPECT_EQ(body_of(exchange("POST /stream HTTP/1.1\r\nHost: x\r\n" + field + "\r\n" + body)),
              "0 empty")
        << field;
  }
}

TEST_F(ServerTest, StreamsAResponseInChunks) {
  EXPECT_EQ(body_of(exchange("GET /count HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")),
            "2\r\n3 \r\n2\r\n2 \r\n2\r\n1 \r\n0\r\n\r\n");
  EXPECT_EQ(body_of(exchange("GET /count HTTP/1.0\r\n\r\n")), "3 2 1 ");
}

TEST_F(ServerTest, CutsOffAStreamThatFails) {
  const std::string response = exchange("GET /half HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(response.contains("half"));
  EXPECT_FALSE(response.contains("0\r\n\r\n"));
}

TEST_F(ServerTest, WaitsForASlowReaderOfAStream) {
  const RawClient client(server_.port());
  client.send("GET /flood HTTP/1.0\r\n\r\n");
  EXPECT_GT(client.read_all().size(), 200U * 64 * 1024);
}

TEST_F(ServerTest, SendsALargeBodyToTheEnd) {
  EXPECT_EQ(body_of(exchange("GET /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).size(),
            8U << 20);
}

TEST_F(ServerTest, AnswersHeadWithoutBody) {
  const std::string response = exchange("HEAD /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(response.contains("Content-Length: 8\r\n")) << response;
  EXPECT_EQ(body_of(response), "");
}

TEST_F(ServerTest, TurnsAnExceptionIntoA500AndServesOn) {
  EXPECT_TRUE(exchange("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 500 "));
  EXPECT_TRUE(exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 200 "));
}

TEST_F(ServerTest, NothingBehindAnErrorIsParsed) {
  const std::string response =
      exchange("GET / HTTP/1.1\nHost: x\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(response.starts_with("HTTP/1.1 400 ")) << response;
  EXPECT_FALSE(response.contains("smuggled"));
}

TEST_F(ServerTest, AnUnreadRequestAfterCloseIsNotServed) {
  const std::string responses = exchange(
      "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(responses.contains("GET /a"));
  EXPECT_FALSE(responses.contains("GET /b"));
}

TEST_F(ServerTest, EchoesOverAWebSocket) {
  const RawClient client(server_.port());
  client.send(
      "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
  const std::string head = client.read_until("\r\n\r\n");
  EXPECT_TRUE(head.starts_with("HTTP/1.1 101 ")) << head;
  EXPECT_TRUE(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")) << head;
  client.send(std::string("\x81\x85\0\0\0\0Hello", 11));
  EXPECT_EQ(client.read_some(), "\x81\x05Hello");
  client.send(std::string("\x88\x82\0\0\0\0\x03\xe8", 8));
  EXPECT_EQ(client.read_all(), "\x88\x02\x03\xe8");
}

TEST_F(ServerTest, UpgradesBehindPipelinedRequests) {
  for (const std::string first : {"/now", "/later"}) {
    const RawClient client(server_.port());
    client.send("GET " + first +
                " HTTP/1.1\r\nHost: x\r\n\r\n"
                "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n" +
                std::string("\x81\x85\0\0\0\0Hello", 11));
    const std::string received = client.read_until("\x81\x05Hello");
    EXPECT_TRUE(received.starts_with("HTTP/1.1 200 ")) << received;
    EXPECT_TRUE(received.contains(first)) << received;
    EXPECT_TRUE(received.ends_with("\r\n\r\n\x81\x05Hello")) << received;
  }
}

TEST_F(ServerTest, ASocketRouteWithoutAnUpgradeSaysSo) {
  EXPECT_TRUE(exchange("GET /ws HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 426 "));
}

TEST_F(ServerTest, DrainsOpenSocketsWith1012) {
  const RawClient client(server_.port());
  client.send(
      "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
  client.read_until("\r\n\r\n");
  std::thread stopper([this] { server_.stop(); });
  const std::string close = client.read_some();
  ASSERT_GE(close.size(), 4U);
  EXPECT_EQ(close.substr(0, 1), "\x88");
  EXPECT_EQ((static_cast<unsigned char>(close[2]) << 8) | static_cast<unsigned char>(close[3]),
            1012);
  stopper.join();
  EXPECT_EQ(server_.statistics().websockets, 0U);
}

TEST_F(ServerTest, AnswersTheFirstRequestOfAConnectionAlthoughItDrains) {
  const RawClient client(server_.port());
  while (server_.statistics().accepted == 0) std::this_thread::sleep_for(1ms);
  std::thread stopper([this] { server_.stop(); });
  std::this_thread::sleep_for(200ms);  // By now it drains.
  client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string response = client.read_all();
  stopper.join();
  EXPECT_TRUE(response.starts_with("HTTP/1.1 200 OK\r\n")) << response;
  EXPECT_TRUE(response.contains("\r\nConnection: close\r\n")) << response;
}

TEST_F(ServerTest, RefusesAPortThatIsTaken) {
  ServerOptions second = options();
  second.port = server_.port();
  Server other(second, handler_);
  EXPECT_THROW(other.start(), std::system_error);
}

std::string handshake_for(std::string_view target) {
  return "GET " + std::string(target) +
         " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
}

// An unfragmented message of up to 125 bytes, masked with zeros.
std::string masked(std::string_view text) {
  return std::string("\x81") + static_cast<char>(0x80 | text.size()) + std::string(4, '\0') +
         std::string(text);
}

TEST_F(ServerTest, SendsInOneWriteAndInOrderWhatASocketIsSentInOneTurn) {
  const RawClient client(server_.port());
  client.send(handshake_for("/threes"));
  client.read_until("\r\n\r\n");
  for (int i = 0; i < 3; ++i) {
    client.send(masked("again"));
    EXPECT_EQ(client.read_some(), "\x81\x03one\x81\x03two\x81\x05three");
  }
}

TEST_F(ServerTest, SendsWhatCameBeforeAClose) {
  const RawClient client(server_.port());
  client.send(handshake_for("/threes"));
  client.read_until("\r\n\r\n");
  client.send(masked("bye"));
  EXPECT_EQ(client.read_some(), "\x81\x03one\x81\x03two\x81\x05three\x88\x02\x03\xe8");
  client.send(std::string("\x88\x82\0\0\0\0\x03\xe8", 8));
  EXPECT_EQ(client.read_all(), "");
  EXPECT_FALSE(client.timed_out());
}

TEST_F(ServerTest, DropsASlowReaderAlthoughWhatItIsSentIsHeldForATurn) {
  flooded = SendResult::kSent;
  most_queued = 0;
  const RawClient client(server_.port(), 4096);
  client.send(handshake_for("/unread"));
  client.read_until("\r\n\r\n");
  while (flooded == SendResult::kSent) std::this_thread::sleep_for(1ms);
  EXPECT_NE(flooded, SendResult::kSent);
  EXPECT_LT(most_queued, 120'000U);
  client.read_all();
  EXPECT_FALSE(client.timed_out());
}

TEST_F(ServerTest, ClosesASocketWhoseConversationFailsAsItsRouteSays) {
  for (const auto& [path, close] :
       {std::pair("/fails", std::string("\x88\x02\x03\xf3")),
        std::pair("/refuses", std::string("\x88\x0d\x0f\xa1") + "as expected")}) {
    const RawClient client(server_.port());
    client.send(handshake_for(path));
    client.read_until("\r\n\r\n");
    client.send(masked("now"));
    EXPECT_EQ(client.read_some(), close) << path;
  }
}

TEST_F(ServerTest, RefusesASocketLaterWithAResponseOnAConnectionThatGoesOn) {
  const RawClient client(server_.port());
  client.send(handshake_for("/admit") + "GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string answers = client.read_until("GET /next ");
  EXPECT_TRUE(answers.starts_with("HTTP/1.1 403 ")) << answers;
  EXPECT_NE(answers.find("HTTP/1.1 200 OK"), std::string::npos) << answers;
}

TEST_F(ServerTest, AdmitsASocketLaterAndKeepsWhatCameBehindTheHandshake) {
  const RawClient client(server_.port());
  // Masked with zeros: "hi" stays "hi".
  client.send(handshake_for("/admit?ticket") + std::string("\x81\x82\0\0\0\0hi", 8));
  const std::string answer = client.read_until("\x81\x02hi");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 ")) << answer;
  EXPECT_NE(answer.find("Set-Cookie: seen=1\r\n"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\x81\x02hi")) << answer;
  client.send(std::string("\x81\x82\0\0\0\0yo", 8));
  EXPECT_EQ(client.read_until("yo"), "\x81\x02yo");
}

}  // namespace
}  // namespace hornbeam::http
